# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Configures, starts and stops the lab's servers: NSD, Knot, BIND, the responder, and resolvers."""

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import dns.exception
import dns.message
import dns.query
import dns.rcode

from .build import file_of
from .hosts import HOSTS, KRESD, LIARS, PLAIN_UNBOUND, RECURSOR, RESOLVER, UNBOUND

START_WITHIN = 15  # seconds for every server to answer


def die_with_parent():
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def _zones_by_engine(directory, cases):
    """{engine: {apex: file}}"""
    result = {}
    for case in cases.values():
        if case.of:
            continue
        for host in case.servers:
            engine = HOSTS[host].engine
            result.setdefault(engine, {})[case.apex] = file_of(directory, host, case.apex)
    return result


def _addresses(engine):
    return [a for host in HOSTS.values() if host.engine == engine for a in host.addresses]


def _nsd(directory, engine, zones):
    lines = ["server:", *(f"  ip-address: {a}" for a in _addresses(engine)), "  port: 53",
             "  server-count: 1", '  username: ""', '  chroot: ""', f'  zonesdir: "{directory}"',
             '  database: ""', f'  pidfile: "{directory}/nsd.pid"',
             f'  xfrdfile: "{directory}/xfrd"',
             f'  zonelistfile: "{directory}/zonelist"', f'  xfrdir: "{directory}"',
             "  rrl-ratelimit: 0", "  rrl-whitelist-ratelimit: 0", "  tcp-count: 200",
             "  hide-version: yes", "remote-control:", "  control-enable: no"]
    for apex, file in zones.items():
        lines += ["zone:", f'  name: "{apex}"', f'  zonefile: "{file}"']
    return "nsd.conf", lines, ["nsd", "-d", "-c"]


def _knot(directory, engine, zones):
    lines = ["server:", f'    rundir: "{directory}"', '    identity: ""', '    version: ""',
             "    udp-workers: 1", "    tcp-workers: 1", "    background-workers: 2",
             "    listen: [ " + ", ".join(f"{a}@53" for a in _addresses(engine)) + " ]",
             "database:", f'    storage: "{directory}/db"',
             "log:", "  - target: stderr", "    any: warning",
             "acl:", "  - id: everybody", '    address: [ "0.0.0.0/0", "::/0" ]', "    action: transfer",
             "template:", "  - id: default", "    zonefile-sync: -1", "    zonefile-load: whole",
             "    journal-content: none", "    semantic-checks: off", "    acl: everybody", "zone:"]
    for apex, file in zones.items():
        lines += [f"  - domain: {apex}", f'    file: "{file}"']
    return "knot.conf", lines, ["knotd", "-c"]


def _named_head(directory, addresses):
    v4 = " ".join(a + ";" for a in addresses if ":" not in a)
    v6 = " ".join(a + ";" for a in addresses if ":" in a)
    return [f'options {{ directory "{directory}"; pid-file none;',
            f'  session-keyfile "{directory}/session.key"; managed-keys-directory "{directory}";',
            f"  listen-on {{ {v4} }}; listen-on-v6 {{ {v6} }};", "  empty-zones-enable no;",
            "  notify no; check-names primary ignore; allow-transfer { none; };"]


def _named(directory, engine, zones):
    lines = [*_named_head(directory, _addresses(engine)),
             "  recursion no; minimal-responses no; check-integrity no; dnssec-validation no; };",
             "controls { };"]
    for apex, file in zones.items():
        lines.append(f'zone "{apex}" {{ type primary; file "{file}"; }};')
    return "named.conf", lines, ["named", "-g", "-n", "1", "-c"]


def _resolver(directory, lab):
    lines = [*_named_head(directory, RESOLVER.addresses),
             "  recursion yes; allow-recursion { any; }; dnssec-validation yes;",
             "  resolver-query-timeout 10000; max-cache-ttl 60; servfail-ttl 0;",
             f'  query-source address {RESOLVER.v4}; query-source-v6 address {RESOLVER.v6}; }};',
             "controls { };", f'include "{lab}/bind.keys";',
             f'zone "." {{ type hint; file "{lab}/hints"; }};']
    return "named.conf", lines, ["named", "-g", "-n", "1", "-c"]


def _unbound(directory, lab, address, validating):
    lines = ["server:", f"  interface: {address}", f'  directory: "{directory}"', '  username: ""',
             '  chroot: ""', '  pidfile: ""', '  logfile: ""', "  use-syslog: no",
             "  do-daemonize: no", "  num-threads: 1", "  access-control: 0.0.0.0/0 allow",
             "  do-not-query-localhost: no", "  do-ip6: no", "  ede: yes", "  cache-max-ttl: 60",
             '  local-zone: "test." nodefault', '  local-zone: "2.0.192.in-addr.arpa." nodefault',
             f'  root-hints: "{lab}/hints"', f"  outgoing-interface: {address}"]
    if validating:
        lines += [f'  trust-anchor-file: "{lab}/anchor.key"', f"  interface: {address}@853",
                  f'  tls-service-key: "{directory}/tls.key"',
                  f'  tls-service-pem: "{directory}/tls.pem"']
    else:
        lines.append('  module-config: "iterator"')
    return "unbound.conf", [*lines, "remote-control:", "  control-enable: no"], [
        "unbound", "-d", "-c"]


