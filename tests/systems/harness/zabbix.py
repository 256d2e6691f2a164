# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Runs Zabbix from Debian's packages, its database and its web front end, with everything they write
in a directory of the test."""

import glob
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time
import urllib.request

from lablib.servers import die_with_parent

WEB, SERVER = 18080, 18051
START_WITHIN = 180  # seconds for each of the three, on a busy machine
SOURCES = pathlib.Path("/usr/share/zabbix-server-pgsql")
FRONT_END = pathlib.Path("/usr/share/zabbix")
FRONT_END_SETTINGS = "/etc/zabbix/zabbix.conf.php"  # a constant of Debian's front end
# PostgreSQL refuses root, and in the lab's namespace there is nobody else: so in one more namespace
# the same user is called nobody, which has a name everywhere.
ORDINARY = ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--",
            "setpriv", "--pdeathsig", "TERM", "--"]


def _database_programs():
    """The newest PostgreSQL's directory of programs, or None."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"),
                   key=lambda name: int(name.split("/")[4]))
    return pathlib.Path(found[-1]).parent if found else None


def missing():
    """What keeps Zabbix from running here, in words; empty where nothing does."""
    if not _database_programs():
        return "PostgreSQL is not installed"
    for program in ("/usr/sbin/zabbix_server", FRONT_END / "api_jsonrpc.php",
                    SOURCES / "schema.sql.gz"):
        if not os.path.exists(program):
            return f"{program} is not installed"
    if not shutil.which("php"):
        return "php is not installed"
    words = subprocess.run(["/usr/sbin/zabbix_server", "-V"], capture_output=True, text=True,
                           check=False).stdout.split("\n")[0]
    version = re.search(r"([0-9]+)\.[0-9]+\.[0-9]+", words)
    return "" if version and int(version.group(1)) >= 6 else f"{words} is older than 6.0"


