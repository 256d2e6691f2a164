# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""The lab with a handful of zones only, which can be changed while it is up."""

import os
import signal
import time

import dns.exception
import dns.message
import dns.query

from cases import base
from lablib import build, keys
from lablib.hosts import HOSTS
from lablib.servers import Servers

BASE = (".", "test.", "lab")
RELOADED_WITHIN = 15  # seconds


class SmallLab:
    """Root, test. and the zone of the nameservers' names, and the cases given."""

    def __init__(self, directory, cases):
        self.directory = str(directory)
        needed = [case for case in base.CASES if case.name in BASE]
        self.cases = {case.name: case for case in [*needed, *cases]}
        # One algorithm is enough, and the others take seconds to make.
        algorithms = {spec.algorithm for case in self.cases.values() for spec in case.keys}
        for algorithm in set(keys.POOL) - algorithms:
            del keys.POOL[algorithm]
        self.servers = Servers(self.directory, self.cases)

    @property
    def hints(self):
        return os.path.join(self.directory, "hints")

    @property
    def anchor(self):
        return os.path.join(self.directory, "anchor.key")

    def start(self):
        build.build(self.directory, self.cases)
        self.servers.start()

    def stop(self):
        self.servers.stop()

    def change(self, case):
        """Serves the zone as this case has it, which has the name of one that is there; only what
        is in the zone may differ, since its parent stays as it is."""
        serial = max(self._serial(address, case.apex) for host in case.servers
                     for address in HOSTS[host].addresses)
        while int(time.time()) <= serial:
            time.sleep(0.1)
        build._CASES[case.name] = case
        build.build_zone((self.directory, case.name, [], int(time.time())))
        for engine in {HOSTS[host].engine for host in case.servers}:
            os.kill(self.servers.processes[engine].pid, signal.SIGHUP)
        end = time.monotonic() + RELOADED_WITHIN
        for host in case.servers:
            for address in HOSTS[host].addresses:
                while self._serial(address, case.apex) <= serial:
                    if time.monotonic() > end:
                        raise RuntimeError(f"{host} still serves the old {case.apex}")
                    time.sleep(0.05)

    @staticmethod
    def _serial(address, apex):
        """The SOA's serial number there; 0 without an answer."""
        query = dns.message.make_query(apex, "SOA")
        try:
            answer = dns.query.udp(query, address, timeout=0.5)
            return answer.answer[0][0].serial if answer.answer else 0
        except (OSError, dns.exception.DNSException):
            return 0
