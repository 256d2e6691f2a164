# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""What the responder can do wrong, or lawfully differently. A behaviour maps (site, query, tcp) to
a packet, None for silence, or a list of (packet, sent from another address?)."""

import asyncio

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdatatype
import dns.rrset

from . import misproof, online

T = dns.rdatatype
BEHAVIOURS = {**online.BEHAVIOURS, **misproof.BEHAVIOURS}


def behaviour(function):
    BEHAVIOURS[function.__name__.replace("_", "-")] = function
    return function


def _without(sections, types):
    return [rrset for rrset in sections if rrset.rdtype not in types]


@behaviour
def honest(site, query, tcp):
    return site.wire(site.authority.respond(query), query, tcp)


@behaviour
def silent(site, query, tcp):
    return None


def _bare(site, query, rcode):
    response = dns.message.make_response(query)
    response.set_rcode(rcode)
    return response.to_wire()


@behaviour
def refused(site, query, tcp):
    return _bare(site, query, dns.rcode.REFUSED)


@behaviour
def servfail(site, query, tcp):
    return _bare(site, query, dns.rcode.SERVFAIL)


@behaviour
def formerr_unknown(site, query, tcp):
    """FORMERR to what it should answer like any other type (RFC 3597 3)."""
    if query.question[0].rdtype >= 65280:
        return _bare(site, query, dns.rcode.FORMERR)
    return honest(site, query, tcp)


@behaviour
def not_authoritative(site, query, tcp):
    """The right data without AA, as from a cache."""
    response = site.authority.respond(query)
    response.flags &= ~dns.flags.AA
    response.flags |= dns.flags.RA
    return site.wire(response, query, tcp)


@behaviour
def upward_referral(site, query, tcp):
    response = dns.message.make_response(query)
    response.authority.append(dns.rrset.from_text(
        ".", 518400, "IN", "NS", "a.rootservers.", "b.rootservers."))
    return response.to_wire()


@behaviour
def no_edns(site, query, tcp):
    """Knows no EDNS: leaves OPT out and gives no DNSSEC records (RFC 6891 6.1.1)."""
    plain = dns.message.make_query(query.question[0].name, query.question[0].rdtype)
    plain.id, plain.flags = query.id, query.flags
    return site.wire(site.authority.respond(plain), plain, tcp)


@behaviour
def formerr_on_edns(site, query, tcp):
    if query.edns < 0:
        return honest(site, query, tcp)
    plain = dns.message.make_response(query)
    plain.use_edns(False)
    plain.set_rcode(dns.rcode.FORMERR)
    return plain.to_wire()


@behaviour
def drop_edns(site, query, tcp):
    """A middlebox that swallows queries with EDNS."""
    return None if query.edns >= 0 else honest(site, query, tcp)


@behaviour
def ignore_do(site, query, tcp):
    """Answers with EDNS, but clears DO and gives no DNSSEC records."""
    response = site.authority.respond(query)
    for section in ("answer", "authority"):
        keep = [r for r in getattr(response, section)
                if r.rdtype == query.question[0].rdtype
                or r.rdtype not in (T.RRSIG, T.NSEC, T.NSEC3)]
        setattr(response, section, keep)
    response.use_edns(0, 0, 1232)
    return site.wire(response, query, tcp)


@behaviour
def truncate(site, query, tcp):
    """Every answer over UDP is cut: TCP must work."""
    if tcp:
        return honest(site, query, tcp)
    response = dns.message.make_response(query)
    response.flags |= dns.flags.TC | dns.flags.AA
    return response.to_wire()


@behaviour
def truncate_big(site, query, tcp):
    """DNSKEY answers are cut over UDP, the others are not."""
    return (truncate if query.question[0].rdtype == T.DNSKEY else honest)(site, query, tcp)


@behaviour
def lose_large(site, query, tcp):
    """Datagrams that would need fragments are lost on the way."""
    wire = honest(site, query, tcp)
    return wire if tcp or len(wire) <= 1232 else None


@behaviour
def cut_without_tc(site, query, tcp):
    """The packet ends in the middle of a record, TC is not set."""
    return honest(site, query, tcp)[:-5]


@behaviour
def cut_big_without_tc(site, query, tcp):
    """The same, but short packets pass whole."""
    wire = honest(site, query, tcp)
    return wire[:len(wire) - 40] if len(wire) > 120 else wire


@behaviour
def garbage(site, query, tcp):
    """The right id, then bytes that are no message."""
    return query.to_wire()[:2] + b"\x84\x00\xff\xff\xff\xff\xff\xff\xff\xff" + b"\xc0" * 40


@behaviour
def wrong_soa(site, query, tcp):
    """Negative answers carry the SOA of another zone."""
    response = site.authority.respond(query)
    if not response.answer:
        for rrset in response.authority:
            if rrset.rdtype == T.SOA:
                renamed = rrset.copy()
                renamed.name = dns.name.from_text("other." + site.apex.parent().to_text())
                response.authority[response.authority.index(rrset)] = renamed
    return site.wire(response, query, tcp)


@behaviour
def no_soa(site, query, tcp):
    response = site.authority.respond(query)
    if not response.answer:
        response.authority = _without(response.authority, (T.SOA,))
        response.authority = [r for r in response.authority if r.covers != T.SOA]
    return site.wire(response, query, tcp)


@behaviour
def strip_denial(site, query, tcp):
    """Negative answers without NSEC and NSEC3."""
    response = site.authority.respond(query)
    kinds = (T.NSEC, T.NSEC3)
    response.authority = [r for r in response.authority
                          if r.rdtype not in kinds and r.covers not in kinds]
    return site.wire(response, query, tcp)


def _only_denials(site, query, tcp, keep):
    """Negative answers whose NSEC or NSEC3 records are those `keep(owner, kinds)` wants."""
    response = site.authority.respond(query)
    if response.rcode() == dns.rcode.NXDOMAIN:
        response.authority = [
            r for r in response.authority
            if not ({r.rdtype, r.covers} & {T.NSEC, T.NSEC3}) or keep(r)]
    return site.wire(response, query, tcp)


@behaviour
def no_name_cover(site, query, tcp):
    """NXDOMAIN without the record that covers the name (NSEC) or the next closer name (NSEC3)."""
    authority, name = site.authority, query.question[0].name
    if name in authority.names:
        return honest(site, query, tcp)
    encloser = authority.encloser(name)
    if authority.parameters:
        gone = authority.nsec3_for(name.split(len(encloser) + 1)[1])
    else:
        gone = authority.nsec_at_or_before(name)
    return _only_denials(site, query, tcp, lambda r: r.name != gone)


@behaviour
def no_wildcard_cover(site, query, tcp):
    """NXDOMAIN without the record that denies the wildcard at the closest encloser."""
    authority, name = site.authority, query.question[0].name
    star = dns.name.Name((b"*",)).concatenate(authority.encloser(name))
    gone = authority.nsec3_for(star) if authority.parameters else authority.nsec_at_or_before(star)
    return _only_denials(site, query, tcp, lambda r: r.name != gone)


@behaviour
def no_encloser(site, query, tcp):
    """NXDOMAIN without the NSEC3 that matches the closest encloser."""
    authority = site.authority
    gone = authority.nsec3_for(authority.encloser(query.question[0].name))
    return _only_denials(site, query, tcp, lambda r: r.name != gone)


@behaviour
def no_wildcard_proof(site, query, tcp):
    """Answers expanded from a wildcard without the proof that the name itself does not exist."""
    response = site.authority.respond(query)
    if response.answer:
        response.authority = []
    return site.wire(response, query, tcp)


@behaviour
def deny_existing(site, query, tcp):
    """NODATA for MX, whose bit stands in the type list (RFC 6840 4.3)."""
    if query.question[0].rdtype != T.MX:
        return honest(site, query, tcp)
    authority = site.authority
    response = authority.respond(query)
    response.answer, response.authority = [], []
    do = query.edns >= 0 and bool(query.ednsflags & dns.flags.DO)
    authority._negative(response, query.question[0].name, do, False, True)
    return site.wire(response, query, tcp)


@behaviour
def ent_nxdomain(site, query, tcp):
    """NXDOMAIN for an empty non-terminal, with the proof of a NODATA (against RFC 8020)."""
    authority = site.authority
    response = authority.respond(query)
    name = query.question[0].name
    if name in authority.names and not any(owner == name for owner, _ in authority.sets):
        response.set_rcode(dns.rcode.NXDOMAIN)
    return site.wire(response, query, tcp)


@behaviour
def nxdomain_by_type(site, query, tcp):
    """A type that the name lacks is answered with NXDOMAIN instead of NODATA."""
    response = site.authority.respond(query)
    if not response.answer and query.question[0].name in site.authority.names:
        response.set_rcode(dns.rcode.NXDOMAIN)
    return site.wire(response, query, tcp)


@behaviour
def upper_case(site, query, tcp):
    """Owner names of answers in upper case: legal, names compare without case (RFC 4343)."""
    response = site.authority.respond(query)
    for section in (response.answer, response.authority):
        for index, rrset in enumerate(section):
            renamed = rrset.copy()
            renamed.name = dns.name.from_text(rrset.name.to_text().upper())
            section[index] = renamed
    return site.wire(response, query, tcp)


@behaviour
async def slow(site, query, tcp):
    await asyncio.sleep(float(site.argument))
    return honest(site, query, tcp)


@behaviour
def other_address(site, query, tcp):
    """Answers over UDP come from another address than the one asked."""
    return honest(site, query, tcp) if tcp else [(honest(site, query, tcp), True)]


@behaviour
def lossy(site, query, tcp):
    """Loses the first packet of every question that is asked."""
    question = query.question[0]
    key = (question.name, question.rdtype, tcp)
    site.memory[key] = site.memory.get(key, 0) + 1
    return None if site.memory[key] % 2 and not tcp else honest(site, query, tcp)


@behaviour
def wrong_id_first(site, query, tcp):
    """A forged packet with another id comes before the true answer."""
    true = honest(site, query, tcp)
    if tcp:
        return true
    forged = bytes((true[0] ^ 0xFF, true[1])) + true[2:]
    return [(forged, False), (true, False)]


@behaviour
def wrong_question(site, query, tcp):
    """Answers another question than the one asked."""
    other = dns.message.make_query("elsewhere.test.", query.question[0].rdtype)
    other.id = query.id
    response = dns.message.make_response(other)
    response.flags |= dns.flags.AA
    return response.to_wire()


@behaviour
def dname_wrong_cname(site, query, tcp):
    """The CNAME made from a DNAME leads elsewhere than the DNAME says."""
    response = site.authority.respond(query)
    for index, rrset in enumerate(response.answer):
        made = rrset.rdtype == T.CNAME and any(r.rdtype == T.DNAME for r in response.answer)
        if made:
            response.answer[index] = dns.rrset.from_text(
                rrset.name, rrset.ttl, "IN", "CNAME", "mail." + site.apex.to_text())
    return site.wire(response, query, tcp)


@behaviour
def dname_no_cname(site, query, tcp):
    """A DNAME answer without the CNAME made from it."""
    response = site.authority.respond(query)
    if any(r.rdtype == T.DNAME for r in response.answer):
        response.answer = _without(response.answer, (T.CNAME,))
    return site.wire(response, query, tcp)


@behaviour
def badvers(site, query, tcp):
    """Calls EDNS version 0 a bad version."""
    if query.edns < 0:
        return honest(site, query, tcp)
    response = dns.message.make_response(query)
    response.use_edns(0, 0, 1232)
    response.set_rcode(dns.rcode.BADVERS)
    return response.to_wire()


@behaviour
def referral_for_ds(site, query, tcp):
    """A DS question is answered with a referral to the child (against RFC 4035 3.1.4.1)."""
    if query.question[0].rdtype != T.DS:
        return honest(site, query, tcp)
    changed = dns.message.make_query(query.question[0].name, "NS", want_dnssec=True)
    changed.id = query.id
    response = site.authority.respond(changed)
    response.question = query.question
    return site.wire(response, query, tcp)


def _of_child(site, query):
    return query.question[0].rdtype == T.DS and query.question[0].name != site.apex


@behaviour
def ds_without_aa(site, query, tcp):
    """A child's DS is answered as from a cache, without AA."""
    return (not_authoritative if _of_child(site, query) else honest)(site, query, tcp)


