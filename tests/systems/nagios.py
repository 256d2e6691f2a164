#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Nagios Core 4 runs the commands of packaging/nagios against zones of the lab, and NRPE the commands
of its snippet: are states, output and performance data right?

usage: lab run --resolver -- nagios.py BINARY_DIR

Runs inside the lab (LAB_HINTS, LAB_ANCHOR). Exit status 77: nagios4 is not installed.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGING = HERE.parent.parent / "packaging"
STOCK = Path("/etc/nagios4/objects")
CHECKS = ("chain", "sigs", "ds", "nsec", "keys", "resolvers")
STATES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
WITHIN = 20  # seconds
VALIDATING = "192.0.2.251"  # Unbound, in the lab
NRPE_PORT = 15666

# Service: its command, and what must come of it: state, words of the output, label of performance
# data (the healthy ones' limits too).
SERVICES = {
    "chain": ("check_dnssec_chain!plain.test", "OK", "plain.test is secure", "remaining"),
    "sigs": ("check_dnssec_sigs!plain.test", "OK", "plain.test", "remaining"),
    "ds": ("check_dnssec_ds!plain.test", "OK", "plain.test", ""),
    "nsec": ("check_dnssec_nsec!plain.test", "OK", "plain.test", ""),
    "keys": ("check_dnssec_keys!plain.test", "OK", "plain.test", ""),
    "resolvers": ("check_dnssec_resolvers!plain.test", "OK", "plain.test", ""),
    "expiring": ("check_dnssec_sigs!rrsig-expiring-mx.test", "WARNING", "[rrsig-expir", "remaining"),
    "expired": ("check_dnssec_sigs!rrsig-expired-mx.test", "CRITICAL", "[rrsig-expired]",
                "remaining"),
    "broken": ("check_dnssec_chain!ds-no-matching-dnskey.test", "CRITICAL", "EMERGENCY", ""),
    "broken ds": ("check_dnssec_ds!ds-no-matching-dnskey.test", "CRITICAL",
                  "[ds-no-matching-dnskey]", ""),
    "limits": ("check_dnssec_sigs_limits!plain.test!60d:!1d:", "WARNING", "plain.test",
               "remaining"),
    "chain limits": ("check_dnssec_chain_limits!plain.test!60d:!40d:", "CRITICAL", "plain.test",
                     "remaining"),
    "opts": ("check_dnssec_nsec_opts!plain.test!expecting@@INI@", "WARNING", "--expect-denial",
             ""),
    # What a shell would make of it if it were not quoted.
    "quoted": ("check_dnssec_ds!$(id)`id`\"; exit 0", "UNKNOWN", "(id)", ""),
}
HOST_COMMANDS = tuple(f"check_dnssec_{check}_host" for check in CHECKS[:-1])

CONFIG = """log_file={d}/nagios.log
{objects}
resource_file={d}/resource.cfg
object_cache_file={d}/objects.cache
precached_object_file={d}/objects.precache
status_file={d}/status.dat
state_retention_file={d}/retention.dat
lock_file={d}/nagios.pid
temp_file={d}/nagios.tmp
temp_path={d}/tmp
log_archive_path={d}/archives
check_result_path={d}/spool
command_file={d}/nagios.cmd
query_socket={d}/nagios.qh
nagios_user={user}
nagios_group={group}
check_external_commands=0
use_syslog=0
interval_length=1
status_update_interval=1
check_result_reaper_frequency=1
max_check_result_file_age=3600
service_inter_check_delay_method=n
host_inter_check_delay_method=n
check_workers=2
check_for_updates=0
cached_host_check_horizon=0
cached_service_check_horizon=0
enable_flap_detection=0
enable_notifications=0
retain_state_information=0
illegal_macro_output_chars=`~$&|'"<>
"""


class Trouble(Exception):
    """What was found wrong."""


def define(kind, **attributes):
    lines = "".join(f"    {name} {value}\n" for name, value in attributes.items())
    return f"define {kind} {{\n{lines}}}\n"


