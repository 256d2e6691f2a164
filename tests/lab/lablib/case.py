# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""What a case of the lab is. Cases are declared in tests/lab/cases."""

import importlib
import os
import pkgutil
import sys
from dataclasses import dataclass, field

MINUTE, HOUR, DAY = 60, 3600, 86400


@dataclass(frozen=True)
class KeySpec:
    """A key of a zone: `signs` is all, zone, dnskey or none; `slot` picks one of the pool."""

    role: str
    algorithm: int = 13
    sep: bool = True
    signs: str = "all"
    slot: int = 0
    publish: bool = True
    flags: int | None = None


CSK = (KeySpec("csk"),)
KSK_ZSK = (KeySpec("ksk", signs="dnskey"), KeySpec("zsk", sep=False, signs="zone", slot=1))


@dataclass(frozen=True)
class Expect:
    """What a plugin must say: its state (several: "OK|WARNING"), the ids at WARNING and above
    ("a|b": one of them at least), ids that may come too, ids that must be there as INFO, words of
    the text, and ids that must not come, not even as INFO."""

    state: str
    ids: tuple = ()
    allow: tuple = ()
    info: tuple = ()
    words: tuple = ()
    absent: tuple = ()


OK = Expect("OK")


def critical(*ids, allow=(), words=(), info=(), absent=()):
    return Expect("CRITICAL", ids, tuple(allow), tuple(info), tuple(words), tuple(absent))


def warning(*ids, allow=(), words=(), info=(), absent=()):
    return Expect("WARNING", ids, tuple(allow), tuple(info), tuple(words), tuple(absent))


def unknown(*ids, allow=(), words=(), info=(), absent=()):
    return Expect("UNKNOWN", ids, tuple(allow), tuple(info), tuple(words), tuple(absent))


def ok(allow=(), words=(), info=(), absent=()):
    return Expect("OK", (), tuple(allow), tuple(info), tuple(words), tuple(absent))


@dataclass(frozen=True)
class Earlier:
    """A run that many seconds ago, when the zone was as that of the case `of` is now (its own,
    where none is named). It was signed anew for that run, unless the signatures are the same."""

    ago: int
    of: str = ""
    same_signatures: bool = False


@dataclass
class Case:
    """One zone (or, with `of`, another look at the zone of another case)."""

    name: str                       # the zone's first label, or its full name with a final dot
    about: str                      # one sentence
    fault: str = ""                 # id in the catalogue; empty for a legal state
    trap: str = ""                  # the legal state's number (T1 …)
    chain: Expect | None = OK       # None: only the plugin contract is checked
    sigs: Expect | None = OK
    others: dict = field(default_factory=dict)  # ds, nsec, keys, resolvers: Expect, or None for
                                    # "only the plugin contract"; see expected()
    options: tuple = ()             # further options of all plugins
    own_options: dict = field(default_factory=dict)  # plugin: further options of it alone
    chain_options: tuple = ()
    sigs_options: tuple = ()
    past: tuple = ()                # Earlier: what sigs, ds, nsec and keys remember
    claim: object = "secure"        # of SOA; or {"QNAME TYPE": verdict or {oracle: verdict}};
                                    # verdicts: secure, insecure, bogus, varies, skip
    reason: str = ""                # why the validators differ, where they do
    anchor: str = "anchor.key"      # files in the lab's folder
    hints: str = "hints"
    of: str = ""                    # look at this name instead; no zone is made
    zone: str = ""                  # full name, when the name is only that of the look

    parent: str = "test."
    text: str = ""                  # further records, relative to the zone
    base: bool = True               # with the usual records
    soa: dict = field(default_factory=dict)   # expire, minimum, serial
    keys: tuple = CSK
    signed: bool = True
    start: int = -HOUR              # signatures: from and to, relative to now
    end: int = 30 * DAY
    dnskey_end: int | None = None
    nsec3: str | None = None        # "yes" or "optout"
    iterations: int = 0
    salt: str = "-"
    signed_on: dict = field(default_factory=dict)        # host: {"nsec3": …} signs its copy anew
    ksk_only_dnskey: bool = True
    ds: object = None               # None: SHA-256 of the key that signs DNSKEY; else list
    mutate: tuple = ()              # after signing
    mutate_on: dict = field(default_factory=dict)        # host: mutations of its copy only
    parent_mutate: tuple = ()       # of the parent's signed text; names relative to this zone
    parent_mutate_on: dict = field(default_factory=dict)
    post_text: tuple = ()           # functions on the finished text, for what records cannot say

    servers: tuple = ("ns1", "ns2")
    child_ns: tuple | None = None   # NS RRset of the zone, when it is not the parent's
    parent_ns: tuple | None = None
    ns_names: tuple = ()            # further NS names at both sides, as they stand
    delegated: bool = True          # False: the parent does not know it
    own_names: bool = False         # nameserver names inside the zone, with glue
    glue: dict = field(default_factory=dict)   # host: addresses in the parent, when they differ
    signals: dict = field(default_factory=dict)  # nameserver's name: functions of (keys, apex),
                                    # each a record of the zone's signal there (RFC 9615)
    behaviour: dict = field(default_factory=dict)  # responder host: behaviour
    timeout: float = 10

    def expected(self, plugin):
        """(is it run on this zone, what it must say). Where nothing is said of ds, nsec and keys,
        they must be quiet on what chain and sigs must be quiet on, and are not run elsewhere;
        resolvers runs only where it is said."""
        if plugin in ("chain", "sigs"):
            return True, getattr(self, plugin)
        if plugin in self.others:
            return True, self.others[plugin]
        legal = all(e is not None and e.state == "OK" for e in (self.chain, self.sigs))
        if plugin == "resolvers" or not legal:
            return False, None
        return True, OK

    @property
    def apex(self):
        if self.of:
            return self.of
        if self.zone:
            return self.zone
        if self.name.endswith("."):
            return self.name
        return f"{self.name}.{self.parent}" if self.parent != "." else self.name + "."


def load():
    """All cases by name, in the order of the files."""
    here = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "cases")
    sys.path.insert(0, os.path.dirname(here))
    cases = {}
    for module in sorted(m.name for m in pkgutil.iter_modules([here])):
        for case in importlib.import_module("cases." + module).CASES:
            if case.name in cases:
                raise ValueError(f"two cases are called {case.name}")
            cases[case.name] = case
    return cases
