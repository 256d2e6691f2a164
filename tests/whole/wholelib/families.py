# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""The healthy zones: each is the twin of the broken ones that are made of it, and legal itself."""

import copy
import os
from dataclasses import dataclass

import dns.name

from lablib import mutate
from lablib.case import DAY, HOUR
from lablib.keys import REVOKE, SEP, ZONE
from lablib.mutate import Site
from lablib.zone import Zone, sign

from . import changes
from .keys import p256, rsa2048

APEX = "whole.example."
SERIAL = 2026112801

# Every kind of owner that the rules tell apart. Two nameservers everywhere, since one would be
# somebody's policy's fault.
PLAIN = f"""
{{apex}} 300 IN SOA ns1.{{apex}} hostmaster.{{apex}} {SERIAL} 7200 3600 1209600 300
{{apex}} 300 IN NS ns1.{{apex}}
{{apex}} 300 IN NS ns2.{{apex}}
{{apex}} 300 IN MX 10 mail.{{apex}}
{{apex}} 300 IN TXT "a whole zone"
ns1.{{apex}} 300 IN A 192.0.2.1
ns1.{{apex}} 300 IN AAAA 2001:db8::1
ns2.{{apex}} 300 IN A 192.0.2.2
www.{{apex}} 300 IN A 192.0.2.3
www.{{apex}} 300 IN A 192.0.2.4
www.{{apex}} 300 IN AAAA 2001:db8::3
mail.{{apex}} 300 IN A 192.0.2.5
MiXed.{{apex}} 300 IN TXT "Case is kept"
alias.{{apex}} 300 IN CNAME www.{{apex}}
*.wild.{{apex}} 300 IN A 192.0.2.6
leaf.of.empty.{{apex}} 300 IN TXT "below two empty non-terminals"
_sip._tcp.{{apex}} 300 IN SRV 0 5 5060 mail.{{apex}}
tree.{{apex}} 300 IN DNAME elsewhere.example.
secure.{{apex}} 300 IN NS ns1.secure.{{apex}}
secure.{{apex}} 300 IN NS ns2.secure.{{apex}}
secure.{{apex}} 300 IN DS {{ds}}
ns1.secure.{{apex}} 300 IN A 192.0.2.7
ns2.secure.{{apex}} 300 IN A 192.0.2.8
insecure.{{apex}} 300 IN NS ns1.insecure.{{apex}}
insecure.{{apex}} 300 IN NS ns2.elsewhere.example.
ns1.insecure.{{apex}} 300 IN A 192.0.2.9
afar.{{apex}} 300 IN NS ns1.elsewhere.example.
afar.{{apex}} 300 IN NS ns2.elsewhere.example.
"""


@dataclass(frozen=True)
class Family:
    """A healthy zone: how it is signed, and what happens to it afterwards."""

    name: str
    about: str
    signers: tuple                # of (role, key); the first is the one that DS are made of
    published: tuple = ()
    nsec3: str | None = None
    csk: bool = False
    mutate: tuple = ()
    ds: bool = True               # our check is told the DS
    note: str = ""                # who is right by which section, where a peer complains


# Mostly RSA, since validns knows nothing newer.
KSK, ZSK, OTHER = rsa2048("ksk"), rsa2048("zsk", ZONE), rsa2048("other", ZONE)
P256_KSK, P256_ZSK = p256("ksk"), p256("zsk", ZONE)
SPLIT = (("ksk", KSK), ("zsk", ZSK))
P256_SPLIT = (("ksk", P256_KSK), ("zsk", P256_ZSK))
VALIDNS = "RFC 6605: validns 0.8 has no ECDSA"

