# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Ways to answer: time, streams, datagrams, and the octets of messages. Each is a function of an
Exchange (see server.py) that gives the packet, or nothing when it has sent what it wants to send."""

import asyncio
import socket
import struct

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from .server import FLOOD_REST, Hangup

T = dns.rdatatype
ELSEWHERE = "192.0.2.7"
LATE = 30  # seconds: nobody is there any more


def honest(ex):
    return ex.honest()


def silent(_):
    return None


# Time -------------------------------------------------------------------------------------------

def after(seconds):
    async def play(ex):
        await asyncio.sleep(seconds)
        return ex.honest()

    return play


async def drip(ex):
    """An octet a second: as datagrams, or as a stream."""
    whole = ex.honest()
    framed = struct.pack("!H", len(whole)) + whole if ex.tcp else whole
    for octet in framed[:LATE]:
        if ex.tcp:
            await ex.raw(bytes((octet,)))
        else:
            await ex.send(bytes((octet,)))
        await asyncio.sleep(1)


def over_tcp(play):
    """TC over UDP, so that the asker comes over TCP, where `play` waits."""

    def chosen(ex):
        return play(ex) if ex.tcp else ex.cut()

    return chosen


def over_either(udp, tcp):
    return lambda ex: tcp(ex) if ex.tcp else udp(ex)


def over_udp(play):
    def chosen(ex):
        return ex.honest() if ex.tcp else play(ex)

    return chosen


# Streams ----------------------------------------------------------------------------------------

async def close_at_once(_, writer):
    writer.close()


async def never_speak(*_):
    await asyncio.sleep(LATE)


def hang_up(_):
    raise Hangup


async def only_length(ex):
    await ex.raw(struct.pack("!H", len(ex.honest())))
    raise Hangup


async def half_message(ex):
    whole = ex.honest()
    await ex.raw(struct.pack("!H", len(whole)) + whole[:len(whole) // 2])
    raise Hangup


async def half_and_reset(ex):
    whole = ex.honest()
    await ex.raw(struct.pack("!H", len(whole)) + whole[:len(whole) // 2])
    ex.reset()


async def half_and_wait(ex):
    whole = ex.honest()
    await ex.raw(struct.pack("!H", len(whole)) + whole[:len(whole) // 2])
    await asyncio.sleep(LATE)


async def foreign_and_close(ex):
    """The first of several messages, which is none of ours, and no more."""
    await ex.send(other_id(ex))
    raise Hangup


async def answer_and_close(ex):
    await ex.send(ex.honest())
    raise Hangup


async def endless_frames(ex):
    """Well-formed answers to another question, for ever."""
    packet = other_id(ex)
    for _ in range(20000):
        await ex.send(packet)
        await asyncio.sleep(FLOOD_REST)


async def endless_empty(ex):
    for _ in range(20000):
        await ex.raw(b"\x00\x00" * 50)
        await asyncio.sleep(FLOOD_REST)


async def endless_octets(ex):
    """The longest of lengths, and octets that never make a whole message soon enough."""
    await ex.raw(b"\xff\xff")
    for _ in range(60):
        await ex.raw(ex.honest()[:12] + b"\x00" * 500)
        await asyncio.sleep(0.1)


# Datagrams --------------------------------------------------------------------------------------

def other_id(ex):
    true = ex.honest()
    return bytes((true[0] ^ 0xFF, true[1])) + true[2:]


async def forged_first(ex):
    await ex.send(other_id(ex))
    return ex.honest()


def elsewhere(ex):
    """The answer comes from an address that was not asked."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        out.bind((ELSEWHERE, 53))
        out.sendto(ex.honest(), ex.peer)


async def duplicates(ex):
    for _ in range(200):
        await ex.send(ex.honest())


async def foreign_flood(ex):
    for _ in range(40):
        for _ in range(50):
            await ex.send(other_id(ex))
        await asyncio.sleep(FLOOD_REST)


async def tiny_first(ex):
    if not ex.tcp:
        await ex.send(b"")
        await ex.send(b"\x00")
        await ex.send(ex.wire[:2])
        await ex.send(ex.wire[:11])
    return ex.honest()


async def garbage(ex):
    return ex.wire[:2] + b"\x84\x00\xff\xff\xff\xff\xff\xff\xff\xff" + b"\xc0" * 40


