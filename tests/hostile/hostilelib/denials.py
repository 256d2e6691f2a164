# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""What comes in place of denials, or is wrong with them."""

import dns.flags
import dns.rcode
import dns.rdatatype
import dns.rrset

T = dns.rdatatype


def instead_of_denials(change):
    """Answers without data are changed before they go out."""

    def play(ex):
        response = ex.response()
        if not response.answer:
            change(ex, response)
        return ex.pack(response)

    return play


def _covers(rrset, *kinds):
    return rrset.rdtype in kinds or rrset.covers in kinds


def _unproven(response):
    response.authority = [r for r in response.authority if _covers(r, T.SOA)]


def denials_with_stray(proof):
    """A record of another zone in the answer section, with or without the proof."""

    def change(_, response):
        response.answer = [dns.rrset.from_text("junk.example.", 300, "IN", "TXT", "x")]
        if not proof:
            _unproven(response)

    return instead_of_denials(change)


def denials_with_rcode(code):
    def play(ex):
        return ex.honest() if ex.response().answer else ex.bare(code)

    return play


@instead_of_denials
def denials_without_aa(_, response):
    response.flags &= ~dns.flags.AA


@instead_of_denials
def made_up_addresses(ex, response):
    """Names that nobody has get an address, unsigned."""
    if response.rcode() == dns.rcode.NXDOMAIN:
        response.set_rcode(dns.rcode.NOERROR)
        response.authority = []
        response.answer = [dns.rrset.from_text(ex.question.name, 300, "IN", "A", "192.0.2.66")]


@instead_of_denials
def made_up_delegations(ex, response):
    """Names that nobody has are delegated, without proof that they have no DS."""
    if response.rcode() == dns.rcode.NXDOMAIN:
        response.set_rcode(dns.rcode.NOERROR)
        response.flags &= ~dns.flags.AA
        response.authority = [dns.rrset.from_text(ex.question.name, 300, "IN", "NS",
                                                  "ns.evil.example.")]


@instead_of_denials
def made_up_zones(ex, response):
    """Names that nobody has are denied by zones of their own, unsigned."""
    if response.rcode() == dns.rcode.NXDOMAIN:
        response.authority = [dns.rrset.from_text(ex.question.name, 300, "IN", "SOA",
                                                  ". . 1 1 1 1 1")]


@instead_of_denials
def signatures_first(_, response):
    response.authority.sort(key=lambda rrset: rrset.rdtype != T.RRSIG)


@instead_of_denials
def soa_unsigned(_, response):
    response.authority = [r for r in response.authority if r.covers != T.SOA]


@instead_of_denials
def soa_changed(_, response):
    """Another serial than the one that is signed."""
    for index, rrset in enumerate(response.authority):
        if rrset.rdtype == T.SOA:
            response.authority[index] = dns.rrset.from_rdata(
                rrset.name, rrset.ttl, rrset[0].replace(serial=77))


@instead_of_denials
def nsec_unsigned_once(ex, response):
    """The apex's NSEC comes signed where it denies types, and unsigned in NXDOMAIN."""
    if response.rcode() == dns.rcode.NXDOMAIN:
        response.authority = [r for r in response.authority
                              if r.covers != T.NSEC or r.name != ex.site.authority.apex]