@behaviour
def ds_servfail(site, query, tcp):
    """SERVFAIL for a child's DS."""
    return (servfail if _of_child(site, query) else honest)(site, query, tcp)


@behaviour
def unknown_option(site, query, tcp):
    """Answers with EDNS options it was never asked for; RFC 6891 lets the asker ignore them."""
    response = site.authority.respond(query)
    if query.edns >= 0:
        response.use_edns(0, response.ednsflags, 1232,
                          options=[dns.edns.GenericOption(65001, b"lab")])
    return site.wire(response, query, tcp)


@behaviour
def unknown_ede(site, query, tcp):
    """An extended error that nobody knows, on answers that are good (RFC 8914 4)."""
    response = site.authority.respond(query)
    if query.edns >= 0:
        response.use_edns(0, response.ednsflags, 1232,
                          options=[dns.edns.GenericOption(15, b"\x30\x39odd | <weather>")])
    return site.wire(response, query, tcp)


@behaviour
def refuse_any(site, query, tcp):
    if query.question[0].rdtype in (T.ANY, T.RRSIG):
        return _bare(site, query, dns.rcode.NOTIMP)
    return honest(site, query, tcp)


@behaviour
def wrong_covered(site, query, tcp):
    """The answer for MX carries the signature of TXT in place of its own."""
    response = site.authority.respond(query)
    if query.question[0].rdtype == T.MX:
        response.answer = _without(response.answer, (T.RRSIG,))
        response.answer.append(site.authority.sigs[(site.apex, T.TXT)])
    return site.wire(response, query, tcp)


