# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Manual pages: the list of findings in each plugin's page, and the page of all findings."""

import pathlib
import re
import textwrap

from options import CHECKS

MAN = pathlib.Path(__file__).resolve().parents[2] / "man"
BEGIN = '.\\" findings begin: written by packaging/generate'
END = '.\\" findings end'
WIDTH = 78
COMMAND = re.compile(r"(?:(?<=[ (])|^)'([^']+)'")  # after a letter it is an apostrophe

HEAD = """.\\" SPDX-License-Identifier: GPL-3.0-or-later
.\\" SPDX-FileCopyrightText: The check_dnssec authors
.\\" Made by packaging/generate from the plugins' catalogue: not to be edited.
.Dd @DATE@
.Dt CHECK_DNSSEC_FINDINGS 7
.Os
.Sh NAME
.Nm check_dnssec_findings
.Nd what the DNSSEC monitoring plugins find, and what to do about it
.Sh DESCRIPTION
This is the catalogue of everything that the plugins of
.Xr check_dnssec 7
can find, and the runbook for it: for each finding how to make sure that it is
so, how to repair it, and how to see that the repair has worked, and when.
The id stands in brackets in the first line of a plugin's output and leads the
lines below it; in
.Xr less 1
typing a slash and the id leads to it.
Every plugin prints the same text with
.Fl -explain Ns = Ns Ar ID .
.Pp
The tier is the usual one of the finding; where one case is milder or harsher,
the output says so.
.Fl -severity
changes it.
.Pp
In the commands these words stand for what the output of the plugin tells:
.Bl -tag -width RESOLVER
.It Ar ZONE
the zone that was checked.
.It Ar PARENT
the zone above it;
.Ql dig PARENT NS
lists its servers.
.It Ar SERVER
the address of a nameserver of the zone, best the one that the finding names;
where the text says so, of a server of
.Ar PARENT .
.It Ar NAME , TYPE
the owner and type of the RRset that the finding is about.
.It Ar RESOLVER
the address of a resolver.
.It Ar FILE , DIR
a file and a directory.
.El
.Pp
.Xr dig 1 ,
.Xr delv 1
and the tools that begin with dnssec come with BIND (on Debian in the packages
bind9-dnsutils and bind9-utils);
.Xr rndc 8
is for zones that BIND signs,
.Xr knotc 8
and
.Xr keymgr 8
for those that Knot DNS signs.
Other signers have their own words for the same.
A resolver that is one's own is flushed with
.Ql rndc flushtree ZONE ,
.Ql unbound\\-control flush_zone ZONE ,
.Ql rec_control wipe\\-cache ZONE$
or a restart.
.Sh FINDINGS
"""

TAIL = """.Sh SEE ALSO
@SEE@
.Sh STANDARDS
.Rs
.%T DNS Security Extensions (DNSSEC)
.%R RFC 9364
.Re
.Rs
.%T DNSSEC Operational Practices, Version 2
.%R RFC 6781
.Re
.Pp
Each finding names the section of the standard that it is about.
"""


def literal(text):
    """A command as it is to be typed: every dash is one, and a full stop ends no sentence."""
    words = []
    for one in text.replace("\\", "\\e").replace("-", "\\-").split():
        words.append("\\&.\\&" if one == "." else one)
    return "\\(aq" + " ".join(words) + "\\(aq"


def running(text):
    """Words between commands: a dash before a word is an option's, the others are hyphens."""
    return re.sub(r"(?<![A-Za-z0-9])-", r"\\-", text.replace("\\", "\\e"))


def escaped(text):
    """A sentence so that roff prints it as it is."""
    parts, at = [], 0
    for match in COMMAND.finditer(text):
        parts += [running(text[at:match.start()]), literal(match[1])]
        at = match.end()
    return "".join(parts) + running(text[at:])


def paragraph(text):
    """Sentences in short lines, each on new ones."""
    lines = []
    for sentence in re.split(r"(?<=[.!?]) (?=[A-Z\\])", escaped(text)):
        lines += textwrap.wrap(sentence, WIDTH, break_long_words=False, break_on_hyphens=False)
    return ["\\&" + line if line[0] in ".'" else line for line in lines]


def catalogue(checks):
    """[(finding, [names of the checks that report it])] by id."""
    findings, reporters = {}, {}
    for check in checks:
        for finding in check.findings:
            findings[finding["id"]] = finding
            reporters.setdefault(finding["id"], []).append(check.plugin)
    return [(findings[one], reporters[one]) for one in sorted(findings)]


def listed(macro_arguments):
    """Lines of cross-references with commas between them."""
    lines = [f".Xr {one} ," for one in macro_arguments]
    return lines[:-1] + [lines[-1][:-2]]


def section(finding, plugins):
    lines = [f".Ss {finding['id']} ({finding['tier']})", *paragraph(finding["sentence"]),
             ".Bl -tag -width Confirm:"]
    for label, column in (("Verify", "verify"), ("Repair", "remedy"), ("Confirm", "confirm")):
        lines += [f".It {label}:", *paragraph(finding[column])]
    lines.append(".It See:")
    if finding["reference"]:
        lines.append(finding["reference"].rstrip() + ".")
    lines += ["Reported by", *listed(f"{plugin} 1" for plugin in plugins)]
    lines[-1] += " ."
    return lines + [".El"]


def page_date(path):
    """The date that the page has: the plugins do not know it."""
    return re.search(r"^\.Dd (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)[1]


def findings_page(checks):
    """check_dnssec_findings(7)."""
    lines = []
    for finding, plugins in catalogue(checks):
        lines += section(finding, plugins)
    see = listed([*sorted(f"check_dnssec_{name} 1" for name in CHECKS), "delv 1", "dig 1",
                  "check_dnssec 7"])
    head = HEAD.replace("@DATE@", page_date(MAN / "check_dnssec_findings.7"))
    return head + "\n".join(lines) + "\n" + TAIL.replace("@SEE@", "\n".join(see))


def plugin_page(name):
    """What makes check_dnssec_NAME(1) of its present text: the list between its marks is new."""
    path = MAN / f"check_dnssec_{name}.1"

    def page(checks):
        check = next(check for check in checks if check.name == name)
        block = [".Bl -tag -width Ds"]
        for finding in sorted(check.findings, key=lambda finding: finding["id"]):
            block.append(f".It Sy {finding['id']} Pq {finding['tier']}")
            block += paragraph(finding["sentence"])
        lines = path.read_text(encoding="utf-8").split("\n")
        if lines.count(BEGIN) != 1 or lines.count(END) != 1:
            raise SystemExit(f"{path}: the marks of the list of findings are missing")
        before, after = lines[:lines.index(BEGIN) + 1], lines[lines.index(END):]
        return "\n".join([*before, *block, ".El", *after])

    return page


def pages():
    """{path from packaging/: what makes it}."""
    return {"../man/check_dnssec_findings.7": findings_page,
            **{f"../man/check_dnssec_{name}.1": plugin_page(name) for name in CHECKS}}