class Zabbix:
    """PostgreSQL without a port, zabbix_server and PHP's own web server, and a client of the API."""

    def __init__(self, directory):
        self.home = pathlib.Path(directory)
        self.running = []
        self.token = None
        for folder in ("run", "external", "alert", "session", "tmp"):
            (self.home / folder).mkdir(parents=True)

    @property
    def external_scripts(self):
        return self.home / "external"

    def _run(self, *words):
        done = subprocess.run([*ORDINARY, *map(str, words)], capture_output=True, text=True,
                              check=False, timeout=500)
        if done.returncode != 0:
            raise RuntimeError(f"{words[0]}: {done.stderr[-2000:]}{done.stdout[-500:]}")

    def _start(self, name, *words):
        with open(self.home / f"{name}.log", "ab") as log:
            process = subprocess.Popen([*ORDINARY, *map(str, words)], stdin=subprocess.DEVNULL,
                                       stdout=log, stderr=log, preexec_fn=die_with_parent)
        self.running.append((name, process))
        return process

    def _until(self, what, ready, process):
        end = time.monotonic() + START_WITHIN
        while not ready():
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{what} is not up: {self.logs()}")
            time.sleep(0.1)

    def logs(self):
        return "\n".join(f"{path.name}: {path.read_text(errors='replace')[-1500:]}"
                         for path in sorted(self.home.glob("*.log")))

    def _start_database(self):
        programs, run = _database_programs(), self.home / "run"
        self._run(programs / "initdb", "-D", self.home / "pg", "-U", "zabbix", "--auth=trust",
                  "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
        with open(self.home / "pg" / "postgresql.conf", "a", encoding="ascii") as out:
            # Left alone it would count tables while they are being filled, believe them empty, and
            # then take minutes for what takes a second; they are counted once they are full.
            out.write(f"listen_addresses = ''\nunix_socket_directories = '{run}'\n"
                      "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
                      "autovacuum = off\njit = off\n")
        process = self._start("postgres", programs / "postgres", "-D", self.home / "pg")
        self._until("PostgreSQL", lambda: subprocess.run(
            [programs / "pg_isready", "-q", "-h", run], check=False).returncode == 0, process)
        self._run(programs / "createdb", "-h", run, "-U", "zabbix", "-T", "template0", "-E", "UTF8",
                  "zabbix")
        # The 120,000 statements as one question: psql would send one at a time, in twice the time.
        for part in ("schema", "images", "data"):
            self._run("php", "-d", "memory_limit=1G", "-r",
                      f'exit(pg_query(pg_connect("host={run} user=zabbix dbname=zabbix"), '
                      f'file_get_contents("compress.zlib://{SOURCES}/{part}.sql.gz")) ? 0 : 1);')
        self._run(programs / "psql", "-q", "-X", "-h", run, "-U", "zabbix", "-c", "ANALYZE", "zabbix")

    def _start_server(self):
        settings = {
            "DBHost": self.home / "run", "DBName": "zabbix", "DBUser": "zabbix",
            "ListenIP": "127.0.0.1", "ListenPort": SERVER, "LogType": "file",
            "LogFile": self.home / "server.log", "PidFile": self.home / "server.pid",
            "SocketDir": self.home / "run", "ExternalScripts": self.external_scripts,
            "AlertScriptsPath": self.home / "alert", "TmpDir": self.home / "tmp", "Timeout": 30,
            "CacheUpdateFrequency": 1, "HousekeepingFrequency": 0, "StartPollers": 3,
            "StartPollersUnreachable": 1, "StartPreprocessors": 1, "StartTrappers": 1,
            "StartPingers": 0, "StartDiscoverers": 0, "StartHTTPPollers": 0, "StartDBSyncers": 1,
            "StartLLDProcessors": 1}
        path = self.home / "server.conf"
        path.write_text("".join(f"{name}={value}\n" for name, value in settings.items()),
                        encoding="ascii")
        return self._start("console", "/usr/sbin/zabbix_server", "-f", "-c", path)

    def _copy_front_end(self):
        """Debian's has the path of its settings in the program: a copy has another."""
        site, settings = self.home / "site", self.home / "zabbix.conf.php"
        shutil.copytree(FRONT_END, site, ignore_dangling_symlinks=True)  # links are followed
        constant = site / "include" / "classes" / "core" / "CConfigFile.php"
        text = constant.read_text(encoding="utf-8")
        if FRONT_END_SETTINGS not in text:
            raise RuntimeError(f"{constant} does not name {FRONT_END_SETTINGS}")
        constant.write_text(text.replace(FRONT_END_SETTINGS, str(settings)), encoding="utf-8")
        database = {"TYPE": "'POSTGRESQL'", "SERVER": f"'{self.home}/run'", "PORT": "'0'",
                    "DATABASE": "'zabbix'", "USER": "'zabbix'", "PASSWORD": "''", "SCHEMA": "''",
                    "ENCRYPTION": "false", "DOUBLE_IEEE754": "true"}
        settings.write_text(
            "<?php\n" + "".join(f"$DB['{name}'] = {value};\n" for name, value in database.items())
            + f"$ZBX_SERVER = '127.0.0.1';\n$ZBX_SERVER_PORT = '{SERVER}';\n"
            "$ZBX_SERVER_NAME = 'lab';\n$IMAGE_FORMAT_DEFAULT = IMAGE_FORMAT_PNG;\n",
            encoding="ascii")
        return site

    def _start_front_end(self):
        limits = {"session.save_path": self.home / "session", "max_execution_time": 300,
                  "max_input_time": 300, "post_max_size": "16M", "memory_limit": "256M",
                  "date.timezone": "UTC"}
        switches = [word for name, value in limits.items() for word in ("-d", f"{name}={value}")]
        return self._start("front-end", "php", *switches, "-S", f"127.0.0.1:{WEB}", "-t",
                           self._copy_front_end())

    def start(self):
        self._start_database()
        server = self._start_server()
        process = self._start_front_end()
        self._until("the front end", self._answers, process)
        if server.poll() is not None:
            raise RuntimeError(f"zabbix_server ended: {self.logs()}")
        self.token = self.call("user.login", {"username": "Admin", "password": "zabbix"})

    def _answers(self):
        try:
            return bool(self.version())
        except (OSError, ValueError):
            return False

    def version(self):
        return self.call("apiinfo.version", {})

    def call(self, method, parameters):
        """The API: returns the result."""
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
        if self.token and method != "apiinfo.version":
            request["auth"] = self.token
        with urllib.request.urlopen(urllib.request.Request(
                f"http://127.0.0.1:{WEB}/api_jsonrpc.php", json.dumps(request).encode(),
                {"Content-Type": "application/json-rpc"}), timeout=300) as answer:
            document = json.load(answer)
        if "error" in document:
            raise RuntimeError(f"{method}: {document['error'].get('data', document['error'])}")
        return document["result"]

    def stop(self):
        """The server first, the database last."""
        for name, process in sorted(self.running, key=lambda pair: pair[0] == "postgres"):
            # A database told to end with SIGTERM would wait for its clients.
            process.send_signal(signal.SIGINT if name == "postgres" else signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running = []
