#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Passive results in those who take them: Nagios Core 4 by its external command file and by check-result
files, Icinga 2 by its command pipe and its API. The zones are made up, and the texts of one are hostile.

usage: passive.py PRINT_SAMPLES

Exit status 77: neither nagios4 nor icinga2 is installed.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "lab"))

from lablib.servers import die_with_parent  # noqa: E402

from harness import icinga  # noqa: E402

TOOL = ""
WITHIN = 40  # seconds
SERVICE = "dnssec-sigs"
# Zone: state, and words that the first line has.
ZONES = {
    "good.example": (0, "DNSSEC SIGS OK - good.example is secure: 3 links from the root"),
    "bad.example": (2, "EMERGENCY: bad.example: MX signature expired [rrsig-expired]"),
    ".": (0, "DNSSEC SIGS OK - . is secure"),
    "dark.example": (3, "DNSSEC SIGS UNKNOWN - dark.example: nobody answers"),
    r"a\059\124\034\010\092n": (1, "[rrsig-expired]"),
}
COUNT = 500  # zones in all
ZONES |= {f"z{number}.example": (2 if number % 10 == 0 else 1 if number % 7 == 0 else 0,
                                 f"z{number}.example") for number in range(len(ZONES), COUNT)}
LONG = "[EMERGENCY] rrsig-expired: MX signature expired"  # begins the long output of bad.example
# What the zone must not bring about.
FORGED = "SHUTDOWN_PROGRAM"

NAGIOS = """log_file={d}/nagios.log
cfg_file={d}/objects.cfg
object_cache_file={d}/objects.cache
precached_object_file={d}/objects.precache
status_file={d}/status.dat
state_retention_file={d}/retention.dat
lock_file={d}/nagios.pid
temp_file={d}/nagios.tmp
temp_path={d}
log_archive_path={d}
check_result_path={d}/spool
command_file={d}/nagios.cmd
query_socket={d}/nagios.qh
nagios_user={user}
nagios_group={group}
check_external_commands=1
accept_passive_service_checks=1
execute_service_checks=0
execute_host_checks=0
use_syslog=0
interval_length=1
status_update_interval=1
check_result_reaper_frequency=1
max_check_result_file_age=3600
check_for_updates=0
enable_notifications=0
retain_state_information=0
"""

ICINGA = """include <itl>
const NodeName = "passive"
object Endpoint NodeName {{ }}
object Zone NodeName {{ endpoints = [ NodeName ] }}
object ApiListener "api" {{ bind_host = "127.0.0.1"
  bind_port = {port} }}
object ApiUser "root" {{ password = "{password}"
  permissions = [ "*" ] }}
object ExternalCommandListener "command" {{ command_path = "{home}/commands" }}
object CheckCommand "none" {{ command = [ "/bin/true" ] }}
"""


class Faults:
    """What was held, and what was wrong."""

    def __init__(self):
        self.held = self.count = 0

    def hold(self, what, truth, words):
        self.held += 1
        if not truth:
            self.count += 1
            print(f"{what}: {words}", flush=True)


def hand_over(faults, what, *arguments):
    """print_samples, which must succeed."""
    done = subprocess.run([TOOL, *map(str, arguments), str(COUNT)], capture_output=True, check=False,
                          timeout=WITHIN)
    faults.hold(what, done.returncode == 0, done.stdout.decode("utf-8", "replace"))
    return done.stdout.decode("utf-8", "replace")


def until(condition, what):
    end = time.monotonic() + WITHIN
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    raise RuntimeError(f"{what}: not within {WITHIN} s")


def hold_results(faults, what, results):
    """{zone: (state, first line, long output, performance data)}."""
    for zone, (state, words) in ZONES.items():
        found = results[zone]
        faults.hold(f"{what}: {zone}: state", found[0] == state, found[0])
        faults.hold(f"{what}: {zone}: words", words in found[1], found[1])
        faults.hold(f"{what}: {zone}: data", state == 3 or "remaining=864000.5s;" in found[3],
                    found[3])
    _, first, more, _ = results["bad.example"]
    faults.hold(f"{what}: long output", LONG in more and LONG not in first, more)


def statuses(path):
    """{zone: result} of the services in status.dat that have one."""
    if not path.exists():
        return {}
    found = {}
    text = path.read_text(encoding="utf-8", errors="replace")
    for block in re.findall(r"^servicestatus \{\n(.*?)\n\t\}", text, re.M | re.S):
        row = dict(line.strip().split("=", 1) for line in block.split("\n") if "=" in line)
        if row["has_been_checked"] == "1":
            found[row["host_name"]] = (int(row["current_state"]), row["plugin_output"],
                                       row["long_plugin_output"], row["performance_data"])
    return found


