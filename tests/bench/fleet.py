#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Measures many zones in one process beside one process for each; tests/bench/fleet calls it.

Makes zones below "test." with a key pair that they share, healthy but for 50 of five kinds, and
serves them by three nsd in a network namespace of its own: the root, "test." and the zones, at two
addresses. Zones are made once and kept in --zones.
"""
import argparse
import concurrent.futures
import datetime
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import dns.dnssec
import dns.name
import dns.rdataset
import dns.rrset
from cryptography.hazmat.primitives.asymmetric import ec

ROOT, TEST, CHILD = "192.0.2.2", "192.0.2.3", ("192.0.2.4", "192.0.2.5")
ALGORITHM = dns.dnssec.Algorithm.ECDSAP256SHA256
DAY = 86400
FAULTS = ("expired", "expiring", "unsigned", "wrong-ds", "spoilt")
OF_EACH = 10
MARK = "CHECK_DNSSEC_BENCH_INSIDE"
# Bars: zones a second beside single processes; memory of all beside a tenth of them; MB.
LEAST = {"sigs": 5, "chain": 8}
MOST_GROWTH, MOST_MEMORY = 1.2, 100
MOST_TO_BARE = 1.5  # CPU of the chain check beside libunbound alone with its questions


class Key:
    """A combined signing key."""

    def __init__(self, number):
        self.private = ec.derive_private_key(number, ec.SECP256R1())
        self.dnskey = dns.dnssec.make_dnskey(self.private.public_key(), ALGORITHM, 257)

    def sign(self, rrset, zone, now, end=20 * DAY, begin=-10 * DAY):
        return dns.rrset.from_rdata(
            rrset.name, rrset.ttl,
            dns.dnssec.sign(rrset, self.private, zone, self.dnskey, verify=False,
                            inception=moment(now + begin), expiration=moment(now + end)))


def moment(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)


def text_of(rrsets):
    return "\n".join(rrset.to_text() for rrset in rrsets) + "\n"


def fault_of(index, zones):
    """The kind of fault of a zone, or None: they are spread over the list."""
    step = zones // (OF_EACH * len(FAULTS))
    return FAULTS[index // step % len(FAULTS)] if step and index % step == 0 \
        and index < step * OF_EACH * len(FAULTS) else None


def child_text(task):
    """One zone's master file."""
    number, fault, now = task
    key = Key(4711)
    zone = dns.name.from_text(f"z{number}.test.")
    below = f"a.{zone}"

    def rrset(owner, ttl, kind, *rdatas):
        return dns.rrset.from_text(owner, ttl, "IN", kind, *rdatas)

    plain = [rrset(zone, 3600, "SOA", f"ns1.test. hostmaster.{zone} 2026 7200 3600 1209600 3600"),
             rrset(zone, 3600, "NS", "ns1.test.", "ns2.test."),
             rrset(zone, 3600, "MX", f"10 a.{zone}"),
             rrset(below, 3600, "A", "192.0.2.1"),
             rrset(zone, 3600, "NSEC", f"{below} NS SOA MX RRSIG NSEC DNSKEY"),
             rrset(below, 3600, "NSEC", f"{zone} A RRSIG NSEC"),
             dns.rrset.from_rdata(zone, 3600, key.dnskey)]
    rrsets = []
    for one in plain:
        rrsets.append(one)
        mx = one.rdtype == dns.rdatatype.MX
        if fault == "unsigned" and mx:
            continue
        end = {"expired": -3600, "expiring": 2 * DAY}.get(fault, 20 * DAY) if mx else 20 * DAY
        rrsets.append(key.sign(one, zone, now, end))
        if fault == "spoilt" and mx:
            rrsets[-2] = rrset(zone, 3600, "MX", f"20 a.{zone}")
    return number, text_of(rrsets)


def sign_delegating(directory, name, zone, lines):
    """Signs a zone of delegations with a key of its own, which stands in the file K<name>."""
    server = "ns." if zone == "." else "ns.test."
    made = subprocess.run(["dnssec-keygen", "-q", "-a", "ECDSAP256SHA256", "-f", "KSK", zone],
                          cwd=directory, capture_output=True, text=True, check=True).stdout.strip()
    key = (directory / f"{made}.key").read_text(encoding="ascii")
    (directory / f"K{name}").write_text(key, encoding="ascii")
    head = [f"{zone} 3600 IN SOA {server} hostmaster.test. 2026 7200 3600 1209600 3600",
            f"{zone} 3600 IN NS {server}", key]
    (directory / f"{name}.plain").write_text("\n".join([*head, *lines]) + "\n", encoding="ascii")
    subprocess.run(["dnssec-signzone", "-P", "-z", "-o", zone, "-f", name, f"{name}.plain", made],
                   cwd=directory, capture_output=True, check=True)


