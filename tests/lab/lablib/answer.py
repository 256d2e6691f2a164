# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""An authoritative server's answers from a signed zone file, as RFC 1034 4.3.2, RFC 4035 3.1 and
RFC 5155 7.2 want them. What the responder then does wrong is in behaviour.py."""

import bisect

import dns.dnssec
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from .zone import RRSIG, parse

T = dns.rdatatype


class Authority:
    """One zone, of the records of a file or of these."""

    def __init__(self, apex, path=None, records=None):
        self.apex = dns.name.from_text(apex)
        self.sets = {}   # (name, type) -> RRset
        self.sigs = {}   # (name, covered) -> RRset of RRSIG
        self.hashes = {}  # name -> owner of its NSEC3
        if records is None:
            with open(path, encoding="ascii") as text:
                records = parse(text.read())
        for record in records:
            place = self.sets
            key = (record.name, record.type)
            if record.type == RRSIG:
                place, key = self.sigs, (record.name, record.rdata.type_covered)
            covers = key[1] if record.type == RRSIG else T.NONE
            rrset = place.setdefault(key, dns.rrset.RRset(
                record.name, dns.rdataclass.IN, record.type, covers))
            rrset.add(record.rdata, record.ttl)
        nsec3 = T.NSEC3
        self.names = {name for name, rdtype in self.sets if rdtype != nsec3}
        for name in list(self.names):
            while name != self.apex and name.is_subdomain(self.apex):
                name = name.parent()
                self.names.add(name)
        self.nsec = sorted(name for name, rdtype in self.sets if rdtype == T.NSEC)
        self.nsec3 = sorted(name for name, rdtype in self.sets if rdtype == nsec3)
        parameters = self.get(self.apex, T.NSEC3PARAM)
        self.parameters = parameters[0] if parameters else None

    def get(self, name, rdtype):
        return self.sets.get((name, rdtype))

    def signed(self, name, rdtype, do):
        """An RRset and, if asked for, its signatures."""
        found = [self.sets[(name, rdtype)]]
        if do and (name, rdtype) in self.sigs:
            found.append(self.sigs[(name, rdtype)])
        return found

    def cut_above(self, name, rdtype):
        """The delegation that `name` is at or below (DS belongs to our side of it)."""
        walk = [name]
        while walk[-1] != self.apex:
            walk.append(walk[-1].parent())
        for owner in reversed(walk[:-1]):
            if self.get(owner, T.NS) and not (owner == name and rdtype == T.DS):
                return owner
        return None

    def encloser(self, name):
        while name not in self.names:
            name = name.parent()
        return name

    # Denials -------------------------------------------------------------------------------

    def nsec_at_or_before(self, name):
        index = bisect.bisect_right(self.nsec, name) - 1
        return self.nsec[index] if self.nsec else None

    def hash(self, name):
        if name not in self.hashes:
            self.hashes[name] = dns.name.from_text(dns.dnssec.nsec3_hash(
                name, self.parameters.salt, self.parameters.iterations, 1).lower(), self.apex)
        return self.hashes[name]

    def nsec3_for(self, name):
        """The owner of the NSEC3 that matches or covers the hash of a name."""
        index = bisect.bisect_right(self.nsec3, self.hash(name)) - 1
        return self.nsec3[index]

    def denial(self, name, wildcard, nodata):
        """The NSEC or NSEC3 RRsets that deny `name`: for NXDOMAIN, NODATA (`nodata`), and a
        positive (`wildcard` alone) or negative wildcard answer."""
        owners = []
        if self.parameters and self.nsec3:
            encloser = self.encloser(name)
            if nodata and not wildcard:
                owners.append(self.nsec3_for(name))
            else:
                closer = name.split(len(encloser) + 1)[1]
                star = dns.name.Name((b"*",)).concatenate(encloser)
                if not wildcard or nodata:
                    owners += [self.nsec3_for(encloser), self.nsec3_for(star)]
                owners.append(self.nsec3_for(closer))
            return [(owner, T.NSEC3) for owner in dict.fromkeys(owners)]
        if self.nsec:
            owners.append(self.nsec_at_or_before(name))
            if not nodata or wildcard:
                star = dns.name.Name((b"*",)).concatenate(self.encloser(name))
                if not wildcard or nodata:
                    owners.append(self.nsec_at_or_before(star))
        return [(owner, T.NSEC) for owner in dict.fromkeys(owners)]

    # Answers -------------------------------------------------------------------------------

    def respond(self, query):
        """The response an honest server gives."""
        response = dns.message.make_response(query)
        response.flags |= dns.flags.AA
        response.flags &= ~dns.flags.RD
        if query.edns >= 0:
            response.use_edns(0, dns.flags.DO if query.ednsflags & dns.flags.DO else 0, 1232)
        question = query.question[0]
        do = query.edns >= 0 and bool(query.ednsflags & dns.flags.DO)
        self._fill(response, question.name, question.rdtype, do)
        return response

    def _fill(self, response, name, rdtype, do, hops=0):
        cut = self.cut_above(name, rdtype) if name != self.apex else None
        if cut:
            if hops == 0:
                self._refer(response, cut, do)
            return
        dname = self._dname_above(name)
        if dname:
            self._follow_dname(response, dname, name, rdtype, do, hops)
        elif name in self.names:
            self._at(response, name, name, rdtype, do, hops)
        else:
            star = dns.name.Name((b"*",)).concatenate(self.encloser(name))
            if star in self.names:
                self._at(response, star, name, rdtype, do, hops)
            else:
                response.set_rcode(dns.rcode.NXDOMAIN)
                self._negative(response, name, do, False, False)

    def _at(self, response, owner, name, rdtype, do, hops):
        wild = owner != name
        wanted = rdtype if self.get(owner, rdtype) else (
            T.CNAME if self.get(owner, T.CNAME) else None)
        if wanted is None:
            self._negative(response, name, do, wild, True)
            return
        for rrset in self.signed(owner, wanted, do):
            copy = rrset.copy()
            copy.name = name
            response.answer.append(copy)
        if wild and do:
            self._deny(response, name, True, False)
        if wanted == T.CNAME and rdtype != T.CNAME and hops < 8:
            target = self.get(owner, T.CNAME)[0].target
            if target.is_subdomain(self.apex):
                self._fill(response, target, rdtype, do, hops + 1)

    def _dname_above(self, name):
        while name != self.apex:
            name = name.parent()
            if self.get(name, T.DNAME):
                return name
        return None

    def _follow_dname(self, response, dname, name, rdtype, do, hops):
        response.answer += self.signed(dname, T.DNAME, do)
        target = self.get(dname, T.DNAME)[0].target
        prefix = name.relativize(dname)
        made = prefix.concatenate(target)
        ttl = self.get(dname, T.DNAME).ttl
        response.answer.append(dns.rrset.from_text(name, ttl, "IN", "CNAME", made.to_text()))
        if made.is_subdomain(self.apex) and hops < 8:
            self._fill(response, made, rdtype, do, hops + 1)

    def _refer(self, response, cut, do):
        response.flags &= ~dns.flags.AA
        response.authority.append(self.get(cut, T.NS))
        if do:
            if self.get(cut, T.DS):
                response.authority += self.signed(cut, T.DS, True)
            else:
                for owner, kind in self.denial(cut, False, True):
                    response.authority += self.signed(owner, kind, True)
        for server in self.get(cut, T.NS):
            for kind in (T.A, T.AAAA):
                if self.get(server.target, kind):
                    response.additional.append(self.get(server.target, kind))

    def _deny(self, response, name, wildcard, nodata):
        for owner, kind in self.denial(name, wildcard, nodata):
            response.authority += self.signed(owner, kind, True)

    def _negative(self, response, name, do, wild, nodata):
        response.authority += self.signed(self.apex, T.SOA, do)
        if do:
            self._deny(response, name, wild, nodata)
