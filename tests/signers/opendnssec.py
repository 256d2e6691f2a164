# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""OpenDNSSEC: two daemons that write a file, and NSD that serves it."""

import calendar
import os
import signal
import subprocess
import time

from products import ADDRESS, APEX, DAY, HOUR, ZONE_TEXT, Product, ask, nsd_config, signature_of

ZONE = APEX.rstrip(".")
SHIPPED = "/usr/share/opendnssec"
ENGINE = "/run/opendnssec"  # built in: in a mount namespace of our own it is nobody else's
WHEN = "On %a %b %d %H:%M:%S %Y"


class OpenDnssec(Product):
    """Looks every 2 h for what ends within 3 d; each signature with a jitter of 12 h both ways."""

    name = "OpenDNSSEC"
    programs = ("ods-enforcerd", "ods-enforcer", "ods-signerd", "ods-signer", "softhsm2-util",
                "sqlite3", "nsd")
    cycle = 11 * DAY
    faults = ("nsec3-iterations",)  # five, with a salt: RFC 9276 3.1 asks for none

    def prepare(self):
        d = self.directory
        os.makedirs(ENGINE, exist_ok=True)
        self.daemons = []
        for part in ("tokens", "enforcer", "signer", "signed", "signconf"):
            os.makedirs(f"{d}/{part}")
        self.write(f"unsigned/{ZONE}", ZONE_TEXT)
        self.write("softhsm.conf", f"directories.tokendir = {d}/tokens/\n"
                   "objectstore.backend = file\nlog.level = ERROR\n")
        self.environment = {**self.environment, "SOFTHSM2_CONF": f"{d}/softhsm.conf", "TZ": "UTC"}
        self.call("softhsm2-util", "--init-token", "--free", "--label", "OpenDNSSEC",
                  "--pin", "1234", "--so-pin", "1234")
        self.write("conf.xml", self.shipped("conf.xml", {
            "/etc/opendnssec/": f"{d}/", "/var/lib/opendnssec/": f"{d}/",
            "<Enforcer>": f"<Enforcer><PidFile>{d}/enforcer.pid</PidFile>"
                          f"<SocketFile>{d}/enforcer.sock</SocketFile>"}))
        # The default policy but for its algorithm: ECDSA keys are made in no time, and RSA of 1024
        # bits is a fault of its own.
        self.write("kasp.xml", self.shipped("kasp.xml", {
            f'<Algorithm length="{length}">8<': '<Algorithm length="512">13<'
            for length in (1024, 2048)}))
        self.write("zonelist.xml", "<ZoneList/>\n")
        self.write("nsd.conf", nsd_config(d, [ADDRESS], {ZONE: f"signed/{ZONE}"}))
        schema = self.shipped("schema.sqlite", {})
        subprocess.run(["sqlite3", f"{d}/kasp.db"], check=True, text=True, input=schema +
                       "INSERT INTO databaseVersion (version) VALUES (1);")

    @staticmethod
    def shipped(name, changes):
        with open(f"{SHIPPED}/{name}", encoding="utf-8") as file:
            text = file.read()
        for old, new in changes.items():
            text = text.replace(old, new)
        return text

    def enforcer(self, *command):
        self.call("ods-enforcer", "-s", f"{self.directory}/enforcer.sock", *command)

    def start(self):
        d = self.directory
        self.daemons.append(self.daemon("ods-enforcerd", "-d", "-c", f"{d}/conf.xml"))
        self.wait_for(lambda: os.path.exists(f"{d}/enforcer.sock"))
        self.enforcer("policy", "import")
        self.daemons.append(self.daemon("ods-signerd", "-d", "-c", f"{d}/conf.xml"))
        self.wait_for(lambda: os.path.exists(f"{ENGINE}/engine.sock"))
        self.enforcer("zone", "add", "-z", ZONE, "-p", "default", "-i", f"{d}/unsigned/{ZONE}",
                      "-o", f"{d}/signed/{ZONE}", "-s", f"{d}/signconf/{ZONE}.xml")
        self.wait_for(lambda: os.path.exists(f"{d}/signed/{ZONE}"))
        self.settle(0)
        self.written = self.stamp()
        self.process = self.daemon("nsd", "-d", "-c", f"{d}/nsd.conf")
        self.wait_for(lambda: signature_of("SOA"))

    def stop(self):
        super().stop()
        for daemon in self.daemons:  # signerd takes SIGTERM badly
            daemon.kill()
            daemon.wait()

    def stamp(self):
        return os.stat(f"{self.directory}/signed/{ZONE}").st_mtime_ns

    def settle(self, hour):
        """Waits until the signer has done what is due: its next look is in the future."""
        for _ in range(100):
            time.sleep(0.015)  # a slice of the moved clock, and a little
            queue = subprocess.run(["ods-signer", "queue"], env=self.environment, text=True,
                                   stdin=subprocess.DEVNULL, capture_output=True, check=False,
                                   timeout=10).stdout
            due = [calendar.timegm(time.strptime(line.split(" I will")[0], WHEN))
                   for line in queue.splitlines() if " I will" in line]
            if due and min(due) > time.time() + hour * HOUR:
                return
        raise RuntimeError(f"OpenDNSSEC does not come to rest: {queue}")

    def tick(self, hour):
        """Its timers see the moved clock; NSD is told of a new file, as its NotifyCommand would."""
        self.settle(hour)
        if self.stamp() == self.written:
            return
        self.written = self.stamp()
        with open(f"{self.directory}/signed/{ZONE}", encoding="ascii") as file:
            serial = next(int(line.split()[6]) for line in file if "\tSOA\t" in line)
        self.process.send_signal(signal.SIGHUP)
        for _ in range(200):
            answer = ask("SOA")
            if answer and answer.answer[0][0].serial == serial:
                return
            time.sleep(0.02)
        raise RuntimeError(f"NSD does not serve serial {serial}")
