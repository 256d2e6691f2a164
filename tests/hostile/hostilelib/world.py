# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""A root, a top-level domain, healthy zones, and a zone with servers of its own for each behaviour."""

import multiprocessing
import os
import subprocess

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype

from lablib.answer import Authority

from . import content, server
from .zones import Spec, build, ds_texts, new_key, with_more

T = dns.rdatatype
START_WITHIN = 20
HEALTHY = "healthy.test."
# Documentation addresses (RFC 5737) and, for there are many servers, two nets beside them.
NETS = ("192.0.2", "198.51.100", "203.0.113", "192.0.3", "198.51.101")
INFRASTRUCTURE = {part: f"{NETS[0]}.{number}" for number, part in enumerate(
    ("root", "test", "servers", "healthy", "below", "recursor"), 1)}
# Addresses of no host, for the nameservers loop0 and so on.
NOWHERE = ("127.0.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "240.0.0.1", "127.255.255.255")


def bring_up():
    """All addresses of those nets are here."""
    lines = "link set lo up\n" + "".join(f"addr add {net}.0/24 dev lo\n" for net in NETS)
    run = subprocess.run(["ip", "-batch", "-"], input=lines, text=True, capture_output=True,
                         check=False)
    if run.returncode != 0:
        raise RuntimeError(f"cannot set the namespace up: {run.stderr.strip()}")


class Known:
    """Every authority there is, and answers as a validating resolver would give them."""

    def __init__(self):
        self.by_apex = {}

    def put(self, authority):
        self.by_apex[authority.apex] = authority

    def authority_for(self, name, rdtype):
        if rdtype == T.DS and name != dns.name.root:
            name = name.parent()
        while name not in self.by_apex:
            name = name.parent()
        return self.by_apex[name]

    def respond(self, query):
        question = query.question[0]
        authority = self.authority_for(question.name, question.rdtype)
        response = authority.respond(query)
        response.flags &= ~dns.flags.AA
        response.flags |= dns.flags.RA | (query.flags & (dns.flags.RD | dns.flags.CD))
        if query.flags & dns.flags.AD or query.ednsflags & dns.flags.DO:
            response.flags |= dns.flags.AD
        return response


class Anything:
    """Stands for the zone where a resolver plays what is about one."""

    def __init__(self, known):
        self.apex = dns.name.from_text(HEALTHY)
        self._known = known

    def signed(self, name, rdtype, do):
        return self._known.by_apex[self.apex].signed(name, rdtype, do)


def of_zone(authority):
    """Its answers, and REFUSED for what is not in the zone."""

    def respond(query):
        if query.question[0].name.is_subdomain(authority.apex):
            return authority.respond(query)
        refused = dns.message.make_response(query)
        refused.set_rcode(dns.rcode.REFUSED)
        return refused

    return respond


class World:
    """Zones, and the sites that serve them."""

    def __init__(self, rows, directory):
        self.directory = directory
        self.known = Known()
        self.sites = []
        self.key = new_key()
        self.records = {}   # name of a row: the records of its zone
        self.rows = {row.name: number for number, row in enumerate(rows, 2)}
        self.apexes = {row.name: dns.name.from_text(row.apex or f"{row.name}.test.")
                       for row in rows}
        self.delegations, self.hosts = [], []
        for row in rows:
            self._add_row(row)
        self._add_infrastructure()
        self.processes = []

    def address(self, row, part):
        """Parts: 0 and 1 are the servers, 2 is the resolver, 3 the source of a transfer."""
        number = 4 * self.rows[row.name] + part
        return f"{NETS[number // 250]}.{number % 250 + 1}"

    def _zone(self, apex, spec):
        zone = build(apex, spec, self.key)
        authority = Authority(apex.to_text(), records=zone.records)
        authority.count = len(zone.records)
        self.known.put(authority)
        return authority

    def _site(self, label, address, authority, row=None, respond=None):
        played = row or server_row()
        site = server.Site(label, address, respond or of_zone(authority), played.play,
                           played.accept, played.udp, played.tcp)
        site.authority = authority or Anything(self.known)
        site.pure = not getattr(played, "fresh", False)
        self.sites.append(site)
        return site

    def _add_row(self, row):
        apex = self.apexes[row.name]
        names = tuple(f"{side}.{row.name}.servers.test." for side in "ab")
        spec = row.zone or Spec()
        below = dns.name.Name((b"below",)).concatenate(apex) if "parent" in row.also else None
        if below:
            child = Spec(ns=("below.servers.test.",))
            self._zone(below, child)
            spec = with_more(spec, children=[(below.to_text(), child.ns,
                                              ds_texts(below, child, self.key))])
        named = spec.ns or names
        spec = with_more(spec, ns=named, ds=self._digests(apex, spec))
        authority = self._zone(apex, spec)
        self.records[row.name] = authority.count
        self.delegations.append((apex.to_text(), spec.parent_ns or named,
                                 ds_texts(apex, spec, self.key)))
        for part, name in enumerate(names):
            self.hosts.append((name, self.address(row, part)))
            plays = row.play and not (row.one_server and part == 0) and not row.source_only
            self._site(row.name, self.address(row, part), authority, row if plays else None)
        if row.source_only:
            self._site(row.name + "/source", self.address(row, 3), authority, row)
        elif row.play:
            self._resolver(row)

    def _resolver(self, row):
        site = self._site(row.name + "/resolver", self.address(row, 2), None, row,
                          self.known.respond)
        site.recursor = True

    def _digests(self, apex, spec):
        if spec.ds == "all":
            return content.digests_of(spec.trap_keys, apex.to_text(), (self.key.ds(apex.to_text()),))
        if spec.ds == "empty":
            return (self.key.ds(apex.to_text()), f"{self.key.tag} 13 250 00")
        if spec.ds == "absent":
            return tuple(f"{1000 + n} 13 2 {n:064x}" for n in range(100)) + (
                self.key.ds(apex.to_text()),)
        return spec.ds

    def _add_infrastructure(self):
        at = INFRASTRUCTURE
        test, servers = dns.name.from_text("test."), dns.name.from_text("servers.test.")
        healthy = dns.name.from_text(HEALTHY)
        host = ("a.nic.test.",)
        self.mutual = Spec(ns=("ns.ns-mutual.test.",))
        for name, spec in ((healthy, Spec(ns=("healthy.servers.test.",))),
                           (dns.name.from_text("mutual-b.test."), self.mutual)):
            authority = self._zone(name, spec)
            self.delegations.append((name.to_text(), spec.ns, ds_texts(name, spec, self.key)))
            if name == healthy:
                self._site("healthy", at["healthy"], authority)
        lines = [f"{name} A {address}" for name, address in
                 (*self.hosts, ("healthy.servers.test.", at["healthy"]),
                  ("below.servers.test.", at["below"]), ("ns.servers.test.", at["servers"]),
                  *((f"loop{i}.servers.test.", a) for i, a in enumerate(NOWHERE)))]
        lines += ["ring1 CNAME ring2", "ring2 CNAME ring1"]
        nasty = [f"{name}.servers.test. A {at['healthy']}" for name in
                 (content.NASTY_TEXT, content.SCRIPT, content.FORGED)]
        of_servers = Spec(ns=("servers.nic.test.",), base=False, text="\n".join(lines + nasty) + "\n")
        self._site("servers", at["servers"], self._zone(servers, of_servers))
        self.delegations.append(("servers.test.", of_servers.ns,
                                 ds_texts(servers, of_servers, self.key)))
        of_test = Spec(ns=host, base=False, children=self.delegations,
                       text=f"a.nic A {at['test']}\nservers.nic A {at['servers']}\n")
        self._site("test", at["test"], self._zone(test, of_test))
        root = Spec(ns=("a.root.",), base=False, text=f"a.root. A {at['root']}\na.nic.test. A {at['test']}\n",
                    children=[("test.", host, ds_texts(test, of_test, self.key))])
        self._site("root", at["root"], self._zone(dns.name.root, root))
        self._site("below", at["below"], None, respond=self._respond_below)
        self._site("recursor", at["recursor"], None, respond=self.known.respond).recursor = True
        self._write("hints", f". 3600000 IN NS a.root.\na.root. 3600000 IN A {at['root']}\n")
        self._write("anchor.key", f". 172800 IN DNSKEY {self.key.dnskey().to_text()}\n")
        for name, apex in self.apexes.items():
            self._write(f"anchor.{name}", f"{apex} 172800 IN DNSKEY {self.key.dnskey().to_text()}\n")

    def _respond_below(self, query):
        name = query.question[0].name
        while name not in self.known.by_apex:
            name = name.parent()
        return self.known.by_apex[name].respond(query)

    def path(self, name):
        return os.path.join(self.directory, name)

    def _write(self, name, text):
        with open(self.path(name), "w", encoding="ascii") as out:
            out.write(text)

    def start(self):
        """Two processes: whoever is busy with lies must not keep the root waiting."""
        for name, sites in (("good", [s for s in self.sites if s.label in INFRASTRUCTURE]),
                            ("bad", [s for s in self.sites if s.label not in INFRASTRUCTURE])):
            ready = multiprocessing.Event()
            process = multiprocessing.Process(
                target=server.main, args=(sites, ready, self.path(f"{name}.log")), daemon=True)
            process.start()
            self.processes.append(process)
            if not ready.wait(START_WITHIN):
                raise RuntimeError(f"the servers do not start: {self.log()}")

    def log(self):
        """What the servers had to complain of: faults of their own."""
        said = ""
        for name in ("good", "bad"):
            with open(self.path(f"{name}.log"), encoding="utf-8") as text:
                said += text.read()[-3000:]
        return said

    def stop(self):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.join(3)


class server_row:  # what an honest server plays
    play = accept = None
    udp = tcp = True
