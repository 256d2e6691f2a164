#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""packaging/icinga2/notify-dnssec against a web server in place of the services: what is sent, to
whom, how often, and what is not.

usage: notify.py SCRIPT
"""

import contextlib
import importlib.machinery
import importlib.util
import io
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest
from unittest import mock

from harness import catcher as catching

SCRIPT = ""
NOTIFY = None
EXPIRED = "MX signature expired 3h ago at ns1.lab.test (192.0.2.53)"
REMEDY = "Sign the zone again and see why the signer stopped."


def output(check="SIGS", state="CRITICAL", text=EXPIRED, cause="rrsig-expired", zone="example.com",
           emergency=False, more=""):
    """As a check prints it."""
    tier = "EMERGENCY" if emergency else state
    first = f"DNSSEC {check} {state} - {'EMERGENCY: ' if emergency else ''}{zone}: {text} [{cause}]"
    return f"{first}{more}\n[{tier}] {cause}: {text}. {REMEDY}\n"


class NotifyTest(unittest.TestCase):
    """Each test has a directory, a file of targets and a server."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="notify-")
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        self.state = self.directory / "state"
        self.catcher = catching.Catcher()
        self.addCleanup(self.catcher.stop)
        self.config = self.directory / "notify.ini"
        self.configure(catching.targets(self.catcher, self.state))

    def configure(self, text, mode=0o640):
        self.config.write_text(text, encoding="utf-8")
        self.config.chmod(mode)

    def variables(self, said=None, kind="PROBLEM", state="CRITICAL", service="dnssec-sigs",
                  zone="example.com", host="zones"):
        return {"PATH": os.environ["PATH"], "NOTIFY_TYPE": kind, "NOTIFY_STATE": state,
                "NOTIFY_HOST": host, "NOTIFY_SERVICE": service, "NOTIFY_ZONE": zone,
                "NOTIFY_OUTPUT": output() if said is None else said,
                "NOTIFY_CONFIG": str(self.config)}

    def start(self, *words, **options):
        """As Icinga starts it."""
        return subprocess.Popen([SCRIPT], env=self.variables(*words, **options),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def tell(self, *words, status=0, **options):
        """One notification, in this process, which is quicker and does not wait between tries;
        returns (what it said, what was sent)."""
        out, errors = io.StringIO(), io.StringIO()
        with (contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors),
              mock.patch.dict(os.environ, self.variables(*words, **options), clear=True),
              mock.patch.object(NOTIFY, "pause")):
            returned = NOTIFY.main()
        NOTIFY.signal.alarm(0)
        errors = errors.getvalue()
        self.assertEqual((returned, out.getvalue()), (status, ""), errors)
        self.assertNotIn("SECRET", errors)
        if status == 0:
            self.assertEqual(errors, "")
        return errors, self.catcher.take()

    def recover(self, service="dnssec-sigs", **options):
        return self.tell("DNSSEC SIGS OK - example.com is fine", kind="RECOVERY", state="OK",
                         service=service, **options)[1]

    def test_critical(self):
        _, calls = self.tell()
        self.assertEqual([call.to for call in calls], ["slack", "pagerduty", "opsgenie"])
        chat, pager, genie = calls
        self.assertEqual(chat.path, "/slack/SECRET-hook")
        first, advice, where = chat.body.pop("text").split("\n")
        self.assertEqual(first, f"CRITICAL: example.com: {EXPIRED} [rrsig-expired]")
        self.assertEqual(advice, REMEDY)
        self.assertRegex(where, r"^host zones, service dnssec-sigs, since \d{4}-\d\d-\d\d "
                         r"\d\d:\d\dZ; more: check_dnssec_sigs --explain rrsig-expired$")
        self.assertEqual(chat.body, {"mrkdwn": False, "link_names": False, "unfurl_links": False,
                                     "unfurl_media": False})
        self.assertEqual(pager.body, {
            "routing_key": "SECRET-routing", "event_action": "trigger",
            "dedup_key": "dnssec:example.com:rrsig-expired:critical", "client": "Icinga",
            "payload": {
                "summary": f"CRITICAL: example.com: {EXPIRED} [rrsig-expired]",
                "source": "example.com", "severity": "warning", "component": "dnssec-sigs",
                "class": "rrsig-expired", "group": "zones", "custom_details": {
                    "output": output().strip(), "tier": "critical",
                    "services": ["zones!dnssec-sigs"]}}})
        self.assertEqual(genie.path, "/opsgenie/v2/alerts")
        self.assertEqual(genie.headers["Authorization"], "GenieKey SECRET-genie")
        self.assertEqual(genie.headers["Content-Type"], "application/json")
        self.assertEqual(genie.body, {
            "message": f"CRITICAL: example.com: {EXPIRED} [rrsig-expired]",
            "alias": "dnssec:example.com:rrsig-expired:critical", "priority": "P2",
            "description": output().strip(), "entity": "example.com", "source": "Icinga",
            "tags": ["dnssec", "critical", "rrsig-expired"],
            "details": {"host": "zones", "service": "dnssec-sigs"}})

    def test_tiers(self):
        """Warning to chat, critical to the pager, emergency to the pager with high urgency."""
        for state, emergency, wanted in (
                ("WARNING", False, [("slack", None)]),
                ("UNKNOWN", False, [("slack", None)]),
                ("CRITICAL", False, [("slack", None), ("pagerduty", "warning"),
                                     ("opsgenie", "P2")]),
                ("CRITICAL", True, [("slack", None), ("pagerduty", "critical"),
                                    ("opsgenie", "P1")])):
            zone = f"{state.lower()}{emergency}.example"
            said = output(state=state, emergency=emergency, zone=zone)
            _, calls = self.tell(said, state=state, zone=zone)
            sent = [(call.to, call.body.get("priority",
                                            call.body.get("payload", {}).get("severity")))
                    for call in calls]
            self.assertEqual(sent, wanted)
            word = "EMERGENCY" if emergency else state
            self.assertTrue(calls[0].body["text"].startswith(f"{word}: {zone}: MX"))
        # INFO is state OK; Icinga tells of that as a recovery only.
        self.assertEqual(self.tell("DNSSEC SIGS OK - x", state="OK")[1], [])
        # A word in the text of a WARNING is not urgent.
        _, calls = self.tell(output(state="WARNING", text="EMERGENCY: it says", zone="w.example"),
                             state="WARNING", zone="w.example")
        self.assertEqual([call.to for call in calls], ["slack"])

    def test_thresholds_and_names_are_configurable(self):
        text = catching.targets(self.catcher, self.state)
        self.configure(text.replace("[pagerduty]", "least = emergency\n[pagerduty]\n"
                                    "least = warning\nwarning = info\ncritical = error"))
        _, calls = self.tell(output(state="WARNING"), state="WARNING")
        self.assertEqual([(c.to, c.body["payload"]["severity"]) for c in calls],
                         [("pagerduty", "info")])
        _, calls = self.tell()
        self.assertEqual([c.to for c in calls], ["pagerduty", "pagerduty", "opsgenie"])
        self.assertEqual(calls[0].body["payload"]["severity"], "error")

    def test_one_message_per_zone_and_cause(self):
        """Reminders, other checks and other hosts with the same cause add nothing."""
        self.tell()
        self.assertEqual(self.tell()[1], [])
        self.assertEqual(self.tell(service="dnssec-chain")[1], [])
        self.assertEqual(self.tell(output(check="NSEC", more=", and 3 more"), host="tokyo")[1], [])
        self.assertEqual(self.tell(zone="Example.COM.")[1], [])
        _, calls = self.tell(output(cause="ds-no-matching-dnskey"), service="dnssec-ds")
        self.assertEqual([call.to for call in calls], ["slack", "pagerduty", "opsgenie"])
        _, calls = self.tell(zone="example.net")
        self.assertEqual(calls[1].body["dedup_key"], "dnssec:example.net:rrsig-expired:critical")

    def test_five_at_once_are_one(self):
        self.catcher.answers = [(202, 0.3, {})] * 3
        processes = [self.start(service=f"dnssec-{check}")
                     for check in ("chain", "sigs", "ds", "nsec", "keys")]
        for process in processes:
            _, errors = process.communicate(timeout=60)
            self.assertEqual((process.returncode, errors), (0, ""))
        self.assertEqual(sorted(call.to for call in self.catcher.take()),
                         ["opsgenie", "pagerduty", "slack"])

    def test_the_last_to_recover_closes(self):
        self.tell()
        self.tell(service="dnssec-chain")
        self.assertEqual(self.recover("dnssec-chain"), [])
        self.assertEqual(self.recover("dnssec-ds"), [])
        chat, pager, genie = self.recover("dnssec-sigs")
        self.assertEqual(chat.body["text"],
                         "RECOVERED: example.com: [rrsig-expired] is over after less than a minute")
        self.assertEqual(pager.body, {"routing_key": "SECRET-routing", "event_action": "resolve",
                                      "dedup_key": "dnssec:example.com:rrsig-expired:critical"})
        self.assertEqual(genie.path, "/opsgenie/v2/alerts/dnssec%3Aexample.com%3Arrsig-expired"
                         "%3Acritical/close?identifierType=alias")
        self.assertEqual(genie.headers["Authorization"], "GenieKey SECRET-genie")
        self.assertEqual(self.recover("dnssec-sigs"), [])
        self.assertEqual([p.name for p in self.state.iterdir() if p.suffix == ".json"], [])
        self.assertEqual(len(self.tell()[1]), 3)

    def test_a_recovered_warning_is_chat_only(self):
        self.tell(output(state="WARNING"), state="WARNING")
        self.assertEqual([call.to for call in self.recover()], ["slack"])

    def test_what_gets_worse_is_opened_anew(self):
        self.tell()
        _, calls = self.tell(output(emergency=True))
        self.assertEqual([call.to for call in calls],
                         ["slack", "pagerduty", "pagerduty", "opsgenie", "opsgenie"])
        chat, trigger, resolve, create, close = calls
        self.assertTrue(chat.body["text"].startswith("EMERGENCY: example.com: MX"))
        self.assertEqual((trigger.body["dedup_key"], trigger.body["payload"]["severity"]),
                         ("dnssec:example.com:rrsig-expired:emergency", "critical"))
        self.assertEqual((resolve.body["event_action"], resolve.body["dedup_key"]),
                         ("resolve", "dnssec:example.com:rrsig-expired:critical"))
        self.assertEqual((create.body["alias"], create.body["priority"]),
                         ("dnssec:example.com:rrsig-expired:emergency", "P1"))
        self.assertIn("critical/close", close.path)
        self.assertEqual(self.tell()[1], [], "less bad again is no news")
        self.assertEqual(self.tell(output(emergency=True))[1], [])
        closed = self.recover()
        self.assertEqual([call.to for call in closed], ["slack", "pagerduty", "opsgenie"])
        self.assertEqual(closed[1].body["dedup_key"], "dnssec:example.com:rrsig-expired:emergency")

    def test_another_cause_takes_its_place(self):
        self.tell()
        _, calls = self.tell(output(cause="zone-unsigned"))
        self.assertEqual([(c.to, c.body.get("event_action")) for c in calls],
                         [("slack", None), ("pagerduty", "trigger"), ("opsgenie", None),
                          ("pagerduty", "resolve"), ("opsgenie", None)])
        self.assertIn("[zone-unsigned]", calls[0].body["text"])

    def test_what_was_not_delivered_is_tried_again(self):
        self.catcher.answers = [(202, 0, {}), (403, 0, {}), (202, 0, {})]
        errors, calls = self.tell(status=1)
        self.assertEqual(errors, "notify-dnssec: [pagerduty] not told of example.com "
                         "[rrsig-expired]: HTTP status 403\n")
        self.assertEqual(len(calls), 3)
        self.assertEqual([call.to for call in self.tell()[1]], ["pagerduty"])
        # So with the end of it, at the next word about the zone.
        self.catcher.answers = [(400, 0, {})]
        errors, calls = self.tell("DNSSEC SIGS OK - x", kind="RECOVERY", state="OK", status=1)
        self.assertEqual([call.to for call in calls], ["slack", "pagerduty", "opsgenie"])
        self.assertEqual([call.to for call in self.recover("dnssec-ds")], ["slack"])

    def test_trouble_that_passes(self):
        self.catcher.answers = [(503, 0, {}), (429, 0, {})]
        self.assertEqual([call.to for call in self.tell()[1]],
                         ["slack", "slack", "slack", "pagerduty", "opsgenie"])

    def test_silence_does_not_hold_it_up(self):
        self.configure(catching.targets(self.catcher, self.state).replace(
            "timeout = 5", "timeout = 1"))
        self.catcher.answers = [(202, 3, {})] * 3
        began = time.monotonic()
        errors, calls = self.tell(status=1)
        self.assertLess(time.monotonic() - began, 15)
        self.assertIn("[slack] not told", errors)
        self.assertEqual([call.to for call in calls], ["slack"] * 3 + ["pagerduty", "opsgenie"])

    def test_nobody_listens(self):
        self.catcher.stop()
        self.assertEqual(self.tell(status=1)[0].count("Connection refused"), 3)
        self.catcher = catching.Catcher()
        self.configure(catching.targets(self.catcher, self.state))
        self.assertEqual(len(self.tell()[1]), 3)

    def test_no_redirect_takes_secrets_elsewhere(self):
        for status in (302, 307):
            self.catcher.answers = [(status, 0, {"Location": self.catcher.url + "/elsewhere"})]
            errors, calls = self.tell(status=1, zone=f"{status}.example")
            self.assertIn(f"[slack] not told of {status}.example [rrsig-expired]: HTTP status "
                          f"{status}", errors)
            self.assertNotIn("/elsewhere", [call.path for call in calls])

    def test_text_from_the_dns_is_harmless(self):
        text = ("<!channel> <https://evil.example/click> & @here https://evil.example "
                "[x](http://e.example) \x07\x1b[31m [fake-id]")
        _, calls = self.tell(output(text=text))
        chat = calls[0].body["text"]
        for wrong in ("<", ">", "@here", "://", "](", "\x07", "\x1b"):
            self.assertNotIn(wrong, chat)
        self.assertIn("&lt;!channel&gt;", chat)
        self.assertIn("&amp;", chat)
        self.assertEqual(calls[1].body["payload"]["class"], "rrsig-expired")
        self.assertNotIn("\x1b", calls[1].body["payload"]["summary"])
        self.assertIn("<!channel>", calls[1].body["payload"]["summary"])  # JSON is enough there

    def test_limits_of_the_services(self):
        zone = "a" * 63 + ("." + "b" * 60) * 3
        said = output(text="x" * 5000, zone=zone)
        _, (chat, pager, genie) = self.tell(said, zone=zone)
        self.assertLessEqual(len(chat.body["text"]), 4000)
        self.assertLessEqual(len(pager.body["payload"]["summary"]), 1024)
        self.assertLessEqual(len(pager.body["dedup_key"]), 255)
        self.assertLessEqual(len(genie.body["message"]), 130)
        self.assertLessEqual(len(genie.body["alias"]), 512)
        self.assertEqual(self.recover(zone=zone)[1].body["dedup_key"], pager.body["dedup_key"])

    def test_text_without_a_finding(self):
        said = "<Timeout exceeded.><Terminated by signal 15 (Terminated).>"
        _, calls = self.tell(said, state="UNKNOWN")
        self.assertEqual(calls[0].body["text"].split("\n")[0],
                         "UNKNOWN: &lt;Timeout exceeded.&gt;&lt;Terminated by signal 15 "
                         "(Terminated).&gt;")
        self.assertEqual(self.tell(said, state="UNKNOWN", service="dnssec-ds")[1], [])

    def test_other_notifications_are_not_for_us(self):
        self.tell()
        for kind in ("ACKNOWLEDGEMENT", "DOWNTIMESTART", "CUSTOM", "FLAPPINGSTART", ""):
            self.assertEqual(self.tell(kind=kind)[1], [])
        self.assertEqual(self.tell()[1], [], "it was open all the time")

    def test_secrets_open_to_others(self):
        for mode in (0o644, 0o642, 0o641):
            self.config.chmod(mode)
            errors, calls = self.tell(status=1)
            self.assertIn("holds secrets", errors)
            self.assertEqual(calls, [])

    def test_bad_configuration(self):
        good = catching.targets(self.catcher, self.state)
        for text, words in (
                ("", "names nobody to tell"),
                ("SECRET without a section", "is no ini file"),
                ("[slack]\nSECRET\n", "is no ini file"),
                ("[teams]\nurl = https://SECRET.example\n", "section [teams] is none of"),
                ("[slack]\n", "[slack] lacks url"),
                ("[slack]\nurl = file:///etc/SECRET\n", "[slack] url is no http(s) URL"),
                ("[slack]\nurl = https://x.example/SECRET with blank\n", "is no http(s) URL"),
                (good.replace("routing_key", "routing-key"),
                 "[pagerduty] knows no routing-key; lacks routing_key"),
                (good + "  SECRET\n", "[opsgenie] the key has characters"),
                (good + "least = info\n", "[opsgenie] least is none of"),
                (good.replace("timeout = 5", "timeout = 0"), "timeout is from 1 to 10 seconds"),
                (good.replace("timeout", "time-out"), "knows state and timeout only")):
            self.configure(text)
            errors, calls = self.tell(status=1)
            self.assertIn(words, errors)
            self.assertEqual(calls, [])
        self.config.unlink()
        self.assertIn("No such file", self.tell(status=1)[0])

    def test_a_damaged_memory_is_begun_anew(self):
        self.tell()
        for path in self.state.glob("*.json"):
            path.write_text("{", encoding="ascii")
        process = self.start()
        out, errors = process.communicate(timeout=60)
        self.assertEqual((process.returncode, out), (0, ""))
        self.assertEqual(errors, "notify-dnssec: what was remembered of the zone cannot be read, "
                         "begun anew\n")
        self.assertEqual(len(self.catcher.take()), 3)

    def test_the_example_file_is_right(self):
        example = pathlib.Path(SCRIPT).with_name("notify-dnssec.ini").read_text(encoding="utf-8")
        for url in ("https://hooks.slack.com", "https://events.pagerduty.com",
                    "https://api.opsgenie.com"):
            self.assertIn("url = " + url, example)
            example = example.replace("url = " + url, "url = " + self.catcher.url)
        self.configure(example.replace("/var/lib/icinga2/notify-dnssec", str(self.state)))
        _, calls = self.tell(output(emergency=True))
        self.assertEqual([call.path for call in calls], [
            "/services/PUT/YOURS/HERE", "/v2/enqueue", "/v2/alerts"])
        self.assertEqual(calls[1].body["payload"]["severity"], "critical")
        self.assertEqual(calls[2].body["priority"], "P1")


def load(path):
    """The script as a module."""
    loader = importlib.machinery.SourceFileLoader("notify_dnssec", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("notify_dnssec", loader))
    loader.exec_module(module)
    return module


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__.strip())
    SCRIPT = os.path.abspath(sys.argv.pop(1))
    NOTIFY = load(SCRIPT)
    unittest.main()
