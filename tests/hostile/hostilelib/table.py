# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""All behaviours. The states that an expert would want of each are in the file expected."""

import struct

import dns.rcode

from lablib.mutate import resign

from . import content, denials, floods, forged, transfers, wire, withheld
from .content import FORGED, NASTY, NASTY_TEXT, SCRIPT
from .row import ZONE_CHECKS, Row
from .streams import FewAtOnce
from .wire import over_tcp, over_udp
from .zones import DAY, HOUR, NOW, Spec

ALL = ("parent", "forward")


def ede(code, text):
    return 15, struct.pack("!H", code) + text


FEW = FewAtOnce(4, 0.03)

TIME = [
    Row("silent", "swallows every question", wire.silent, also=ALL),
    Row("nobody", "nobody listens: ICMP says so", udp=False, tcp=False, play=wire.silent, also=ALL),
    Row("drip", "one octet a second, as datagrams and as a stream", wire.drip, also=ALL),
    Row("drip-tcp", "truncated over UDP; over TCP an octet a second", over_tcp(wire.drip), also=ALL),
    Row("late", "answers after the deadline", wire.after(5), also=ALL),
    Row("late-tcp", "truncated over UDP; over TCP after the deadline", over_tcp(wire.after(5))),
    Row("slow", "answers in a tenth of a second", wire.after(0.1)),
    Row("loses-half", "loses every other datagram", wire.loses_half, fresh=True, seconds=6),
    Row("only-soa", "answers SOA and nothing else", wire.only_soa),
    Row("not-dnssec", "is silent about DNSKEY and DS", wire.not_to_dnssec),
    Row("one-silent", "one of two servers is silent", wire.silent, one_server=True),
]

STREAMS = [
    Row("tcp-only", "truncates all over UDP", over_tcp(wire.honest), also=ALL),
    Row("tcp-refused", "truncates all, and has no TCP", over_tcp(wire.honest), tcp=False, also=ALL),
    Row("tcp-mute", "truncates all; TCP is open and mute", over_tcp(wire.silent),
        accept=wire.never_speak),
    Row("tcp-close-accept", "truncates all; closes TCP on accept", over_tcp(wire.honest),
        accept=wire.close_at_once, also=ALL),
    Row("tcp-close-query", "truncates all; closes TCP after the question", over_tcp(wire.hang_up)),
    Row("tcp-close-length", "truncates all; closes TCP after the length",
        over_tcp(wire.only_length)),
    Row("tcp-close-middle", "truncates all; closes TCP in the middle of the answer",
        over_tcp(wire.half_message)),
    Row("tcp-reset-middle", "truncates all; resets TCP in the middle of the answer",
        over_tcp(wire.half_and_reset)),
    Row("tcp-stall-middle", "truncates all; half an answer over TCP, and waits",
        over_tcp(wire.half_and_wait)),
    Row("tcp-foreign-close", "truncates all; one foreign message over TCP, and closes",
        over_tcp(wire.foreign_and_close)),
    Row("tcp-one-answer", "truncates all; closes TCP after each answer",
        over_tcp(wire.answer_and_close)),
    Row("tcp-few-at-once", "12 large sets, and TCP for 4 connections at once", FEW.play,
        accept=FEW.accept, zone=Spec(text="".join(
            f"@ TYPE{number} \\# 1300 {'ab' * 1300}\n" for number in range(65300, 65312))),
        fresh=True, columns=("sigs", "nsec", "keys"), options=("--query-timeout", "2")),
    Row("tcp-endless", "truncates all; foreign messages over TCP for ever",
        over_tcp(wire.endless_frames), also=ALL),
    Row("tcp-endless-empty", "truncates all; empty messages over TCP for ever",
        over_tcp(wire.endless_empty)),
    Row("tcp-endless-octets", "truncates all; a length of 65535 and octets one by one",
        over_tcp(wire.endless_octets)),
    Row("cut-over-tcp", "sets TC on every answer, over TCP too", wire.cut_everywhere),
    Row("huge", "answers of 65535 octets over TCP", wire.padded(65500, only_tcp=True), also=ALL),
    Row("owners-many", "2400 owners of their own in each positive answer", floods.owners_without_end,
        zone=Spec(text="".join(f"@ TYPE{65300 + i} \\# 1 {i:02x}\n" for i in range(60))), fresh=True,
        columns=ZONE_CHECKS, megabytes=90, cpu=2),
    Row("many-addresses", "thousands of addresses in one set, unsigned", floods.many_addresses),
]

