# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Whole zones by transfer: ns1 (NSD) gives none away, ns2 (Knot) does. Files: tests/whole."""

from lablib.case import HOUR, Case, critical, ok, unknown, warning
from lablib.hosts import HOSTS
from lablib.mutate import older_serial

NS1, NS2 = HOSTS["ns1"].v4, HOSTS["ns2"].v4


def _look(name, about, of, expect, options=("--axfr",), nsec=None, **more):
    """check_dnssec_sigs, and check_dnssec_nsec where it is expected to say something, on the zone of
    another case."""
    own = {"sigs": options, **({"nsec": options} if nsec else {})}
    return Case(name, about, of=f"{of}.test.", claim="skip", chain=None, sigs=expect,
                others={"nsec": nsec} if nsec else {}, own_options=own, **more)


def _file(name, about, of, expect, **more):
    """The zone's file as a server has it, its DS looked up in the lab."""
    return _look(name, about, of, expect,
                 ("--zone-file", "{dir}/zones/nsd-child/{zone}.zone", "--ds", "lookup"), **more)


CASES = [
    _look("axfr", "the first server that allows it gives the zone", "plain",
          ok(words=("13 signatures verified", "the transfer from ns2.lab.test")),
          nsec=ok(words=("denial by NSEC", "the transfer from ns2.lab.test"))),
    _look("axfr-nsec3", "NSEC3 with opt-out", "nsec3-optout", ok(words=("the transfer from",)),
          nsec=ok(words=("NSEC3",))),
    _look("axfr-from", "from the address given", "plain", ok(words=(NS2,)), (f"--axfr={NS2}",)),
    _look("axfr-refused", "no server allows it", "plain", unknown("axfr-refused", words=(NS1,)),
          (f"--axfr={NS1}",), fault="axfr-refused"),
    _look("axfr-name-expired", "a name that nobody asked for has expired", "rrsig-expired-name",
          critical("rrsig-expired", words=("www.",)), fault="rrsig-expired"),
    _look("axfr-older", "what is transferred is older than what others serve", "soa-serial-spread",
          ok(info=("axfr-differs-from-answers",), words=(NS1,),
             allow=("soa-serial-spread", "serial-lag-with-aging-sigs")), (f"--axfr={NS2}",)),
    Case("axfr-newer", "what is transferred is newer than what others serve",
         fault="axfr-differs-from-answers", mutate_on={"ns1": (older_serial(2 * HOUR),)},
         sigs=warning("axfr-differs-from-answers", words=(NS1,)),
         own_options={"sigs": (f"--axfr={NS2}",)}),
    _file("file-ds-lookup", "a file, and the DS that the parent has", "plain",
          ok(words=("13 signatures verified", "plain.test"))),
    _file("file-ds-lookup-wrong", "a file whose keys the parent's DS do not match",
          "ds-no-matching-dnskey", critical("ds-no-matching-dnskey"),
          fault="ds-no-matching-dnskey"),
]
