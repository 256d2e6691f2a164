# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Zones of unusual shape whose denials are as they should be, on several kinds of server."""

from lablib.case import Case, ok, warning
from lablib.mutate import shown_nsec3

REAL = ("ns1", "ns2", "ns3")
LONG = ".".join(letter * 55 for letter in "abcd")
DEEP = "a.b.c.d.e.f.deep"


def _odd(name, about, expect=None, names=(), options=(), **more):
    named = tuple(word for name in names for word in ("--name", name))
    more = {"chain": None, "sigs": None, "claim": "skip", "servers": REAL, **more}
    return Case("odd-" + name, about, own_options={"nsec": (*named, *options)},
                others={"nsec": expect or ok(), "ds": None, "keys": None}, **more)


def _both(name, about, expect=None, names=(), options=(), **more):
    """By NSEC, with a walk, and by NSEC3."""
    return [_odd(name, about, expect, names, ("--walk", *options), **more),
            _odd(name + "3", about + ", NSEC3", expect, names, options, nsec3="yes", **more)]


CASES = [
    *_both("one-name", "the apex is the only name", base=False),
    *_both("wild-apex", "a wildcard at the apex", text="* A 198.51.100.81\n* TXT wild",
           names=("*.{zone}/A", "www.{zone}/A")),
    *_both("wild-apex-unnamed", "a wildcard at the apex that no option names",
           text="* A 198.51.100.81\n* TXT wild"),
    *_both("deep-ent", "six empty non-terminals, one below the other",
           text=DEEP + " A 198.51.100.82",
           names=(DEEP + ".{zone}/A",)),
    *_both("wild-cname", "a wildcard that is an alias", names=("*.wild.{zone}/CNAME",),
           text="*.wild CNAME www\n*.out CNAME www.plain.test.\n*.lost CNAME nothing.here"),
    *_both("wild-cname-apex", "a wildcard at the apex that is an alias to nothing",
           text="* CNAME nothing.www", names=("*.{zone}/CNAME",)),
    *_both("wild-cut", "a wildcard beside a zone cut below it",
           text="*.wild A 198.51.100.81\ncut.wild NS ns1.lab.test.",
           names=("*.wild.{zone}/A", "cut.wild.{zone}/NS")),
    *_both("dname", "a DNAME, and a name below it", text="moved DNAME www.plain.test.",
           names=("moved.{zone}/DNAME", "x.moved.{zone}/A")),
    *_both("dname-apex", "a DNAME at the apex", base=False, text="@ DNAME www.plain.test."),
    *_both("cuts-odd", "zone cuts below empty non-terminals, with glue beside and below",
           text="cut.a.ent NS ns.cut.a.ent\nns.cut.a.ent A 198.51.100.83\n"
                "cut.b.ent NS ns1.lab.test.\ncut.b.ent DS 12345 13 2 " + "AB" * 32,
           names=("cut.a.ent.{zone}/NS", "cut.b.ent.{zone}/NS", "ns.cut.a.ent.{zone}/A")),
    _odd("optout-ent", "an empty non-terminal above unsigned delegations only, opt-out",
         ok(info=("nsec3-optout-small-zone",)), ("cut.a.ent.{zone}/NS",), nsec3="optout",
         text="cut.a.ent NS ns1.lab.test.\ncut.b.ent NS ns1.lab.test."),
    _odd("optout-wild", "a wildcard in an opt-out zone",
         ok(info=("nsec3-optout-small-zone",)), ("*.wild.{zone}/A", "cut.wild.{zone}/NS"),
         nsec3="optout", text="*.wild A 198.51.100.81\ncut.wild NS ns1.lab.test."),
    *_both("octets", "names with escaped octets and upper case",
           text="\\000zero TXT x\nUP.Per.CASE TXT x\n\\255\\255 TXT x\na\\.b TXT x\n"
                "*.Wild TXT x\n\\*.star TXT x\n\\@ TXT x",
           names=("\\000zero.{zone}/TXT", "up.per.case.{zone}/TXT", "\\255\\255.{zone}/TXT",
                  "a\\.b.{zone}/TXT", "*.wILD.{zone}/TXT")),
    _odd("optout-ent-shown", "… and NSEC3 for it when asked for it alone, as PowerDNS does",
         ok(info=("nsec3-optout-small-zone",)), (), ("--probes", "40"),
         nsec3="optout", text="cut.a.ent NS ns1.lab.test.", servers=("r1", "r2"),
         mutate=(shown_nsec3("a.ent"), shown_nsec3("ent"))),
    _odd("no-room", "a name so long that no random name fits below it",
         ok(words=("so long",)), zone=".".join(letter * 56 for letter in "abcd") + ".test."),
    *_both("long-names", "names of nearly 255 octets", text=LONG + " TXT x",
           names=(LONG + ".{zone}/TXT",)),
    _odd("salt-255", "a salt of 255 octets", ok(info=("nsec3-salt",)), nsec3="yes",
         salt="AB" * 255),
    _odd("kinds-differ", "one server denies by NSEC, the other by NSEC3, with one serial",
         warning("nsec-nsec3-mixed"), signed_on={"ns2": {"nsec3": "yes"}}, servers=("ns1", "ns2")),
    *_both("many-types", "a name with types from many windows of the type list",
           text="many TYPE65281 \\# 1 00\nmany TYPE1000 \\# 1 00\nmany CAA 0 issue \"x\"\n"
                "many TXT x\nmany SVCB 1 .",
           names=("many.{zone}/TXT",)),
]