DATAGRAMS = [
    Row("wrong-id", "another id", wire.other_id, also=ALL),
    Row("wrong-id-first", "a forgery before each answer", over_udp(wire.forged_first)),
    Row("wrong-source", "answers from another address", wire.elsewhere, tcp=False, also=ALL),
    Row("duplicates", "every answer two hundred times", over_udp(wire.duplicates)),
    Row("foreign-flood", "thousands of forgeries, and no answer", wire.foreign_flood, tcp=False),
    Row("tiny-first", "datagrams of 0 to 11 octets before each answer", wire.tiny_first),
    Row("garbage", "the right id and no message", wire.garbage, also=ALL),
    Row("garbage-first", "a malformed message before each answer", wire.garbage_first),
    Row("echo", "sends the question back", wire.echo),
    Row("larger-than-asked", "4000 octets over UDP, whatever was offered", over_udp(
        wire.padded(4000))),
    Row("bit-flips", "one bit of each answer is wrong", wire.flips, fresh=True),
]

HEADERS = [
    Row("count-answers", "more answers counted than there are", wire.counts(0, 1, 0, 0), also=ALL),
    Row("count-fewer", "octets behind the last record", wire.counts(0, 0, 0, -1)),
    Row("counts-65535", "every count is 65535", wire.all_counts_high),
    Row("count-no-question", "the question is there, its count is 0", wire.counts(-1, 0, 0, 0)),
    Row("no-question", "the question is not repeated", wire.no_question),
    Row("two-questions", "the question is repeated twice", wire.two_questions),
    Row("wrong-question", "answers another question", wire.wrong_question, also=ALL),
    Row("question-capitals", "the question comes back in capitals", wire.question_in_capitals),
    Row("owner-capitals", "owner names in capitals", wire.owners_in_capitals),
    Row("no-qr", "answers are marked as questions", wire.no_response_bit),
    Row("notify", "answers with the opcode NOTIFY", wire.as_notify),
    Row("no-aa", "answers as from a cache", wire.never_authoritative),
    Row("odd-flags", "Z, AD and CD are set", wire.all_flags),
    Row("denies-all", "NXDOMAIN for everything, without proof", wire.denies_all, also=ALL),
    Row("empty", "no records in any answer", wire.empty, also=ALL),
    *(Row(f"rcode-{code}", f"answers {dns.rcode.to_text(dns.rcode.Rcode.make(code))} to all",
          wire.with_rcode(code)) for code in (*range(1, 12), 15, 16, 17, 18, 22, 23, 4095)),
]

RECORDS = [
    Row("pointer-loop", "a name that points to itself", wire.loop, also=ALL),
    Row("pointer-forward", "a name that points forward", wire.forward),
    Row("pointer-ring", "two names that point to each other", wire.ring),
    Row("pointer-chain", "pointers to pointers, 200 of them", wire.long_way),
    Row("name-320", "an owner name of 320 octets", wire.too_long_name),
    Row("label-type", "a label of a type that was withdrawn", wire.odd_label_type),
    Row("rdlength-long", "an rdata length one too long", wire.rdlength(lambda n: n + 1), also=ALL),
    Row("rdlength-short", "an rdata length one too short", wire.rdlength(lambda n: n - 1)),
    Row("rdlength-0", "an rdata length of 0", wire.rdlength(lambda n: 0)),
    Row("rdlength-65535", "an rdata length of 65535", wire.rdlength(lambda n: 65535)),
    Row("class-chaos", "records of class CH", wire.other_class(3)),
    Row("class-any", "records of class ANY", wire.other_class(255)),
    Row("extra-foreign", "records of other zones in each section", wire.add_to(
        "answer", "www.example. A 192.0.2.66", "test. NS ns.evil.example."), also=ALL),
    Row("extra-authority", "a foreign NS set and SOA in the authority section", wire.add_to(
        "authority", "test. NS ns.evil.example.", "evil.example. SOA . . 1 1 1 1 1"), also=ALL),
    Row("extra-additional", "addresses that poison in the additional section", wire.add_to(
        "additional", "a.root. A 192.0.2.66", "x.servers.test. A 192.0.2.66")),
    Row("ttl-0", "every TTL is 0", wire.ttl(0)),
    Row("ttl-2147483648", "every TTL has the highest bit", wire.ttl(2**31)),
    Row("ttl-4294967295", "every TTL is the largest number", wire.ttl(2**32 - 1)),
    Row("alias-self", "every name is an alias of itself", wire.aliases("{}"), also=ALL),
    Row("alias-deeper", "every name is an alias of one below it", wire.aliases("a.{}"), also=ALL),
    Row("alias-ring", "a ring of aliases in one answer", wire.alias_ring),
    Row("refers-self", "refers to itself for everything", wire.refers(
        lambda apex, name: (apex, ["ns." + apex])), also=ALL),
    Row("refers-deeper", "refers one label deeper for everything", wire.refers(wire.deeper)),
    Row("refers-up", "refers to the root", wire.refers(
        lambda apex, name: (".", ["a.root."])), also=ALL),
    Row("refers-parent", "refers to its parent", wire.refers(
        lambda apex, name: ("test.", ["a.nic.test."]))),
    Row("other-soa", "the SOA of another zone in all answers", wire.other_soa, also=ALL),
]

