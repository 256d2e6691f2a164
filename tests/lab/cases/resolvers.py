# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""What resolvers make of zones: right ones, and each lie of lablib.liar."""

import shutil

from lablib.case import OK, Case, critical, ok, unknown, warning
from lablib.hosts import KRESD, LIARS, PLAIN_UNBOUND, RECURSOR, RESOLVER, UNBOUND

BOGUS = "ds-no-matching-dnskey.test"
CANARY = ("--canary-bogus", BOGUS)
QUICK = ("--query-timeout", "1", "--retries", "1")
TLS_CA = ("--tls-ca", "{dir}/run/unbound/tls.pem")


def _look(name, about, resolvers, expect, fault="", options=(), of="plain.test.", **more):
    """check_dnssec_resolvers alone, on the zone of another case."""
    words = [word for resolver in resolvers for word in ("--resolver", resolver)]
    return Case(name, about, fault=fault, of=of, claim="skip", chain=None, sigs=None,
                others={"resolvers": expect},
                own_options={"resolvers": (*words, *options)}, **more)


def _lie(lie, about, expect, fault, options=(), **more):
    return _look("resolver-" + lie.replace("_", "-"), about, (LIARS[lie],), expect, fault, options,
                 **more)


# Knot Resolver and PowerDNS Recursor are only for the project's own tests: see helpers.bash.
MORE = (KRESD, RECURSOR) if shutil.which("kresd") and shutil.which("pdns_recursor") else ()
ALL = (RESOLVER.v4, UNBOUND, *MORE)