@behaviour
def short_rrsig(site, query, tcp):
    """The RRSIG of MX ends in the middle of its fixed fields."""
    response = site.authority.respond(query)
    if query.question[0].rdtype == T.MX:
        for index, rrset in enumerate(response.answer):
            if rrset.rdtype == T.RRSIG:
                short = dns.rdata.GenericRdata(rrset.rdclass, T.RRSIG, rrset[0].to_wire()[:10])
                response.answer[index] = dns.rrset.from_rdata(rrset.name, rrset.ttl, short)
    return site.wire(response, query, tcp)


@behaviour
def other_denial(site, query, tcp):
    """A no-data answer proves the types of another name, www."""
    authority = site.authority
    response = authority.respond(query)
    name = query.question[0].name
    if response.answer or name not in authority.names or not response.authority:
        return site.wire(response, query, tcp)
    www = dns.name.from_text("www", site.apex)
    kind = T.NSEC3 if authority.parameters else T.NSEC
    owner = authority.nsec3_for(www) if authority.parameters else www
    response.authority = [r for r in response.authority if not {r.rdtype, r.covers} & {kind}]
    if query.edns >= 0 and query.ednsflags & dns.flags.DO:
        response.authority += authority.signed(owner, kind, True)
    return site.wire(response, query, tcp)


@behaviour
def servfail_nsec3param(site, query, tcp):
    return (servfail if query.question[0].rdtype == T.NSEC3PARAM else honest)(site, query, tcp)


@behaviour
def deny_nsec3param(site, query, tcp):
    """NODATA for NSEC3PARAM, which the zone is served by."""
    if query.question[0].rdtype != T.NSEC3PARAM:
        return honest(site, query, tcp)
    other = dns.message.make_query(query.question[0].name, "TYPE65281", want_dnssec=True)
    other.id, other.flags = query.id, query.flags
    response = site.authority.respond(other)
    response.question = query.question
    return site.wire(response, query, tcp)
