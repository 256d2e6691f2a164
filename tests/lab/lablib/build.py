# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Makes every zone of the lab, children first, so that the parents know their DS records."""

import copy
import hashlib
import json
import os
import pickle
import shutil
import time
from concurrent.futures import ProcessPoolExecutor

import dns.name

from . import hosts as lab_hosts
from .case import DAY
from .hosts import HOSTS
from .keys import POOL, SEP, ZONE, make_pool
from .mutate import Site, unsign
from .zone import Zone, sign

REUSE_FOR = 3600  # seconds a build is fresh
_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_POOL = {}  # filled before the workers fork
_CASES = {}


def version():
    """A hash of the lab's own sources."""
    digest = hashlib.sha256()
    for root, folders, files in os.walk(_HERE):
        folders.sort()
        for file in sorted(files):
            if file.endswith((".py", "lab")):
                with open(os.path.join(root, file), "rb") as text:
                    digest.update(text.read())
    return digest.hexdigest()


def store_of(host):
    """Where a host's zone files lie: a real server has one set, the responder one per host."""
    engine = HOSTS[host].engine
    return f"responder-{host}" if engine == "responder" else engine


def file_of(directory, host, apex):
    return os.path.join(directory, "zones", store_of(host), (apex.rstrip(".") or "root") + ".zone")


def keys_of(case):
    keys = {}
    for spec in case.keys:
        flags = ZONE | (SEP if spec.sep else 0) if spec.flags is None else spec.flags
        pool = _POOL[spec.algorithm]
        keys[spec.role] = pool[spec.slot % len(pool)].with_flags(flags)
    return keys


def ns_names(case, which):
    """NS names of the zone as seen at `which` side."""
    chosen = (case.child_ns if which == "child" else case.parent_ns) or case.servers
    if case.own_names:
        return [f"{host}.{case.apex}" for host in chosen] + list(case.ns_names)
    return [HOSTS[host].name for host in chosen] + list(case.ns_names)


def address_lines(name, addresses):
    return "".join(f"{name} 300 IN {'AAAA' if ':' in a else 'A'} {a}\n" for a in addresses)


def zone_text(case, children, now):
    """The unsigned zone."""
    apex = case.apex
    soa = {"serial": now, "refresh": 7200, "retry": 3600, "expire": 7 * DAY, "minimum": 300,
           **case.soa}
    text = (f"$ORIGIN {apex}\n$TTL 300\n"
            f"@ 300 IN SOA {ns_names(case, 'child')[0]} hostmaster.lab.test. {soa['serial']} "
            f"{soa['refresh']} {soa['retry']} {soa['expire']} {soa['minimum']}\n")
    text += "".join(f"@ 300 IN NS {name}\n" for name in ns_names(case, "child"))
    if case.own_names:
        for host in case.child_ns or case.servers:
            text += address_lines(f"{host}.{apex}", HOSTS[host].addresses)
    if case.base:
        text += (f"@ IN A {lab_hosts.WEB4}\n@ IN AAAA {lab_hosts.WEB6}\n@ IN MX 10 mail\n"
                 f"@ IN TXT \"v=spf1 -all\"\nwww IN A {lab_hosts.WEB4}\n"
                 f"www IN AAAA {lab_hosts.WEB6}\nmail IN A {lab_hosts.WEB4}\n")
    text += case.text + "\n" + signals_in(case)
    below = dns.name.from_text(apex)
    glue = set()
    for child in children:
        text += "".join(f"{child['apex']} 300 IN NS {name}\n" for name in child["ns"])
        text += "".join(f"{child['apex']} 300 IN DS {ds}\n" for ds in child["ds"])
        glue.update(tuple(g) for g in child["glue"])
    for name, addresses in sorted(glue):
        if dns.name.from_text(name).is_subdomain(below):
            text += address_lines(name, addresses)
    return text


def signals_in(case):
    """What the names of nameservers in this zone signal for other zones."""
    text = ""
    for other in _CASES.values():
        for host, records in other.signals.items():
            if _zone_of(host) == case.apex:
                name = f"_dsboot.{other.apex}_signal.{host}"
                text += "".join(f"{name} 300 IN {make(keys_of(other), other.apex)}\n"
                                for make in records)
    return text


def _zone_of(name):
    """The zone of the lab that a name is in."""
    above = dns.name.from_text(name)
    apexes = {case.apex for case in _CASES.values() if not case.of}
    while above.to_text() not in apexes:
        above = above.parent()
    return above.to_text()


