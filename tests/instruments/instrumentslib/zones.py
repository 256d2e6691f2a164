# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Large zones as files, signed once by dnssec-signzone and kept, and what can be made of them."""

import random
import re
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TESTS / "bench"))
import whole  # noqa: E402
from whole import APEX, Knot  # noqa: E402,F401

# As whole.KINDS: a record a line, for those who change some.
LINES = ["-O", "full"]
NSEC3 = ["-3", "-", "-H", "0"]
KINDS = {
    "p256": ("ECDSAP256SHA256", [], LINES),
    "p256-nsec3": ("ECDSAP256SHA256", [], [*LINES, *NSEC3]),
    "rsa": ("RSASHA256", ["-b", "2048"], LINES),
    "rsa-nsec3-iterations": ("RSASHA256", ["-b", "1024"], [*LINES, "-3", "abcdef", "-H", "5"]),
    "ed25519": ("ED25519", [], LINES),
}
RRSIG = re.compile(r"\sRRSIG\s")
SIGNATURE = re.compile(r"(\sRRSIG\s.*\.\s)(\S{20})")  # its first octets, behind the signer's name


def corrupt(lines):
    """Each seventh signature is wrong."""
    count = 0
    for line in lines:
        if RRSIG.search(line):
            count += 1
            if count % 7 == 0:
                line = SIGNATURE.sub(lambda match: match[1] + match[2][::-1], line)
        yield line


def shuffled(lines):
    """Owners come again after others have come: what was handed on gets company."""
    soa, rest = lines[0], lines[1:]
    random.Random(5).shuffle(rest)
    return [soa, *rest]


def keys_last(lines):
    """Nothing can be verified before all has been read."""
    return sorted(lines, key=lambda line: "\tDNSKEY\t" in line or " DNSKEY " in line)


def holes(lines):
    """Signatures, and records of the denial chain, are missing."""
    return [line for at, line in enumerate(lines)
            if not (at % 11 == 10 and (RRSIG.search(line) or re.search(r"\sNSEC3?\s", line)))]


def twice(lines):
    """All of it stands in the file two times."""
    return [*lines, *lines]


def cut(lines):
    """The file breaks off within a record."""
    return [*lines[:len(lines) * 2 // 3], lines[-1][:40]]


CHANGES = {change.__name__.replace("_", "-"): change
           for change in (corrupt, shuffled, keys_last, holes, twice, cut)}


def make(directory, kind, names, change=None):
    """The file of that zone, which is made when it is not there yet."""
    whole.KINDS.setdefault(kind, (*KINDS[kind], ""))
    signed = whole.make_zone(Path(directory), names, kind)
    if change is None:
        return signed
    changed = signed.with_name(change)
    if not changed.exists():
        lines = [line for line in signed.read_text(encoding="ascii").splitlines()
                 if line and not line.startswith(";")]
        changed.write_text("\n".join(CHANGES[change](lines)) + "\n", encoding="ascii")
    return changed


def anchor_of(signed):
    """The file of the key that the root would vouch for."""
    return next(key for key in signed.parent.glob("K*.key")
                if " DNSKEY 257 " in key.read_text(encoding="ascii"))
