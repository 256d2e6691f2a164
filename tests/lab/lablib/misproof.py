# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Answers whose proof is well signed and says something else than it should."""

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype

from .online import nsec_now, signed_now

T = dns.rdatatype
DENIALS = {T.NSEC, T.NSEC3}


def _wants_proof(query):
    return query.edns >= 0 and bool(query.ednsflags & dns.flags.DO)


def _blank(query):
    response = dns.message.make_response(query)
    response.flags |= dns.flags.AA
    if query.edns >= 0:
        response.use_edns(0, query.ednsflags, 1232)
    return response


def _star(name):
    return dns.name.Name((b"*",)).concatenate(name)


def _without_denials(rrsets):
    return [rrset for rrset in rrsets if not {rrset.rdtype, rrset.covers} & DENIALS]


def other_nsec3param(site, query, tcp):
    """NSEC3PARAM names another salt than the NSEC3 records have."""
    response = site.authority.respond(query)
    if query.question[0].rdtype == T.NSEC3PARAM:
        response.answer = signed_now(site, site.apex, "1 0 0 AABB", "NSEC3PARAM")
    return site.wire(response, query, tcp)


def far_wildcard(site, query, tcp):
    """A name whose closest encloser has no wildcard is answered from one further up (against
    RFC 4592 3.3.1), with the honest denial of the name."""
    authority = site.authority
    name = query.question[0].name
    response = authority.respond(query)
    if name in authority.names or response.answer:
        return site.wire(response, query, tcp)
    above = authority.encloser(name)
    while above != site.apex and _star(above) not in authority.names:
        above = above.parent()
    if _star(above) in authority.names:
        response = _blank(query)
        authority._at(response, _star(above), name, query.question[0].rdtype,
                      _wants_proof(query), 0)
    return site.wire(response, query, tcp)


def half_wildcard_nodata(site, query, tcp):
    """No data at a wildcard, with the denial of the name and not that of the wildcard's type."""
    authority = site.authority
    name = query.question[0].name
    response = authority.respond(query)
    star = _star(authority.encloser(name))
    if not response.answer and name not in authority.names and star in authority.names:
        gone = authority.nsec3_for(star) if authority.parameters else star
        response.authority = [rrset for rrset in response.authority
                              if rrset.name != gone or not {rrset.rdtype, rrset.covers} & DENIALS]
    return site.wire(response, query, tcp)


def parents_denial(site, query, tcp):
    """What is below a zone cut is denied by the record at the cut, which is the parent's and says
    nothing about it (RFC 6840 4.1), in place of a referral."""
    authority = site.authority
    name = query.question[0].name
    cut = authority.cut_above(name, query.question[0].rdtype) if name != site.apex else None
    if cut is None:
        return site.wire(authority.respond(query), query, tcp)
    response = _blank(query)
    if name != cut:
        response.set_rcode(dns.rcode.NXDOMAIN)
    response.authority += authority.signed(site.apex, T.SOA, _wants_proof(query))
    if _wants_proof(query):
        owner = authority.nsec3_for(cut) if authority.parameters else cut
        kind = T.NSEC3 if authority.parameters else T.NSEC
        response.authority += authority.signed(owner, kind, True)
    return site.wire(response, query, tcp)


def other_ds_denial(site, query, tcp):
    """The denial of DS at the apex is the record of another name, www."""
    authority = site.authority
    response = authority.respond(query)
    if query.question[0].rdtype == T.DS and query.question[0].name == site.apex:
        www = dns.name.from_text("www", site.apex)
        kind = T.NSEC3 if authority.parameters else T.NSEC
        owner = authority.nsec3_for(www) if authority.parameters else www
        response.authority = _without_denials(response.authority)
        response.authority += authority.signed(owner, kind, True)
    return site.wire(response, query, tcp)


def mixed_kinds(site, query, tcp):
    """NXDOMAIN is proven by the zone's NSEC3, no data by NSEC."""
    response = site.authority.respond(query)
    name = query.question[0].name
    no_data = (not response.answer and name in site.authority.names and
               response.flags & dns.flags.AA)
    if no_data and _wants_proof(query):
        response.authority = _without_denials(response.authority) + nsec_now(site, name)
    return site.wire(response, query, tcp)


BEHAVIOURS = {function.__name__.replace("_", "-"): function for function in (
    other_nsec3param, far_wildcard, half_wildcard_nodata, parents_denial, other_ds_denial,
    mixed_kinds)}
