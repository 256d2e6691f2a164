# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Servers that withhold records which they have, or give others in their place."""

import dns.flags
import dns.name
import dns.rdata
import dns.rdatatype
import dns.rrset

T = dns.rdatatype


def instead_of(rdtype, play, below_apex=False):
    """Plays it where that type is asked for (and where `below_apex` not of the apex: as a parent
    that is asked for the DS of a zone below), and is honest otherwise."""

    def chosen(ex):
        at_apex = ex.question.name == ex.site.authority.apex
        asked = T.to_text(ex.question.rdtype) == rdtype and at_apex != below_apex
        return play(ex) if asked else ex.honest()

    return chosen


def no_proof(ex):
    """No such type, with the SOA and nothing that proves it."""
    response = ex.response()
    response.answer = []
    response.authority = list(ex.site.authority.signed(ex.site.authority.apex, T.SOA, True))
    return ex.pack(response)


def signature_only(ex):
    response = ex.response()
    response.answer = [one for one in response.answer if one.rdtype == T.RRSIG]
    return ex.pack(response)


def unsigned(ex):
    response = ex.response()
    response.answer = [one for one in response.answer if one.rdtype != T.RRSIG]
    return ex.pack(response)


def other_data(rdata):
    """Another record under the true signature."""

    def play(ex):
        response = ex.response()
        for one in response.answer:
            if one.rdtype == ex.question.rdtype:
                one.clear()
                one.add(dns.rdata.from_text("IN", one.rdtype, rdata))
        return ex.pack(response)

    return play


def bare(rcode):
    return lambda ex: ex.bare(rcode)


def most_yxdomain(ex):
    return ex.honest() if ex.question.rdtype in (T.SOA, T.DNSKEY) else ex.bare(6)


def stray(ex):
    """A record that nobody asked for."""
    response = ex.response()
    response.answer = [dns.rrset.from_text("junk.example.", 300, "IN", "TXT", "x")]
    return ex.pack(response)


def about_www(play):
    """Plays it where data of www are asked for; of the lies about a zone that begins there."""

    def chosen(ex):
        name = ex.question.name
        at_www = name.labels[0] == b"www" and name != ex.site.authority.apex
        return play(ex) if at_www and ex.question.rdtype != T.DS else ex.honest()

    return chosen


def cut_at_name(ex):
    """Unsigned, beside NS of a zone that begins at the name."""
    response = ex.response()
    response.answer = [one for one in response.answer if one.rdtype != T.RRSIG]
    response.authority = [dns.rrset.from_text(ex.question.name, 300, "IN", "NS", "ns.example.")]
    return ex.pack(response)


def signer_at_name(ex):
    """The signatures say that the name itself is the zone that signed."""
    response = ex.response()
    for one in response.answer:
        if one.rdtype == T.RRSIG:
            renamed = [rdata.replace(signer=ex.question.name) for rdata in one]
            one.clear()
            for rdata in renamed:
                one.add(rdata, 300)
    return ex.pack(response)


def in_place_of_data(rdtype, text, owner=None, aa=True):
    """No data, and that record of a zone: which begins at the name, or is the `owner` beside it."""

    def play(ex):
        response = ex.response()
        if not aa:
            response.flags &= ~dns.flags.AA
        apex = ex.site.authority.apex
        name = dns.name.from_text(owner, apex) if owner else ex.question.name
        response.answer = []
        response.authority = [dns.rrset.from_text(name, 300, "IN", rdtype, text)]
        return ex.pack(response)

    return play


def soa(owner=None):
    return in_place_of_data("SOA", ". . 1 1 1 1 1", owner)


def referral(owner=None):
    """Without the proof that there is no DS."""
    return in_place_of_data("NS", "ns.example.", owner, aa=False)