def wrapper(path, binary):
    """The lab has a root of its own. The commands know nothing of it, so what they call does."""
    path.write_text("#!/bin/sh\n"
                    f'exec {binary} --root-hints="{os.environ["LAB_HINTS"]}" '
                    f'--trust-anchor="{os.environ["LAB_ANCHOR"]}" "$@"\n', encoding="ascii")
    path.chmod(0o755)


def shipped_commands(directory):
    """packaging/nagios/commands.cfg, remembering in our directory; checks that each file exists."""
    text = (PACKAGING / "nagios/commands.cfg").read_text(encoding="utf-8")
    called = re.findall(r"\$USER1\$/(\S+)", text)
    missing = {name for name in called if not (directory / "plugins" / name).exists()}
    absent = {f"check_dnssec_{check}" for check in CHECKS} - set(called)
    unquoted = re.findall(r"(?<!')\$(?:ARG\d|HOST\w+)\$(?!')", text)
    if missing or absent or unquoted:
        raise Trouble(f"commands.cfg calls {missing or 'nothing'} that is not there, does not call "
                      f"{absent or 'nothing'}, leaves {unquoted or 'nothing'} without quotes")
    state = directory / "state"
    return text.replace("MP_STATE_PATH=/var/lib/check_dnssec", f"MP_STATE_PATH={state}")


def write_objects(directory):
    (directory / "commands.cfg").write_text(shipped_commands(directory), encoding="utf-8")
    ini = directory / "options.ini"
    ini.write_text("[expecting]\nexpect-denial=nsec3\n", encoding="ascii")
    common = {"check_period": "always", "notification_period": "always", "max_check_attempts": 1,
              "contacts": "nobody", "notification_interval": 0}
    service = {**common, "check_interval": 3600, "retry_interval": 3600}
    text = define("timeperiod", timeperiod_name="always", alias="always",
                  **{day: "00:00-24:00" for day in ("sunday", "monday", "tuesday", "wednesday",
                                                    "thursday", "friday", "saturday")})
    text += define("command", command_name="nothing", command_line="/bin/true")
    text += define("contact", contact_name="nobody", host_notification_period="always",
                   service_notification_period="always", host_notification_commands="nothing",
                   service_notification_commands="nothing")
    for host in ("lab", "plain.test"):
        text += define("host", host_name=host, address=VALIDATING, active_checks_enabled=0,
                       **common)
    for name, (command, *_) in SERVICES.items():
        # Nagios ends a command at ; and its own macros begin with $: written as it wants them.
        command = command.replace("@INI@", str(ini)).replace("$", "$$").replace(";", "\\;")
        text += define("service", host_name="lab", service_description=name, check_command=command,
                       **service)
    for command in HOST_COMMANDS:
        text += define("service", host_name="plain.test", service_description=command,
                       check_command=command, **service)
    (directory / "objects.cfg").write_text(text, encoding="utf-8")


def write_config(directory, files, name="nagios.cfg"):
    # As whoever runs this: nagios4 would leave root's rights for those of a user that cannot write here.
    owner = "root" if os.getuid() == 0 else "nobody"
    text = CONFIG.format(d=directory, user=owner, group=owner if owner == "root" else "nogroup",
                         objects="\n".join(f"cfg_file={file}" for file in files))
    (directory / name).write_text(text, encoding="utf-8")
    return directory / name


def verify(config):
    """What `nagios4 -v` says; it must be without errors and warnings."""
    done = subprocess.run(["nagios4", "-v", config], capture_output=True, text=True, check=False,
                          timeout=WITHIN)
    if done.returncode or "Total Warnings: 0" not in done.stdout:
        raise Trouble(f"nagios4 -v {config.name}: {done.stdout[-2000:]}{done.stderr}")
    return done.stdout


