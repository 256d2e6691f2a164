# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Runs Icinga 2 from Debian's packages with everything it writes in a directory of the test."""

import http.client
import json
import os
import pathlib
import shutil
import ssl
import subprocess
import time
import urllib.parse

from lablib.servers import die_with_parent

PASSWORD = "lab"
START_WITHIN = 30  # seconds for the API to answer, on a busy machine
NOTIFIER = "notify-dnssec"
QUIET = 0.3  # seconds in which Icinga starts the script that a result asks for
NOTIFIED_WITHIN = 20  # seconds


def available():
    return shutil.which("icinga2") is not None


def _openssl(*words):
    done = subprocess.run(["openssl", *words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"openssl {words[0]}: {done.stderr}")


def make_authority(directory):
    """A certificate authority with an elliptic key: Icinga's own makes RSA keys for seconds."""
    directory.mkdir(parents=True, exist_ok=True)
    _openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
             "-days", "2", "-subj", "/CN=lab", "-keyout", str(directory / "ca.key"),
             "-out", str(directory / "ca.crt"))


class Node:
    """One Icinga 2 instance: a master, a satellite, or what a newcomer has."""

    def __init__(self, directory, name, address, port, authority):
        self.home = pathlib.Path(directory) / name
        self.name, self.address, self.port = name, address, port
        self.authority = authority
        self.process = None
        for folder in ("data/certs", "log", "cache", "spool", "run", "zones.d"):
            (self.home / folder).mkdir(parents=True)
        self._certify()

    def _certify(self):
        certificates = self.home / "data" / "certs"
        request = self.home / "request"
        _openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                 "-subj", f"/CN={self.name}", "-addext", f"subjectAltName=DNS:{self.name}",
                 "-keyout", str(certificates / f"{self.name}.key"), "-out", str(request))
        _openssl("x509", "-req", "-in", str(request), "-CA", str(self.authority / "ca.crt"),
                 "-CAkey", str(self.authority / "ca.key"), "-CAcreateserial", "-days", "2",
                 "-copy_extensions", "copy", "-out", str(certificates / f"{self.name}.crt"))
        shutil.copy(self.authority / "ca.crt", certificates / "ca.crt")

    def write(self, name, text):
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def _command(self, subcommand, *words):
        home = self.home
        moved = {"NodeName": self.name, "ConfigDir": home, "ZonesDir": home / "zones.d",
                 "DataDir": home / "data", "LogDir": home / "log", "CacheDir": home / "cache",
                 "SpoolDir": home / "spool", "InitRunDir": home / "run"}
        switches = [word for key, value in moved.items() for word in ("-D", f"{key}={value}")]
        return ["icinga2", *subcommand, *switches, *words]

    def _environment(self):
        # It stays who it is; Debian's default is to become nagios.
        return {**os.environ, "ICINGA2_USER": _name_of_user(), "ICINGA2_GROUP": _name_of_group()}

    def validate(self):
        """(exit status, what icinga2 daemon -C said)."""
        done = subprocess.run(self._command(["daemon"], "-c", str(self.home / "icinga2.conf"), "-C"),
                              capture_output=True, text=True, check=False, timeout=60,
                              env=self._environment())
        return done.returncode, done.stdout + done.stderr

    def start(self):
        with open(self.home / "log" / "console", "wb") as log:
            self.process = subprocess.Popen(
                self._command(["daemon"], "-c", str(self.home / "icinga2.conf")),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self._environment(),
                preexec_fn=die_with_parent)

    def log(self):
        return (self.home / "log" / "console").read_text(encoding="utf-8", errors="replace")

    def wait(self):
        """Until the API answers."""
        end = time.monotonic() + START_WITHIN
        while True:
            try:
                return self.call("GET", "/v1")
            except (OSError, http.client.HTTPException) as error:
                if self.process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"{self.name} is not up ({error}): "
                                       f"{self.log()[-3000:]}") from error
                time.sleep(0.1)

    def stop(self):
        """Ends the daemon by the pid it wrote: the first process outlives reloads."""
        if not self.process:
            return
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def finish_notifications(self):
        """Until no script that sends notifications runs any more, nor begins within a moment."""
        end = time.monotonic() + NOTIFIED_WITHIN
        quiet_since = time.monotonic()
        while time.monotonic() < quiet_since + QUIET:
            if time.monotonic() > end:
                raise RuntimeError(f"{self.name} does not stop sending notifications")
            time.sleep(0.05)
            if any(NOTIFIER in words for words in _descendants(self.process.pid)):
                quiet_since = time.monotonic()

    def call(self, method, path, body=None):
        """The API: returns the decoded answer."""
        context = ssl.create_default_context(cafile=self.authority / "ca.crt")
        context.check_hostname = False
        connection = http.client.HTTPSConnection(self.address, self.port, timeout=20,
                                                 context=context)
        try:
            token = ssl_base64(f"root:{PASSWORD}")
            connection.request(method, path, json.dumps(body) if body is not None else None,
                               {"Accept": "application/json", "Authorization": "Basic " + token})
            answer = connection.getresponse()
            text = answer.read().decode()
            if answer.status >= 400:
                raise RuntimeError(f"{method} {path}: {answer.status} {text[:500]}")
            return json.loads(text) if text.startswith("{") else text
        finally:
            connection.close()

    def objects(self, kind, name=""):
        path = f"/v1/objects/{kind}" + ("/" + urllib.parse.quote(name, safe="") if name else "")
        return [entry["attrs"] for entry in self.call("GET", path)["results"]]

    def service(self, name):
        return self.objects("services", name)[0]

    def change(self, kind, name, **attributes):
        self.call("POST", f"/v1/objects/{kind}/" + urllib.parse.quote(name, safe=""),
                  {"attrs": attributes})

    def check_all(self, names, scheduler=None, wait=40):
        """Has services checked at once, side by side; returns them with their new results. The
        `scheduler` is the node that runs them, when it is another one."""
        before = {name: moment(self.service(name)) for name in names}
        for name in names:
            (scheduler or self).call("POST", "/v1/actions/reschedule-check",
                                     {"type": "Service", "service": name, "force": True})
        end = time.monotonic() + wait
        result = []
        for name in names:
            while True:
                now = self.service(name)
                if moment(now) > before[name]:
                    result.append(now)
                    break
                if time.monotonic() > end:
                    raise RuntimeError(f"{self.name}: no new result of {name}: {now}\n"
                                       + self.log()[-3000:])
                time.sleep(0.05)
        return result


def _descendants(pid):
    """The command lines of a process' children and theirs; ended ones have none."""
    children = []
    for path in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children += path.read_text(encoding="ascii").split()
        except OSError:
            pass  # the thread has ended
    lines = []
    for child in children:
        try:
            lines.append(pathlib.Path(f"/proc/{child}/cmdline").read_text("utf-8", "replace"))
        except OSError:
            continue  # it has ended
        lines += _descendants(child)
    return lines


def moment(service):
    """When the last check of a service began; 0 before the first."""
    return (service["last_check_result"] or {}).get("execution_start", 0)


def ssl_base64(text):
    import base64
    return base64.b64encode(text.encode()).decode()


def _name_of_user():
    import pwd
    return pwd.getpwuid(os.geteuid()).pw_name


def _name_of_group():
    import grp
    return grp.getgrgid(os.getegid()).gr_name


def api(node):
    """The configuration that every node of a test has."""
    return f"""
object ApiListener "api" {{
  bind_host = "{node.address}"
  bind_port = {node.port}
  accept_config = true
  accept_commands = true
}}
object ApiUser "root" {{
  password = "{PASSWORD}"
  permissions = [ "*" ]
}}
"""
