#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Measures whole zones: check_dnssec_sigs --zone-file beside what openssl speed can do on the same
processors and beside dnssec-verify, kzonecheck and ldns-verify-zone; tests/bench/whole calls it.

Zones are made once by dnssec-signzone and kept in --zones. Each program is run from start to exit,
in turns, so that whatever else the machine does meets all of them; the medians count. The same zone
is also taken by AXFR from a knotd on loopback.
"""
import argparse
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

APEX = "bench.test"
OURS, AXFR = "check_dnssec_sigs", "check_dnssec_sigs --axfr"
# name: algorithm, more of dnssec-keygen's, of dnssec-signzone's, openssl speed's name
KINDS = {
    "P-256, NSEC": ("ECDSAP256SHA256", [], [], "ecdsap256"),
    "P-256, NSEC3": ("ECDSAP256SHA256", [], ["-3", "-", "-H", "0"], "ecdsap256"),
    "RSA-2048, NSEC": ("RSASHA256", ["-b", "2048"], [], "rsa2048"),
}
PROCESSORS = len(os.sched_getaffinity(0))
# Bars: most of our wall time as a share of theirs; least of openssl's rate; growth by AXFR.
MOST = {"dnssec-verify": 1 / 2.5, "kzonecheck": 1 / 3, "ldns-verify-zone": 1 / 4}
LEAST_RATE, MOST_BY_AXFR = 0.9, 1.1


def make_zone(directory, names, kind):
    """The signed zone of that many names, made when it is not there yet."""
    algorithm, keygen, sign, _ = KINDS[kind]
    home = directory / f"{re.sub('[^a-z0-9]+', '-', kind.lower())}-{names}"
    signed = home / "signed"
    if signed.exists():
        return signed
    home.mkdir(parents=True, exist_ok=True)
    lines = [f"$ORIGIN {APEX}.", "$TTL 3600",
             "@ IN SOA ns1 hostmaster 2026112801 7200 3600 604800 3600", "@ NS ns1", "@ NS ns2",
             "ns1 A 192.0.2.1", "ns2 A 192.0.2.2"]
    lines += [f"host{i:07d} A 198.51.{i >> 8 & 255}.{i & 255}" for i in range(names)]
    for more in (["-f", "KSK"], []):
        subprocess.run(["dnssec-keygen", "-q", "-a", algorithm, *keygen, *more, APEX], cwd=home,
                       check=True, stdout=subprocess.DEVNULL)
    lines += [key.read_text(encoding="ascii") for key in home.glob("K*.key")]
    (home / "plain").write_text("\n".join(lines) + "\n", encoding="ascii")
    subprocess.run(["dnssec-signzone", "-P", "-o", APEX, *sign, "-n", str(PROCESSORS), "-f",
                    "signed.part", "plain"], cwd=home, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    (home / "signed.part").rename(signed)
    return signed


ROOT = f""". 3600 SOA . . 1 3600 600 86400 600
. 3600 NS a.invalid.
{APEX}. 3600 NS ns1.{APEX}.
ns1.{APEX}. 3600 A 192.0.2.1
"""


class Knot:
    """Serves one zone file on loopback, for transfers, and a root above it."""

    def __init__(self, knotd, signed):
        self.directory = tempfile.TemporaryDirectory(prefix="check_dnssec-bench-")
        home = Path(self.directory.name)
        with socket.socket() as finder:
            finder.bind(("127.0.0.1", 0))
            self.port = finder.getsockname()[1]
        (home / "root").write_text(ROOT, encoding="ascii")
        (home / "knot.conf").write_text(
            f"server:\n  listen: 127.0.0.1@{self.port}\n  rundir: {home}\n"
            f"database:\n  storage: {home}\n"
            "acl:\n  - id: all\n    address: 127.0.0.1\n    action: transfer\n"
            f"zone:\n  - domain: {APEX}\n    file: {signed}\n    zonefile-load: whole\n"
            "    zonefile-sync: -1\n    journal-content: none\n    acl: all\n"
            f"  - domain: .\n    file: {home}/root\n", encoding="ascii")
        self.process = subprocess.Popen([knotd, "-c", home / "knot.conf"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            said = subprocess.run(["dig", "+short", "+tries=1", "+time=1", "-p", str(self.port),
                                   "@127.0.0.1", APEX, "SOA"], capture_output=True, text=True,
                                  check=False).stdout
            if said.startswith("ns1."):
                return
            time.sleep(0.2)
        sys.exit("bench: knotd does not serve the zone")

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.directory.cleanup()


def program(name):
    return shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin") or sys.exit(
        f"bench: {name} is not installed")


def commands(tree, signed, knot):
    plugin = tree / "plugins" / OURS
    common = [plugin, "-z", APEX, "-t", "600"]
    made = {
        OURS: [*common, "--zone-file", signed],
        "dnssec-verify": [program("dnssec-verify"), "-o", APEX, signed],
        "kzonecheck": [program("kzonecheck"), "-d", "on", "-o", APEX, signed],
        "ldns-verify-zone": [program("ldns-verify-zone"), signed],
    }
    if knot:
        server = f"127.0.0.1@{knot.port}"
        anchor = next(key for key in signed.parent.glob("K*.key")
                      if " DNSKEY 257 " in key.read_text(encoding="ascii"))
        made[AXFR] = [*common, "--axfr=" + server, "--server", server, "--forward", server,
                      "--trust-anchor", anchor]
    return made


def measure(tree, name, command):
    """(wall s, CPU s, peak MB) of one run."""
    with tempfile.NamedTemporaryFile() as output:
        line = subprocess.run([tree / "tests/bench/measure", output.name, *command],
                              capture_output=True, text=True, check=True).stdout
        text = Path(output.name).read_text(errors="replace")
    status, wall, cpu, memory = line.split()
    if status != "0":
        sys.exit(f"bench: {name} ended with {status} and said: {text.strip()[:500]}")
    if name in (OURS, AXFR) and " OK - " not in text:
        sys.exit(f"bench: {name} said: {text.strip()[:500]}")
    return float(wall) / 1e3, float(cpu) / 1e3, int(memory) / 1024


def openssl_rate(algorithm):
    """Verifications a second on all processors."""
    said = subprocess.run(["openssl", "speed", "-seconds", "3", "-multi", str(PROCESSORS), algorithm],
                          capture_output=True, text=True, check=True).stdout
    return float(said.strip().split("\n")[-1].split()[-1])


def signatures_in(signed):
    with open(signed, encoding="ascii") as text:
        return sum(" RRSIG\t" in line or "\tRRSIG\t" in line for line in text)


def verdict(holds):
    return "yes" if holds else "NO"


def show(kind, count, runs, rates):
    median = {name: [statistics.median(column) for column in zip(*rows)]
              for name, rows in runs.items()}
    ours, rate = median[OURS], statistics.median(rates)
    print(f"\n{kind}: {count:,} signatures, medians of {len(rates)}")
    print(f"  {'':26} {'wall s':>8} {'CPU s':>8} {'peak MB':>8} {'to ours':>8}")
    for name, (wall, cpu, memory) in median.items():
        held = f"  at least {1 / MOST[name]:.1f}: {verdict(ours[0] <= wall * MOST[name])}" \
            if name in MOST else ""
        print(f"  {name:26} {wall:8.2f} {cpu:8.2f} {memory:8.1f} {wall / ours[0]:8.2f}{held}")
    share = count / ours[0] / rate
    print(f"  openssl speed {rate:,.0f}/s, ours {count / ours[0]:,.0f}/s: {share:.0%}, "
          f"at least {LEAST_RATE:.0%}: {verdict(share >= LEAST_RATE)}")
    print(f"  peak memory at most kzonecheck's: {verdict(ours[2] <= median['kzonecheck'][2])}")
    if AXFR in median:
        growth = median[AXFR][0] / ours[0]
        print(f"  by AXFR {growth - 1:+.1%}, at most {MOST_BY_AXFR - 1:+.0%}: "
              f"{verdict(growth <= MOST_BY_AXFR)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=Path, help="the release build")
    parser.add_argument("--runs", type=int, default=5, metavar="COUNT")
    parser.add_argument("--names", type=int, default=50000, metavar="COUNT")
    parser.add_argument("--zones", type=Path, metavar="DIRECTORY",
                        default=Path(tempfile.gettempdir()) / f"check_dnssec-bench-{os.getuid()}",
                        help="where zones are kept (default: %(default)s)")
    parser.add_argument("--only", default="", metavar="WORDS", help="kinds with these words")
    parser.add_argument("--no-peers", action="store_true", help="ours alone")
    options = parser.parse_args()
    print(f"{PROCESSORS} processors, {options.names:,} names", flush=True)
    for kind in KINDS:
        if options.only not in kind:
            continue
        signed = make_zone(options.zones.absolute(), options.names, kind)
        knot = Knot(program("knotd"), signed)
        try:
            programs = commands(options.tree, signed, knot)
            if options.no_peers:
                programs = {OURS: programs[OURS], "kzonecheck": programs["kzonecheck"],
                            AXFR: programs[AXFR]}
            runs, rates = {name: [] for name in programs}, []
            for _ in range(options.runs):
                rates.append(openssl_rate(KINDS[kind][3]))
                for name, command in programs.items():
                    runs[name].append(measure(options.tree, name, command))
        finally:
            knot.stop()
        show(kind, signatures_in(signed), runs, rates)


if __name__ == "__main__":
    main()