def _kresd(directory, lab):
    lines = [f"net.listen('{KRESD}', 53, {{ kind = 'dns' }})", "net.ipv6 = false",
             f"net.outgoing_v4('{KRESD}')", f"cache.open(20 * MB, 'lmdb://{directory}/cache')",
             "cache.max_ttl(60)", "modules.load('hints')", f"hints.root_file('{lab}/hints')",
             "for _, module in ipairs({'ta_update', 'ta_signal_query', 'priming',",
             "                         'detect_time_skew', 'detect_time_jump'}) do",
             "  pcall(modules.unload, module)", "end",
             f"trust_anchors.add_file('{lab}/anchor.key', true)",
             # else the special name test. is denied, as RFC 6761 wants it
             "policy.add(policy.suffix(policy.PASS, policy.todnames({'test.'})))"]
    return "kresd.conf", lines, ["kresd", "-n", directory, "-c"]


def _recursor(directory, lab):
    lua = os.path.join(directory, "anchors.lua")
    with open(lua, "w", encoding="ascii") as out:
        out.write(f"clearTA()\nreadTrustAnchorsFromFile('{lab}/anchor.key')\n")
    lines = [f"socket-dir={directory}", f"local-address={RECURSOR}", "local-port=53",
             f"query-local-address={RECURSOR}", f"hint-file={lab}/hints", f"lua-config-file={lua}",
             "dnssec=validate", "daemon=no", "disable-syslog=yes", "setuid=", "setgid=",
             "dont-query=", "allow-from=0.0.0.0/0", "extended-resolution-errors=yes",
             "serve-rfc1918=no", "export-etc-hosts=no", "security-poll-suffix=", "threads=1",
             "max-cache-ttl=60", "packetcache-ttl=0", "packetcache-servfail-ttl=0"]
    return "recursor.conf", lines, ["sh", "-c", 'exec pdns_recursor --config-dir="${0%/*}"']


