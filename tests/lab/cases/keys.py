# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Faults of keys (section 4 of the catalogue). Each zone is named by its one defect."""

from dataclasses import replace

from lablib.case import DAY, KSK_ZSK, Case, KeySpec, critical, ok, unknown, warning
from lablib.keys import REVOKE, SEP, ZONE
from lablib.mutate import (add_key, as_algorithm, bare_key, corrupt_rrsig, drop_rrsig,
                           key_with_tag_of_revoked, older_serial, private_algorithm, publish,
                           resign, resign_all, rsa_octets, same_tag_key, set_ttl, withdraw)

RESPONDERS = ("r1", "r2")
R2 = ("r2.lab.test",)
OTHER_ZSK = KeySpec("new", sep=False, signs="none", slot=2, publish=False)
BY_NEW = resign_all(key="new", skip=("DNSKEY",))


def _keys(name, about, fault, expect, **more):
    """A case that only check_dnssec_keys is judged by."""
    return Case(name, about, fault=fault, **{"chain": None, "sigs": None, "claim": "skip",
                                             "others": {"keys": expect}, **more})


def _key(name, about, fault, expect, octets, algorithm=8, **more):
    """One more key beside a healthy one."""
    return _keys(name, about, fault, expect, servers=RESPONDERS,
                 mutate=(bare_key(octets, algorithm, **more),))