# Denials, as the servers of a zone give them.
DENIALS = [Row(name, about, play, columns=ZONE_CHECKS, **more) for name, about, play, more in (
    ("denials-stray", "denials carry a stray record and no proof",
     denials.denials_with_stray(proof=False), {}),
    ("denials-stray-proven", "denials carry a stray record beside the proof",
     denials.denials_with_stray(proof=True), {}),
    ("denials-yxdomain", "YXDOMAIN in place of denials", denials.denials_with_rcode(6), {}),
    ("denials-notauth", "NOTAUTH in place of denials", denials.denials_with_rcode(9), {}),
    ("denials-no-aa", "denials without AA, at one server", denials.denials_without_aa,
     {"one_server": True}),
    ("denials-address", "names that nobody has get an address, at one server",
     denials.made_up_addresses, {"one_server": True}),
    ("denials-referral", "names that nobody has are delegated, at one server",
     denials.made_up_delegations, {"one_server": True}),
    ("denials-own-soa", "names that nobody has are zones of their own, at one server",
     denials.made_up_zones, {"one_server": True}),
    ("denials-soa-unsigned", "the SOA of denials is unsigned, at one server", denials.soa_unsigned,
     {"one_server": True}),
    ("denials-soa-changed", "the SOA of denials is not what was signed, at one server",
     denials.soa_changed, {"one_server": True}),
    ("denials-nsec-once", "an NSEC comes signed, and in NXDOMAIN unsigned, at one server",
     denials.nsec_unsigned_once, {"one_server": True}),
    ("denials-rrsig-first", "signatures before what they sign", denials.signatures_first, {}),
)] + [Row("nsec-empty-window", "type lists with a window of no octets", columns=ZONE_CHECKS,
          zone=Spec(mutate=(content.type_lists_with(b"\xff\x00"),)))]

EDNS = [
    Row("edns-formerr", "FORMERR to EDNS", wire.formerr_on_edns, also=ALL),
    Row("edns-badvers", "BADVERS to EDNS", wire.badvers_on_edns, also=ALL),
    Row("edns-dropped", "swallows questions with EDNS", wire.drops_edns, also=ALL),
    Row("edns-ignored", "knows no EDNS", wire.ignores_edns, also=ALL),
    Row("do-ignored", "leaves out what DO asks for", wire.ignores_do, also=ALL),
    Row("cookie-demanded", "BADCOOKIE without a cookie", wire.demands_cookie),
    Row("opt-twice", "two OPT records", wire.additional(wire.OPT)),
    Row("opt-in-answer", "OPT in the answer section", wire.opt_in_answer),
    Row("opt-malformed", "an option that is longer than the OPT", wire.bad_opt),
    Row("opt-version-1", "EDNS version 1 in the answer", wire.later_edns),
    Row("tsig-unasked", "a TSIG on every answer", wire.additional(wire.TSIG)),
    Row("nsid-nasty", "a server identifier full of markup", wire.with_options((3, NASTY))),
    Row("ede-nasty", "good answers with an extended error full of markup", wire.with_options(
        ede(22, NASTY), ede(22, b"\nDNSSEC SIGS OK - fine | a=1"))),
    Row("ede-refused", "refuses with an extended error full of markup", wire.refused_with(
        ede(18, NASTY), ede(18, b"\nOK | x=1\n"), ede(0xFFFF, b"\xff\xfe" * 100)), also=ALL),
    Row("options-many", "hundreds of unknown options", wire.with_options(
        *((65001, b"x"),) * 200)),
]