CASES = [
    # Right ones.
    _look("resolvers-right", "BIND and Unbound validate and agree", (RESOLVER.v4, UNBOUND),
          ok(words=("validated by 2 of 2 resolvers",)), options=(*CANARY, "--name", "www.plain.test")),
    _look("resolvers-four", "BIND, Unbound, Knot Resolver and PowerDNS Recursor agree", ALL,
          ok(words=(f"validated by {len(ALL)} of {len(ALL)} resolvers",)),
          options=(*CANARY, "--name", "www.plain.test", "--canary-algorithm", "algorithm-8.test",
                   "--canary-algorithm", "algorithm-15.test",
                   "--canary-algorithm", "algorithm-16.test")),
    _look("resolvers-four-optout", "opt-out needs no AD", ALL, OK, of="nsec3-optout.test."),
    _look("resolvers-four-wildcard", "answers made from a wildcard", ALL, OK, of="wildcard.test.",
          options=("--name", "any.wild.wildcard.test/TXT")),
    _look("resolvers-four-insecure", "insecure for all", ALL,
          ok(words=(f"{len(ALL)} of {len(ALL)} resolvers validate",)),
          options=("--expect", "insecure"), of="unsigned.test."),
    _look("resolvers-right-v6", "BIND over IPv6", (RESOLVER.v6,), OK),
    _look("resolver-tls", "Unbound over TLS, certified by a private authority",
          (f"{UNBOUND}#unbound.lab.test",), ok(words=("validated by 1 of 1 resolver",)),
          options=TLS_CA),
    _look("resolvers-insecure", "an insecure zone, as expected", (RESOLVER.v4, UNBOUND), OK,
          options=("--expect", "insecure"), of="unsigned.test."),
    _look("resolvers-nsec3", "NSEC3", (RESOLVER.v4, UNBOUND), OK, of="nsec3-optout.test."),
    # The zone's own fault.
    _look("resolvers-bogus-zone", "the zone is bogus: resolvers rightly refuse it",
          (RESOLVER.v4, UNBOUND),
          critical("chain-bogus", words=("zone's fault", "2 of 2 resolvers rightly")),
          fault="chain-bogus", of=BOGUS + "."),
    _look("resolvers-bogus-expected", "bogus, as expected", (UNBOUND,), ok(info=("chain-bogus",)),
          options=("--expect", "bogus"), of=BOGUS + "."),
    _look("resolvers-insecure-unexpected", "insecure where secure was expected", (UNBOUND,),
          critical("chain-insecure-where-secure-expected"), of="unsigned.test.",
          fault="chain-insecure-where-secure-expected"),
    _look("resolvers-skew", "expired three hours ago: Unbound allows for wrong clocks",
          (UNBOUND, RESOLVER.v4),
          critical("chain-bogus", info=("resolvers-disagree",), words=("1 of 2 resolvers rightly",)),
          fault="chain-bogus", of="rrsig-expired-name.test.",
          options=("--name", "www.rrsig-expired-name.test")),
    _look("resolvers-lame", "no server serves the zone: nobody has an answer", (UNBOUND, RESOLVER.v4),
          critical("chain-failed", words=("the zone's servers fail", "2 of 2 resolvers")),
          fault="chain-failed", of="lame-all-refused.test."),
    _look("resolvers-mute-zone", "the zone's servers are silent: TCP to the resolver works",
          (UNBOUND,), critical("chain-failed|deadline-reached", allow=("deadline-reached",)),
          fault="chain-failed", of="ns-timeout-all-nobody.test.", options=("-t", "8")),
    # Resolvers that do not validate.
    _look("resolver-plain", "Unbound without validation", (PLAIN_UNBOUND,),
          critical("resolver-not-validating"), fault="resolver-not-validating", options=CANARY),
    _look("resolver-plain-no-canary", "the same, without a canary", (PLAIN_UNBOUND,),
          critical("resolver-no-ad"), fault="resolver-no-ad"),
    _look("resolver-plain-bogus-zone", "it answers a bogus zone", (PLAIN_UNBOUND, UNBOUND),
          critical("resolver-not-validating", "chain-bogus"), fault="resolver-not-validating",
          of=BOGUS + "."),
    _look("resolver-canary-good", "the canary is not bogus", (UNBOUND,),
          unknown("resolver-bogus-domain-unreachable"), fault="resolver-bogus-domain-unreachable",
          options=("--canary-bogus", "www.plain.test")),
    # Quorum.
    _look("resolver-quorum", "two of three are right, which is enough",
          (RESOLVER.v4, UNBOUND, PLAIN_UNBOUND), warning("resolver-not-validating"),
          fault="resolver-not-validating", options=(*CANARY, "--quorum", "2")),
    _look("resolver-quorum-missed", "one of two is right, which is not",
          (UNBOUND, PLAIN_UNBOUND), critical("resolver-not-validating", "resolver-quorum-missed"),
          fault="resolver-quorum-missed", options=(*CANARY, "--quorum", "2")),
    # TLS.
    _look("resolver-tls-name", "the certificate is for another name", (f"{UNBOUND}#other.test",),
          critical("resolver-tls-failed", words=("ostname mismatch",)), fault="resolver-tls-failed",
          options=TLS_CA),
    _look("resolver-tls-untrusted", "nobody trusts the certificate",
          (f"{UNBOUND}#unbound.lab.test",), critical("resolver-tls-failed", words=("self",)),
          fault="resolver-tls-failed"),
    _look("resolver-tls-expired", "the certificate has expired",
          (LIARS["tls_expired"] + "#liar.lab.test", UNBOUND),
          critical("resolver-tls-failed", words=("certificate has expired",)),
          fault="resolver-tls-failed", options=("--tls-ca", "{dir}/run/liar/tls.pem")),
    _look("resolver-tls-mute", "the TLS port is open, and nobody speaks",
          (LIARS["tls_mute"] + "#liar.lab.test", UNBOUND),
          critical("resolver-tls-failed", words=("no TLS handshake",)),
          fault="resolver-tls-failed", options=QUICK),
    # Silence.
    _look("resolver-silent", "one of two is silent", ("192.0.2.110", UNBOUND),
          warning("resolver-timeout"), fault="resolver-timeout", options=QUICK),
    _look("resolver-silent-all", "nobody answers", ("192.0.2.110", "198.51.100.111"),
          unknown("resolver-timeout"), fault="resolver-timeout", options=QUICK),
    _look("resolver-slow", "slower than a microsecond", (UNBOUND,), critical("resolver-slow"),
          fault="resolver-slow", options=("-c", "0.000001")),
    _look("resolver-nameserver", "a nameserver is no resolver", ("192.0.2.53",),
          unknown("resolver-open-question"), fault="resolver-open-question"),
    # Lies.
    _lie("strips_rrsig", "a forwarder strips signatures", warning("resolver-strips-rrsig"),
         "resolver-strips-rrsig"),
    _lie("ad_always", "AD on everything, and so on the insecure", critical(
        "resolver-ad-on-insecure"), "resolver-ad-on-insecure", of="unsigned.test.",
         options=("--expect", "insecure")),
    _lie("no_ad", "AD is lost on the way", critical("resolver-no-ad"), "resolver-no-ad"),
    _lie("no_ad_denial", "denials lose AD", critical("resolver-denial-not-validated"),
         "resolver-denial-not-validated"),
    _lie("rewrites", "NXDOMAIN becomes an address", critical("resolver-nxdomain-rewrite"),
         "resolver-nxdomain-rewrite"),
    _lie("ignores_cd", "CD is not passed on", warning("resolver-ignores-cd"),
         "resolver-ignores-cd", options=CANARY),
    _lie("forgets_cd", "CD is not copied", warning("resolver-ignores-cd", words=("not copied",)),
         "resolver-ignores-cd"),
    _lie("stale", "stale answers", warning("resolver-ede-stale", words=("Stale Answer",)),
         "resolver-ede-stale"),
    _lie("clock", "expired only for the resolver", critical(
        "resolver-clock-wrong", words=("Signature Expired",)), "resolver-clock-wrong"),
    _lie("thinks_bogus", "bogus only for the resolver", critical(
        "resolver-fails-secure-name", words=("DNSSEC Bogus", "goes away with CD")),
         "resolver-fails-secure-name"),
    _lie("fails", "SERVFAIL with CD too", critical("resolver-fails-secure-name"),
         "resolver-fails-secure-name"),
    _lie("unreachable", "it cannot reach the servers", critical(
        "resolver-ede-reachability", words=("No Reachable Authority",)),
         "resolver-ede-reachability"),
    _lie("cached", "a failure from the cache", warning("resolver-ede-cached-error"),
         "resolver-ede-cached-error"),
    _lie("filtered", "a blocked name", warning("resolver-filtered", words=("Blocked",)),
         "resolver-filtered"),
    _lie("trusts", "a negative trust anchor that it tells of", warning("resolver-nta"),
         "resolver-nta"),
    _lie("no_edns", "no EDNS in the answer", critical("resolver-drops-do-edns"),
         "resolver-drops-do-edns"),
    _lie("no_recursion", "RA is not set", unknown("resolver-open-question"),
         "resolver-open-question"),
    _lie("refuses", "it refuses", unknown("resolver-open-question", words=("REFUSED",)),
         "resolver-open-question"),
    _lie("denies", "it denies what exists, without proof", critical(
        "resolver-denial-not-validated", words=("without proof",)),
         "resolver-denial-not-validated"),
    _look("resolver-denies-insecure", "it denies what exists in an insecure zone",
          (LIARS["denies"], UNBOUND), warning("resolvers-disagree"), fault="resolvers-disagree",
          options=("--expect", "insecure"), of="unsigned.test."),
    _look("resolver-ede-dnssec", "bogus for the resolver, in a zone that is insecure for us",
          (LIARS["thinks_bogus"],), critical("resolver-ede-dnssec", words=("DNSSEC Bogus",)),
          fault="resolver-ede-dnssec", options=("--expect", "insecure"), of="unsigned.test."),
    _look("resolver-algorithm-gap", "Ed448 is not validated by one of two",
          (LIARS["lacks_ed448"], RESOLVER.v4),
          warning("resolver-algorithm-gap", words=("16 (ED448)",)), fault="resolver-algorithm-gap",
          options=("--canary-algorithm", "algorithm-16.test",
                   "--canary-algorithm", "algorithm-13.test")),
    # Denials reused for what is there (RFC 8198): real resolvers, a wrong zone.
    _look("resolver-nsec-deny", "the apex NSEC does not list MX: resolvers deny it",
          (UNBOUND, RESOLVER.v4), critical("resolver-nsec-deny", words=("all 2 resolvers",)),
          fault="resolver-nsec-deny", of="bitmap-lacks-mx.test.",
          options=("--name", "bitmap-lacks-mx.test/MX")),
    _look("resolver-nsec-deny-wildcard", "the wildcard's NSEC does not list A: Slack, 2021",
          (UNBOUND,), critical("resolver-nsec-deny"), fault="resolver-nsec-deny",
          of="bitmap-lacks-a-wildcard.test.",
          options=("--name", "any.wild.bitmap-lacks-a-wildcard.test")),
    _lie("old_anchor", "it does not trust the root's key", warning("resolver-trust-anchor-old"),
         "resolver-trust-anchor-old"),
    _lie("ad_on_error", "AD on SERVFAIL", critical("chain-bogus", info=("resolver-ad-on-error",)),
         "resolver-ad-on-error", of=BOGUS + "."),
    *([_look("resolver-nsec3-limit", "Knot Resolver validates no more than 50 iterations",
             (KRESD,), warning("resolver-no-ad", info=("resolver-nsec3-limit",)),
             fault="resolver-nsec3-limit", of="iterations-101.test.")] if MORE else ()),
    _lie("forges", "another address under the signatures of the right one, with AD", critical(
        "resolver-bad-signature", words=("www.plain.test/A", "called secure (AD)")),
         "resolver-bad-signature", options=("--name", "www.plain.test")),
    _lie("drops_cd", "questions with CD are swallowed", warning(
        "resolver-timeout", words=("no answer with CD",)), "resolver-timeout", options=QUICK),
    _lie("denies_ad", "it denies what exists without proof, with AD", critical(
        "resolver-denial-not-validated", allow=("resolver-strips-rrsig",),
        words=("without proof",)), "resolver-denial-not-validated"),
    _lie("dns64", "addresses made from IPv4 ones are legal", ok(
        info=("resolvers-disagree",), words=("DNS64",)), "",
         options=("--name", "mail.plain.test/AAAA")),
    _lie("not_implemented", "NOTIMP for one name", critical(
        "resolver-fails-secure-name", words=("NOTIMP, with CD too",)),
         "resolver-fails-secure-name", options=("--name", "www.plain.test")),
    _lie("truncates", "all is truncated, and TCP is closed", critical(
        "resolver-tcp-fallback-broken", words=("none over TCP",)), "resolver-tcp-fallback-broken"),
    _look("resolver-forward-lies", "what spoils our own look-up is not the zone's fault",
          (UNBOUND,), critical("chain-bogus", info=("resolvers-disagree",),
                               words=("in our own validation only", "--forward 192.0.2.200")),
          fault="chain-bogus", options=("--forward", LIARS["strips_rrsig"])),
    _lie("no_tcp", "truncated, and TCP is closed", critical("resolver-tcp-fallback-broken"),
         "resolver-tcp-fallback-broken"),
]