def _glue(case):
    if case.own_names:
        return [[f"{host}.{case.apex}", tuple(case.glue.get(host, HOSTS[host].addresses))]
                for host in case.parent_ns or case.servers]
    named = [HOSTS[host] for host in case.parent_ns or case.servers]
    return [[host.name, tuple(host.addresses)] for host in named]


def _ds(case, keys):
    if case.ds is not None:
        return [make(keys, case.apex) for make in case.ds]
    if not case.signed:
        return []
    first = next(s for s in case.keys if s.signs in ("all", "dnskey"))
    return [keys[first.role].ds(case.apex)]


def _write(directory, host, zone, post_text):
    path = file_of(directory, host, zone.apex.to_text())
    os.makedirs(os.path.dirname(path), exist_ok=True)
    text = zone.to_text()
    for change in post_text:
        text = change(text, zone)
    with open(path, "w", encoding="ascii") as out:
        out.write(text)


def build_zone(task):
    """Makes one zone with the delegations to its children; returns what its parent must know."""
    try:
        return _build_zone(task)
    except Exception as error:
        raise RuntimeError(f"case {task[1]}: {error!r}") from error


def _build_zone(task):
    directory, name, children, now = task
    case = _CASES[name]
    keys = keys_of(case)
    text = zone_text(case, children, now)
    work = os.path.join(directory, "sign", case.apex)
    options = {"start": now + case.start, "end": now + case.end, "nsec3": case.nsec3,
               "iterations": case.iterations, "salt": case.salt, "dnskey_ttl": 300,
               "csk": all(s.signs == "all" for s in case.keys if s.signs != "none"),
               "ksk_only_dnskey": case.ksk_only_dnskey,
               "dnskey_end": now + case.dnskey_end if case.dnskey_end else None}
    # Legal states are signed with BIND's tool; of the many faulty ones those that ldns' can sign.
    # More than 150 iterations BIND's tool refuses.
    options["ldns"] = case.iterations > 150 or bool(
        case.fault and not case.nsec3 and not case.dnskey_end and case.ksk_only_dnskey)
    signers = [keys[s.role] for s in case.keys if s.signs != "none"]
    standby = [keys[s.role] for s in case.keys if s.signs == "none" and s.publish]
    if not case.signed:
        signers = signers or [_POOL[13][0]]
    site = Site(now, dns.name.from_text(case.apex), keys)

    def finished(extra):
        zone = Zone(case.apex, sign(work, case.apex, text, signers, standby, extra), dict(keys))
        if not case.signed:
            unsign()(zone, site)
        for mutation in case.mutate:
            mutation(zone, site)
        for child in children:
            below = _CASES[child["name"]]
            for mutation in below.parent_mutate:
                mutation(zone, Site(now, dns.name.from_text(below.apex), keys_of(below)))
        return zone

    zone = finished(options)
    for host in case.servers:
        own = copy.copy(zone)
        if host in case.signed_on:
            own = finished({**options, **case.signed_on[host]})
        own.records, own.keys = [copy.copy(r) for r in own.records], dict(own.keys)
        for mutation in case.mutate_on.get(host, ()):
            mutation(own, site)
        for child in children:
            below = _CASES[child["name"]]
            for mutation in below.parent_mutate_on.get(host, ()):
                mutation(own, Site(now, dns.name.from_text(below.apex), keys_of(below)))
        _write(directory, host, own, case.post_text)
    return {"name": name, "apex": case.apex, "ns": ns_names(case, "parent"),
            "ds": _ds(case, keys), "glue": _glue(case)}


def parents(cases):
    """{case name: name of the case whose zone delegates to it}."""
    by_apex = {case.apex: case.name for case in cases.values() if not case.of}
    result = {}
    for apex, name in by_apex.items():
        if not cases[name].delegated:
            continue
        above = dns.name.from_text(apex)
        while len(above) > 1:
            above = above.parent()
            if above.to_text() in by_apex:
                result[name] = by_apex[above.to_text()]
                break
    return result


def _write_file(directory, name, text):
    with open(os.path.join(directory, name), "w", encoding="ascii") as out:
        out.write(text)


def _hints(hosts):
    return "".join(f". 3600000 IN NS {host.name}\n" + address_lines(host.name, host.addresses)
                   for host in hosts)


