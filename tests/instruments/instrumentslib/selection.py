# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""What is run under an instrument: each plugin over healthy, broken, slow and dead zones, whole zones,
transfers, many zones, signals, deadlines and what is no input."""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from . import zones
from .run import INT, TERM, Run

sys.path.insert(0, str(zones.TESTS / "lab"))
from lablib import case, check  # noqa: E402

PLUGINS = ("chain", "sigs", "ds", "nsec", "keys", "resolvers")
OUTPUTS = ("text", "json", "jsonl", "passive", "icinga-api", "openmetrics", "zabbix")
LISTED = PLUGINS[:5]  # those that take --zones
ANY = (0, 1, 2, 3)

# Cases of the lab, of each kind some.
CASES = """plain ksk-zsk nsec3 nsec3-optout bind-served three-servers own-names one-family-each algorithm-5
algorithm-8 algorithm-14 algorithm-15 algorithm-16 wildcard wildcard-nsec3 ent-nsec3 cname-elsewhere dname cds
many-types many-names big-txt secure-delegation child.secure-delegation reverse plain-forward plain-server-lame
not-there no-root-silent no-root-nobody at-far-future unsigned island-anchored boot-right
ds-no-matching-dnskey ds-rrsig-expired ds-inconsistent ds-too-many child.noparent child.failingoneparent
slowparent-short parent-silent trust-anchor-mismatch missing-glue nsec3-proof-missing rsa-key-tiny
rsa-key-too-large dnskey-malformed dnskey-off-curve dnskey-far-too-many dnskey-keytag-collision key-dir
compact-denial nsec3-white-lies zsk-rollover-stuck ds-stale-long rrsig-expired-all rrsig-expired-one-ns
rrsig-missing-all rrsig-crypto-invalid-mx rrsig-malformed too-many-rrsigs keytrap lame-all-servfail
ns-timeout-all ns-timeout-all-nobody ns-timeout-short-deadline ns-drops-edns tcp-unavailable-truncated
all-truncated malformed-cut-big malformed-garbage malformed-all other-address slow lossy forged-id-first
n-rrsig-invalid3 chain-loop chain-out-of-zone walk walk-many cut3-optout iterations-200 nsec3-owner-deep
odd-no-room odd-long-names3 odd-many-types3 axfr axfr-nsec3 axfr-refused axfr-name-expired file-ds-lookup
resolvers-right resolvers-four resolver-tls resolver-tls-untrusted resolver-tls-mute resolver-silent-all
resolver-rewrites resolver-truncates resolver-drops-cd resolver-no-tcp""".split()


@dataclass(frozen=True)
class Place:
    """Where the runs take place. `names`: of a large zone; `slow`: times slower than without the
    instrument."""

    scratch: Path
    names: int
    slow: float

    def seconds(self, value):
        return str(round(value * max(1.0, self.slow)))


def whole_zones(place):
    """--zone-file."""
    limit = ("-t", place.seconds(60))

    def of(kind, change, plugin, threads, states, *more, **rest):
        words = ("-z", zones.APEX, "--zone-file", zones.make(place.scratch, kind, place.names, change),
                 "--threads", str(threads), *(limit if "-t" not in more else ()), *more)
        return Run(f"{kind} {change or 'healthy'}, {threads} threads", plugin, words, states, **rest)

    runs = []
    for kind in zones.KINDS:
        for plugin in ("sigs", "nsec"):
            runs += [of(kind, None, plugin, threads, (1,) if "iterations" in kind else (0,), says="verified=")
                     for threads in (2, 4)]
    for kind in ("p256", "p256-nsec3", "rsa"):
        for plugin in ("sigs", "nsec"):
            for change, states in (("corrupt", (2,)), ("shuffled", (0,)), ("keys-last", (0,)),
                                   ("holes", (2,)), ("twice", (0, 1)), ("cut", ANY)):
                runs.append(of(kind, change, plugin, 3, states))
    signed = zones.make(place.scratch, "rsa", place.names)
    octets = signed.read_bytes()
    half = len(octets) // 2
    piped = ("-z", zones.APEX, "--zone-file", "-", "--threads", "2", *limit)
    runs += [
        of("rsa", "corrupt", "sigs", 2, (2,), "--all", "--output", "json"),
        of("p256", None, "sigs", 4, ANY, "-t", "1", cut=True),
        of("rsa-nsec3-iterations", None, "sigs", 2, ANY, "-t", "1", cut=True),
        Run("fed slowly, shown at a terminal", "sigs", piped, (0,), feed=(octets[:half], 3.5, octets[half:]),
            terminal=True, shows="records read", says="signatures verified"),
        Run("whose writer stops", "nsec", (*piped[:-1], "2"), (3,), feed=(octets[:half], 4), says="UNKNOWN"),
        Run("nothing", "sigs", piped, (3,), feed=(b"",), says="UNKNOWN"),
        Run("what is no zone", "nsec", piped, (3,), feed=(bytes(range(256)) * 50,), says="UNKNOWN")]
    for number in (TERM, INT):
        for after in (0.1, 0.4, 0.8):
            runs.append(of("rsa", None, "sigs", 4, (0, 3, -number), kill=((number, after * place.slow),),
                           says=""))
    return runs


def transfers(place, knots):
    """--axfr from a server for each file."""
    runs = []
    limit = ("-t", place.seconds(60), "--query-timeout", "10")

    def of(kind, knot, signed, plugin, states, *more, server=None, **rest):
        address = f"127.0.0.1@{knot.port}"
        words = ("-z", zones.APEX, f"--axfr={server or address}", "--server", address, "--forward", address,
                 "--trust-anchor", zones.anchor_of(signed), *(limit if "-t" not in more else ()), *more)
        return Run(f"transfer of {kind}", plugin, words, states, **rest)

    for (kind, change), (knot, signed) in knots.items():
        for plugin in ("sigs", "nsec"):
            for threads in ("2", "4"):
                runs.append(of(f"{kind} {change or 'healthy'}", knot, signed, plugin,
                               (2,) if change else (1,) if "iterations" in kind else (0,), "--threads", threads,
                               says="zone_remaining="))
    knot, signed = next(iter(knots.values()))
    runs += [of("nobody", knot, signed, "sigs", (2, 3), server="127.0.0.1@9"),
             of("a terminal", knot, signed, "sigs", (0,), terminal=True),
             of("too little time", knot, signed, "sigs", ANY, "-t", "1", cut=True),
             *(of("a signal", knot, signed, "sigs", (*ANY, -number), kill=((number, after * place.slow),),
                  says="") for number in (TERM, INT) for after in (0.2, 0.6, 1.2))]
    return runs


def _judge(expect):
    """What lab check would say; nothing is expected: one JSON document."""

    def judge(status, output):
        try:
            document = json.loads(output)
        except ValueError:
            return [f"no JSON (exit status {status}): {output[:300]!r}"]
        return check.compare(expect, status, document) if expect is not None else []

    return judge


def looks(place, compared):
    """Single looks at the lab's zones: by every plugin that the case speaks of, or, where the instrument
    is slow, by one of them in turn. Compared with what is expected where time is no matter."""
    environment = dict(os.environ)
    cases = case.load()
    runs = []
    for at, name in enumerate(CASES):
        one = cases[name]
        spoken_of = [plugin for plugin in PLUGINS if one.expected(plugin)[0]]
        if place.slow > 1:
            spoken_of = [plugin for plugin in spoken_of if plugin == "resolvers"] or [
                spoken_of[at % len(spoken_of)]]
        for plugin in spoken_of:
            words = check.command("", plugin, one, environment)[1:]
            # A case with a past is run without it: only lab check gives it one.
            expect = one.expected(plugin)[1] if compared and not one.past else None
            if place.slow > 1:
                words += [] if "-t" in words else ["-t", ""]
                words[words.index("-t") + 1] = place.seconds(one.timeout)
            runs.append(Run(f"case {name}", plugin, tuple(words), judge=_judge(expect)))
    return runs


def _anchored():
    return ("--root-hints", os.environ["LAB_HINTS"], "--trust-anchor", os.environ["LAB_ANCHOR"])


def many_zones(place, count):
    """--zones, with each output, ended early, and watched."""
    cases = case.load()
    plain = [one.apex for one in cases.values()
             if not (one.of or one.options or one.hints != "hints" or one.anchor != "anchor.key")]
    step = max(1, len(plain) // count)
    listed = place.scratch / "zones"
    listed.write_text("".join(f"{zone}\n" for zone in plain[::step][:count]), encoding="ascii")
    slow = place.scratch / "slow"
    slow.write_text("plain.test\nnsec3.test\nns-timeout-all.test\n", encoding="ascii")
    limit = place.seconds(120)

    def of(name, plugin, *more, file=listed, states=ANY, **rest):
        return Run(f"{count} zones, {name}" if file == listed else name, plugin,
                   ("--zones", file, *_anchored(), *(("-t", limit) if "-t" not in more else ()), *more),
                   states, **rest)

    spool = place.scratch / "spool"
    spool.mkdir(exist_ok=True)
    state = place.scratch / "state"
    state.mkdir(exist_ok=True, mode=0o700)
    written = place.scratch / "written"
    runs = [of(output, "sigs", "--output", output) for output in OUTPUTS]
    runs += [of("jsonl", plugin, "--output", "jsonl") for plugin in LISTED if plugin != "sigs"]
    runs += [
        of("spool", "sigs", "--output", "spool", "--spool-dir", spool, says=""),
        of("into a file", "keys", "--output", "jsonl", "--output-file", written, says=""),
        of("remembered", "keys", "--state-dir", state),
        of("remembered again", "keys", "--state-dir", state),
        of("one at once", "chain", "--concurrency", "1", "-v"),
        of("paced", "ds", "--rate-per-server", "20", "-t", "4", cut=True),
        of("too little time", "sigs", "-t", "2", "--output", "jsonl", cut=True),
        of("three zones at a terminal", "sigs", "--zone-timeout", "6", file=slow, terminal=True,
           shows="of 3 zones")]
    for number in (TERM, INT):
        for after in (0.3, 1.0, 2.0):
            runs.append(of(f"{number.name} after {after} s", "sigs", says="",
                           states=(*ANY, -number), kill=((number, after * place.slow),)))
    runs.append(of("two signals", "sigs", says="", states=(*ANY, -TERM), file=slow,
                   kill=((TERM, 2.0 * place.slow), (INT, 2.01 * place.slow))))
    return runs


def ended_early(place):
    """One zone: signals and deadlines while servers are silent."""
    runs = []
    for plugin in PLUGINS:
        words = ("-z", "ns-timeout-all.test", *_anchored())
        if plugin == "resolvers":
            words += ("--resolver", "192.0.2.110")
        for seconds in ("1", "2:critical"):
            # Where all is slow the time can be over while the first octets are written.
            says = "" if place.slow > 1 else "^DNSSEC "
            runs.append(Run(f"-t {seconds}", plugin, (*words, "-t", seconds), ANY, says=says, cut=True))
        for number in (TERM, INT):
            runs.append(Run(number.name, plugin, (*words, "-t", place.seconds(20)), (*ANY, -number), says="",
                            kill=((number, 1.0 * place.slow),)))
    return runs


def no_input(place):
    """Bad usage and files; needs no lab."""
    junk = place.scratch / "junk"
    junk.write_bytes(bytes(range(256)) * 20)
    missing = place.scratch / "missing"
    runs = []
    for plugin in PLUGINS:
        for words in (("--help",), ("--version",), ("--list-findings",), ("--help", "--output", "json")):
            runs.append(Run(" ".join(words), plugin, words, (0, 3), says="."))
        for words in ((), ("-z", ".".join(["x" * 70] * 2)), ("--no-such-option",), ("-z", "a.test", "-t", "0"),
                      ("--replay", junk), ("--replay", missing), ("-z", "a.test", "--trust-anchor", junk),
                      ("-z", "a.test", "--root-hints", junk), ("--extra-opts=section@" + str(junk), "-z", "a.test")):
            runs.append(Run("no input: " + " ".join(map(str, words))[:50], plugin, words, (3,), says="UNKNOWN"))
        if plugin in LISTED:
            runs.append(Run("no list", plugin, ("--zones", junk), (3,), says="UNKNOWN"))
    for plugin in ("sigs", "nsec"):
        runs += [Run("no zone file", plugin, ("-z", "a.test", "--zone-file", path), (3,), says="UNKNOWN")
                 for path in (junk, missing, place.scratch)]
        runs.append(Run("no key", plugin, ("-z", "a.test", "--axfr=127.0.0.1@9", "--tsig-file", junk), (3,),
                        says="UNKNOWN"))
    runs.append(Run("no authorities", "resolvers", ("-z", "a.test", "--resolver", "127.0.0.1#a.test", "--tls-ca",
                                                   junk), (3,), says="UNKNOWN"))
    runs.append(Run("explained", "sigs", ("--explain", "rrsig-expired"), says="."))
    return runs


def replays():
    """Recorded looks that fuzzing starts from; needs no lab."""
    return [Run(f"replay of {path.name[:12]}", plugin, ("--replay", path, *more), ANY)
            for path in sorted((zones.TESTS / "fuzz/corpus/observation").iterdir())
            for plugin, more in zip(PLUGINS, (("-vvv",), ("--output", "json"), (), ("-v",), (), ()))]


RECORDED = ("plain.test", "nsec3-optout.test", "rrsig-expired-one-ns.test", "ds-inconsistent.test",
            "malformed-all.test")


def records(place):
    """Looks that are written down, drawn and foretold."""
    more = ("-t", place.seconds(10))
    return [Run(f"record of {zone}", plugin,
                ("-z", zone, *_anchored(), "--record", place.scratch / f"{zone}-{plugin}", *more,
                 *(("--graph", place.scratch / f"{zone}.dot", "--forecast", "40d") if plugin == "chain"
                   else ())), ANY)
            for zone in RECORDED for plugin in LISTED]


def replays_of_records(place):
    """What records() wrote."""
    return [Run(f"replay of {zone}", plugin, ("--replay", place.scratch / f"{zone}-{plugin}", "-vvv",
                                              "--output", output), ANY)
            for zone in RECORDED for plugin in LISTED for output in ("text", "json")]


def short(place):
    """Some of each kind that needs no lab, in the time of a test."""
    chosen = [run for run in no_input(place)
              if (run.check, run.name.split()[-1]) in {("sigs", "--list-findings"), ("keys", "--no-such-option")}
              or "--trust-anchor" in run.words and run.check == "chain"
              or run.name == "no authorities"]
    signed = ("-z", zones.APEX, "--zone-file")
    chosen += [Run("a whole zone", "sigs", (*signed, zones.make(place.scratch, "p256", 20), "--threads", "2", "-t",
                                            "60"), says="signatures verified"),
               Run("a broken one", "nsec", (*signed, zones.make(place.scratch, "rsa", 20, "corrupt"), "-t", "60",
                                            "--output", "json"), (2,))]
    return chosen + replays()[:2]