PARENT = {"also": ("parent",), "columns": (*ZONE_CHECKS, "chain/parent", "ds/parent")}
# The referrals of such a parent have the right DS.
WITHHELD = [
    Row(f"parent-ds-{name}", about, withheld.instead_of("DS", play, below_apex=True), **PARENT)
    for name, about, play in (
        ("no-proof", "denies the DS and does not prove it", withheld.no_proof),
        ("signature", "gives the signature of the DS alone", withheld.signature_only),
        ("unsigned", "gives the DS without its signature", withheld.unsigned),
        ("other", "gives another DS under the true signature",
         withheld.other_data("1 13 2 " + "AB" * 32)))]
ZONE_ONLY = {"columns": ZONE_CHECKS}
WITHHELD += [
    Row("dnskey-nxdomain-one", "NXDOMAIN for DNSKEY at one of two servers",
        withheld.instead_of("DNSKEY", withheld.bare(3)), one_server=True, **ZONE_ONLY),
    Row("dnskey-yxdomain-one", "YXDOMAIN for DNSKEY at one of two servers",
        withheld.instead_of("DNSKEY", withheld.bare(6)), one_server=True, **ZONE_ONLY),
    Row("tcp-servfail", "SERVFAIL for DNSKEY over TCP", withheld.instead_of(
        "DNSKEY", wire.over_either(udp=wire.honest, tcp=withheld.bare(2))), **ZONE_ONLY),
    Row("tcp-refuses-one", "REFUSED over TCP at one of two servers", wire.over_either(
        udp=wire.honest, tcp=withheld.bare(5)), one_server=True, **ZONE_ONLY),
    Row("dnskey-servfail-one", "SERVFAIL for DNSKEY at one of two servers",
        withheld.instead_of("DNSKEY", withheld.bare(2)), one_server=True, **ZONE_ONLY),
    *(Row(f"mx-{name}{where}", f"{about} for the MX of the apex" +
          (" at one of two servers" if where else ""), withheld.instead_of("MX", play),
          one_server=bool(where), **ZONE_ONLY)
      for where in ("-one", "") for name, about, play in (
          ("nxdomain", "NXDOMAIN", withheld.bare(3)),
          ("no-proof", "no data and no proof", withheld.no_proof),
          ("stray", "a stray record", withheld.stray),
          ("signature", "the signature alone", withheld.signature_only))),
    *(Row(f"cut-{name}{where}", about + (" at one of two servers" if where else ""),
          withheld.about_www(play), one_server=bool(where), names=("www",), **ZONE_ONLY)
      for where in ("-one", "") for name, about, play in (
          ("ns", "unsigned data beside NS of a zone there", withheld.cut_at_name),
          ("signer", "data signed in their own name", withheld.signer_at_name),
          ("soa", "no data and the SOA of a zone there", withheld.soa()),
          ("referral", "a referral to a zone there without proof", withheld.referral()))),
    *(Row(f"beside-{name}{where}", about + (" at one of two servers" if where else ""),
          withheld.about_www(play), one_server=bool(where), names=("www",),
          zone=Spec(text="sub NS ns.servers.test.\n"), **ZONE_ONLY)
      for where in ("-one", "") for name, about, play in (
          ("soa", "no data and the SOA of a true zone beside it", withheld.soa("sub")),
          ("referral", "a referral to a true zone beside it", withheld.referral("sub")))),
    Row("yxdomain-most", "YXDOMAIN for all but SOA and DNSKEY", withheld.most_yxdomain,
        **ZONE_ONLY),
]


def zone(name, about, spec, **more):
    return Row(name, about, zone=spec, **more)


ED = content.colliding_ed25519(100)
RSA = content.colliding_rsa(30)
SLOW_RSA = content.colliding_rsa(12, bits=3072, exponent=b"\xff" * 383)
ED_TAG, RSA_TAG = 4711, 4712
DEEP, DEEPEST = ".".join("d" * 30), ".".join("d" * 90)

