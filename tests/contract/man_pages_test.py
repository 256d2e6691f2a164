#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""man_pages.py finds what has drifted: a page with one thing changed is refused, and says which.

usage: man_pages_test.py check_dnssec_nsec MAN_DIRECTORY
"""

import contextlib
import io
import pathlib
import shutil
import sys
import tempfile

import man_pages

# (what is changed, into what, words of the complaint)
DRIFTS = (
    (".It Fl -retries Ns = Ns Ar COUNT", ".It Fl -retries Ns = Ns Ar N", "COUNT is not on"),
    (".It Fl -retries Ns =", ".It Fl -retry Ns =", "--retry=COUNT is on the page only"),
    (".It Fl z , Fl -zone", ".It Fl Z , Fl -zone", "-z, --zone=ZONE is not on"),
    (".Cm 10:unknown .", ".Cm 20:unknown .", 'say "The default is 10:unknown"'),
    (".Cm secure\n(the default),", ".Cm secure ,", 'say "The default is secure"'),
    ("from 0 to 10 times", "from 0 to 20 times", "limits are ('0', '10'), on the page ('0', '20')"),
    ("May be repeated: then", "So", "--zone=ZONE: it may be repeated"),
    ("Ask over IPv6 only.", "Ask over IPv6 only.\nMay be repeated.", "says that it may"),
    ("Ask over IPv6 only.", "Ask over IPv6 only.\nThe default is no.", "the plugin has none"),
    (".It Sy zone-not-found Pq UNKNOWN", ".It Sy zone-not-found Pq INFO", "zone-not-found INFO"),
    (".Xr check_dnssec_ds 1 ,", ".Xr check_dns 1 ,", "SEE ALSO lacks check_dnssec_ds 1"),
)


def complaints(binary, page):
    """(exit status, output) of man_pages.py."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        status = man_pages.main([binary, str(page)])
    return status, output.getvalue()


def main(arguments):
    if len(arguments) != 2:
        raise SystemExit(__doc__)
    binary, source = arguments[0], pathlib.Path(arguments[1])
    wrong = []
    with tempfile.TemporaryDirectory() as directory:
        page = pathlib.Path(directory) / "man" / f"{pathlib.Path(binary).name}.1"
        shutil.copytree(source, page.parent)
        text = page.read_text(encoding="utf-8")
        for before, after, words in DRIFTS:
            if before not in text:
                wrong.append(f"the page has no {before!r} to change")
                continue
            page.write_text(text.replace(before, after, 1), encoding="utf-8")
            status, output = complaints(binary, page)
            if status != 1 or words not in output:
                wrong.append(f"{after!r} is not refused with {words!r}: {output}")
    print("\n".join(wrong) or f"{len(DRIFTS)} drifts are found")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