def _roca():
    """A modulus of 2048 bits that is a power of 65537 modulo each small prime."""
    primes = [p for p in range(3, 168) if all(p % q for q in range(2, p))]
    product = 1
    for prime in primes:
        product *= prime
    modulus = pow(65537, 4711, product)
    modulus += product * ((1 << 2047) // product + 1)
    return modulus if modulus % 2 else modulus + product


def _modulus(left, right):
    """2048 bits: the product of two primes of the form 3 * 2^1022 + n."""
    base = 3 << 1022
    return (base + left) * (base + right)


def _two_keys(name, about, fault, expect, moduli):
    return _keys(name, about, fault, expect, servers=RESPONDERS, mutate=tuple(
        bare_key(rsa_octets(0, modulus=modulus), 8) for modulus in moduli))


def _of_algorithm(role, number):
    return lambda keys, apex: replace(keys[role], algorithm=number).ds(apex)


CASES = [
    # Signatures of the key set.
    _keys("keys-rrsig-missing", "the key set is not signed", "dnskey-rrsig-missing",
          critical("dnskey-rrsig-missing"), servers=RESPONDERS,
          mutate=(drop_rrsig("@", "DNSKEY"),)),
    _keys("keys-rrsig-missing-one-ns", "… at one server", "dnskey-rrsig-missing",
          critical("dnskey-rrsig-missing", words=R2), servers=RESPONDERS,
          mutate_on={"r2": (drop_rrsig("@", "DNSKEY"),)}),
    _keys("keys-rrsig-invalid", "one server's signature of the key set does not verify",
          "dnskey-rrsig-invalid", critical("dnskey-rrsig-invalid", words=R2), servers=RESPONDERS,
          mutate_on={"r2": (corrupt_rrsig("@", "DNSKEY"),)}),
    _keys("keys-not-signed-by-ds-key", "one server's key set is signed by the ZSK alone",
          "dnskey-not-signed-by-ds-key", critical("dnskey-not-signed-by-ds-key", words=R2),
          keys=KSK_ZSK, servers=RESPONDERS, mutate_on={"r2": (resign("@", "DNSKEY", key="zsk"),)}),
    _keys("keys-no-signer", "the key that signs the zone is not published",
          "rrsig-no-matching-dnskey", critical("rrsig-no-matching-dnskey"), keys=KSK_ZSK,
          mutate=(withdraw("zsk"),)),
    # Going insecure (RFC 8078 4) and secure: what the keys check makes of it.
    _keys("keys-going-insecure", "CDS ask the parent to delete the DS", "", ok(),
          of="going-insecure.test."),
    _keys("keys-gone-insecure", "… which it did", "", ok(), of="gone-insecure.test.",
          options=("--expect", "insecure")),
    _keys("keys-going-secure", "signed, with CDS, and no DS yet", "", ok(), of="going-secure.test.",
          options=("--expect", "insecure")),
    _keys("keys-ds-no-match", "the chain's own fault is told once", "ds-no-matching-dnskey",
          critical("ds-no-matching-dnskey"), of="ds-no-matching-dnskey.test."),
    # Servers that differ.
    _keys("keys-one-more", "one server publishes a key more", "dnskey-inconsistent-ns",
          warning("dnskey-inconsistent-ns", words=("ns2.lab.test",)),
          keys=(KeySpec("csk"), KeySpec("more", signs="none", slot=2, publish=False)),
          mutate_on={"ns2": (publish("more"),)}),
    _keys("multisigner-keyset-incomplete", "two providers, each without the other's ZSK",
          "multisigner-keyset-incomplete", critical("multisigner-keyset-incomplete"),
          keys=(*KSK_ZSK, OTHER_ZSK),
          mutate_on={"ns2": (publish("new"), BY_NEW, withdraw("zsk"))}),
    _keys("dnskey-withdrawn-too-early", "the old ZSK is gone, and a server that is behind still "
          "has its signatures", "dnskey-withdrawn-too-early",
          critical("dnskey-withdrawn-too-early"),
          keys=(KSK_ZSK[0], replace(OTHER_ZSK, signs="zone", publish=True),
                KeySpec("old", sep=False, signs="none", slot=3, publish=False)),
          mutate_on={"ns2": (publish("old"), resign_all(key="old", skip=("DNSKEY",)),
                             older_serial(300))}),
    _keys("dnskey-used-too-early", "the new ZSK signs, and a server that is behind does not "
          "publish it", "dnskey-used-before-published-long-enough",
          critical("dnskey-used-before-published-long-enough"),
          keys=(KSK_ZSK[0], replace(OTHER_ZSK, signs="zone", publish=True),
                KeySpec("old", sep=False, signs="none", slot=3)),
          mutate_on={"ns2": (resign_all(key="old", skip=("DNSKEY",)), withdraw("new"),
                             older_serial(300))}),
    _keys("keys-unsigned-on-one-ns", "one server has the zone without keys", "unsigned-on-one-ns",
          critical("unsigned-on-one-ns", words=("ns2.lab.test",)), of="unsigned-on-one-ns.test."),
    # Algorithms.
    _key("dnskey-alg-prohibited", "a DSA key beside a good one", "dnskey-alg-prohibited",
         warning("dnskey-alg-prohibited"), b"\x08" + b"\x21" * 404, 3),
    _key("dnskey-alg-reserved", "a key of a reserved algorithm", "dnskey-alg-reserved",
         warning("dnskey-alg-reserved"), b"\x21" * 32, 200),
    _key("dnskey-alg-unassigned", "a key of an algorithm that stands for nothing",
         "dnskey-alg-unassigned", warning("dnskey-alg-unassigned"), b"\x21" * 32, 99),
    _key("dnskey-alg-private", "a key of a private algorithm", "dnskey-alg-private",
         warning("dnskey-alg-private"), b"\x01x\x00" + b"\x21" * 32, 253),
    _key("dnskey-alg-not-zone-sign", "a key of an algorithm that is not for zones",
         "dnskey-alg-not-zone-sign", warning("dnskey-alg-not-zone-sign"), b"\x21" * 32, 252),
    _keys("keys-private-alone", "an island signed with a private algorithm", "dnskey-alg-private",
          warning("dnskey-alg-private", allow=("ds-missing-for-signed-zone",)), ds=[],
          mutate=(private_algorithm(),), options=("--expect", "any")),
    _keys("dnskey-nsec3-incapable-alg", "NSEC3 with RSASHA1 (5)", "dnskey-nsec3-incapable-alg",
          critical("dnskey-nsec3-incapable-alg", allow=("dnskey-alg-sha1",)), nsec3="yes",
          keys=(KeySpec("csk", 7),), mutate=(as_algorithm("csk", 5),),
          ds=[_of_algorithm("csk", 5)], servers=RESPONDERS),
    # RSA.
    _key("rsa-key-too-small", "an RSA key of 1024 bits", "rsa-key-too-small",
         warning("rsa-key-too-small", words=("1024",)), rsa_octets(1024)),
    _key("rsa-key-tiny", "an RSA key of 768 bits", "rsa-key-too-small",
         critical("rsa-key-too-small", words=("768",)), rsa_octets(768)),
    _key("rsa-key-good", "an RSA key of 2048 bits", "", ok(), rsa_octets(2048)),
    _key("rsa-key-too-large", "an RSA key of 4104 bits", "rsa-key-too-large",
         critical("rsa-key-too-large"), rsa_octets(4104)),
    _key("rsa-exponent-3", "an RSA key with exponent 3", "rsa-exponent-bad",
         warning("rsa-exponent-bad"), rsa_octets(2048, b"\x03")),
    _key("rsa-exponent-1", "an RSA key with exponent 1", "rsa-exponent-bad",
         critical("rsa-exponent-bad", allow=("dnskey-malformed",)), rsa_octets(2048, b"\x01")),
    _key("rsa-exponent-even", "an RSA key with an even exponent", "rsa-exponent-bad",
         critical("rsa-exponent-bad"), rsa_octets(2048, b"\x01\x00\x00")),
    _key("rsa-exponent-padded", "an RSA key whose exponent begins with zero", "rsa-exponent-bad",
         critical("rsa-exponent-bad"), rsa_octets(2048, b"\x00\x01\x00\x01")),
    _key("rsa-exponent-large", "an RSA key with an exponent of 40 bits", "rsa-exponent-bad",
         warning("rsa-exponent-bad"), rsa_octets(2048, b"\x81\x00\x00\x00\x01")),
    _key("rsa-exponent-f5", "an RSA key with the exponent 2^32 + 1", "", ok(),
         rsa_octets(2048, b"\x01\x00\x00\x00\x01")),
    _key("rsa-modulus-padded", "an RSA key whose modulus begins with zero", "rsa-modulus-weak",
         warning("rsa-modulus-weak"), rsa_octets(2048, pad=b"\x00")),
    _two_keys("rsa-modulus-shared", "two RSA keys have a prime in common", "rsa-modulus-weak",
              critical("rsa-modulus-weak", words=("shares a prime",)),
              (_modulus(1037, 1697), _modulus(1037, 1937))),
    _two_keys("rsa-modulus-apart", "two RSA keys have none in common", "", ok(),
              (_modulus(1037, 1697), _modulus(1937, 2087))),
    _key("rsa-modulus-roca", "an RSA key with the fingerprint of ROCA", "rsa-modulus-weak",
         critical("rsa-modulus-weak"), rsa_octets(0, modulus=_roca())),
    # Form.
    _keys("dnskey-malformed", "an ECDSA key lacks an octet", "dnskey-malformed",
          critical("dnskey-malformed"), servers=RESPONDERS,
          keys=(KeySpec("csk"), KeySpec("short", slot=3, signs="none", publish=False)),
          mutate=(add_key(ZONE, "short", cut=1),)),
    _key("dnskey-off-curve", "64 octets that are no point of the curve", "dnskey-malformed",
         critical("dnskey-malformed"), b"\x21" * 64, 13),
    _keys("dnskey-zone-flag-unset", "a standby key without the Zone bit",
          "dnskey-zone-flag-unset", warning("dnskey-zone-flag-unset"), servers=RESPONDERS,
          mutate=(bare_key(b"\x21" * 32, flags=0),)),
    _keys("dnskey-zone-flag-unset-signing", "MX is signed by a key without the Zone bit",
          "dnskey-zone-flag-unset",
          critical("dnskey-zone-flag-unset", allow=("dnskey-duplicate",)),
          of="rrsig-by-non-zone-key.test."),
    _keys("dnskey-protocol-not-3", "a key with protocol 2", "dnskey-protocol-not-3",
          critical("dnskey-protocol-not-3"), servers=RESPONDERS,
          mutate=(bare_key(b"\x21" * 32, protocol=2),)),
    _keys("dnskey-duplicate", "the same key with flags 256 and 257", "dnskey-duplicate",
          warning("dnskey-duplicate"), mutate=(add_key(ZONE, "csk"),), servers=RESPONDERS),
    _keys("dnskey-ttl-too-short", "the key set has a TTL of a minute", "dnskey-ttl-too-short",
          warning("dnskey-ttl-too-short"),
          mutate=(set_ttl("@", "DNSKEY", 60), resign("@", "DNSKEY"))),
    _keys("dnskey-ttl-too-long", "the key set has a TTL of a week", "dnskey-ttl-too-long",
          ok(info=("dnskey-ttl-too-long",)),
          mutate=(set_ttl("@", "DNSKEY", 7 * DAY), resign("@", "DNSKEY"))),
    _keys("no-sep-key", "one combined key without the SEP bit", "no-sep-key",
          ok(info=("no-sep-key",)), of="csk-256.test."),
    # Numbers and tags.
    _keys("dnskey-too-many", "nine keys", "dnskey-too-many", warning("dnskey-too-many"),
          servers=RESPONDERS, mutate=tuple(bare_key(bytes([n]) * 32) for n in range(1, 9))),
    _keys("dnskey-far-too-many", "seventeen keys", "dnskey-too-many", critical("dnskey-too-many"),
          servers=RESPONDERS, mutate=tuple(bare_key(bytes([n]) * 32) for n in range(1, 17))),
    _keys("keys-response-too-big", "a key set of more than 1232 octets",
          "dnskey-response-too-big", warning("dnskey-response-too-big"),
          of="dnskey-response-too-big.test."),
    _keys("dnskey-keytag-collision", "a second key with the tag of the key that signs",
          "dnskey-keytag-collision",
          critical("dnskey-keytag-collision", allow=("dnskey-malformed",)), servers=RESPONDERS,
          mutate=(same_tag_key("csk", 13),)),
    _keys("dnskey-keytag-collision-idle", "two standby keys of one tag",
          "dnskey-keytag-collision", warning("dnskey-keytag-collision"), servers=RESPONDERS,
          mutate=(bare_key(b"\x11\x12" + b"\x21" * 28 + b"\x31\x32"),
                  bare_key(b"\x31\x32" + b"\x21" * 28 + b"\x11\x12"))),
    _keys("dnskey-keytag-collision-revoked", "a key has the tag that another gets when revoked",
          "dnskey-keytag-collision", warning("dnskey-keytag-collision", words=("revoked",)),
          keys=(KeySpec("csk", 15),), servers=RESPONDERS,
          mutate=(key_with_tag_of_revoked("csk"),)),
    _keys("dnskey-revoked-not-self-signed", "a revoked key that does not sign the key set",
          "dnskey-revoked-not-self-signed", warning("dnskey-revoked-not-self-signed"),
          keys=(KeySpec("csk"), KeySpec("gone", slot=2, signs="none",
                                        flags=ZONE | SEP | REVOKE))),
    _keys("bind-signing-in-progress", "BIND's note of a key still to be applied",
          "bind-signing-in-progress", ok(info=("bind-signing-in-progress",)),
          text="@ TYPE65534 \\# 5 0D12340000"),
    _keys("bind-signing-done", "… and of one that has been", "", ok(),
          text="@ TYPE65534 \\# 5 0D12340001"),
    # Ages: signatures are an hour old, keys in the signer's folder are of 2025.
    _keys("key-too-old", "the signatures are older than the key may be", "key-too-old",
          warning("key-too-old", words=("at least",)), of="ksk-zsk.test.",
          options=("--zsk-max-age", "10m")),
    _keys("key-rotation-due", "… and nearly so old", "key-rotation-due",
          ok(info=("key-rotation-due",)), of="ksk-zsk.test.",
          options=("--zsk-max-age", "10h", "--notice", "9h30m")),
    _keys("key-age-unknown", "a limit that the signatures cannot tell", "",
          ok(words=("not known",)), of="ksk-zsk.test.", options=("--policy", "standard")),
    _keys("key-dir", "the key directory knows the ages", "key-too-old",
          warning("key-too-old", words=("key directory",)), of="ksk-zsk.test.",
          options=("--policy", "standard", "--ksk-max-age", "9999d",
                   "--key-dir", "{dir}/sign/{zone}.")),
    _keys("key-dir-of-others", "… or has no file of the zone, which is said", "",
          ok(words=("--key-dir has no file with the times of KSK",)), of="ksk-zsk.test.",
          options=("--key-dir", "{dir}/zones")),
    _keys("key-dir-missing", "… or is not there: the rest is judged", "key-dir-unreadable",
          unknown("key-dir-unreadable", words=("option --key-dir: cannot read",)), of="ksk-zsk.test.",
          options=("--key-dir", "{dir}/none")),
    _keys("key-dir-allowed", "… and they are within the limits", "", ok(), of="ksk-zsk.test.",
          options=("--zsk-max-age", "9999d", "--key-dir", "{dir}/sign/{zone}.")),
]
