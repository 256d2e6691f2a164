#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Zone transfers (RFC 5936) and their signatures (RFC 8945) from BIND, NSD, Knot and a server of its
own that lies. All of it in a network namespace.

usage: transfers.py TRANSFER_TOOL
"""
import base64
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

import dns.message
import dns.name
import dns.query
import dns.rdataclass
import dns.rdatatype
import dns.rrset

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lab"))
from lablib.namespace import enter  # noqa: E402
from lablib.servers import die_with_parent  # noqa: E402

ZONE = "example."
NAMES = 3000
SERIAL = 2026112801
SECRET = base64.b64encode(b"a secret for the tests of transfers").decode()
OTHER_SECRET = base64.b64encode(b"another secret for these same tests").decode()
ALGORITHMS = ("hmac-md5", "hmac-sha1", "hmac-sha256", "hmac-sha512")
BIND, NSD, KNOT, LIAR, NOBODY = (f"127.0.0.{number}" for number in (11, 12, 13, 14, 15))
PORT = 5300
REAL = {"BIND": BIND, "NSD": NSD, "Knot": KNOT}


def zone_text():
    lines = [f"$ORIGIN {ZONE}", "$TTL 3600", f"@ SOA ns admin {SERIAL} 3600 600 86400 300",
             "@ NS ns", "@ MX 10 mail", "ns A 192.0.2.1", "mail A 192.0.2.2",
             "srv SRV 1 2 3 Ns.Example.", "old RP mail.example. txt.example."]
    lines += [f"host{number} A 192.0.2.3\nhost{number} TXT \"{'x' * 100}\"" for number in range(NAMES)]
    return "\n".join(lines) + "\n"


RECORDS = 7 + 2 * NAMES


def key_name(algorithm):
    return f"{algorithm}.key"


def write_key(directory, name, key, algorithm, secret, mode=0o600):
    path = directory / name
    path.write_text(f'key "{key}" {{\n\talgorithm {algorithm};\n\tsecret "{secret}";\n}};\n',
                    encoding="ascii")
    path.chmod(mode)
    return path


def named_conf(directory):
    keys = "".join(f'key "{key_name(a)}" {{ algorithm {a}; secret "{SECRET}"; }};\n' for a in ALGORITHMS)
    allowed = " ".join(f'key "{key_name(a)}";' for a in ALGORITHMS)
    return keys + f"""options {{ directory "{directory}"; listen-on port {PORT} {{ {BIND}; }};
  listen-on-v6 {{ none; }}; recursion no; pid-file none; session-keyfile none; dnssec-validation no;
  notify no; querylog no; }};
controls {{ }};
zone "{ZONE}" {{ type primary; file "zone"; allow-transfer {{ {allowed} }}; }};
"""


def nsd_conf(directory):
    keys = "".join(f'key:\n  name: "{key_name(a)}"\n  algorithm: {a}\n  secret: "{SECRET}"\n'
                   for a in ALGORITHMS)
    allowed = "".join(f"  provide-xfr: 127.0.0.0/8 {key_name(a)}\n" for a in ALGORITHMS)
    return f"""server:
  ip-address: {NSD}@{PORT}
  server-count: 1
  username: ""
  chroot: ""
  zonesdir: "{directory}"
  database: ""
  pidfile: "{directory}/nsd.pid"
  xfrdfile: "{directory}/xfrd"
  zonelistfile: "{directory}/zonelist"
  xfrdir: "{directory}"
remote-control:
  control-enable: no
{keys}zone:
  name: "{ZONE}"
  zonefile: "zone"
{allowed}"""


def knot_conf(directory):
    keys = "".join(f"  - id: {key_name(a)}\n    algorithm: {a}\n    secret: {SECRET}\n"
                   for a in ALGORITHMS)
    allowed = ", ".join(key_name(a) for a in ALGORITHMS)
    return f"""server:
  rundir: "{directory}"
  listen: {KNOT}@{PORT}
  background-workers: 1
  udp-workers: 1
  tcp-workers: 2
log:
  - target: stderr
    any: error
database:
  storage: "{directory}/knotdb"
key:
{keys}acl:
  - id: transfer
    key: [{allowed}]
    action: transfer
zone:
  - domain: {ZONE}
    file: "{directory}/zone"
    acl: transfer
