#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Every output of a run over many zones of the lab: the same verdicts in all of them, each in the form
that its readers want, and no silence about what could not be written.

usage: tests/lab/lab run -- tests/systems/outputs.py BINARY_DIR
"""

import importlib.util
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SECONDS = 60
ZONES = {"plain.test": 0, "rrsig-expired-mx.test": 2, "unsigned.test": 2}
# Those whose exit state says what was found; of the others it says that it was handed over.
JUDGING = {"text", "json", "jsonl"}
FORMATS = ("text", "json", "jsonl", "passive", "icinga-api", "openmetrics", "zabbix")
SAMPLE = re.compile(r'^dnssec_check_state\{zone="([^"]+)",check="sigs"\} (\d)$', re.M)
COMMAND = re.compile(r"^\[\d+\] PROCESS_SERVICE_CHECK_RESULT;([^;]+);dnssec-sigs;(\d);DNSSEC SIGS ")


class Runs:
    """The plugin over the zones, and what was held."""

    def __init__(self, binaries, folder):
        self.folder = folder
        (folder / "zones").write_text("".join(f"{zone}\n" for zone in ZONES), encoding="ascii")
        self.command = [binaries / "check_dnssec_sigs", "--zones", folder / "zones",
                        f"--root-hints={os.environ['LAB_HINTS']}",
                        f"--trust-anchor={os.environ['LAB_ANCHOR']}", "--timeout=45"]
        self.held = self.count = 0

    def hold(self, what, found, wanted):
        self.held += 1
        if found != wanted:
            self.count += 1
            print(f"{what}: {found!r}, not {wanted!r}", flush=True)

    def run(self, *options, output=subprocess.PIPE):
        done = subprocess.run([*map(str, self.command), *map(str, options)], stdout=output,
                              check=False, timeout=SECONDS)
        return done.returncode, (done.stdout or b"").decode("utf-8")


def states_in(form, text):
    """{zone: state} as a reader finds them."""
    if form == "json":
        return {zone["zone"]: zone["exit_status"] for zone in json.loads(text)["zones"]}
    if form == "zabbix":
        return {zone["{#ZONE}"]: zone["state"] for zone in json.loads(text)["zones"]}
    if form == "openmetrics":
        return {zone: int(state) for zone, state in SAMPLE.findall(text)}
    found = {}
    for line in text.splitlines():
        if form == "passive":
            zone, state = COMMAND.match(line).groups()
            found[zone] = int(state)
        else:
            document = json.loads(line)
            found[document["zone"] if form == "jsonl" else document["filter_vars"]["h"]] = \
                document["exit_status"]
    return found


def hold_schema(runs, texts):
    if not importlib.util.find_spec("jsonschema"):
        return
    from schema import Holder  # it ends the run where it has no jsonschema
    holder = Holder(HERE.parent.parent)
    holder.hold("json", json.loads(texts["json"]), "many")
    for line in texts["jsonl"].splitlines():
        holder.hold("jsonl", json.loads(line), "report")
    runs.hold("the schema", holder.complaints, [])


def hold_texts(runs):
    """What goes to standard output; returns it."""
    texts = {}
    for form in FORMATS:
        status, texts[form] = runs.run(f"--output={form}")
        runs.hold(f"{form}: exit status", status, 2 if form in JUDGING else 0)
        if form != "text":
            runs.hold(form, states_in(form, texts[form]), ZONES)
        with open("/dev/full", "wb") as full:
            # A state that is worse than UNKNOWN may stay.
            status = runs.run(f"--output={form}", output=full)[0]
            runs.hold(f"{form}: exit status on a full disk", status in (2, 3), True)
    return texts


def hold_files(runs):
    """What goes to files of its own."""
    folder = runs.folder
    spool, commands, fifo = folder / "spool", folder / "commands", folder / "fifo"
    spool.mkdir()
    status, words = runs.run("--output=spool", f"--spool-dir={spool}")
    runs.hold("spool: exit status", status, 0)
    runs.hold("spool: words", words.startswith("DNSSEC SIGS OK - 3 results handed to "), True)
    names = sorted(path.name for path in spool.iterdir())
    runs.hold("spool: files", (len(names), names[-1]), (2, f"{names[0]}.ok"))
    text = (spool / names[0]).read_text(encoding="utf-8")
    runs.hold("spool: hosts", set(re.findall(r"^host_name=(.*)$", text, re.M)), set(ZONES))
    commands.touch()
    status, words = runs.run("--output=passive", f"--command-file={commands}")
    runs.hold("commands: exit status", status, 0)
    runs.hold("commands", states_in("passive", commands.read_text(encoding="utf-8")), ZONES)
    os.mkfifo(fifo)
    status, words = runs.run("--output=passive", f"--command-file={fifo}")
    runs.hold("a FIFO without reader", (status, "nobody reads" in words), (3, True))
    status, _ = runs.run("--output=openmetrics", f"--output-file={folder / 'dnssec.prom'}")
    runs.hold("output file: exit status", status, 0)
    runs.hold("output file", states_in("openmetrics", (folder / "dnssec.prom").read_text()), ZONES)


def main(arguments):
    if len(arguments) != 1 or "LAB_DIR" not in os.environ:
        print(__doc__.strip())
        return 2
    with tempfile.TemporaryDirectory(prefix="check_dnssec-outputs-") as name:
        runs = Runs(pathlib.Path(arguments[0]).resolve(), pathlib.Path(name))
        texts = hold_texts(runs)
        hold_schema(runs, texts)
        if shutil.which("promtool"):
            done = subprocess.run(["promtool", "check", "metrics"], input=texts["openmetrics"],
                                  text=True, capture_output=True, check=False, timeout=SECONDS)
            runs.hold("promtool check metrics", (done.returncode, done.stderr), (0, ""))
        hold_files(runs)
    print(f"{runs.held - runs.count} passed, {runs.count} failed")
    return 1 if runs.count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
