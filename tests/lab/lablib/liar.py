# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Resolvers that lie: each address passes questions on to the lab's resolver and spoils the answer
in its own way."""

import json
import signal
import socket
import socketserver
import ssl
import struct
import sys
import threading

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rdata
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

ADDRESS = "192.0.2.99"  # where a rewritten NXDOMAIN leads


def _failure(query, code, cd_too=False):
    """SERVFAIL with that extended error; nothing for questions with CD unless `cd_too`."""
    if query.flags & dns.flags.CD and not cd_too:
        return None
    response = dns.message.make_response(query, recursion_available=True)
    response.set_rcode(dns.rcode.SERVFAIL)
    _explain(response, code)
    return response


def _explain(response, code):
    response.use_edns(0, response.ednsflags, 1232, options=[dns.edns.EDEOption(code)])


def _drop(section, which):
    return [rrset for rrset in section if rrset.rdtype not in which]


def strips_rrsig(query, response):
    for name in ("answer", "authority"):
        setattr(response, name, _drop(getattr(response, name), (dns.rdatatype.RRSIG,)))
    return response


def ad_always(query, response):
    response.flags |= dns.flags.AD
    return response


def no_ad(query, response):
    response.flags &= ~dns.flags.AD
    return response


def no_ad_denial(query, response):
    return response if response.answer else no_ad(query, response)


def rewrites(query, response):
    if response.rcode() == dns.rcode.NXDOMAIN:
        response.set_rcode(dns.rcode.NOERROR)
        response.flags &= ~dns.flags.AD
        response.authority = []
        response.answer = [dns.rrset.from_text(query.question[0].name, 60, "IN", "A", ADDRESS)]
    return response


def ignores_cd(query, response):
    plain = dns.message.from_wire(query.to_wire())
    plain.flags &= ~dns.flags.CD
    return ask(plain)


def forgets_cd(query, response):
    response.flags &= ~dns.flags.CD
    return response


def stale(query, response):
    if response.rcode() in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        _explain(response, 3)
    return response


def clock(query, response):
    return _failure(query, 7) or response


def thinks_bogus(query, response):
    return _failure(query, 6) or response


def fails(query, response):
    return _failure(query, 0, cd_too=True)


def unreachable(query, response):
    return _failure(query, 22, cd_too=True)


def cached(query, response):
    return _failure(query, 13, cd_too=True)


def filtered(query, response):
    response.answer = []
    response.set_rcode(dns.rcode.NXDOMAIN)
    _explain(response, 15)
    return response


def trusts(query, response):
    _explain(response, 33)
    return no_ad(query, response)


def no_edns(query, response):
    response.use_edns(-1)
    return response


def no_recursion(query, response):
    response.flags &= ~dns.flags.RA
    return response


def refuses(query, response):
    response = dns.message.make_response(query)
    response.set_rcode(dns.rcode.REFUSED)
    return response


def denies(query, response):
    """What exists is denied, as from a wrong NSEC."""
    if response.answer:
        response.answer = []
        response.flags &= ~dns.flags.AD
    return response


def old_anchor(query, response):
    label = query.question[0].name.labels[0]
    if label.startswith(b"root-key-sentinel-not-ta-"):  # the one that it asks trusts the key
        response = dns.message.make_response(query, recursion_available=True)
        response.set_rcode(dns.rcode.NXDOMAIN)
    return _failure(query, 9) if label.startswith(b"root-key-sentinel-is-ta-") else response


def ad_on_error(query, response):
    if response.rcode() == dns.rcode.SERVFAIL:
        response.flags |= dns.flags.AD
    return response


def lacks_ed448(query, response):
    name = query.question[0].name.to_text()
    return no_ad(query, response) if name.startswith("algorithm-16.") else response


def forges(query, response):
    """Another address, with the signatures of the right one, and AD."""
    for rrset in response.answer:
        if rrset.rdtype == dns.rdatatype.A:
            rrset.clear()
            rrset.add(dns.rdata.from_text("IN", "A", ADDRESS))
    return response


def drops_cd(query, response):
    return None if query.flags & dns.flags.CD else response


def denies_ad(query, response):
    """What exists is denied without proof, and called secure."""
    response.flags |= dns.flags.AD
    response.answer = []
    return response


def dns64(query, response):
    if query.question[0].rdtype == dns.rdatatype.AAAA and not response.answer:
        response.flags &= ~dns.flags.AD
        response.authority = []
        response.answer = [dns.rrset.from_text(query.question[0].name, 60, "IN", "AAAA",
                                               "64:ff9b::c633:6450")]
    return response


def not_implemented(query, response):
    if query.question[0].name.to_text().startswith("www."):
        response = dns.message.make_response(query, recursion_available=True)
        response.set_rcode(dns.rcode.NOTIMP)
    return response


LIES = {lie.__name__: lie for lie in (
    strips_rrsig, ad_always, no_ad, no_ad_denial, rewrites, ignores_cd, forgets_cd, stale, clock,
    thinks_bogus, fails, unreachable, cached, filtered, trusts, no_edns, no_recursion, refuses,
    denies, old_anchor, ad_on_error, lacks_ed448, forges, drops_cd, denies_ad, dns64,
    not_implemented)}
UPSTREAM = ""


def ask(query):
    copy = dns.message.from_wire(query.to_wire())
    return dns.query.tcp(copy, UPSTREAM, timeout=8)


def answer(wire, lie):
    query = dns.message.from_wire(wire)
    response = LIES[lie](query, ask(query)) if lie else ask(query)
    if response is None:
        raise dns.exception.DNSException("no answer")
    response.id = query.id
    return query, response


class Udp(socketserver.BaseRequestHandler):
    def handle(self):
        wire, out = self.request
        try:
            query, response = answer(wire, self.server.lie)
            limit = query.payload if query.edns >= 0 else 512
            if self.server.short:
                limit = 512
            try:
                reply = response.to_wire(max_size=limit)
                if self.server.lie_name == "truncates":
                    raise dns.exception.TooBig
            except dns.exception.TooBig:
                response.answer, response.authority, response.additional = [], [], []
                response.flags |= dns.flags.TC
                reply = response.to_wire()
            out.sendto(reply, self.client_address)
        except (OSError, dns.exception.DNSException) as error:
            print(f"{self.server.lie}: {error!r}", file=sys.stderr, flush=True)


class Tcp(socketserver.BaseRequestHandler):
    def handle(self):
        try:
            length, = struct.unpack("!H", self.request.recv(2, socket.MSG_WAITALL))
            wire = b""
            while len(wire) < length:
                more = self.request.recv(length - len(wire))
                if not more:
                    return
                wire += more
            reply = answer(wire, self.server.lie)[1].to_wire()
            self.request.sendall(struct.pack("!H", len(reply)) + reply)
        except (OSError, struct.error, dns.exception.DNSException) as error:
            print(f"{self.server.lie}: {error!r}", file=sys.stderr, flush=True)


class Mute(socketserver.BaseRequestHandler):
    """A connection, and never a word."""

    def handle(self):
        self.request.recv(65535)
        threading.Event().wait(20)


class UdpServer(socketserver.ThreadingUDPServer):
    daemon_threads = True
    allow_reuse_address = True
    max_packet_size = 65535


class TcpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64


class TlsServer(TcpServer):
    def __init__(self, address, handler, files):
        super().__init__(address, handler)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(f"{files}/tls.pem", f"{files}/tls.key")

    def finish_request(self, request, client_address):
        """In the request's own thread."""
        try:
            with self.context.wrap_socket(request, server_side=True) as stream:
                super().finish_request(stream, client_address)
        except OSError:
            pass  # the client does not like the certificate


def main(path):
    global UPSTREAM
    with open(path, encoding="ascii") as text:
        plan = json.load(text)
    UPSTREAM = plan["upstream"]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    for name, address in plan["addresses"].items():
        made = [UdpServer((address, 53), Udp)]
        if name not in ("no_tcp", "truncates"):
            made.append(TcpServer((address, 53), Tcp))
        if name in plan["certificates"]:
            made.append(TlsServer((address, 853), Tcp, plan["certificates"][name]))
        if name == "tls_mute":
            made.append(TcpServer((address, 853), Mute))
        for server in made:
            server.lie_name = name
            server.lie = name if name in LIES else ""
            server.short = name == "no_tcp"
            threading.Thread(target=server.serve_forever, daemon=True).start()
    signal.pause()
