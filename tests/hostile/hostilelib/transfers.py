# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Sources of zone transfers that lie. The zone itself is healthy, and so are its servers."""

import asyncio
import struct

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from .server import Hangup
from .wire import LATE, head

T = dns.rdatatype


def _sets(ex):
    authority = ex.site.authority
    sets = [s for of in (authority.sets, authority.sigs) for s in of.values()]
    return [s for s in sets if s.rdtype != T.SOA]


def _soa(ex):
    return ex.site.authority.get(ex.site.authority.apex, T.SOA)


def message(ex, sets, question=True):
    response = dns.message.make_response(ex.query)
    response.flags |= dns.flags.AA
    response.answer = list(sets)
    if not question:
        response.question = []
    return response.to_wire(max_size=65535)


def axfr(play):
    """`play` answers AXFR; everything else is answered honestly."""

    def chosen(ex):
        return play(ex) if ex.question.rdtype == T.AXFR and ex.tcp else ex.honest()

    return chosen


def whole(ex):
    return message(ex, [_soa(ex), *_sets(ex), _soa(ex).copy()])


async def in_pieces(ex):
    """A record a message, which is lawful and dear."""
    for rrset in (_soa(ex), *_sets(ex), _soa(ex)):
        await ex.send(message(ex, [rrset], question=False))


async def _begin(ex):
    await ex.send(message(ex, [_soa(ex), *_sets(ex)]))


async def endless_names(ex):
    """New names for ever."""
    await _begin(ex)
    apex = ex.site.authority.apex.to_wire()
    for number in range(100000):
        records = b"".join(
            head(b"\x0a" + b"%010d" % (number * 500 + i) + apex, T.A, length=4) + b"\xc6\x33\x64\x01"
            for i in range(500))
        await ex.send(ex.wire[:2] + b"\x84\x00" + struct.pack("!4H", 0, 500, 0, 0) + records)


async def endless_same(ex):
    """One record for ever."""
    await _begin(ex)
    apex = ex.site.authority.apex.to_wire()
    records = head(b"\x01a" + apex, T.A, length=4) + b"\xc6\x33\x64\x01"
    for _ in range(100000):
        await ex.send(ex.wire[:2] + b"\x84\x00" + struct.pack("!4H", 0, 1000, 0, 0) + records * 1000)


async def endless_empty(ex):
    await _begin(ex)
    for _ in range(20000):
        await ex.send(ex.wire[:2] + b"\x84\x00" + b"\x00" * 8)
        await asyncio.sleep(0.001)


async def drip(ex):
    packet = whole(ex)
    for octet in (struct.pack("!H", len(packet)) + packet)[:LATE]:
        await ex.raw(bytes((octet,)))
        await asyncio.sleep(1)


async def stops(ex):
    """The beginning of a zone, and then nothing."""
    await _begin(ex)
    await asyncio.sleep(LATE)


async def breaks_off(ex):
    await _begin(ex)
    raise Hangup


async def breaks_in_message(ex):
    packet = whole(ex)
    await ex.raw(struct.pack("!H", len(packet)) + packet[:len(packet) // 2])
    raise Hangup


def refuses(ex):
    return ex.bare(dns.rcode.REFUSED)


async def fails_midway(ex):
    await _begin(ex)
    await ex.send(ex.bare(dns.rcode.SERVFAIL))


def without_soa(ex):
    return message(ex, _sets(ex))


def soa_only(ex):
    return message(ex, [_soa(ex)])


def other_zone(ex):
    soa = _soa(ex).copy()
    soa.name = dns.name.from_text("other.test.")
    return message(ex, [soa, *_sets(ex), soa])


def foreign_records(ex):
    foreign = dns.rrset.from_text("www.example.", 300, "IN", "A", "192.0.2.66")
    return message(ex, [_soa(ex), *_sets(ex), foreign, _soa(ex).copy()])


async def other_serial_at_end(ex):
    end = _soa(ex).copy()
    data = end[0].replace(serial=end[0].serial + 1)
    await ex.send(message(ex, [_soa(ex), *_sets(ex), dns.rrset.from_rdata(end.name, end.ttl, data)]))


async def other_ids(ex):
    packet = whole(ex)
    for _ in range(100):
        await ex.send(bytes((packet[0] ^ 0xFF,)) + packet[1:])


def garbage(ex):
    return ex.wire[:2] + b"\x84\x00\xff\xff\xff\xff\xff\xff\xff\xff" + b"\xc0" * 400


def nothing(_):
    return None
