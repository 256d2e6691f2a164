# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Answers with thousands of records."""

import struct

import dns.rdatatype

from .wire import head, pointer, raw_record

T = dns.rdatatype


def owners_without_end(ex):
    """Thousands of owners of its own in each positive answer, over TCP."""
    if not ex.tcp:
        return ex.cut()
    response = ex.response()
    if response.authority:
        return ex.honest()
    response.additional = []
    response.use_edns(False)
    wire = response.to_wire(max_size=65535)
    answer = ex.site.memory["answers"] = ex.site.memory.get("answers", 0) + 1
    labels = len(ex.question.name.to_wire()) - len(ex.site.authority.apex.to_wire())
    records = b"".join(b"\x08%02x%06x" % (answer & 255, number) + pointer(12 + labels)
                       + head(b"", T.A, length=4) + b"\xc0\x00\x02\x01"
                       for number in range(2400))
    options = head(b"\x00", T.OPT, 1232, 0x8000)
    counts = struct.pack("!4H", 1, len(response.answer) and
                         sum(len(one) for one in response.answer) + 2400, 0, 1)
    return wire[:4] + counts + wire[12:] + records + options


def many_addresses(ex):
    """Thousands of records in one set, over TCP."""
    if not ex.tcp:
        return ex.cut()
    records = b"".join(head(rdtype=T.A, length=4) + struct.pack("!I", 0xC6336400 + i)
                       for i in range(3900))
    return raw_record(ex, records, count=3900)