FAMILIES = [
    Family("nsec", "KSK and ZSK, RSA-2048, NSEC", SPLIT),
    Family("nsec3", "the same with NSEC3, no salt, no iterations", SPLIT, nsec3="yes"),
    Family("optout", "NSEC3 with opt-out: unsigned delegations are left out", SPLIT, nsec3="optout",
           note="RFC 5155 6: such delegations need no NSEC3"),
    Family("p256", "KSK and ZSK, ECDSA P-256, NSEC", P256_SPLIT, note=VALIDNS),
    Family("p256-nsec3", "the same with NSEC3", P256_SPLIT, nsec3="yes", note=VALIDNS),
    Family("two-algorithms", "RSA-2048 beside P-256: the middle of an algorithm rollover",
           SPLIT + (("p256-ksk", P256_KSK), ("p256-zsk", P256_ZSK)), note=VALIDNS),
    Family("zonemd", "ZONEMD with SHA-384 and SHA-512", SPLIT, mutate=(changes.zonemd(1, 2),),
           note="RFC 8976: validns 0.8 does not know the type"),
    Family("cds", "CDS and CDNSKEY of the key-signing key", SPLIT, mutate=(changes.cds(),),
           note="RFC 7344: validns 0.8 does not know the types"),
    # Legal states that naive checks flag.
    Family("csk", "one key signs everything", (("ksk", P256_KSK),), csk=True,
           note="RFC 6781 3.1: a single key is legal; dnssec-verify wants -z for it"),
    Family("csk-without-sep", "one key without the SEP bit signs everything",
           (("ksk", p256("csk", ZONE)),), csk=True,
           note="RFC 4034 2.1.1: validators must not look at the SEP bit"),
    Family("standby-keys", "a KSK and a ZSK are published and do not sign", SPLIT,
           published=(rsa2048("standby ksk"), OTHER),
           note="RFC 6781 4.1.1.1: a key may be published before it signs"),
    Family("zsk-rollover-half", "some RRsets are signed by the old, some by the new ZSK", SPLIT,
           published=(OTHER,),
           mutate=(mutate.resign("www", "A", key=OTHER), mutate.resign("@", "MX", key=OTHER)),
           note="RFC 6781 4.1.1.1: each RRset needs one signature of each algorithm"),
    Family("zsk-double-signature", "both ZSKs sign everything",
           SPLIT + (("other", OTHER),), note="RFC 6781 4.1.1.2"),
    Family("ksk-double-signature", "both KSKs sign the keys",
           SPLIT + (("next", rsa2048("standby ksk")),), note="RFC 6781 4.1.2"),
    Family("signatures-before-keys", "signatures of an algorithm whose keys come later", SPLIT,
           mutate=(changes.sign_again(P256_ZSK, skip=("DNSKEY",)),),
           note="RFC 6781 4.1.4: signatures come first in an algorithm rollover, RFC 4035 5.3.3: "
                "one that cannot be verified is passed over"),
    Family("revoked-ksk", "a revoked KSK signs the keys beside the new one",
           SPLIT + (("old", rsa2048("standby ksk", ZONE | SEP | REVOKE)),),
           note="RFC 5011 2.1: it must sign the keys to revoke itself"),
    Family("duplicate-records", "a record stands twice", SPLIT, mutate=(changes.twice("www", "AAAA"),),
           note="RFC 2181 5: the second is none"),
    Family("case-differs", "owners and names in data are written in other case", SPLIT,
           mutate=(changes.upper_owner("www"), changes.upper_data("@", "MX")),
           note="RFC 4034 6.2: lower case is signed"),
    Family("nsec-next-case", "next names of NSEC records in other case", SPLIT,
           mutate=(changes.upper_next(),), note="RFC 6840 5.1: as it is signed"),
    Family("optout-complete", "the opt-out flag in a complete chain", SPLIT, nsec3="yes",
           mutate=(changes.optout_everywhere(),), note="RFC 5155 6: records may be left out, not must"),
    Family("dnskey-long-lived", "the keys' signature lives much longer than the others", SPLIT,
           mutate=(mutate.resign("@", "DNSKEY", end=90 * DAY, key="ksk"),)),
    Family("nsec3param-ttl-zero", "NSEC3PARAM with TTL 0", SPLIT, nsec3="yes",
           mutate=(changes.ttl_signed("@", "NSEC3PARAM", 0),)),
    Family("unknown-type", "a record of a type that has no name", SPLIT,
           mutate=(changes.put("www", "TYPE65280", r"\# 3 abcdef"),)),
]
BY_NAME = {family.name: family for family in FAMILIES}


def build(directory, family, now):
    """The healthy zone of a family, and its Site."""
    options = {"start": now - HOUR, "end": now + 30 * DAY, "nsec3": family.nsec3, "iterations": 0,
               "salt": "-", "csk": family.csk, "dnskey_ttl": 300, "ldns": False}
    text = PLAIN.format(apex=APEX, ds=p256("child").ds("secure." + APEX))
    records = sign(os.path.join(directory, "sign", family.name), APEX, text,
                   [key for _, key in family.signers], family.published, options)
    zone = Zone(APEX, records, dict(family.signers))
    site = Site(now, dns.name.from_text(APEX), zone.keys)
    for mutation in family.mutate:
        mutation(zone, site)
    return zone, site


def clone(zone):
    return Zone(zone.apex, [copy.copy(record) for record in zone.records], dict(zone.keys))


def ds_of(family):
    """What the parent has, as --ds takes it."""
    return family.signers[0][1].ds(APEX) if family.ds else None