"""


class Servers:
    """The three, until the end."""

    def __init__(self, directory):
        self.processes = []
        (directory / "zone").write_text(zone_text(), encoding="ascii")
        for name, text, command in (("named.conf", named_conf(directory), ["named", "-g", "-n", "1", "-c"]),
                                    ("nsd.conf", nsd_conf(directory), ["nsd", "-d", "-c"]),
                                    ("knot.conf", knot_conf(directory), ["knotd", "-c"])):
            (directory / name).write_text(text, encoding="ascii")
            with open(directory / (name + ".log"), "wb") as log:
                self.processes.append(subprocess.Popen(
                    [*command, str(directory / name)], stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                    cwd=directory, preexec_fn=die_with_parent))
        for name, address in REAL.items():
            self.wait(name, address)

    @staticmethod
    def wait(name, address):
        query = dns.message.make_query(ZONE, "SOA")
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                if dns.query.udp(query, address, timeout=1, port=PORT).answer:
                    return
            except (OSError, dns.exception.DNSException):
                pass
            time.sleep(0.1)
        sys.exit(f"transfers: {name} does not answer")

    def stop(self):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait()


def frame(wire):
    return struct.pack("!H", len(wire)) + wire


class Liar:
    """Answers each connection by the script that stands now."""

    def __init__(self):
        self.script = None
        self.listener = socket.create_server((LIAR, PORT))
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection:
            size = struct.unpack("!H", connection.recv(2))[0]
            # Not parsed: it may be signed with a key that nobody here has.
            query = dns.message.make_query(ZONE, "AXFR")
            query.flags = 0
            query.id = struct.unpack("!H", connection.recv(size)[:2])[0]
            try:
                self.script(connection, query)
            except OSError:
                pass  # the other side has seen enough


def answer(query, *records, question=True):
    message = dns.message.make_response(query)
    message.flags |= 0x0400
    if not question:
        message.question = []
    message.answer = list(records)
    return frame(message.to_wire())


def soa(serial=SERIAL):
    return dns.rrset.from_text(ZONE, 300, "IN", "SOA", f"ns admin {serial} 1 2 3 4".replace(
        "ns admin", f"ns.{ZONE} admin.{ZONE}"))


def host(number):
    return dns.rrset.from_text(f"host{number}.{ZONE}", 300, "IN", "A", "192.0.2.3")


def healthy(connection, query):
    connection.sendall(answer(query, soa(), host(1), soa()))


def one_record_a_message(connection, query):
    out = answer(query, soa()) + b"".join(answer(query, host(n), question=False) for n in range(5000))
    connection.sendall(out + answer(query, soa(), question=False))


def octet_by_octet(connection, query):
    for octet in answer(query, soa(), host(1)) + answer(query, soa()):
        connection.sendall(bytes([octet]))


def closes_halfway(connection, query):
    connection.sendall(answer(query, soa(), *(host(n) for n in range(100))))


def closes_within_a_message(connection, query):
    connection.sendall(answer(query, soa(), host(1)) + answer(query, host(2), soa())[:-9])


def closes_at_once(_connection, _query):
    pass


def other_serial(connection, query):
    connection.sendall(answer(query, soa(), host(1)) + answer(query, soa(SERIAL + 1)))


def goes_on_behind_the_end(connection, query):
    connection.sendall(answer(query, soa(), host(1), soa()) + answer(query, host(2)))


def stalls(connection, query):
    connection.sendall(answer(query, soa(), host(1)))
    time.sleep(8)


def stays_silent(_connection, _query):
    time.sleep(8)


def never_ends(connection, query):
    connection.sendall(answer(query, soa()))
    part = answer(query, *(host(n) for n in range(1000)))
    while True:
        connection.sendall(part)


def garbage(connection, query):
    connection.sendall(frame(struct.pack("!H", query.id) + b"\x84\x00" + b"\xff" * 500))


def random_octets(connection, _query):
    connection.sendall(bytes(range(1, 200)) * 1000)


def differences(connection, query):
    connection.sendall(answer(query, soa(), soa(SERIAL - 1), host(1), soa(), host(2), soa()))


def only_the_soa(connection, query):
    connection.sendall(answer(query, soa()))
    time.sleep(8)


def empty_answer(connection, query):
    connection.sendall(answer(query))


def with_rcode(rcode):
    def script(connection, query):
        message = dns.message.make_response(query)
        message.set_rcode(rcode)
        connection.sendall(frame(message.to_wire()))
    return script


# Script, how it must end, words that must be among what is said.
LIES = (
    (healthy, "complete", ""),
    (one_record_a_message, "complete", ""),
    (octet_by_octet, "complete", ""),
    (closes_halfway, "incomplete", "closed after 101 records in 1 message, before the closing SOA"),
    (closes_within_a_message, "incomplete", "closed after 2 records in 1 message"),
    (closes_at_once, "unreachable", "closed the connection without an answer"),
    (other_serial, "incomplete", f"ends with serial {SERIAL + 1}, after 2 records"),
    (goes_on_behind_the_end, "incomplete", "behind the closing SOA"),
    (stalls, "timeout", "nothing for 0.5 s after 2 records in 1 message"),
    (stays_silent, "timeout", "no answer within 0.5 s"),
    (never_ends, "timeout", "time was over after"),
    (garbage, "malformed", "not a DNS message"),
    (random_octets, "malformed", ""),
    (differences, "incomplete", "as for IXFR"),
    (only_the_soa, "timeout", "SOA (serial"),
    (empty_answer, "refused", "NOERROR, but no records"),
    (with_rcode(4), "refused", "NOTIMP"),
    (with_rcode(1), "refused", "FORMERR"),
    (with_rcode(9), "refused", "NOTAUTH"),
)


class Tests:
    """Runs the tool and counts what is not as it should be."""

    def __init__(self, tool, directory):
        self.tool = tool
        self.directory = directory
        self.count = 0
        self.wrong = 0

    def run(self, key, servers, idle=500, deadline=10000, offset=0, zone=ZONE):
        done = subprocess.run([self.tool, zone, str(key), str(idle), str(deadline), str(offset),
                               *(f"{server}@{PORT}" for server in servers)], capture_output=True,
                              text=True, check=False, timeout=60)
        return [line.split("\t") for line in done.stdout.splitlines()[:-1]], done.stdout

    def expect(self, what, holds, output):
        self.count += 1
        if not holds:
            self.wrong += 1
            print(f"wrong: {what}\n{output}")

    def ends(self, what, result, end, words="", records=None):
        tries, output = result
        last = tries[-1] if tries else [""] * 10
        self.expect(what, last[1] == end and words in last[9] and
                    (records is None or last[6] == str(records)), output)


def test_keys(tests):
    for product, address in REAL.items():
        for algorithm in ALGORITHMS:
            key = write_key(tests.directory, algorithm, key_name(algorithm), algorithm, SECRET)
            result = tests.run(key, [address], idle=5000)
            tests.ends(f"{product} {algorithm}", result, "complete", records=RECORDS)
            tests.expect(f"{product} {algorithm} verified", result[0][-1][4] == "verified", result[1])


def test_wrong_keys(tests):
    directory = tests.directory
    good = write_key(directory, "good", key_name("hmac-sha256"), "hmac-sha256", SECRET)
    secret = write_key(directory, "secret", key_name("hmac-sha256"), "hmac-sha256", OTHER_SECRET)
    name = write_key(directory, "name", "nobody.key", "hmac-sha256", SECRET)
    algorithm = write_key(directory, "algorithm", key_name("hmac-sha256"), "hmac-sha512", SECRET)
    for product, address in REAL.items():
        tests.ends(f"{product} without a key", tests.run("-", [address]), "refused")
        tests.ends(f"{product} wrong secret", tests.run(secret, [address]), "refused", "BADSIG")
        tests.ends(f"{product} wrong name", tests.run(name, [address]), "refused", "BADKEY")
        # NSD verifies with whatever algorithm the question names, and has no such key to allow.
        tests.ends(f"{product} wrong algorithm", tests.run(algorithm, [address]), "refused",
                   "REFUSED" if product == "NSD" else "BADKEY")
        for offset in (-4000, 4000):
            tests.ends(f"{product} clock", tests.run(good, [address], offset=offset), "refused", "BADTIME")
        tests.ends(f"{product} another zone", tests.run(good, [address], zone="other."), "refused")


def test_key_files(tests):
    open_file = write_key(tests.directory, "open", "a.key", "hmac-sha256", SECRET, 0o644)
    _, output = tests.run(open_file, [BIND])
    tests.expect("a key that others can read", "chmod 600" in output and SECRET not in output, output)


def test_lies(tests):
    liar = Liar()
    for script, end, words in LIES:
        liar.script = script
        deadline = 700 if script is never_ends else 10000
        result = tests.run("-", [LIAR], deadline=deadline)
        tests.ends(script.__name__, result, end, words)
        peak = int(result[1].split("peak_kib ")[1])
        tests.expect(f"{script.__name__}: memory", peak < 20000, result[1])
    good = tests.directory / "good"
    liar.script = healthy
    tests.ends("unsigned", tests.run(good, [LIAR]), "tsig failed", "not signed")
    # The first that gives it, in that order.
    result = tests.run("-", [NOBODY, BIND, NSD, LIAR, KNOT])
    tests.ends("the fourth gives it", result, "complete")
    tests.expect("four tries", [line[1] for line in result[0]] ==
                 ["unreachable", "refused", "refused", "complete"], result[1])


def main(arguments):
    if len(arguments) != 1:
        print(__doc__.strip())
        return 2
    missing = [program for program in ("named", "nsd", "knotd") if not shutil.which(program)]
    if missing:
        print(f"transfers: not here: {', '.join(missing)}")
        return 77
    enter()
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    # BIND listens on addresses that an interface has.
    subprocess.run(["ip", "addr", "add", f"{BIND}/32", "dev", "lo"], check=True)
    with tempfile.TemporaryDirectory() as name:
        tests = Tests(arguments[0], pathlib.Path(name))
        servers = Servers(tests.directory)
        try:
            for test in (test_keys, test_wrong_keys, test_key_files, test_lies):
                test(tests)
        finally:
            servers.stop()
    print(f"{tests.count} expectations, {tests.wrong} wrong")
    return 1 if tests.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