def _write_roots(directory):
    """Root hints and trust anchors, right ones and wrong ones."""
    root = next(case for case in _CASES.values() if case.apex == ".")
    key = keys_of(root)[next(s.role for s in root.keys if s.signs in ("all", "dnskey"))]
    _write_file(directory, "hints", _hints(HOSTS[host] for host in root.child_ns))
    _write_file(directory, "hints.rolling", _hints([HOSTS["c"]]))
    _write_file(directory, "hints.silent", _hints([HOSTS["silent"], HOSTS["silent2"]]))
    _write_file(directory, "hints.nobody", _hints([HOSTS["nobody"], HOSTS["unroutable"]]))
    right = f". 172800 IN DNSKEY {key.dnskey().to_text()}\n"
    _write_file(directory, "anchor.key", right)
    coming = keys_of(root)["next"].dnskey().to_text()
    _write_file(directory, "anchor.both", f"{right}. 172800 IN DNSKEY {coming}\n")
    _write_file(directory, "anchor.ds", f". IN DS {key.ds('.')}\n")
    other = _POOL[13][7].with_flags(ZONE | SEP)
    _write_file(directory, "anchor.other", f". IN DS {other.ds('.')}\n")
    island = _CASES.get("island", root)
    mine = next(iter(keys_of(island).values())).ds(island.apex)
    _write_file(directory, "anchor.island", f"{right}{island.apex} IN DS {mine}\n")
    _write_file(directory, "anchor.broken", "this is no trust anchor\n")
    tag, algorithm, digest, value = key.ds(".").split()
    _write_file(directory, "bind.keys", 'trust-anchors { . static-ds '
                f'{tag} {algorithm} {digest} "{value}"; }};\n')


def _note(directory):
    try:
        with open(os.path.join(directory, "built.json"), encoding="ascii") as text:
            return json.load(text)
    except (OSError, ValueError):
        return {}


def _load_pool(directory, workers):
    """The key pairs of an earlier build, or new ones: keys need not be fresh, signatures must."""
    path = os.path.join(directory, "keys", "pool.pickle")
    try:
        with open(path, "rb") as stored:
            pool = pickle.load(stored)
        if {algorithm: len(keys) for algorithm, keys in pool.items()} == POOL:
            return pool
    except (OSError, pickle.PickleError, AttributeError, EOFError):
        pass
    shutil.rmtree(os.path.dirname(path), ignore_errors=True)
    with ProcessPoolExecutor(workers) as run:
        pool = make_pool(os.path.dirname(path),
                         lambda work, tasks: list(run.map(work, *zip(*tasks))))
    with open(path, "wb") as out:
        pickle.dump(pool, out)
    return pool


def build(directory, cases, fresh=False, progress=lambda text: None):
    """Builds unless a fresh build of this version lies there; returns the note about it."""
    note = _note(directory)
    if not fresh and note.get("version") == version() and time.time() - note["now"] < REUSE_FOR:
        return note
    began = time.monotonic()
    for folder in ("zones", "sign", "built.json"):
        path = os.path.join(directory, folder)
        shutil.rmtree(path, ignore_errors=True)
        if os.path.exists(path):
            os.unlink(path)
    os.makedirs(directory, exist_ok=True)
    now = int(time.time())
    _CASES.update(cases)
    workers = os.cpu_count() or 1
    _POOL.update(_load_pool(directory, workers))
    above = parents(cases)
    zones = [case for case in cases.values() if not case.of]
    depth = {case.name: len(dns.name.from_text(case.apex)) for case in zones}
    done = {}
    with ProcessPoolExecutor(workers) as pool:  # forks now: the workers have pool and cases
        for level in sorted(set(depth.values()), reverse=True):
            tasks = []
            for case in zones:
                if depth[case.name] == level:
                    children = [done[n] for n, parent in above.items()
                                if parent == case.name and n in done]
                    tasks.append((directory, case.name, children, now))
            for result in pool.map(build_zone, tasks, chunksize=4 if len(tasks) > 8 else 1):
                done[result["name"]] = result
    _write_roots(directory)
    note = {"version": version(), "now": now, "zones": len(zones),
            "seconds": round(time.monotonic() - began, 1)}
    with open(os.path.join(directory, "built.json"), "w", encoding="ascii") as out:
        json.dump(note, out)
    progress(f"built {len(zones)} zones in {note['seconds']} s")
    return note
