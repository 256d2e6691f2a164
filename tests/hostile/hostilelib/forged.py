# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Answers with AD that a resolver has no right to give, and odd ones that it has."""

import dns.rdatatype

from .zones import DAY, NOW

T = dns.rdatatype


def soa(beside):
    """A SOA that the zone never had. `beside` gives what stands with it: of the Exchange and the
    true SOA's RRSIG set."""

    def play(ex):
        response = ex.response()
        apex = ex.site.authority.apex
        if ex.question.name == apex and ex.question.rdtype == T.SOA and response.answer:
            records, signatures = response.answer[:2]
            true = records[0]
            records.clear()
            records.add(true.replace(serial=true.serial ^ 4711), 300)
            response.answer = [records, *beside(ex, signatures)]
        return ex.pack(response)

    return play


def signed_ns(ex, _):
    return ex.site.authority.signed(ex.site.authority.apex, T.NS, True)


def signature_of_ns(ex, _):
    return [found for found in signed_ns(ex, _) if found.rdtype == T.RRSIG]


def signature_with(**fields):
    """The true SOA's, with other fields."""

    def beside(_, signatures):
        true = signatures[0]
        signatures.clear()
        signatures.add(true.replace(**fields), 300)
        return [signatures]

    return beside


TOMORROW = {"inception": NOW + DAY, "expiration": NOW + 9 * DAY}


def _is_denial(found):
    return {found.rdtype, found.covers} & {T.NSEC, T.NSEC3}


def without_denial(ex):
    response = ex.response()
    if not response.answer:
        response.authority = [found for found in response.authority if not _is_denial(found)]
    return ex.pack(response)


def no_data(ex):
    """NODATA, with all that proves NXDOMAIN."""
    response = ex.response()
    response.set_rcode(0)
    return ex.pack(response)


def minimal(ex):
    """Legal: nothing beside the records that were asked for, and TTLs that have run down."""
    response = ex.response()
    if response.answer:
        response.authority = []
    response.additional = []
    for section in (response.answer, response.authority):
        for found in section:
            found.ttl = min(found.ttl, 7)
    return ex.pack(response)