KEYTRAPS = [
    zone("keytrap-keys", "100 keys of one tag, one signature by the good key", Spec(
        mutate=(content.add_keys(ED),))),
    zone("keytrap-sigs", "100 false signatures on each set of the apex", Spec(
        mutate=(content.add_keys(ED[:1]), content.bad_signatures(
            100, 15, ED_TAG, ("SOA", "NS", "DNSKEY", "A", "MX", "TXT"))))),
    zone("keytrap-both", "100 keys of one tag, 100 false signatures on each set", Spec(
        mutate=(content.add_keys(ED), content.bad_signatures(100, 15, ED_TAG)))),
    zone("keytrap-ds", "and 100 DS, one for each of them", Spec(
        mutate=(content.add_keys(ED), content.bad_signatures(100, 15, ED_TAG)),
        ds="all", trap_keys=tuple(ED))),
    zone("keytrap-rsa", "30 RSA keys of one tag, 60 false signatures on each set", Spec(
        mutate=(content.add_keys(RSA), content.bad_signatures(60, 8, RSA_TAG, size=256)))),
    zone("keytrap-exponent", "RSA keys with exponents as long as they are", Spec(
        mutate=(content.add_keys(SLOW_RSA), content.bad_signatures(20, 8, RSA_TAG, size=384))),
        cpu=2.5),   # libunbound's own: it tries a few, and each is as dear as a signature
    zone("sigs-100-good", "100 true signatures on each set of the apex", Spec(
        mutate=(content.good_signatures(100, ("SOA", "NS", "DNSKEY", "A", "MX", "TXT")),))),
    zone("nsec3-151", "151 iterations", Spec(nsec3=(151, "-"))),
    zone("nsec3-500", "500 iterations", Spec(nsec3=(500, "-"))),
    zone("nsec3-2500", "2500 iterations", Spec(nsec3=(2500, "-"))),
    zone("nsec3-2500-deep", "2500 iterations, the longest salt, a name of 30 labels", Spec(
        nsec3=(2500, "ab" * 255)), names=(DEEP,)),
    zone("nsec3-500-deep", "500 iterations, the longest salt, a name of 30 labels", Spec(
        nsec3=(500, "ab" * 255)), names=(DEEP,)),
    zone("nsec3-12000", "12000 iterations", Spec(nsec3=(12000, "-"))),
]

