// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// Known answers of the RFCs: whole DNSKEY, DS and RRSIG examples, verified at a time inside their
// windows.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>
#include <string>

#include "dnssec/verify.hpp"
#include "zone_text.hpp"

using dnssec::SignatureVerdict;
using dnssec_test::name;
using dnssec_test::records_of_file;

namespace {

struct Example {
  const char* file;
  const char* apex;
  const char* at;
  unsigned signatures;  ///< by keys that are in the file
  unsigned wildcards;
};

std::ostream& operator<<(std::ostream& out, const Example& example) { return out << example.file; }

const Example examples[] = {
    {"rfc4035.zone", "example.", "20040501000000", 14, 1},
    {"rfc5155.zone", "example.", "20120420235959", 14, 1},
    {"rfc5702.sha256.zone", "example.net.", "20100101000000", 1, 0},
    {"rfc5702.sha512.zone", "example.net.", "20100101000000", 1, 0},
    {"rfc6605.p256.zone", "example.net.", "20100901000000", 1, 0},
    {"rfc6605.p384.zone", "example.net.", "20100901000000", 1, 0},
    {"rfc8080.ed25519.zone", "example.com.", "20150801000000", 1, 0},
    {"rfc8080.ed448.zone", "example.com.", "20150801000000", 1, 0},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(known_answers)

BOOST_DATA_TEST_CASE(every_signature_of_the_rfcs_verifies, boost::unit_test::data::make(examples),
                     example) {
  const auto zone = records_of_file(example.file);
  const auto keys = dnssec_test::keys(zone, example.apex);
  const auto now = dnssec_test::time(example.at);
  dnssec::Verifier verifier;
  unsigned valid = 0;
  unsigned wildcards = 0;
  for (const auto& [set, signatures] : dns::group(zone)) {
    for (const dns::Signature& signature : signatures) {
      const auto check = verifier.check(set, signature, name(example.apex), keys, now);
      BOOST_CHECK_MESSAGE(check.verdict == SignatureVerdict::valid,
                          set.owner.to_text() << ' ' << dns::to_text(set.type) << ": "
                                              << dnssec::to_text(check.verdict));
      valid += check.verdict == SignatureVerdict::valid ? 1 : 0;
      wildcards += check.wildcard ? 1 : 0;
    }
  }
  BOOST_TEST(valid == example.signatures);
  BOOST_TEST(wildcards == example.wildcards);
  BOOST_TEST(verifier.verifications() == example.signatures);
}

BOOST_DATA_TEST_CASE(their_times_are_judged, boost::unit_test::data::make(examples), example) {
  const auto zone = records_of_file(example.file);
  const auto keys = dnssec_test::keys(zone, example.apex);
  dnssec::Verifier verifier;
  for (const dns::SignedRRset& entry : dns::group(zone)) {
    for (const dns::Signature& signature : entry.signatures) {
      const auto at = [&](std::uint32_t moment) {
        return verifier
            .check(entry.set, signature, name(example.apex), keys, dns::SerialTime(moment))
            .verdict;
      };
      const std::uint32_t first = signature.rrsig->inception.value();
      const std::uint32_t last = signature.rrsig->expiration.value();
      BOOST_TEST((at(first - 1) == SignatureVerdict::not_yet_valid));
      BOOST_TEST((at(first) == SignatureVerdict::valid));
      BOOST_TEST((at(last) == SignatureVerdict::valid));
      BOOST_TEST((at(last + 1) == SignatureVerdict::expired));
    }
  }
}

BOOST_DATA_TEST_CASE(their_ds_match, boost::unit_test::data::make(examples), example) {
  const auto zone = records_of_file(example.file);
  const auto keys = dnssec_test::keys(zone, example.apex);
  const auto sets = dns::group(zone);
  const auto* ds = dns::find(sets, name(example.apex), dns::Type::ds);
  if (ds == nullptr) return;
  for (const dns::Ds& record : dnssec::ds_of(ds->set)) {
    const auto match = dnssec::match(record, name(example.apex), keys);
    BOOST_TEST((match.verdict == dnssec::DsVerdict::matches));
    BOOST_TEST(match.key.value() == 0U);
  }
}

// RFC 8080 as printed counts three labels in example.com.
BOOST_AUTO_TEST_CASE(rfc_8080_before_its_erratum) {
  const auto zone = dnssec_test::records(
      "example.com. 3600 IN DNSKEY 257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=\n"
      "example.com. 3600 IN MX 10 mail.example.com.\n"
      "example.com. 3600 IN RRSIG MX 15 3 3600 20150819220000 20150729220000 3613 example.com. "
      "Edk+IB9KNNWg0HAjm7FazXyrd5m3Rk8zNZbvNpAcM+eysqcUOMIjWoevFkjH5GaMWeG96GUVZu6ECKOQmemHDg==\n");
  const auto mx = dnssec_test::signed_set(zone, "example.com.", dns::Type::mx);
  const auto check = dnssec::Verifier().check_untimed(
      mx.set, mx.signatures.at(0), name("example.com."), dnssec_test::keys(zone, "example.com."));
  BOOST_TEST((check.verdict == SignatureVerdict::labels_exceed_owner));
}

BOOST_AUTO_TEST_SUITE_END()
