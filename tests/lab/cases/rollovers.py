# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Every stage of every kind of rollover (RFC 6781 4.1, RFC 5011) and of several signers (RFC 8901).
All of them are legal: no plugin may say more than that something is going on."""

from lablib.case import KSK_ZSK, Case, KeySpec, ok
from lablib.ds import ds
from lablib.keys import REVOKE, SEP, ZONE
from lablib.mutate import also_by, publish, resign, resign_all

UNDER_WAY = {"keys": ok(info=("rollover-in-progress",))}
KSK, ZSK = KSK_ZSK


def _ksk(role, slot, **more):
    return KeySpec(role, slot=slot, **{"signs": "dnskey", **more})


def _zsk(role, slot, **more):
    return KeySpec(role, sep=False, slot=slot, **{"signs": "zone", **more})


def _stage(name, about, **more):
    """A stage in the middle."""
    return Case(name, about, **{"others": UNDER_WAY, "trap": "T6", **more})


OLD8, NEW13 = _ksk("ksk8", 0, algorithm=8), _ksk("ksk13", 0, algorithm=13)
ZSK8, ZSK13 = _zsk("zsk8", 1, algorithm=8), _zsk("zsk13", 1, algorithm=13)


def _hidden(spec):
    """The same key, neither published nor signing by itself."""
    return KeySpec(spec.role, spec.algorithm, spec.sep, "none", spec.slot, False)


CASES = [
    # RFC 6781 4.1.1.1.
    _stage("zsk-prepublish-1", "pre-publication: the new ZSK is published",
           keys=(*KSK_ZSK, _zsk("new", 2, signs="none"))),
    _stage("zsk-prepublish-2", "… signs a part of the zone",
           keys=(*KSK_ZSK, _zsk("new", 2, signs="none")),
           mutate=(resign("@", "SOA", key="new"), resign("@", "NS", key="new"))),
    _stage("zsk-prepublish-3", "… signs all of it, the old one is still published",
           keys=(KSK, _zsk("new", 2), _zsk("zsk", 1, signs="none"))),
    Case("zsk-prepublish-4", "… the old one is gone", keys=(KSK, _zsk("new", 2))),
    # RFC 6781 4.1.1.2.
    _stage("zsk-double-1", "double signature: both ZSK sign everything",
           keys=(*KSK_ZSK, _zsk("new", 2))),
    Case("zsk-double-2", "… the old one is gone", keys=(KSK, _zsk("new", 2))),
    # RFC 6781 4.1.2, double signature.
    _stage("ksk-double-1", "double KSK: both sign the key set, the old DS",
           keys=(*KSK_ZSK, _ksk("new", 2)), ds=[ds("ksk")]),
    _stage("ksk-double-2", "… both DS", keys=(*KSK_ZSK, _ksk("new", 2)), ds=[ds("ksk"), ds("new")]),
    _stage("ksk-double-3", "… the new DS", keys=(*KSK_ZSK, _ksk("new", 2)), ds=[ds("new")]),
    Case("ksk-double-4", "… the old one is gone", keys=(_ksk("new", 2), ZSK)),
    # RFC 6781 4.1.2, double DS.
    _stage("ksk-double-ds-1", "double DS: the DS of a KSK that is not published yet", trap="T3",
           keys=(*KSK_ZSK, _hidden(_ksk("new", 2))), ds=[ds("ksk"), ds("new")]),
    _stage("ksk-double-ds-2", "… the new KSK in the old one's place, both DS", trap="T4",
           keys=(_ksk("new", 2), ZSK, _hidden(KSK)), ds=[ds("ksk"), ds("new")]),
    Case("ksk-double-ds-3", "… the old DS is gone", keys=(_ksk("new", 2), ZSK)),
    # One key for everything.
    _stage("csk-double-1", "both CSK sign everything, the old DS",
           keys=(KeySpec("csk"), KeySpec("new", slot=2)), ds=[ds("csk")]),
    _stage("csk-double-2", "… the new DS", keys=(KeySpec("csk"), KeySpec("new", slot=2)),
           ds=[ds("new")]),
    # RFC 6781 4.1.4, conservative.
    Case("algorithm-stage-0", "algorithm rollover: before it", keys=(OLD8, ZSK8)),
    _stage("algorithm-stage-1", "… signatures of the new algorithm, no key of it yet", trap="T5",
           keys=(OLD8, ZSK8, _hidden(ZSK13)), mutate=(also_by("zsk13"),),
           sigs=ok(info=("rrsig-unknown-key-beside-valid",))),
    _stage("algorithm-stage-2", "… keys of both algorithms, the old DS", trap="T5",
           keys=(OLD8, ZSK8, NEW13, ZSK13), ds=[ds("ksk8")]),
    _stage("algorithm-stage-3", "… the new DS", trap="T5",
           keys=(OLD8, ZSK8, NEW13, ZSK13), ds=[ds("ksk13")]),
    _stage("algorithm-stage-3-both", "… or both DS for a while", trap="T5",
           keys=(OLD8, ZSK8, NEW13, ZSK13), ds=[ds("ksk8"), ds("ksk13")]),
    _stage("algorithm-stage-4", "… the old keys are gone, their signatures are not", trap="T5",
           keys=(NEW13, ZSK13, _hidden(ZSK8)), mutate=(also_by("zsk8"),),
           sigs=ok(info=("rrsig-unknown-key-beside-valid",))),
    Case("algorithm-stage-5", "… the old signatures are gone too", keys=(NEW13, ZSK13)),
    # RFC 5011.
    _stage("ksk-revoked", "the old KSK is revoked and signs the key set with the new one",
           trap="T17", keys=(_ksk("new", 2), ZSK,
                             KeySpec("old", slot=3, signs="none", flags=ZONE | SEP | REVOKE)),
           mutate=(resign("@", "DNSKEY", key="old", add=True),)),
    # RFC 8901.
    _stage("multi-signer-joining", "model 1: both keys are published, one provider signs all",
           trap="T26", keys=(*KSK_ZSK, _zsk("zsk2", 2, signs="none"))),
    _stage("multi-signer-model-1", "model 1: one KSK, a ZSK for each provider", trap="T26",
           keys=(*KSK_ZSK, _zsk("zsk2", 2, signs="none")),
           mutate_on={"ns2": (resign_all(key="zsk2", skip=("DNSKEY",)),)}),
    _stage("multi-signer-model-2", "model 2: a KSK and a ZSK for each provider, two DS",
           trap="T26", ds=[ds("ksk"), ds("ksk2")],
           keys=(*KSK_ZSK, _ksk("ksk2", 2, signs="none"), _zsk("zsk2", 3, signs="none")),
           mutate_on={"ns2": (resign_all(key="zsk2", skip=("DNSKEY",)),
                              resign("@", "DNSKEY", key="ksk2"))}),
    _stage("multi-signer-csk", "model 2: a CSK for each provider, two DS", trap="T26",
           ds=[ds("csk"), ds("csk2")],
           keys=(KeySpec("csk"), KeySpec("csk2", slot=2, signs="none", publish=False)),
           mutate=(publish("csk2"),), mutate_on={"ns2": (resign_all(key="csk2"),)}),
]