ZONES = [
    zone("apex-cname", "a CNAME at the apex, beside SOA and NS", Spec(text="@ CNAME www\n"),
         columns=ZONE_CHECKS),
    zone("ns-thousands", "2000 nameservers", Spec(
        text="".join(f"@ NS n{i}.servers.test.\n" for i in range(2000)))),
    zone("ns-loopback", "nameservers at addresses of no host", Spec(
        text="".join(f"@ NS loop{i}.servers.test.\n" for i in range(6)))),
    zone("ns-mutual", "nameservers in a zone whose nameservers are in this one", Spec(
        ns=("ns.mutual-b.test.",), parent_ns=("ns.mutual-b.test.",))),
    zone("ns-self", "a nameserver below itself, without glue", Spec(
        ns=("ns.ns-self.test.",), parent_ns=("ns.ns-self.test.",))),
    zone("ns-alias-ring", "nameservers whose names are aliases in a ring", Spec(
        ns=("ring1.servers.test.",), parent_ns=("ring1.servers.test.",))),
    zone("ns-nasty", "nameservers with names full of markup", Spec(
        text=f"@ NS {NASTY_TEXT}.servers.test.\n@ NS {SCRIPT}.servers.test.\n"
             f"@ NS {FORGED}.servers.test.\n")),
    zone("soa-nasty", "SOA names full of markup", Spec(
        soa=f"{NASTY_TEXT}.test. {FORGED}.test. 1 7200 3600 604800 300")),
    zone("soa-extreme", "SOA numbers all 2^32-1", Spec(
        soa="ns.servers.test. h.test. 4294967295 4294967295 4294967295 4294967295 4294967295")),
    zone("txt-nasty", "texts full of markup", Spec(
        text=f"@ TXT \"{NASTY_TEXT}\" \"{FORGED}\"\n")),
    zone("names-nasty", "names in the zone full of markup", Spec(
        text=f"{NASTY_TEXT} A 192.0.2.1\n{FORGED} A 192.0.2.1\n*.{SCRIPT} A 192.0.2.1\n"),
        names=(NASTY_TEXT, FORGED, "q." + SCRIPT)),
    zone("names-bogus", "and none of them is signed right", Spec(
        text=f"{NASTY_TEXT} A 192.0.2.1\n{FORGED} A 192.0.2.1\n",
        mutate=(resign(NASTY_TEXT, "A", corrupt=True), resign(FORGED, "A", corrupt=True))),
        names=(NASTY_TEXT, FORGED)),
    zone("apex-nasty", "a zone whose own name is full of markup", Spec(),
         apex=f"{NASTY_TEXT}.test."),
    zone("apex-maximal", "a zone name of 255 octets", Spec(base=False, text="@ A 192.0.2.1\n"),
         apex=".".join(("x" * 63, "y" * 63, "z" * 63, "w" * 56)) + ".test."),
    zone("deep", "a name of 90 labels", Spec(text=f"{DEEPEST} A 192.0.2.1\n"),
         names=(DEEPEST,)),
    zone("alias-ring-name", "an alias that leads back to itself", Spec(
        text="ring CNAME gnir\ngnir CNAME ring\n"), names=("ring",)),
    zone("dname-loop", "a DNAME that leads below itself", Spec(
        text="d DNAME a.d\n"), names=("x.d",)),
    zone("wrap-2038", "signatures over the moment where 31 bits end", Spec(
        start=2**31 - HOUR - NOW, end=2**31 + 30 * DAY - NOW), options=("--at", str(2**31 + 60))),
    zone("wrap-2038-before", "… seen just before", Spec(
        start=2**31 - HOUR - NOW, end=2**31 + 30 * DAY - NOW), options=("--at", str(2**31 - 60))),
    zone("wrap-2106", "signatures over the moment where 32 bits end", Spec(
        start=2**32 - HOUR - NOW, end=2**32 + 30 * DAY - NOW), options=("--at", str(2**32 + 60))),
    zone("wrap-2106-before", "… seen just before", Spec(
        start=2**32 - HOUR - NOW, end=2**32 + 30 * DAY - NOW), options=("--at", str(2**32 - 60))),
    zone("wrap-2106-expired", "expired at the wrap, seen a day later", Spec(
        start=2**32 - 30 * DAY - NOW, end=2**32 - NOW), options=("--at", str(2**32 + DAY))),
    zone("sig-68-years", "a signature that lives for more than half of all time", Spec(
        mutate=(resign("@", "SOA", start=-HOUR, end=2**31 + DAY),))),
    zone("sig-backwards", "a signature that ends before it begins", Spec(
        mutate=(resign("@", "SOA", start=DAY, end=-DAY),))),
    zone("sig-labels-255", "a signature with 255 labels", Spec(
        mutate=(resign("@", "SOA", labels=255),))),
    zone("sig-labels-0", "a signature with no labels", Spec(
        mutate=(resign("@", "SOA", labels=0),))),
    zone("sig-ttl-max", "a signature with the largest original TTL", Spec(
        mutate=(resign("@", "SOA", original_ttl=2**32 - 1),))),
    zone("sig-signer-root", "a signature in the name of the root", Spec(
        mutate=(content.change_signature("SOA", signer=content.dns.name.root),))),
    zone("sig-empty", "a signature of no octets", Spec(
        mutate=(content.change_signature("SOA", signature=b""),))),
    zone("sig-65000", "a signature of 30000 octets", Spec(
        mutate=(content.change_signature("SOA", signature=b"\x01" * 30000),))),
    zone("sig-short", "an RRSIG that ends in its fixed fields", Spec(
        mutate=(content.raw_signature("SOA", b"\x00\x06\x0d\x02"),))),
    zone("key-empty", "a DNSKEY without a key", Spec(
        mutate=(content.raw_rdata("DNSKEY", b"\x01\x01\x03\x0d", add=True),))),
    zone("key-rsa-0", "an RSA key whose exponent has no octets", Spec(
        mutate=(content.raw_rdata("DNSKEY", b"\x01\x01\x03\x08\x00\x00\x00" + b"\xff" * 128,
                                  add=True),))),
    zone("key-20000", "a DNSKEY of 20000 octets", Spec(
        mutate=(content.raw_rdata("DNSKEY", b"\x01\x01\x03\x08\x03\x01\x00\x01" + b"\xff" * 20000,
                                  add=True),))),
    zone("ds-empty", "a DS without a digest beside the good one", Spec(ds="empty")),
    zone("ds-100", "100 DS of keys that are not there", Spec(ds="absent")),
]