async def garbage_first(ex):
    """A malformed message with the right id, then the true answer."""
    if not ex.tcp:
        await ex.send(await garbage(ex))
    return ex.honest()


def echo(ex):
    return ex.wire


# The header -------------------------------------------------------------------------------------

def with_header(change):
    """`change` maps the six header numbers."""

    def play(ex):
        wire = ex.honest()
        return struct.pack("!6H", *change(*struct.unpack("!6H", wire[:12]))) + wire[12:]

    return play


def counts(*more):
    return with_header(lambda i, f, q, a, n, x: (
        i, f, *((old + add) & 0xFFFF for old, add in zip((q, a, n, x), more))))


all_counts_high = with_header(lambda i, f, *_: (i, f, 65535, 65535, 65535, 65535))
no_response_bit = with_header(lambda i, f, *rest: (i, f & 0x7FFF, *rest))
as_notify = with_header(lambda i, f, *rest: (i, f | dns.opcode.NOTIFY << 11, *rest))
cut_everywhere = with_header(lambda i, f, *rest: (i, f | dns.flags.TC, *rest))
never_authoritative = with_header(lambda i, f, *rest: (i, f & ~dns.flags.AA, *rest))
all_flags = with_header(lambda i, f, *rest: (i, f | 0x0470, *rest))   # AA, Z, AD and CD: legal


def with_rcode(code):
    return lambda ex: ex.bare(code)


def denies_all(ex):
    """NXDOMAIN for everything, the apex too, with the SOA of the zone."""
    response = ex.bare(dns.rcode.NXDOMAIN)
    message = dns.message.from_wire(response)
    message.authority += ex.site.authority.signed(ex.site.authority.apex, T.SOA, True)
    return ex.pack(message)


def empty(ex):
    return ex.bare()


# The question -----------------------------------------------------------------------------------

def wrong_question(ex):
    other = dns.message.make_query("elsewhere.test.", ex.question.rdtype)
    other.id = ex.query.id
    response = dns.message.make_response(other)
    response.flags |= dns.flags.AA
    return response.to_wire()


def question_length(wire):
    at = 12
    while wire[at]:
        at += 1 + wire[at]
    return at + 5 - 12


def no_question(ex):
    """An answer that does not repeat the question."""
    response = ex.response()
    response.question = []
    return ex.pack(response)


def two_questions(ex):
    response = ex.response()
    response.question = response.question * 2
    return ex.pack(response)


def question_in_capitals(ex):
    wire = ex.honest()
    size = question_length(wire) - 4
    return wire[:12] + wire[12:12 + size].upper() + wire[12 + size:]


def owners_in_capitals(ex):
    response = ex.response()
    for section in (response.answer, response.authority):
        for index, rrset in enumerate(section):
            renamed = rrset.copy()
            renamed.name = dns.name.from_text(rrset.name.to_text().upper())
            section[index] = renamed
    return ex.pack(response)


# Records ----------------------------------------------------------------------------------------

def raw_record(ex, octets, section=1, count=1):
    """The header and question of the honest answer, then these octets as `count` records."""
    wire = ex.honest()
    numbers = [1, 0, 0, 0]
    numbers[section] = count
    return (wire[:4] + struct.pack("!4H", *numbers) +
            wire[12:12 + question_length(wire)] + octets)


def head(owner=b"\xc0\x0c", rdtype=6, rdclass=1, ttl=300, length=0):
    return owner + struct.pack("!HHIH", rdtype, rdclass, ttl, length)


def pointer(to):
    return struct.pack("!H", 0xC000 | to)


def loop(ex):
    at = 12 + question_length(ex.honest())
    return raw_record(ex, head(pointer(at), 2, length=2) + pointer(at + 12))


def forward(ex):
    at = 12 + question_length(ex.honest())
    return raw_record(ex, head(pointer(at + 12), 2, length=3) + b"\x01a\x00")


def ring(ex):
    """Two names that point to each other."""
    at = 12 + question_length(ex.honest())
    first = b"\x01a" + pointer(at + 14)
    return raw_record(ex, first + struct.pack("!HHIH", 2, 1, 300, 4) + b"\x01b" + pointer(at))


def long_way(ex):
    """Pointers to pointers, hundreds of them, in the rdata of one record, the name at the end."""
    at = 12 + question_length(ex.honest()) + 12
    hops = b"\x00" + b"\x00" + b"".join(
        pointer(at + (0 if i == 0 else 2 * i)) for i in range(200))
    return raw_record(ex, head(rdtype=2, length=len(hops)) + hops)