def verify_example(directory):
    """packaging/nagios/services.cfg with the contacts and time periods of Debian's nagios4."""
    stock = [STOCK / name for name in ("contacts.cfg", "timeperiods.cfg", "templates.cfg",
                                       "commands.cfg")]
    if not all(file.exists() for file in stock):
        raise Trouble(f"{STOCK} is not as Debian installs it")
    said = verify(write_config(directory, [directory / "commands.cfg",
                                           PACKAGING / "nagios/services.cfg", *stock],
                               "example.cfg"))
    counts = {word: int(count) for count, word in
              re.findall(r"Checked (\d+) (services|hosts|service dependencies)", said)}
    if counts != {"services": 6, "hosts": 2, "service dependencies": 4}:
        raise Trouble(f"services.cfg makes {counts}")


def statuses(path):
    """{(host, service): attributes} of the services that have been checked."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    found = {}
    for block in re.findall(r"^servicestatus \{\n(.*?)\n\t\}", text, re.M | re.S):
        row = dict(line.strip().split("=", 1) for line in block.splitlines() if "=" in line)
        if row["has_been_checked"] == "1":
            found[row["host_name"], row["service_description"]] = row
    return found


def run_nagios(directory, config):
    """The services' status once all have been checked."""
    wanted = len(SERVICES) + len(HOST_COMMANDS)
    began = time.monotonic()
    with (directory / "output").open("wb") as output:
        daemon = subprocess.Popen(["nagios4", config], stdin=subprocess.DEVNULL, stdout=output,
                                  stderr=output)
        try:
            while time.monotonic() < began + WITHIN:
                found = statuses(directory / "status.dat")
                if len(found) == wanted:
                    print(f"nagios4: {wanted} services checked after "
                          f"{time.monotonic() - began:.1f} s", flush=True)
                    return found
                if daemon.poll() is not None:
                    break
                time.sleep(0.2)
        finally:
            daemon.send_signal(signal.SIGTERM)
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
    log = (directory / "nagios.log").read_text(errors="replace")
    raise Trouble(f"nagios4: {len(found)} of {wanted} services checked: "
                  f"{log[-2000:]}{(directory / 'output').read_text(errors='replace')[-500:]}")


def complaints_about(name, row, state, words, label):
    """How a row of status.dat differs from what is wanted."""
    found = STATES[int(row["current_state"])]
    if found != state:
        yield f"is {found}, not {state}"
    if words not in row["plugin_output"] or not row["plugin_output"].startswith("DNSSEC "):
        yield f"does not say {words!r}"
    data = row["performance_data"]
    if label and not re.search(rf"(^| ){label}=-?\d+s;", data):
        yield f"has no {label}: {data!r}"
    if state == "OK" and not data:
        yield "has no performance data"


def judge(found):
    wrong = 0
    expected = {("lab", name): row[1:] for name, row in SERVICES.items()}
    expected.update({("plain.test", name): ("OK", "plain.test", "") for name in HOST_COMMANDS})
    for key, wanted in expected.items():
        row = found[key]
        complaints = list(complaints_about(key[1], row, *wanted))
        print(f"{key[1]:24} {STATES[int(row['current_state'])]:8} {row['plugin_output'][:90]} | "
              f"{row['performance_data'][:60]}", flush=True)
        for complaint in complaints:
            print(f"    {complaint}", flush=True)
        if complaints:
            wrong += 1
            print("    all of it: " + row["plugin_output"] + "\n        " +
                  row["long_plugin_output"].replace("\\n", "\n        "), flush=True)
    return wrong