def nagios_config(folder):
    owner = "root" if os.getuid() == 0 else "nobody"
    (folder / "nagios.cfg").write_text(NAGIOS.format(
        d=folder, user=owner, group="root" if owner == "root" else "nogroup"), encoding="ascii")
    text = ("define command {\n command_name none\n command_line /bin/true\n}\n"
            "define contact {\n contact_name nobody\n service_notification_commands none\n"
            " host_notification_commands none\n}\n")
    for zone in ZONES:
        text += (f"define host {{\n host_name {zone}\n address 127.0.0.1\n max_check_attempts 1\n"
                 " active_checks_enabled 0\n}\n"
                 f"define service {{\n host_name {zone}\n service_description {SERVICE}\n"
                 " check_command none\n max_check_attempts 1\n active_checks_enabled 0\n"
                 " passive_checks_enabled 1\n check_interval 0\n retry_interval 1\n}\n")
    (folder / "objects.cfg").write_text(text, encoding="ascii")
    (folder / "spool").mkdir()


def try_nagios(faults, folder, *feed):
    """Nagios with `feed`, what print_samples is told."""
    nagios_config(folder)
    with (folder / "output").open("wb") as output:
        daemon = subprocess.Popen(["nagios4", folder / "nagios.cfg"], stdin=subprocess.DEVNULL,
                                  stdout=output, stderr=output, preexec_fn=die_with_parent)
    try:
        until((folder / "nagios.cmd").exists, "nagios4's command file")
        hand_over(faults, f"nagios: {feed[0]}", *feed)
        until(lambda: len(statuses(folder / "status.dat")) == len(ZONES), f"nagios4: {feed[0]}")
        faults.hold(f"nagios: {feed[0]}", daemon.poll() is None, "has ended")
        hold_results(faults, f"nagios: {feed[0]}", statuses(folder / "status.dat"))
        faults.hold(f"nagios: {feed[0]}", not list((folder / "spool").iterdir()), "files are left")
        log = (folder / "nagios.log").read_text(errors="replace")
        faults.hold(f"nagios: {feed[0]}", f"EXTERNAL COMMAND: {FORGED}" not in log, "was forged")
    except RuntimeError:
        print((folder / "nagios.log").read_text(errors="replace")[-3000:])
        raise
    finally:
        daemon.terminate()
        try:
            daemon.wait(10)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()


def results_of(node):
    """{zone: result} of Icinga's services that have one."""
    found = {}
    for service in node.objects("services"):
        result = service["last_check_result"]
        if result:
            first, _, more = result["output"].partition("\n")
            data = " ".join(map(str, result["performance_data"] or []))
            found[service["host_name"]] = (int(result["state"]), first, more, data)
    return found


def try_icinga(faults, folder, way):
    """Icinga 2, by its API or its command pipe."""
    authority = folder / "authority"
    icinga.make_authority(authority)
    node = icinga.Node(folder, "passive", "127.0.0.1", 15667, authority)
    text = ICINGA.format(port=15667, password=icinga.PASSWORD, home=node.home)
    for zone in ZONES:
        text += (f"object Host {json.dumps(zone)} {{ check_command = \"none\"\n"
                 "  enable_active_checks = false }\n"
                 f"object Service \"{SERVICE}\" {{ host_name = {json.dumps(zone)}\n"
                 "  check_command = \"none\"\n  enable_active_checks = false\n"
                 "  max_check_attempts = 1 }\n")
    node.write("icinga2.conf", text)
    node.start()
    try:
        node.wait()
        if way == "passive":
            until((node.home / "commands").exists, "icinga2's command pipe")
            hand_over(faults, "icinga: passive", "passive", node.home / "commands")
        else:
            for line in hand_over(faults, "icinga: API", "icinga-api", "-").splitlines():
                answer = node.call("POST", "/v1/actions/process-check-result", json.loads(line))
                faults.hold("icinga: API", [entry["code"] for entry in answer["results"]] == [200],
                            answer)
        until(lambda: len(results_of(node)) == len(ZONES), f"icinga2: {way}")
        hold_results(faults, f"icinga: {way}", results_of(node))
        faults.hold(f"icinga: {way}", node.process.poll() is None, "has ended")
        faults.hold(f"icinga: {way}", f"'{FORGED}'" not in node.log(), "was forged")
    finally:
        node.stop()


def main(arguments):
    global TOOL
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__.strip())
        return 2
    TOOL = str(pathlib.Path(arguments[0]).resolve())
    faults = Faults()
    tried = 0
    with tempfile.TemporaryDirectory(prefix="check_dnssec-passive-") as name:
        top = pathlib.Path(name)
        if shutil.which("nagios4"):
            for way in ("passive", "spool"):
                folder = top / f"nagios-{way}"
                folder.mkdir()
                try_nagios(faults, folder, way,
                           folder / ("nagios.cmd" if way == "passive" else "spool"))
                tried += 1
        if icinga.available():
            for way in ("icinga-api", "passive"):
                (top / f"icinga-{way}").mkdir()
                try_icinga(faults, top / f"icinga-{way}", way)
                tried += 1
    if not tried:
        print("skipped: neither nagios4 (package nagios4-core) nor icinga2 is here")
        return 77
    print(f"{faults.held - faults.count} passed, {faults.count} failed")
    return 1 if faults.count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