def ds_of(child, dnskey, wrong=False):
    ds = dns.dnssec.make_ds(dns.name.from_text(child), dnskey, "SHA256")
    if wrong:
        ds = ds.replace(key_tag=(ds.key_tag + 1) % 65536)
    return f"{child} 3600 IN DS {ds.to_text()}"


def make_zones(directory, zones):
    """The zone files; {fault: names}."""
    now = int(time.time())
    faults = {index: fault_of(index, zones) for index in range(zones)}
    child = Key(4711)
    done = directory / "done"
    if not done.exists() or time.time() - done.stat().st_mtime > 5 * DAY:
        shutil.rmtree(directory, ignore_errors=True)
        (directory / "zones").mkdir(parents=True)
        tasks = [(index, faults[index], now) for index in range(zones)]
        with concurrent.futures.ProcessPoolExecutor() as pool:
            for number, text in pool.map(child_text, tasks, chunksize=100):
                (directory / f"zones/z{number}").write_text(text, encoding="ascii")
        lines = [f"ns.test. 3600 IN A {TEST}", f"ns1.test. 3600 IN A {CHILD[0]}",
                 f"ns2.test. 3600 IN A {CHILD[1]}"]
        for index in range(zones):
            name = f"z{index}.test."
            lines += [f"{name} 3600 IN NS ns1.test.", f"{name} 3600 IN NS ns2.test.",
                      ds_of(name, child.dnskey, faults[index] == "wrong-ds")]
        sign_delegating(directory, "test", "test.", lines)
        ds = (directory / "dsset-test.").read_text(encoding="ascii")  # of dnssec-signzone
        sign_delegating(directory, "root", ".", [
            f"ns. 3600 IN A {ROOT}", "test. 3600 IN NS ns.test.", f"ns.test. 3600 IN A {TEST}", ds])
        (directory / "hints").write_text(f". 3600 NS ns.\nns. 3600 A {ROOT}\n", encoding="ascii")
        shutil.copy(directory / "Kroot", directory / "anchor")
        (directory / "list").write_text("".join(f"z{index}.test\n" for index in range(zones)),
                                        encoding="ascii")
        done.touch()
    return {kind: {f"z{index}.test" for index, fault in faults.items() if fault == kind}
            for kind in FAULTS}


def bring_up():
    """The namespace's own loopback has the servers' addresses and all routes."""
    for words in (["link", "set", "lo", "up"], ["route", "add", "default", "dev", "lo"],
                  *(["address", "add", f"{address}/32", "dev", "lo"]
                    for address in (ROOT, TEST, *CHILD))):
        subprocess.run(["ip", *words], check=True)


class Servers:
    """Three nsd, each with a directory of its own."""

    def __init__(self, directory, zones):
        self.home = tempfile.TemporaryDirectory(prefix="check_dnssec-fleet-")
        self.processes = []
        files = {f"z{index}.test": directory / f"zones/z{index}" for index in range(zones)}
        for name, addresses, served in (("root", (ROOT,), {".": directory / "root"}),
                                        ("test", (TEST,), {"test": directory / "test"}),
                                        ("zones", CHILD, files)):
            self.start(name, addresses, served)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            said = subprocess.run(["dig", "+short", "+tries=1", "+time=1", f"@{CHILD[1]}",
                                   f"z{zones - 1}.test", "MX"], capture_output=True, text=True,
                                  check=False).stdout
            if said.strip():
                return
            time.sleep(0.2)
        sys.exit("bench: nsd does not serve the zones")

    def start(self, name, addresses, served):
        home = Path(self.home.name) / name
        home.mkdir()
        lines = ["server:", "  username: \"\"", "  chroot: \"\"", f"  zonesdir: {home}",
                 "  database: \"\"", f"  pidfile: {home}/pid", f"  xfrdfile: {home}/xfrd",
                 f"  zonelistfile: {home}/list", f"  xfrdir: {home}", "  tcp-count: 200",
                 "  rrl-ratelimit: 0", "remote-control:", "  control-enable: no"]
        lines[1:1] = [f"  ip-address: {address}" for address in addresses]
        for zone, file in served.items():
            lines += ["zone:", f"  name: \"{zone}\"", f"  zonefile: {file}"]
        (home / "nsd.conf").write_text("\n".join(lines) + "\n", encoding="ascii")
        self.processes.append(subprocess.Popen(
            [program("nsd"), "-d", "-c", home / "nsd.conf"], stdout=subprocess.DEVNULL,
            stderr=open(home / "log", "wb")))

    def stop(self):
        for process in self.processes:
            process.terminate()
            process.wait()
        self.home.cleanup()


def program(name):
    return shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin") or sys.exit(
        f"bench: {name} is not installed")


