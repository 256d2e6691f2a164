# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""A nameserver that can be told to misbehave: UDP and TCP on several addresses, a behaviour for
each zone on each of them."""

import asyncio
import json
import pickle
import signal
import socket
import struct
import sys
import traceback

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode

from .answer import Authority
from .behaviour import BEHAVIOURS
from .hosts import OTHER_ADDRESS


class Site:
    """A zone on an address: what behaviours get to work with."""

    def __init__(self, apex, plan, pool, host):
        self.host = host
        self.apex = dns.name.from_text(apex)
        self.plan = plan
        name, _, argument = plan["behaviour"].partition(":")
        self.behave = BEHAVIOURS[name or "honest"]
        self.argument = argument
        self.keys = [pool[a][slot % len(pool[a])].with_flags(257 if sep else 256)
                     for a, slot, sep in plan["keys"]]
        self._authority = None
        self.memory = {}

    @property
    def authority(self):
        if self._authority is None:
            self._authority = Authority(self.apex.to_text(), self.plan["file"])
        return self._authority

    def wire(self, response, query, tcp):
        """The packet, truncated to what the asker can take."""
        if tcp:
            return response.to_wire(max_size=65535)
        size = max(512, query.payload) if query.edns >= 0 else 512
        try:
            return response.to_wire(max_size=size)
        except dns.exception.TooBig:
            short = dns.message.make_response(query)
            short.flags |= (response.flags & dns.flags.AA) | dns.flags.TC
            if response.edns >= 0:
                short.use_edns(0, response.ednsflags, 1232)
            return short.to_wire()


class Host:
    """All zones on one host's addresses."""

    def __init__(self, name, plan, pool):
        self.name = name
        self.sites = {dns.name.from_text(apex): Site(apex, zone, pool, name)
                      for apex, zone in plan["zones"].items()}

    def site_for(self, name):
        while name not in self.sites:
            if name == dns.name.root:
                return None
            name = name.parent()
        return self.sites[name]

    async def answer(self, wire, tcp):
        """The packets to send back, as (bytes, from the other address?)."""
        if self.name.startswith("silent"):
            return []
        try:
            query = dns.message.from_wire(wire, ignore_trailing=True)
            name = query.question[0].name
        except (dns.exception.DNSException, IndexError):
            return []
        site = self.site_for(name)
        if site is None:
            refused = dns.message.make_response(query)
            refused.set_rcode(dns.rcode.REFUSED)
            return [(refused.to_wire(), False)]
        try:
            result = site.behave(site, query, tcp)
            if asyncio.iscoroutine(result):
                result = await result
        except Exception:
            traceback.print_exc()
            return []
        if result is None:
            return []
        if isinstance(result, list):
            return result
        return [(result, False)]


class Udp(asyncio.DatagramProtocol):
    def __init__(self, host):
        self.host = host

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, peer):
        asyncio.ensure_future(self.reply(data, peer))

    async def reply(self, data, peer):
        for packet, elsewhere in await self.host.answer(data, False):
            if elsewhere:
                send_from_other(packet, peer)
            else:
                self.transport.sendto(packet, peer)


def send_from_other(packet, peer):
    version = 6 if ":" in peer[0] else 4
    family = socket.AF_INET6 if version == 6 else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as out:
        out.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        out.bind((OTHER_ADDRESS[version], 53))
        out.sendto(packet, peer)


def tcp_handler(host):
    async def serve(reader, writer):
        try:
            while True:
                size = struct.unpack("!H", await reader.readexactly(2))[0]
                packets = await host.answer(await reader.readexactly(size), True)
                if not packets:
                    await reader.read()
                    break
                for packet, _ in packets:
                    if packet == b"CLOSE":
                        return
                    writer.write(struct.pack("!H", len(packet)) + packet)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    return serve


async def serve(plan):
    with open(plan["pool"], "rb") as text:
        pool = pickle.load(text)
    loop = asyncio.get_running_loop()
    no_tcp = {"r3"}  # its TCP port is closed: connections are refused
    for name, host_plan in plan["hosts"].items():
        host = Host(name, host_plan, pool)
        for address in host_plan["addresses"]:
            await loop.create_datagram_endpoint(lambda host=host: Udp(host),
                                                local_addr=(address, 53))
            if name not in no_tcp:
                await asyncio.start_server(tcp_handler(host), address, 53)
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    await stopped.wait()


def main(path):
    with open(path, encoding="ascii") as text:
        plan = json.load(text)
    asyncio.run(serve(plan))
    sys.exit(0)
