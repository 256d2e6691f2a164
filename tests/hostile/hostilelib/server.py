# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""The server process: an address of its own for every behaviour and part it plays, so that it can
misbehave before it has heard a question."""

import asyncio
import inspect
import random
import signal
import socket
import struct
import sys
import traceback

import dns.exception
import dns.flags
import dns.message
import dns.rcode

FLOOD_REST = 0.001  # seconds after each of many packets


class Exchange:
    """One question, and the ways to answer it."""

    def __init__(self, site, wire, tcp, send, peer=None, writer=None):
        self.site, self.wire, self.tcp, self.peer = site, wire, tcp, peer
        self._send, self.writer = send, writer
        self.query = dns.message.from_wire(wire, ignore_trailing=True)
        self.question = self.query.question[0]

    def response(self):
        """What an honest server would say, to be changed."""
        response = self.site.respond(self.query)
        for name in ("answer", "authority", "additional"):
            setattr(response, name, [rrset.copy() for rrset in getattr(response, name)])
        return response

    def pack(self, response):
        """The packet, truncated to what the asker can take."""
        if self.tcp:
            return response.to_wire(max_size=65535)
        size = max(512, self.query.payload) if self.query.edns >= 0 else 512
        try:
            return response.to_wire(max_size=size)
        except dns.exception.TooBig:
            short = dns.message.make_response(self.query)
            short.flags |= (response.flags & dns.flags.AA) | dns.flags.TC
            if response.edns >= 0:
                short.use_edns(0, response.ednsflags, 1232)
            return short.to_wire()

    def honest(self):
        key = (self.site.label, self.tcp, self.wire[2:])
        found = self.site.known.get(key)
        if found is None:
            found = self.pack(self.response())[2:]
            if len(self.site.known) < 3000:
                self.site.known[key] = found
        return self.wire[:2] + found

    def bare(self, rcode=0, flags=dns.flags.AA, edns=True):
        """An answer without records."""
        response = dns.message.make_response(self.query)
        response.flags |= dns.flags.RA if self.site.recursor else flags & dns.flags.AA
        response.flags |= flags & ~dns.flags.AA
        if not edns:
            response.use_edns(False)
        response.set_rcode(rcode)
        return response.to_wire()

    def cut(self):
        """TC and nothing else."""
        return self.bare(flags=dns.flags.AA | dns.flags.TC)

    async def send(self, packet):
        self._send(packet)
        if self.writer:
            await self.writer.drain()

    async def raw(self, octets):
        """Onto the stream without a length."""
        self.writer.write(octets)
        await self.writer.drain()

    def reset(self):
        self.writer.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.close()


class Hangup(Exception):
    """The behaviour wants the stream closed."""


async def play(site, exchange):
    key = (exchange.tcp, exchange.wire[2:])
    result = site.played.get(key)
    if result is not None:
        await exchange.send(exchange.wire[:2] + result)
        return
    result = site.play(exchange)
    if inspect.isawaitable(result):
        result = await result
    elif isinstance(result, bytes) and site.pure and result[:2] == exchange.wire[:2]:
        if len(site.played) < 500:
            site.played[key] = result[2:]
    if isinstance(result, (bytes, bytearray)):
        await exchange.send(bytes(result))


class Udp(asyncio.DatagramProtocol):
    def __init__(self, site):
        self.site = site

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, peer):
        asyncio.ensure_future(self.reply(data, peer))

    async def reply(self, data, peer):
        try:
            exchange = Exchange(self.site, data, False,
                                lambda packet: self.transport.sendto(packet, peer), peer)
            await play(self.site, exchange)
        except (dns.exception.DNSException, IndexError, Hangup):
            pass
        except Exception:
            traceback.print_exc()


def stream_handler(site):
    async def serve(reader, writer):
        try:
            if site.accept:
                await site.accept(reader, writer)
            while True:
                size = struct.unpack("!H", await reader.readexactly(2))[0]
                wire = await reader.readexactly(size)

                def send(packet):
                    writer.write(struct.pack("!H", len(packet)) + packet)

                await play(site, Exchange(site, wire, True, send, writer=writer))
        except (asyncio.IncompleteReadError, ConnectionError, Hangup, dns.exception.DNSException,
                IndexError):
            pass
        except Exception:
            traceback.print_exc()
        finally:
            writer.close()

    return serve


async def serve(sites, ready):
    loop = asyncio.get_running_loop()
    for site in sites:
        if site.udp:
            await loop.create_datagram_endpoint(lambda site=site: Udp(site),
                                                local_addr=(site.address, 53))
        if site.tcp:
            await asyncio.start_server(stream_handler(site), site.address, 53, backlog=256)
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    ready.set()
    await stopped.wait()


def main(sites, ready, log):
    random.seed(1)
    sys.stderr = open(log, "w", encoding="utf-8", buffering=1)
    asyncio.run(serve(sites, ready))


class Site:
    """An address and what is played there. `respond` gives the honest answer."""

    def __init__(self, label, address, respond, play=None, accept=None, udp=True, tcp=True):
        self.label, self.address, self.respond = label, address, respond
        self.play = play or (lambda exchange: exchange.honest())
        self.accept, self.udp, self.tcp = accept, udp, tcp
        self.known, self.played = {}, {}   # answers, by question
        self.pure = True       # the play gives the same answer to the same question
        self.recursor = False
        self.memory = {}
