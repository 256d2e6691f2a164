// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "zone/zonemd.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "observe/zone_file.hpp"
#include "zone/builder.hpp"

namespace {

using zone::ZonemdVerdict;

std::string text_of(const std::string& example) {
  std::ifstream file(std::string(TEST_DATA_DIR) + "/rfc8976." + example + ".zone");
  BOOST_REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Reads the zone `apex` from text, through the reader of zone files.
zone::ZonemdResult zonemd_of(const std::string& text, const char* apex = "example") {
  std::string path = std::filesystem::temp_directory_path() / "zonemd_XXXXXX";
  const int opened = ::mkstemp(path.data());
  BOOST_REQUIRE(opened >= 0);
  std::ofstream(path) << text;
  const auto name = *dns::Name::from_text(apex);
  zone::Builder builder(name, {});
  const auto error = observe::read_zone_file(path, name, {}, builder);
  std::filesystem::remove(path);
  ::close(opened);
  BOOST_REQUIRE_MESSAGE(!error, (error ? error->message : ""));
  return zone::check_zonemd(builder.finish());
}

std::string changed(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  BOOST_REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::vector<ZonemdVerdict> verdicts(const zone::ZonemdResult& result) {
  std::vector<ZonemdVerdict> found;
  for (const auto& record : result.records) found.push_back(record.verdict);
  std::sort(found.begin(), found.end());
  return found;
}

BOOST_AUTO_TEST_SUITE(zonemd)

BOOST_AUTO_TEST_CASE(the_rfcs_examples_verify) {
  for (const char* example : {"a1", "a2", "a3"}) {
    BOOST_TEST((zonemd_of(text_of(example)).verdict == ZonemdVerdict::verified), example);
  }
  const auto roots = zonemd_of(text_of("a5"), "root-servers.net");
  BOOST_TEST((roots.verdict == ZonemdVerdict::verified));
  BOOST_REQUIRE(roots.records.size() == 1U);
  BOOST_TEST(roots.records[0].serial == 2018091100U);
  BOOST_TEST(roots.records[0].scheme == 1U);
  BOOST_TEST(roots.records[0].hash == 1U);
}

BOOST_AUTO_TEST_CASE(each_record_has_its_verdict) {
  const auto result = zonemd_of(text_of("a3"));
  const std::vector<ZonemdVerdict> expected{ZonemdVerdict::verified, ZonemdVerdict::verified,
                                            ZonemdVerdict::unsupported, ZonemdVerdict::unsupported};
  BOOST_TEST((verdicts(result) == expected));
}

// RFC 8976 4: one that verifies is enough.
BOOST_AUTO_TEST_CASE(one_good_digest_is_enough) {
  const auto result = zonemd_of(changed(text_of("a3"), "62e6cf51", "62e6cf50"));
  BOOST_TEST((result.verdict == ZonemdVerdict::verified));
  BOOST_TEST((verdicts(result).at(1) == ZonemdVerdict::mismatch));
}

BOOST_AUTO_TEST_CASE(changed_data_is_a_mismatch) {
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"203.0.113.63", "203.0.113.64"},
           {"3600   IN  A ", "3601   IN  A "},
           {"ns2           3600", "ns3           3600"},
           {"ns2           3600   IN  AAAA    2001:db8::63", "; "},
           {"c68090d9", "c68090d8"}}) {
    BOOST_TEST((zonemd_of(changed(text_of("a1"), from, to)).verdict == ZonemdVerdict::mismatch),
               from);
  }
}

BOOST_AUTO_TEST_CASE(the_serial_must_be_the_zones) {
  const auto result = zonemd_of(changed(text_of("a1"), "2018031900 (", "2018031901 ("));
  BOOST_TEST((result.verdict == ZonemdVerdict::serial_differs));
  BOOST_TEST(result.records.at(0).serial == 2018031900U);
}

BOOST_AUTO_TEST_CASE(unknown_schemes_and_hashes_give_no_verdict) {
  for (const char* numbers : {"2018031900 2 1", "2018031900 1 3", "2018031900 240 254"}) {
    const auto result = zonemd_of(changed(text_of("a1"), "2018031900 1 1", numbers));
    BOOST_TEST((result.verdict == ZonemdVerdict::unsupported), numbers);
  }
}

// RFC 8976 2.2.4.
BOOST_AUTO_TEST_CASE(lengths_of_digests) {
  for (const char* hash : {"1", "3"}) {
    auto text = changed(text_of("a1"), "1 1 (", std::string("1 ") + hash + " (");
    text =
        changed(text, "c68090d90a7aed716bc459f9340e3d7c1370d4d24b7e2fc3", "c68090d90a7aed716bc459");
    text = changed(text, "a1ddc0b9a87153b9a9713b3c9ae5cc27777f98b8e730044c", "");
    BOOST_TEST((zonemd_of(text).verdict == ZonemdVerdict::malformed), hash);
  }
  const auto shorter = changed(text_of("a1"), "777f98b8e730044c", "777f98b8");
  BOOST_TEST((zonemd_of(shorter).verdict == ZonemdVerdict::malformed));
}

// RFC 8976 2 and 4: neither of two with one scheme and hash counts, even where one would verify.
BOOST_AUTO_TEST_CASE(two_of_one_scheme_and_hash_do_not_count) {
  const std::string again =
      "example. 86400 ZONEMD 2018031900 1 1 "
      "c68090d90a7aed716bc459f9340e3d7c1370d4d24b7e2fc3a1ddc0b9a87153b9a9713b3c9ae5cc27777f98b8e730"
      "044";
  BOOST_TEST((zonemd_of(text_of("a1") + again + "d\n").verdict == ZonemdVerdict::duplicated));
  BOOST_TEST((zonemd_of(text_of("a1") + again + "c\n").verdict == ZonemdVerdict::verified));
}

BOOST_AUTO_TEST_CASE(only_the_apex_has_one) {
  BOOST_TEST((zonemd_of("@ 5 SOA a b 1 2 3 4 5\nx 5 ZONEMD 1 1 1 "
                        "616c6c6f776564206275742069676e6f7265642e20616c6c\n")
                  .verdict == ZonemdVerdict::none));
}

// Its signature is none of the digested data, unlike all other signatures.
BOOST_AUTO_TEST_CASE(its_own_signature_is_left_out) {
  const std::string signature = "example. 86400 RRSIG ";
  const std::string rest = " 13 1 86400 20300101000000 20200101000000 1 example. AAAA\n";
  BOOST_TEST(
      (zonemd_of(text_of("a1") + signature + "ZONEMD" + rest).verdict == ZonemdVerdict::verified));
  BOOST_TEST(
      (zonemd_of(text_of("a1") + signature + "SOA" + rest).verdict == ZonemdVerdict::mismatch));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
