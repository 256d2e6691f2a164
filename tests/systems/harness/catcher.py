# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""A web server in place of Slack, PagerDuty and Opsgenie, which keeps what it was sent."""

import http.server
import json
import threading
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Call:
    """One request."""

    method: str
    path: str
    headers: dict
    body: dict

    @property
    def to(self):
        """slack, pagerduty or opsgenie: the first part of the path."""
        return self.path.split("/")[1]


class Catcher:
    """Serves until `stop`. `answers` are states and waits for the next requests; then all is well."""

    def __init__(self, address="127.0.0.1", port=0):
        self.calls, self.answers = [], []
        self._server = http.server.ThreadingHTTPServer((address, port), _handler(self))
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"http://{address}:{self.port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def take(self):
        """What came since the last time."""
        calls, self.calls = self.calls, []
        return calls

    def wait_for(self, count, seconds=15):
        """Until so many requests are there; returns them and leaves them."""
        end = time.monotonic() + seconds
        while len(self.calls) < count and time.monotonic() < end:
            time.sleep(0.05)
        return list(self.calls)


def _handler(catcher):
    class Handler(http.server.BaseHTTPRequestHandler):
        """Answers all methods alike."""

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            catcher.calls.append(Call(self.command, self.path, dict(self.headers),
                                      json.loads(body or b"null")))
            status, wait, headers = 202, 0, {}
            if catcher.answers:
                status, wait, headers = catcher.answers.pop(0)
            time.sleep(wait)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_PUT = do_GET = do_POST

        def log_message(self, *_):
            """Quiet."""

    return Handler


def targets(catcher, state):
    """The ini file that makes notify-dnssec tell the catcher."""
    return (f"[notify]\nstate = {state}\ntimeout = 5\n"
            f"[slack]\nurl = {catcher.url}/slack/SECRET-hook\n"
            f"[pagerduty]\nurl = {catcher.url}/pagerduty/v2/enqueue\nrouting_key = SECRET-routing\n"
            f"[opsgenie]\nurl = {catcher.url}/opsgenie/v2/alerts\napi_key = SECRET-genie\n")