def too_long_name(ex):
    owner = b"".join(b"\x3f" + b"x" * 63 for _ in range(5)) + b"\x00"
    return raw_record(ex, head(owner, 1, length=4) + b"\x01\x02\x03\x04")


def odd_label_type(ex):
    return raw_record(ex, head(b"\x41\x10ab\x00", 1, length=4) + b"\x01\x02\x03\x04")


def rdlength(change):
    """The first record's length says something else than there is."""

    def play(ex):
        wire = bytearray(ex.honest())
        at = 12 + question_length(wire)
        if len(wire) < at + 12 or wire[at] < 0xC0:
            return bytes(wire)
        old, = struct.unpack("!H", wire[at + 10:at + 12])
        wire[at + 10:at + 12] = struct.pack("!H", change(old) & 0xFFFF)
        return bytes(wire)

    return play


def other_class(number):
    def play(ex):
        response = ex.response()
        for section in (response.answer, response.authority):
            for rrset in section:
                rrset.rdclass = number
        return ex.pack(response)

    return play


def add_to(section, *lines):
    """Records that nobody asked for, as "OWNER TYPE RDATA"."""

    def play(ex):
        response = ex.response()
        for line in lines:
            owner, kind, text = line.split(None, 2)
            getattr(response, section).append(dns.rrset.from_text(owner, 300, "IN", kind, text))
        return ex.pack(response)

    return play


def padded(octets, only_tcp=False):
    """The honest answer, and TXT records behind it up to that many octets."""

    def play(ex):
        if only_tcp and not ex.tcp:
            return ex.cut()
        wire = bytearray(ex.response().to_wire(max_size=65535))
        one = (b"\x03pad\x00" + struct.pack("!HHIH", T.TXT, 1, 0, 101) + b"\x64" + b"x" * 100)
        count = (octets - len(wire)) // len(one)
        wire[10:12] = struct.pack("!H", struct.unpack("!H", wire[10:12])[0] + count)
        return bytes(wire) + one * count

    return play


def ttl(number):
    def play(ex):
        response = ex.response()
        for section in (response.answer, response.authority):
            for rrset in section:
                rrset.ttl = number
        return ex.pack(response)

    return play


def aliases(target):
    """Every name is an alias; {} is what is asked for."""

    def play(ex):
        response = ex.response()
        response.set_rcode(dns.rcode.NOERROR)
        response.authority = []
        to = target.format(ex.question.name)
        response.answer = [dns.rrset.from_text(ex.question.name, 300, "IN", "CNAME", to)]
        return ex.pack(response)

    return play


def alias_ring(ex):
    """The whole ring in one answer: apex, x, y, apex."""
    apex = ex.site.authority.apex.to_text()
    response = ex.response()
    response.set_rcode(dns.rcode.NOERROR)
    response.authority = []
    response.answer = [dns.rrset.from_text(a, 300, "IN", "CNAME", b)
                       for a, b in ((apex, "x." + apex), ("x." + apex, "y." + apex),
                                    ("y." + apex, apex))]
    return ex.pack(response)


def refers(where):
    """A referral for every question; {} is the apex, {0} too."""

    def play(ex):
        apex = ex.site.authority.apex.to_text()
        response = ex.response()
        response.set_rcode(dns.rcode.NOERROR)
        response.flags &= ~dns.flags.AA
        response.answer, response.additional = [], []
        owner, servers = where(apex, ex.question.name)
        response.authority = [dns.rrset.from_text(owner, 300, "IN", "NS", *servers)]
        return ex.pack(response)

    return play


def deeper(apex, name):
    """One label more than was asked for."""
    return "a." + name.to_text(), ["ns." + apex]


def other_soa(ex):
    """The SOA of another zone, in answers and denials."""
    response = ex.response()
    for section in (response.answer, response.authority):
        for index, rrset in enumerate(section):
            if T.SOA in (rrset.rdtype, rrset.covers):
                renamed = rrset.copy()
                renamed.name = dns.name.from_text("other.test.")
                section[index] = renamed
    return ex.pack(response)


# EDNS -------------------------------------------------------------------------------------------

def formerr_on_edns(ex):
    return ex.honest() if ex.query.edns < 0 else ex.bare(dns.rcode.FORMERR, edns=False)


