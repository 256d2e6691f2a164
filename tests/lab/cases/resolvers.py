# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""What resolvers make of zones: right ones, and each lie of lablib.liar."""

from lablib.case import OK, Case, critical, ok, unknown, warning
from lablib.hosts import LIARS, PLAIN_UNBOUND, RESOLVER, UNBOUND

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


CASES = [
    # Right ones.
    _look("resolvers-right", "BIND and Unbound validate and agree", (RESOLVER.v4, UNBOUND),
          ok(words=("validated by 2 of 2 resolvers",)), options=(*CANARY, "--name", "www.plain.test")),
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
    _lie("denies", "it denies what exists", critical("resolver-nsec-deny"), "resolver-nsec-deny"),
    _lie("old_anchor", "it does not trust the root's key", warning("resolver-trust-anchor-old"),
         "resolver-trust-anchor-old"),
    _lie("ad_on_error", "AD on SERVFAIL", critical("chain-bogus", info=("resolver-ad-on-error",)),
         "resolver-ad-on-error", of=BOGUS + "."),
    _lie("no_tcp", "truncated, and TCP is closed", critical("resolver-tcp-fallback-broken"),
         "resolver-tcp-fallback-broken"),
]