def nrpe_config(directory):
    """The snippet, with the plugins and the directory of this test; its zones become plain.test, and
    two commands more ask for others."""
    text = (PACKAGING / "nagios/nrpe.cfg").read_text(encoding="utf-8")
    if re.search(r"^command\[.*\]=(?!.*--timeout=[1-9] )", text, re.M):
        raise Trouble("nrpe.cfg has a command that may take longer than check_nrpe waits")
    text = text.replace("/usr/lib/nagios/plugins", str(directory / "plugins"))
    text = text.replace("/var/lib/check_dnssec", str(directory / "state"))
    text = text.replace("--resolver=127.0.0.1", f"--resolver={VALIDATING}")
    sample = re.search(r"^command\[dnssec_sigs_example_com\]=(.*)$", text, re.M)[1]
    extra = "".join(f"command[{name}]={sample.replace('example.com', zone)}\n" for name, zone in
                    (("expiring", "rrsig-expiring-mx.test"), ("expired", "rrsig-expired-mx.test")))
    head = (f"pid_file={directory}/nrpe.pid\nserver_address=127.0.0.1\nserver_port={NRPE_PORT}\n"
            "nrpe_user=nobody\nnrpe_group=nogroup\nallowed_hosts=127.0.0.1\ncommand_timeout=60\n"
            f"log_file={directory}/nrpe.log\n")
    path = directory / "nrpe.cfg"
    path.write_text(head + text.replace("example.com", "plain.test") + extra, encoding="utf-8")
    return path


def ask_nrpe(command):
    done = subprocess.run(["/usr/lib/nagios/plugins/check_nrpe", "-H", "127.0.0.1", "-p",
                           str(NRPE_PORT), "-c", command], capture_output=True, text=True,
                          check=False, timeout=WITHIN)
    return done.returncode, done.stdout


def run_nrpe(directory):
    wanted = {f"dnssec_{check}_example_com": 0 for check in CHECKS}
    wanted.update(expiring=1, expired=2)
    wrong = 0
    # It refuses to be root, and the lab's namespace has no other user: one more namespace has.
    daemon = subprocess.Popen(["unshare", "--user", "--map-user=65534", "--map-group=65534", "nrpe",
                               "-c", nrpe_config(directory), "-f"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + WITHIN
        while time.monotonic() < until and "NRPE v" not in subprocess.run(
                ["/usr/lib/nagios/plugins/check_nrpe", "-H", "127.0.0.1", "-p", str(NRPE_PORT)],
                capture_output=True, text=True, check=False, timeout=WITHIN).stdout:
            time.sleep(0.1)
        for command, state in wanted.items():
            status, said = ask_nrpe(command)
            right = status == state and said.startswith("DNSSEC ") and " | " in said.split("\n")[0]
            print(f"nrpe {command:30} {status} {said.splitlines()[0][:90] if said else ''}"
                  + ("" if right else f"    WRONG: {state} wanted"), flush=True)
            wrong += not right
    finally:
        daemon.terminate()
        try:
            daemon.wait(10)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()
    return wrong


def main(arguments):
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__.strip())
        return 2
    if not shutil.which("nagios4") or not shutil.which("nrpe"):
        print("skipped: nagios4 (package nagios4-core) or nrpe (nagios-nrpe-server) is not here")
        return 77
    binaries = Path(arguments[0]).resolve()
    with tempfile.TemporaryDirectory(prefix="check_dnssec-nagios-") as name:
        directory = Path(name)
        for folder in ("plugins", "tmp", "spool", "archives", "state"):
            (directory / folder).mkdir()
        for check in CHECKS:
            wrapper(directory / "plugins" / f"check_dnssec_{check}",
                    binaries / f"check_dnssec_{check}")
        (directory / "resource.cfg").write_text(f"$USER1$={directory}/plugins\n", encoding="ascii")
        try:
            write_objects(directory)
            verify_example(directory)
            config = write_config(directory, [directory / "commands.cfg", directory / "objects.cfg"])
            verify(config)
            wrong = judge(run_nagios(directory, config))
            remembered = list((directory / "state" / str(os.getuid())).glob("*/*"))
            if len(remembered) < 4:
                print(f"the checks remember only {[str(path) for path in remembered]}")
                wrong += 1
            wrong += run_nrpe(directory)
        except Trouble as trouble:
            print(trouble)
            return 1
    print(f"{wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
