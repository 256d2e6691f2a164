#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Holds what the plugins print as JSON against packaging/schema: real documents, samples of many zones,
and that the schema refuses what is none.

usage: schema.py PLUGINS_DIR PRINT_SAMPLES REPOSITORY

Exit status 77: python3-jsonschema is not installed.
"""

import copy
import json
import pathlib
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not installed")
    sys.exit(77)

CHECKS = ("chain", "sigs", "ds", "nsec", "keys", "resolvers")
SECONDS = 30
# Nobody answers there, at once.
NOWHERE = ["--zone=example.com", "--timeout=5", "--query-timeout=0.5", "--retries=0"]
ANCHOR = ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n"


def closed(schema):
    """The same, without the freedom to add members: it is for readers, and would hide from this test
    that a member is not described."""
    if isinstance(schema, dict):
        made = {name: closed(value) for name, value in schema.items()}
        if "required" in made:
            made["additionalProperties"] = False
        return made
    return [closed(entry) for entry in schema] if isinstance(schema, list) else schema


class Holder:
    """Documents against the schema."""

    def __init__(self, repository):
        path = repository / "packaging" / "schema" / "check_dnssec.schema.json"
        schema = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.Draft7Validator.check_schema(schema)
        self.schema = closed(schema)
        self.held, self.complaints = 0, []

    def kind(self, kind):
        return jsonschema.Draft7Validator({"definitions": self.schema["definitions"],
                                           "$ref": f"#/definitions/{kind}"})

    def hold(self, where, document, kind):
        """It is a document, and one of this kind."""
        self.held += 1
        for validator in (self.kind(kind), jsonschema.Draft7Validator(self.schema)):
            error = jsonschema.exceptions.best_match(validator.iter_errors(document))
            if error:
                path = "/".join(map(str, error.absolute_path))
                self.complaints.append(f"{where}: {kind}: at {path or 'its top'}: {error.message}")

    def refuse(self, where, document):
        self.held += 1
        if jsonschema.Draft7Validator(self.schema).is_valid(document):
            self.complaints.append(f"{where}: is taken for a document")


def printed(*command):
    done = subprocess.run([*map(str, command)], capture_output=True, check=False, timeout=SECONDS)
    return done.stdout.decode("utf-8")


def hold_plugins(binaries, folder, holder):
    """What can be had without a network."""
    hints, anchor = folder / "hints", folder / "anchor"
    hints.write_text(". 3600000 IN NS a.root.\na.root. 3600000 IN A 127.0.0.9\n", encoding="ascii")
    anchor.write_text(ANCHOR, encoding="ascii")
    for check in CHECKS:
        binary = binaries / f"check_dnssec_{check}"
        if not binary.exists():
            holder.complaints.append(f"{binary}: is not there")
            continue
        holder.hold(f"{check} --help", json.loads(printed(binary, "--help", "--output=json")), "help")
        holder.hold(f"{check}, wrong usage",
                    json.loads(printed(binary, "--output=json", "--zone=a..b")), "failure")
        lines = printed(binary, "--output=jsonl", "--zone=a..b").splitlines()
        for words in lines:
            holder.hold(f"{check}, wrong usage of jsonl", json.loads(words), "failure")
        own = ["--resolver=127.0.0.9"] if check == "resolvers" else []
        for verbose in ([], ["-vvv"]):
            text = printed(binary, *NOWHERE, "--output=json", f"--root-hints={hints}",
                           f"--trust-anchor={anchor}", *own, *verbose)
            holder.hold(f"{check} {verbose}", json.loads(text), "report")


def hold_samples(tool, holder):
    many = json.loads(printed(tool, "json"))
    holder.hold("json", many, "many")
    holder.hold("json of one zone", json.loads(printed(tool, "one-json")), "report")
    lines = printed(tool, "jsonl").splitlines()
    for line in lines:
        holder.hold("jsonl", json.loads(line), "report")
    if len(lines) != len(many["zones"]):
        holder.complaints.append(f"jsonl: {len(lines)} lines of {len(many['zones'])} zones")
    return many


def spoiled(many):
    """Documents that are wrong in one place: a schema that takes everything holds nothing."""
    for path, value in ((("state",), "FINE"), (("zones", 1, "findings", 0, "tier"), "worst"),
                        (("zones", 1, "metrics", 0, "value"), "1"), (("zones", 0, "zone"), None),
                        (("exit_status",), 4), (("zones", 0, "servers", 0, "extra"), 1)):
        document = copy.deepcopy(many)
        place = document
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        yield f"{path} = {value}", document
    yield "nothing", {}


def main(arguments):
    if len(arguments) != 3:
        print(__doc__.strip())
        return 2
    binaries, tool, repository = map(pathlib.Path, arguments)
    holder = Holder(repository)
    with tempfile.TemporaryDirectory() as folder:
        hold_plugins(binaries.resolve(), pathlib.Path(folder), holder)
    for where, document in spoiled(hold_samples(tool.resolve(), holder)):
        holder.refuse(where, document)
    print("\n".join(holder.complaints + [f"{holder.held} documents, "
                                         f"{len(holder.complaints)} complaints"]))
    return 1 if holder.complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