def badvers_on_edns(ex):
    return ex.honest() if ex.query.edns < 0 else ex.bare(dns.rcode.BADVERS)


def drops_edns(ex):
    return ex.honest() if ex.query.edns < 0 else None


def ignores_edns(ex):
    """Knows no EDNS: leaves OPT out and gives no DNSSEC records."""
    plain = dns.message.make_query(ex.question.name, ex.question.rdtype)
    plain.id, plain.flags = ex.query.id, ex.query.flags
    return ex.pack(ex.site.respond(plain))


def ignores_do(ex):
    response = ex.response()
    for name in ("answer", "authority"):
        section = [r for r in getattr(response, name)
                   if r.rdtype == ex.question.rdtype
                   or r.rdtype not in (T.RRSIG, T.NSEC, T.NSEC3)]
        setattr(response, name, section)
    response.use_edns(0, 0, 1232)
    return ex.pack(response)


COOKIE = 10


def demands_cookie(ex):
    """BADCOOKIE until the asker sends the cookie back (RFC 7873 5.2.3)."""
    if ex.tcp or any(o.otype == COOKIE and len(o.to_wire() or b"") > 8 for o in ex.query.options):
        return ex.honest()
    response = dns.message.make_response(ex.query)
    response.use_edns(0, 0, 1232, options=[dns.edns.GenericOption(COOKIE, b"\x11" * 16)])
    response.set_rcode(dns.rcode.BADCOOKIE)
    return response.to_wire()


def with_options(*options):
    """EDNS options, (code, octets) each, on honest answers."""

    def play(ex):
        response = ex.response()
        if ex.query.edns >= 0:
            response.use_edns(0, response.ednsflags, 1232,
                              options=[dns.edns.GenericOption(*option) for option in options])
        return ex.pack(response)

    return play


def refused_with(*options):
    def play(ex):
        response = dns.message.make_response(ex.query)
        response.use_edns(0, 0, 1232, options=[dns.edns.GenericOption(*o) for o in options])
        response.set_rcode(dns.rcode.REFUSED)
        return response.to_wire()

    return play


def additional(octets, count=1):
    """Octets as that many records behind the honest answer."""

    def play(ex):
        wire = bytearray(ex.honest())
        wire[10:12] = struct.pack("!H", struct.unpack("!H", wire[10:12])[0] + count)
        return bytes(wire) + octets

    return play


OPT = b"\x00" + struct.pack("!HHIH", 41, 1232, 0x8000, 0)
TSIG = (b"\x03key\x00" + struct.pack("!HHIH", 250, 255, 0, 58) +
        b"\x0bhmac-sha256\x00" + b"\x00" * 6 + b"\x01\x2c" + b"\x00\x20" + b"\x55" * 32 + b"\x00" * 3)


def bad_opt(ex):
    """An OPT whose option is longer than the OPT."""
    return raw_record(ex, b"\x00" + struct.pack("!HHIH", 41, 1232, 0x8000, 4) + b"\x00\x0f\xff\xff",
                      section=3)


def opt_in_answer(ex):
    return raw_record(ex, OPT, section=1)


def later_edns(ex):
    """EDNS version 1 in the answer, which nobody asked with."""
    wire = ex.honest()
    at = wire.rfind(b"\x00\x00\x29\x04\xd0\x00\x00")
    return wire if at < 0 else wire[:at + 6] + b"\x01" + wire[at + 7:]


def not_to_dnssec(ex):
    """Answers everything but the questions for DNSKEY and DS."""
    return None if ex.question.rdtype in (T.DNSKEY, T.DS) else ex.honest()


def only_soa(ex):
    """Answers the first question of all and then falls silent."""
    return ex.honest() if ex.question.rdtype == T.SOA else None


def flips(ex):
    """One bit of each answer is wrong, behind the header: another at every answer."""
    wire = bytearray(ex.honest())
    at = ex.site.memory["at"] = ex.site.memory.get("at", 0) + 7
    start = 12 + question_length(wire)
    if len(wire) > start:
        wire[start + at % (len(wire) - start)] ^= 1 << at % 8
    return bytes(wire)


def loses_half(ex):
    """Loses every other datagram of a question."""
    key = (ex.question.name, ex.question.rdtype)
    ex.site.memory[key] = ex.site.memory.get(key, 0) + 1
    return ex.honest() if ex.tcp or ex.site.memory[key] % 2 == 0 else None