def plugin_command(tree, check, directory, *more):
    return [tree / f"plugins/check_dnssec_{check}", "--root-hints", directory / "hints",
            "--trust-anchor", directory / "anchor", *more]


def measure(tree, command):
    """(text, wall s, CPU s, peak MB) of one run."""
    with tempfile.NamedTemporaryFile() as output:
        line = subprocess.run([tree / "tests/bench/measure", output.name, *map(str, command)],
                              capture_output=True, text=True, check=True).stdout
        text = Path(output.name).read_text(errors="replace")
    _, wall, cpu, memory = line.split()
    return text, float(wall) / 1e3, float(cpu) / 1e3, int(memory) / 1024


def single_rate(tree, check, directory, names):
    """Zones a second of one process for each, four at a time."""
    began = time.monotonic()
    command = plugin_command(tree, check, directory, "-4")
    subprocess.run(["xargs", "-P", "4", "-n", "1", *map(str, command)],
                   input="\n".join(names).encode(), stdout=subprocess.DEVNULL, check=False)
    return len(names) / (time.monotonic() - began)


def found_in(text):
    """Zones that a text in JSON lines says are not OK."""
    return {re.search(r'"zone":"([^"]*)"', line)[1] for line in text.splitlines()
            if '"state":"OK"' not in line}


def verdict(holds):
    return "yes" if holds else "NO"


def compare(tree, check, directory, zones, faults, single):
    names = [f"z{index}.test" for index in range(zones)]
    tenth = directory / "tenth"
    tenth.write_text("".join(f"{name}\n" for name in names[:zones // 10]), encoding="ascii")
    options = ("-4", "-t", "1200", "--rate-per-server", "1000000")
    text, wall, cpu, memory = measure(tree, plugin_command(
        tree, check, directory, "--zones", directory / "list", "--output", "jsonl", *options))
    _, _, _, less = measure(tree, plugin_command(
        tree, check, directory, "--zones", tenth, "--output", "jsonl", *options))
    alone = single_rate(tree, check, directory, names[:single])
    expected = set().union(*faults.values())
    if check == "chain":  # what the chain's look sees of a zone: SOA, DNSKEY, DS, denials
        expected = faults["wrong-ds"]
    found = found_in(text)
    rate = zones / wall
    print(f"\n{check}: {zones:,} zones")
    print(f"  one process      {rate:8.1f} zones/s, {1e3 * cpu / zones:.2f} ms CPU a zone, "
          f"{memory:.1f} MB")
    print(f"  a process each   {alone:8.1f} zones/s ({single} zones)")
    print(f"  ratio {rate / alone:.2f}, at least {LEAST[check]}: {verdict(rate >= LEAST[check] * alone)}")
    print(f"  memory beside {zones // 10:,} zones ({less:.1f} MB): {memory / less:.2f}, at most "
          f"{MOST_GROWTH}: {verdict(memory <= MOST_GROWTH * less)}; at most {MOST_MEMORY} MB: "
          f"{verdict(memory <= MOST_MEMORY)}")
    if check == "chain":
        said, _, bare, _ = measure(tree, [tree / "tests/bench/bare_lookup", directory / "anchor",
                                          directory / "hints", f"@{directory / 'list'}"])
        print(f"  libunbound alone {1e3 * bare / zones:.2f} ms CPU a zone ({said.strip()}): "
              f"{cpu / bare:.2f} x that, at most {MOST_TO_BARE}: "
              f"{verdict(cpu <= MOST_TO_BARE * bare)}")
    print(f"  found {len(found)} of {len(expected)}, {len(found - expected)} that are none: "
          f"{verdict(found == expected)}", flush=True)
    if found != expected:
        print(f"  missing {sorted(expected - found)[:5]}, too many {sorted(found - expected)[:5]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=Path, help="the release build")
    parser.add_argument("--count", type=int, default=10000, metavar="ZONES")
    parser.add_argument("--single", type=int, default=500, metavar="ZONES",
                        help="looked at by a process each (default: %(default)s)")
    parser.add_argument("--zones", type=Path, metavar="DIRECTORY",
                        default=Path(tempfile.gettempdir()) / f"check_dnssec-fleet-{os.getuid()}",
                        help="where zones are kept (default: %(default)s)")
    parser.add_argument("--checks", nargs="+", default=list(LEAST))
    options = parser.parse_args()
    if MARK not in os.environ:
        os.environ[MARK] = "1"
        os.execvp("unshare", ["unshare", "--net", sys.executable, "-B", *sys.argv])
    bring_up()
    directory = options.zones.absolute() / str(options.count)
    faults = make_zones(directory, options.count)
    servers = Servers(directory, options.count)
    try:
        for check in options.checks:
            compare(options.tree.absolute(), check, directory, options.count, faults,
                    min(options.single, options.count))
    finally:
        servers.stop()


if __name__ == "__main__":
    main()
