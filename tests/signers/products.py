# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Signers as their packages install them, each with a clock that can be moved."""

import os
import shutil
import signal
import subprocess
import time

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rdatatype

APEX = "example.test."
ADDRESS = "192.0.2.53"
HOUR = 3600
DAY = 24 * HOUR
ZONE_TEXT = f"""$ORIGIN {APEX}
$TTL 300
@ IN SOA ns.{APEX} hostmaster.{APEX} 1 7200 3600 604800 300
@ IN NS ns.{APEX}
ns IN A {ADDRESS}
@ IN A 198.51.100.80
@ IN MX 10 mail
mail IN A 198.51.100.80
*.wild IN TXT "anything"
www IN AAAA 2001:db8:80::80
"""


def ask(rdtype, name=APEX, timeout=1):
    """The signer's answer with DO, over TCP; None when there is none."""
    query = dns.message.make_query(name, rdtype, want_dnssec=True)
    query.flags &= ~dns.flags.RD
    try:
        return dns.query.tcp(query, ADDRESS, timeout=timeout)
    except (OSError, dns.exception.DNSException):
        return None


def signature_of(rdtype):
    """The RRSIG over an apex RRset that lasts longest, or None."""
    answer = ask(rdtype)
    found = [rdata for rrset in (answer.answer if answer else ())
             if rrset.rdtype == dns.rdatatype.RRSIG for rdata in rrset
             if rdata.type_covered == dns.rdatatype.from_text(rdtype)]
    return max(found, key=lambda rdata: rdata.expiration, default=None)


def soonest_end():
    """When the first of the apex's signatures ends."""
    found = [signature_of(rdtype) for rdtype in ("SOA", "NS", "A", "MX", "DNSKEY", "CDS")]
    return min(rdata.expiration for rdata in found if rdata)


def nsd_config(directory, addresses, zones):
    """For an NSD that serves `zones` (names and files) and keeps all that it writes there."""
    served = "".join(f"  ip-address: {address}\n" for address in addresses)
    listed = "".join(f'zone:\n  name: "{name}"\n  zonefile: "{file}"\n'
                     for name, file in zones.items())
    return f"""server:
{served}  server-count: 1
  username: ""
  chroot: ""
  zonesdir: "{directory}"
  database: ""
  pidfile: "{directory}/nsd.pid"
  xfrdfile: "{directory}/xfrd"
  zonelistfile: "{directory}/zonelist"
  xfrdir: "{directory}"
  rrl-ratelimit: 0
remote-control:
  control-enable: no
{listed}"""


class Product:
    """One signer. `cycle` is how long signatures are kept, by its documentation, in seconds."""

    name = ""
    programs = ()
    cycle = 0
    learning = 0  # cycles until a habit is known, where the default thresholds alone are too strict
    faults = ()  # findings that are right about it
    hours = 0  # that it is led; 0: two cycles after what is learned
    ceremony = 0  # days for which a key-signing key kept offline has signed ahead
    quick_step = 6  # hours between two looks that are enough to see every renewal
    restart_every = 0  # hours of moved time; 0: it sees the moved clock by itself

    def __init__(self, directory, environment):
        self.directory = directory
        self.environment = environment
        self.process = None
        self.restarted_at = 0
        os.makedirs(directory)
        self.write("zone.src", ZONE_TEXT)
        self.prepare()

    @classmethod
    def installed(cls):
        return all(shutil.which(program) for program in cls.programs)

    def write(self, name, text):
        path = os.path.join(self.directory, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="ascii") as out:
            out.write(text)
        return path

    def call(self, *command):
        subprocess.run(command, check=True, env=self.environment, stdin=subprocess.DEVNULL,
                       capture_output=True, timeout=60)

    def prepare(self):
        raise NotImplementedError

    def command(self):
        raise NotImplementedError

    def daemon(self, *command):
        with open(os.path.join(self.directory, "log"), "ab") as log:
            return subprocess.Popen(command, env=self.environment, stdout=log, stderr=log,
                                    stdin=subprocess.DEVNULL, cwd=self.directory)

    def wait_for(self, condition):
        limit = time.monotonic() + 20
        while not condition():
            if time.monotonic() > limit or (self.process and self.process.poll() is not None):
                with open(os.path.join(self.directory, "log"), encoding="utf-8",
                          errors="replace") as log:
                    words = log.read()[-2000:]
                raise RuntimeError(f"{self.name} does not sign:\n{words}")
            time.sleep(0.02)

    def start(self):
        self.process = self.daemon(*self.command())
        self.wait_for(lambda: signature_of("SOA"))

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def due(self, hour):
        return self.restart_every and hour - self.restarted_at >= self.restart_every

    def tick(self, hour):
        """The moved clock shows another hour."""
        if self.due(hour):
            self.stop()
            self.start()
            self.restarted_at = hour


class PowerDns(Product):
    """Signs at every answer; the signatures' week changes on Thursdays."""

    name = "PowerDNS"
    programs = ("pdns_server", "pdnsutil")
    cycle = 7 * DAY

    def prepare(self):
        self.write("pdns.conf", f"""launch=gsqlite3
gsqlite3-database={self.directory}/p.sqlite
gsqlite3-dnssec=yes
gsqlite3-pragma-synchronous=0
local-address={ADDRESS}
local-port=53
daemon=no
guardian=no
socket-dir={self.directory}
security-poll-suffix=
cache-ttl=0
query-cache-ttl=0
setuid=
setgid=
""")
        with open("/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql",
                  encoding="utf-8") as schema:
            subprocess.run(["sqlite3", f"{self.directory}/p.sqlite"], stdin=schema, check=True)
        util = ["pdnsutil", f"--config-dir={self.directory}"]
        self.call(*util, "load-zone", APEX.rstrip("."), f"{self.directory}/zone.src")
        self.call(*util, "secure-zone", APEX.rstrip("."))

    def command(self):
        return ["pdns_server", f"--config-dir={self.directory}"]


class Bind(Product):
    """Renews five days before the end, with a jitter."""

    name = "BIND"
    programs = ("named",)
    cycle = 9 * DAY
    restart_every = 12

    def prepare(self):
        zone = APEX.rstrip(".")
        self.write(f"work/{zone}.zone", ZONE_TEXT)
        os.makedirs(f"{self.directory}/work/keys")
        self.write("named.conf", f"""options {{ directory "{self.directory}/work"; pid-file none;
  session-keyfile "{self.directory}/work/session.key"; listen-on port 53 {{ {ADDRESS}; }};
  listen-on-v6 {{ none; }}; recursion no; dnssec-validation no; notify no; }};
controls {{ }};
zone "{zone}" {{ type primary; file "{zone}.zone"; key-directory "keys"; dnssec-policy default;
  inline-signing yes; }};
""")

    def command(self):
        return ["named", "-g", "-n", "1", "-c", f"{self.directory}/named.conf"]