def _certify(directory, name):
    """A key and its own certificate for that name, made anew for each run."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                    "-addext", f"subjectAltName=DNS:{name}", "-keyout", f"{directory}/tls.key",
                    "-out", f"{directory}/tls.pem"], check=True, capture_output=True)


def _let_expire(directory):
    """The certificate again, for no time at all."""
    subprocess.run(["openssl", "x509", "-in", f"{directory}/tls.pem", "-signkey",
                    f"{directory}/tls.key", "-days", "0", "-out", f"{directory}/tls.pem"],
                   check=True, capture_output=True)


class Servers:
    """All servers of one run."""

    def __init__(self, directory, cases):
        self.directory = directory
        self.cases = cases
        self.processes = {}

    def _start(self, engine, name, lines, command):
        home = os.path.join(self.directory, "run", engine)
        path = os.path.join(home, name)
        with open(path, "w", encoding="ascii") as out:
            out.write("\n".join(lines) + "\n")
        with open(os.path.join(home, "log"), "wb") as log:
            self.processes[engine] = subprocess.Popen(
                [*command, path], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=die_with_parent)

    def start(self):
        run = os.path.join(self.directory, "run")
        shutil.rmtree(run, ignore_errors=True)
        makers = {"nsd": _nsd, "knot": _knot, "named": _named}
        for engine, zones in _zones_by_engine(self.directory, self.cases).items():
            home = os.path.join(run, engine)
            os.makedirs(home)
            maker = makers.get(engine.split("-")[0])
            if maker:
                if engine.startswith("knot"):
                    os.makedirs(os.path.join(home, "db"))
                self._start(engine, *maker(home, engine, zones))
        os.makedirs(os.path.join(run, "responder"), exist_ok=True)
        plan = json.dumps(self._responder_plan())
        program = [sys.executable, "-B", "-c",
                   "import sys; sys.path.insert(0, sys.argv[1]); "
                   "from lablib.responder import main; main(sys.argv[2])",
                   os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
        self._start("responder", "plan.json", [plan], program)
        self.wait()

    def start_resolver(self):
        home = os.path.join(self.directory, "run", "named-resolver")
        os.makedirs(home, exist_ok=True)
        self._start("named-resolver", *_resolver(home, self.directory))
        self._wait_for("named-resolver", RESOLVER.v4, time.monotonic() + START_WITHIN)

    def start_more_resolvers(self):
        """For check_dnssec_resolvers; they ask the resolver, which is up."""
        end = time.monotonic() + START_WITHIN
        for engine, address in (("unbound", UNBOUND), ("unbound-plain", PLAIN_UNBOUND)):
            home = os.path.join(self.directory, "run", engine)
            os.makedirs(home, exist_ok=True)
            if address == UNBOUND:
                _certify(home, "unbound.lab.test")
            self._start(engine, *_unbound(home, self.directory, address, address == UNBOUND))
        more = (("kresd", "kresd", _kresd, KRESD),
                ("recursor", "pdns_recursor", _recursor, RECURSOR))
        more = [found for found in more if shutil.which(found[1])]
        for engine, _, maker, _ in more:
            home = os.path.join(self.directory, "run", engine)
            os.makedirs(home, exist_ok=True)
            self._start(engine, *maker(home, self.directory))
        home = os.path.join(self.directory, "run", "liar")
        os.makedirs(home, exist_ok=True)
        _certify(home, "liar.lab.test")
        _let_expire(home)
        plan = json.dumps({"upstream": RESOLVER.v4, "addresses": LIARS,
                           "certificates": {"tls_expired": home}})
        program = [sys.executable, "-B", "-c",
                   "import sys; sys.path.insert(0, sys.argv[1]); "
                   "from lablib.liar import main; main(sys.argv[2])",
                   os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
        self._start("liar", "plan.json", [plan], program)
        self._wait_for("unbound", UNBOUND, end)
        self._wait_for("unbound-plain", PLAIN_UNBOUND, end)
        for engine, _, _, address in more:
            self._wait_for(engine, address, end)
        self._wait_for("liar", list(LIARS.values())[-1], end)

    def _responder_plan(self):
        hosts = {}
        for key, host in HOSTS.items():
            if host.engine == "responder":
                hosts[key] = {"addresses": host.addresses, "zones": {}}
        for case in self.cases.values():
            for host in case.servers if not case.of else ():
                if HOSTS[host].engine == "responder" and not host.startswith("silent"):
                    hosts[host]["zones"][case.apex] = {
                        "file": file_of(self.directory, host, case.apex),
                        "behaviour": case.behaviour.get(host, ""),
                        "keys": [[s.algorithm, s.slot, s.sep] for s in case.keys]}
        return {"hosts": hosts, "pool": os.path.join(self.directory, "keys", "pool.pickle")}

    def wait(self):
        """Until every server answers on each of its addresses, for each of its zones."""
        end = time.monotonic() + START_WITHIN
        missing = []
        for engine, zones in _zones_by_engine(self.directory, self.cases).items():
            addresses = [] if engine not in self.processes else [
                a for key, host in HOSTS.items()
                if host.engine == engine and not key.startswith("silent") for a in host.addresses]
            for address in addresses:
                self._wait_for(engine, address, end)
            if engine == "responder" or not addresses:
                continue
            for apex in zones:
                if not self._loaded(addresses[0], apex, end):
                    missing.append(f"{engine} has not loaded {apex}")
        if missing:
            raise RuntimeError("; ".join(missing))

    def _ask(self, address, query, timeout=0.3):
        try:
            return dns.query.udp(query, address, timeout=timeout, raise_on_truncation=False)
        except (OSError, dns.exception.DNSException):
            return None

    def _wait_for(self, engine, address, end):
        query = dns.message.make_query("version.bind.", "TXT", "CH")
        # BIND drops questions for its version that come three times a second: on a busy machine,
        # where an answer takes long, it would then never be heard.
        while not self._ask(address, query, timeout=1):
            if self.processes[engine].poll() is not None:
                raise RuntimeError(f"{engine} ended: {self.log(engine)}")
            if time.monotonic() > end:
                raise RuntimeError(f"{engine} does not answer at {address}: {self.log(engine)}")
            time.sleep(0.02)

    def _loaded(self, address, apex, end):
        query = dns.message.make_query(apex, "SOA")
        patience = min(end, time.monotonic() + 4)
        while True:
            answer = self._ask(address, query)
            if answer and answer.rcode() == dns.rcode.NOERROR and answer.answer:
                return True
            if time.monotonic() > patience:
                return False
            time.sleep(0.02)

    def log(self, engine):
        with open(os.path.join(self.directory, "run", engine, "log"), encoding="utf-8",
                  errors="replace") as text:
            return text.read()[-2000:].strip()

    def stop(self):
        """Ends what was started, and only that: by process group."""
        for process in self.processes.values():
            _signal_group(process, signal.SIGTERM)
        end = time.monotonic() + 3
        for process in self.processes.values():
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal_group(process, signal.SIGKILL)
                process.wait()
        self.processes = {}


def _signal_group(process, number):
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass
