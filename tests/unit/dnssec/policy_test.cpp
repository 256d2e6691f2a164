// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// A crypto library whose policy refuses an algorithm says nothing about a zone: "unsupported",
// never "does not verify". The policy is read once in a process, so the test starts itself again.
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <string>

#include "dnssec/denial.hpp"
#include "dnssec/verify.hpp"
#include "zone_text.hpp"

using dnssec_test::name;

BOOST_AUTO_TEST_SUITE(policy)

BOOST_AUTO_TEST_CASE(under_it, *boost::unit_test::disabled()) {
  unsigned checked = 0;
  for (const char* file :
       {"rfc4035.zone", "rfc5155.zone", "rfc5702.sha256.zone", "rfc6605.p256.zone",
        "rfc6605.p384.zone", "rfc8080.ed25519.zone", "rfc8080.ed448.zone"}) {
    const auto zone = dnssec_test::records_of_file(file);
    const dns::Name apex = zone.front().owner;
    const auto keys = dnssec_test::keys(zone, apex.to_text());
    for (const auto& [set, signatures] : dns::group(zone)) {
      for (const dns::Signature& signature : signatures) {
        const auto check = dnssec::Verifier().check_untimed(set, signature, apex, keys);
        BOOST_TEST((check.verdict == dnssec::SignatureVerdict::unsupported_algorithm));
        ++checked;
      }
    }
    BOOST_TEST(!dnssec::ds_digest(apex, keys.at(0).rdata, 2).has_value());
    BOOST_TEST((dnssec::match({keys[0].tag, 13, 2, {}}, apex, keys).verdict ==
                dnssec::DsVerdict::unsupported_digest));
  }
  BOOST_TEST(checked > 25U);
  const auto records =
      dnssec_test::denial("example.",
                          "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example. NSEC3 1 0 12 aabbccdd "
                          "2t7b4g4vsa5smi47k61mv5bv1a22bojr NS SOA\n");
  BOOST_TEST((dnssec::prove_name_error(name("a.example."), records).verdict ==
              dnssec::DenialVerdict::unknown_nsec3));
}

BOOST_AUTO_TEST_CASE(what_the_library_refuses_is_unsupported) {
  const std::string command = "OPENSSL_CONF='" TEST_DATA_DIR "/refuse-everything.cnf' /proc/" +
                              std::to_string(getpid()) +
                              "/exe --run_test=policy/under_it --color_output=no >&2";
  // NOLINTNEXTLINE(cert-env33-c,concurrency-mt-unsafe): a test, before any thread
  BOOST_TEST(std::system(command.c_str()) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