RESOLVERS = [Row("resolver-" + name, about, play, columns=("resolvers",))
             for name, about, play in (
    ("forged-ns", "a forged SOA with AD, and the zone's NS with signatures",
     forged.soa(forged.signed_ns)),
    ("forged-ns-sig", "a forged SOA with AD, and a signature of the zone's NS",
     forged.soa(forged.signature_of_ns)),
    ("forged-tag", "a forged SOA with AD, signed by no key of the zone",
     forged.soa(forged.signature_with(key_tag=1))),
    ("forged-algorithm", "a forged SOA with AD, signed by an algorithm that nobody knows",
     forged.soa(forged.signature_with(algorithm=200))),
    ("forged-future", "a forged SOA with AD, signed from tomorrow on",
     forged.soa(forged.signature_with(**forged.TOMORROW))),
    ("forged-signer", "a forged SOA with AD, signed in the name of the parent",
     forged.soa(forged.signature_with(signer=content.dns.name.from_text("test.")))),
    ("no-denial", "denials with AD, and without NSEC", forged.without_denial),
    ("no-data", "NODATA with AD, and the proofs of NXDOMAIN", forged.no_data),
    ("minimal", "positive answers without authority section, old TTLs", forged.minimal),
)]

AXFR = [Row("axfr-" + name, about, transfers.axfr(play), columns=("sigs/axfr", "nsec/axfr"), **more)
        for name, about, play, more in (
    ("whole", "the zone in one message", transfers.whole, {}),
    ("pieces", "a record a message", transfers.in_pieces, {}),
    ("endless-names", "new names for ever", transfers.endless_names,
     {"megabytes": 400, "cpu": 3.5}),   # nothing but the deadline ends a transfer
    ("endless-same", "the same record for ever", transfers.endless_same, {}),
    ("endless-empty", "empty messages for ever", transfers.endless_empty, {}),
    ("drip", "an octet a second", transfers.drip, {}),
    ("silent", "no answer to AXFR", transfers.nothing, {}),
    ("stops", "half a zone, and silence", transfers.stops, {}),
    ("breaks-off", "half a zone, and the stream is closed", transfers.breaks_off, {}),
    ("breaks-inside", "half a message, and the stream is closed", transfers.breaks_in_message, {}),
    ("refused", "REFUSED", transfers.refuses, {}),
    ("fails-midway", "half a zone, and SERVFAIL", transfers.fails_midway, {}),
    ("without-soa", "no SOA at either end", transfers.without_soa, {}),
    ("soa-only", "the SOA and no more", transfers.soa_only, {}),
    ("other-zone", "the SOA of another zone", transfers.other_zone, {}),
    ("foreign", "records of another zone in it", transfers.foreign_records, {}),
    ("other-serial", "another serial at the end", transfers.other_serial_at_end, {}),
    ("other-ids", "messages with another id", transfers.other_ids, {}),
    ("garbage", "no DNS message", transfers.garbage, {}),
)]

QUICK = frozenset((
    "silent", "nobody", "drip", "drip-tcp", "late", "late-tcp", "only-soa", "not-dnssec",
    "one-silent", "tcp-refused", "tcp-mute", "tcp-stall-middle", "tcp-endless-octets", "wrong-id",
    "wrong-source", "foreign-flood", "echo", "no-qr", "notify", "no-question", "two-questions",
    "wrong-question"))

ROWS = [*TIME, *STREAMS, *DATAGRAMS, *HEADERS, *RECORDS, *DENIALS, *EDNS, *WITHHELD, *KEYTRAPS,
        *ZONES, *RESOLVERS, *AXFR]

# Rows whose servers are not heard from, for which a longer wait would show nothing.
for one in ROWS:
    if one.name in QUICK or one.name.startswith("axfr-"):
        one.seconds = 2
