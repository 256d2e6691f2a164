# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Denials signed at the moment of the question: minimally covering NSEC (RFC 4470), NSEC3 white
lies (RFC 7129 appendix B), and compact denial (RFC 9824). All are legal."""

import time

import dns.dnssec
import dns.flags
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from .case import DAY, HOUR
from .zone import RRSIG, Record, make_rrsig

T = dns.rdatatype
NXNAME = "TYPE128"
_B32 = "0123456789abcdefghijklmnopqrstuv"


def signed_now(site, owner, text, kind):
    """The record and its signature by the zone's (combined or zone-signing) key."""
    rdata = dns.rdata.from_text("IN", kind, text, relativize=False)
    now = int(time.time())
    record = Record(owner, 300, rdata)
    rrsig = make_rrsig([record], site.keys[-1], site.apex, now - HOUR, now + 2 * DAY)
    sigs = dns.rrset.RRset(owner, dns.rdataclass.IN, RRSIG, rdata.rdtype)
    sigs.add(rrsig.rdata, 300)
    return [dns.rrset.from_rdata(owner, 300, rdata), sigs]


def _after(name):
    return dns.name.Name((b"\x00",)).concatenate(name)


def _before(name):
    """A name just before, in canonical order, at the same depth (RFC 4471 3.1.2)."""
    label = bytearray(name.labels[0].lower())
    label[-1] -= 1
    return dns.name.Name((bytes(label) + b"~", *name.labels[1:]))


def _past(name):
    """A name just after, at the same depth: the name itself must not look like an empty
    non-terminal, as it would with a name below it (RFC 4470 4)."""
    return dns.name.Name((name.labels[0] + b"-", *name.labels[1:]))


def _types(site, name):
    found = sorted({kind for owner, kind in site.authority.sets if owner == name} |
                   {T.RRSIG, T.NSEC})
    return " ".join(T.to_text(kind) for kind in found)


def nsec_now(site, name):
    """The NSEC of a name that exists, which covers nothing behind it."""
    return signed_now(site, name, f"{_after(name)} {_types(site, name)}", "NSEC")


def _negative(site, query):
    """The honest response, if it is negative and wants proofs: else None."""
    response = site.authority.respond(query)
    do = query.edns >= 0 and query.ednsflags & dns.flags.DO
    negative = bool(do and not response.answer and response.flags & dns.flags.AA)
    if negative:
        response.authority = site.authority.signed(site.apex, T.SOA, True)
    return response, negative


def compact(site, query, tcp):
    """NOERROR and one NSEC at the name for whatever does not exist; NXNAME marks it."""
    response, negative = _negative(site, query)
    if negative:
        name = query.question[0].name
        exists = name in site.authority.names
        types = _types(site, name) if exists else f"RRSIG NSEC {NXNAME}"
        response.set_rcode(dns.rcode.NOERROR)
        response.authority += signed_now(site, name, f"{_after(name)} {types}", "NSEC")
    return site.wire(response, query, tcp)


def compact_old(site, query, tcp):
    """As servers did before NXNAME: the absent name looks like an empty non-terminal."""
    response, negative = _negative(site, query)
    if negative:
        name = query.question[0].name
        types = _types(site, name) if name in site.authority.names else "RRSIG NSEC"
        response.set_rcode(dns.rcode.NOERROR)
        response.authority += signed_now(site, name, f"{_after(name)} {types}", "NSEC")
    return site.wire(response, query, tcp)


def compact_half(site, query, tcp):
    """NXNAME only for some names that do not exist."""
    even = query.question[0].name.labels[0][-1:] < b"5"
    return (compact if even else compact_old)(site, query, tcp)


def white_lies(site, query, tcp):
    """NSEC records that cover little more than the name denied."""
    response, negative = _negative(site, query)
    if negative:
        name = query.question[0].name
        if name in site.authority.names:
            response.authority += nsec_now(site, name)
        else:
            encloser = site.authority.encloser(name)
            closer = name.split(len(encloser) + 1)[1]
            response.authority += signed_now(
                site, _before(closer), f"{_past(closer)} RRSIG NSEC", "NSEC")
            star = dns.name.Name((b"*",)).concatenate(encloser)
            response.authority += signed_now(
                site, _before(star), f"{_past(star)} RRSIG NSEC", "NSEC")
    return site.wire(response, query, tcp)


def _hash(name):
    return dns.dnssec.nsec3_hash(name, b"", 0, 1).lower()


def _shift(text, by):
    number = 0
    for letter in text:
        number = number * 32 + _B32.index(letter)
    number = (number + by) % 32 ** len(text)
    out = ""
    for _ in text:
        out = _B32[number % 32] + out
        number //= 32
    return out


def _nsec3(site, name, match):
    """An NSEC3 that matches the hash of a name, or covers nothing but it."""
    hashed = _hash(name)
    owner = hashed if match else _shift(hashed, -1)
    types = ""
    if match:
        kinds = {kind for o, kind in site.authority.sets if o == name}
        kinds |= {T.RRSIG} if kinds else set()
        types = " ".join(T.to_text(kind) for kind in sorted(kinds))
    text = f"1 0 0 - {_shift(hashed, 1)} {types}"
    return signed_now(site, dns.name.from_text(owner, site.apex), text, "NSEC3")


def white_lies3(site, query, tcp):
    """NSEC3 records that cover one hash each."""
    response, negative = _negative(site, query)
    if negative:
        name = query.question[0].name
        if name in site.authority.names:
            response.authority += _nsec3(site, name, True)
        else:
            encloser = site.authority.encloser(name)
            star = dns.name.Name((b"*",)).concatenate(encloser)
            response.authority += _nsec3(site, encloser, True)
            response.authority += _nsec3(site, name.split(len(encloser) + 1)[1], False)
            response.authority += _nsec3(site, star, False)
    return site.wire(response, query, tcp)


BEHAVIOURS = {"compact-denial": compact, "compact-denial-old": compact_old,
              "compact-denial-half": compact_half,
              "white-lies": white_lies, "white-lies3": white_lies3}
