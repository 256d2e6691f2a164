# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Knot DNS three times: as installed, signing on line, and with its key-signing key elsewhere."""

import os
import subprocess
import time

from products import ADDRESS, APEX, DAY, HOUR, ZONE_TEXT, Product, soonest_end

ZONE = APEX.rstrip(".")


class Knot(Product):
    """Renews an hour and the longest TTL before the end."""

    name = "Knot"
    programs = ("knotd", "keymgr")
    cycle = 14 * DAY
    learning = 4
    quick_step = 3
    zone_options = "dnssec-signing: on"
    more = ""

    def prepare(self):
        self.write(f"zones/{ZONE}.zone", ZONE_TEXT)
        os.makedirs(f"{self.directory}/db")
        self.write("knot.conf", f"""server:
    listen: {ADDRESS}@53
    rundir: {self.directory}
database:
    storage: {self.directory}/db
log:
  - target: stderr
    any: info
{self.more}template:
  - id: default
    storage: {self.directory}/zones
    zonefile-sync: -1
    zonefile-load: difference-no-serial
    journal-content: all
zone:
  - domain: {ZONE}
    {self.zone_options}
""")

    def command(self):
        return ["knotd", "-c", f"{self.directory}/knot.conf"]

    def tick(self, hour):
        """Its timers see the moved clock; signing takes a moment."""
        time.sleep(0.03)
        for _ in range(50):
            if soonest_end() - time.time() - hour * HOUR > HOUR + 300:
                break
            time.sleep(0.02)


class OnlineKnot(Knot):
    """mod-onlinesign: signs at every answer, with minimally covering NSEC."""

    name = "Knot on line"
    cycle = 2 * DAY
    learning = 0
    zone_options = "module: mod-onlinesign/online"
    more = """policy:
  - id: online
    rrsig-lifetime: 2d
mod-onlinesign:
  - id: online
    policy: online
"""

    def tick(self, hour):
        """It has no rhythm but the clock's."""


class OfflineKnot(Knot):
    """The zone's keys here, the key-signing key elsewhere: a ceremony signs DNSKEY RRsets ahead,
    for 90 days each, with two weeks of overlap; ZSKs roll after 90 days."""

    name = "Knot, offline KSK"
    cycle = 7 * DAY
    learning = 0
    quick_step = 18
    hours = 185 * 24
    ceremony = 190  # days that it signed ahead for
    zone_options = "dnssec-signing: on\n    dnssec-policy: offline"
    more = """policy:
  - id: offline
    manual: on
    offline-ksk: on
    zsk-lifetime: 90d
    rrsig-lifetime: 14d
    rrsig-refresh: 7d
    dnskey-ttl: 300
    zone-max-ttl: 300
"""

    def prepare(self):
        super().prepare()
        os.makedirs(f"{self.directory}/vault")
        vault = self.write("vault.conf", f"""database:
    storage: {self.directory}/vault
policy:
  - id: vault
    manual: on
    offline-ksk: on
    rrsig-lifetime: 90d
    rrsig-refresh: 14d
    dnskey-ttl: 300
zone:
  - domain: {ZONE}
    dnssec-policy: vault
""")
        here, until = f"{self.directory}/knot.conf", f"+{self.ceremony}d"
        self.keymgr(here, "pregenerate", until)
        self.keymgr(vault, "generate", "ksk=yes", "zsk=no", "algorithm=13")
        request = self.write("ksr", self.keymgr(here, "generate-ksr", "+0", until))
        response = self.write("skr", self.keymgr(vault, "sign-ksr", request))
        self.keymgr(here, "import-skr", response)

    def keymgr(self, configuration, *what):
        return subprocess.run(["keymgr", "-c", configuration, APEX, *what], check=True,
                              env=self.environment, stdin=subprocess.DEVNULL, text=True,
                              capture_output=True, timeout=60).stdout

    def tick(self, hour):
        time.sleep(0.05)
