// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "dns/rdata.hpp"
#include "resolve/resolver.hpp"

namespace {

/// RFC 4034 5.4's key and digest type 1; RFC 4509 2.3's digest type 2 of the same key.
constexpr const char* dskey_record =
    "dskey.example.com. 86400 IN DNSKEY 256 3 5 "
    "AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAph"
    "XdvxegXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==";
constexpr const char* dskey_sha1 = "2BB183AF5F22588179A53B0A98631FAD1A292118";
constexpr const char* dskey_sha256 =
    "D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A";

/// A file that goes with its test.
class File {
 public:
  explicit File(const std::string& content)
      : path_(std::filesystem::temp_directory_path() /
              ("anchors-" + std::to_string(getpid()) + ".txt")) {
    std::ofstream(path_) << content;
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { std::filesystem::remove(path_); }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

std::string error_of(const std::string& text) {
  const auto anchors = resolve::read_anchors(text);
  return anchors.ok() ? "accepted" : anchors.error().message;
}

bool says(const std::string& message, const std::string& part) {
  return message.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(anchors)

BOOST_AUTO_TEST_CASE(the_root_s) {
  const auto anchors = resolve::builtin_anchors();
  BOOST_REQUIRE(anchors.size() == 2U);
  BOOST_TEST(anchors[0].zone.is_root());
  BOOST_TEST(anchors[0].ds.key_tag == 20326);
  BOOST_TEST(anchors[1].ds.key_tag == 38696);
  for (const auto& anchor : anchors) {
    BOOST_TEST(anchor.ds.algorithm == 8);
    BOOST_TEST(anchor.ds.digest_type == 2);
    BOOST_TEST(anchor.ds.digest.size() == 32U);
  }
}

BOOST_AUTO_TEST_CASE(the_default_is_the_distribution_s_or_built_in) {
  const resolve::AnchorChoice choice = resolve::default_anchors();
  const bool file = std::filesystem::exists("/usr/share/dns/root.key");
  BOOST_TEST(choice.source == (file ? "/usr/share/dns/root.key" : "built in"));
  BOOST_TEST(!choice.anchors.empty());
}

/// The root zone's keys as distributions ship them give the DS records IANA publishes.
BOOST_AUTO_TEST_CASE(root_key_and_root_ds_are_the_same_anchors) {
  if (!std::filesystem::exists("/usr/share/dns/root.key")) {
    BOOST_TEST_MESSAGE("not run: no root key here");
    return;
  }
  const auto keys = resolve::read_anchors("/usr/share/dns/root.key");
  const auto digests = resolve::read_anchors("/usr/share/dns/root.ds");
  BOOST_REQUIRE(keys.ok());
  BOOST_REQUIRE(digests.ok());
  BOOST_TEST((*keys == *digests));
}

BOOST_AUTO_TEST_CASE(records) {
  for (const std::string& text :
       {std::string("example. DS 12345 5 1 ") + dskey_sha1,
        std::string("example DS 12345 5 1 ") + dskey_sha1,
        std::string("EXAMPLE. 3600 IN ds 12345 5 1 ") + dskey_sha1,
        std::string("example. IN 3600 DS 12345 5 1 2BB183AF5F22588179A53B0A ( 98631fad1a292118 )"),
        std::string("  example.\tDS\t12345 5 1 ") + dskey_sha1 + " ; a comment"}) {
    const auto anchors = resolve::read_anchors(text);
    BOOST_REQUIRE_MESSAGE(anchors.ok(), text);
    BOOST_REQUIRE(anchors->size() == 1U);
    BOOST_TEST((anchors->front().zone == dns::Name::from_text("example.").value()));
    BOOST_TEST(anchors->front().ds.key_tag == 12345);
    BOOST_TEST(anchors->front().ds.algorithm == 5);
    BOOST_TEST(anchors->front().ds.digest_type == 1);
    BOOST_TEST(dns::to_hex(anchors->front().ds.digest) == dskey_sha1);
  }
}

BOOST_AUTO_TEST_CASE(a_key_becomes_its_digest) {
  const auto anchors = resolve::read_anchors(dskey_record);
  BOOST_REQUIRE(anchors.ok());
  BOOST_REQUIRE(anchors->size() == 1U);
  BOOST_TEST(anchors->front().ds.key_tag == 60485);
  BOOST_TEST(anchors->front().ds.algorithm == 5);
  BOOST_TEST(anchors->front().ds.digest_type == 2);
  BOOST_TEST(dns::to_hex(anchors->front().ds.digest) == dskey_sha256);
}

BOOST_AUTO_TEST_CASE(a_file_as_unbound_keeps_it) {
  std::string text =
      "; autotrust trust anchor file\n;;id: . 1\n;;last_queried: 1700000000 ;;Tue Nov 14 2023\n\n";
  const std::string key = "\tDNSKEY\t257 3 5 " + std::string(dskey_record).substr(42);
  const char* const owners[] = {"start.", "pending.", "valid.", "missing.", "revoked.", "removed."};
  for (int state = 0; state < 6; ++state) {
    text += owners[state] + std::string("\t86400\tIN") + key +
            " ;{id = 1 (ksk), size = 1024b} ;;state=" + std::to_string(state) +
            " [ X ] ;;count=0 ;;lastchange=0\n";
  }
  const File file(text);
  const auto anchors = resolve::read_anchors(file.path());
  BOOST_REQUIRE_MESSAGE(anchors.ok(), (anchors.ok() ? "" : anchors.error().message));
  BOOST_REQUIRE(anchors->size() == 2U);
  BOOST_TEST(anchors->at(0).zone.to_text() == "valid.");
  BOOST_TEST(anchors->at(1).zone.to_text() == "missing.");
}

BOOST_AUTO_TEST_CASE(a_file_over_several_lines_and_with_repetitions) {
  const File file(std::string("example. IN DS 1 13 2 ( ; first\n  ") + dskey_sha256 +
                  " )\nexample. DS 1 13 2 " + dskey_sha256 + "\r\nother. DS 2 13 2 " +
                  dskey_sha256);
  const auto anchors = resolve::read_anchors(file.path());
  BOOST_REQUIRE(anchors.ok());
  BOOST_TEST(anchors->size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_revoked_key_is_no_anchor) {
  std::string revoked = dskey_record;
  revoked.replace(revoked.find("256 3"), 3, "385");
  BOOST_TEST(says(error_of(revoked), "no trust anchor in"));
}

BOOST_AUTO_TEST_CASE(bad_records) {
  const std::string digest = dskey_sha256;
  BOOST_TEST(says(error_of("example. DS 65536 13 2 " + digest), "DS needs key tag"));
  BOOST_TEST(says(error_of("example. DS 1 256 2 " + digest), "DS needs key tag"));
  BOOST_TEST(says(error_of("example. DS -1 13 2 " + digest), "DS needs key tag"));
  BOOST_TEST(says(error_of("example. DS 1 13 2 " + digest + "zz"), "DS needs key tag"));
  BOOST_TEST(says(error_of("example. DS 1 13 2"), "DS needs key tag"));
  BOOST_TEST(says(error_of("example. DS 1 13 2 " + digest + "00"), "33 octets"));
  BOOST_TEST(says(error_of("example. DS 1 13 1 " + digest), "32 octets"));
  BOOST_TEST(says(error_of("example. DS 1 13 9 " + digest), "digest type"));
  BOOST_TEST(says(error_of("example. DNSKEY 257 3 13"), "DNSKEY needs"));
  BOOST_TEST(says(error_of("example. DNSKEY 257 2 13 AAAA"), "DNSKEY needs"));
  BOOST_TEST(says(error_of("example. DNSKEY 257 3 13 A?AA"), "DNSKEY needs"));
  BOOST_TEST(says(error_of("example. DNSKEY 1 3 13 AAAA"), "Zone bit"));
  BOOST_TEST(says(error_of("exa..mple. DS 1 13 2 " + digest), "trust anchor: "));
  BOOST_TEST(says(error_of("example. TXT DS"), "neither a DS nor a DNSKEY"));
  BOOST_TEST(says(error_of("example. DS 1 13 2 zz"), "DS or DNSKEY records are accepted"));
}

BOOST_AUTO_TEST_CASE(bad_files) {
  BOOST_TEST(says(error_of("/nonexistent/root.key"), "/nonexistent/root.key: No such file"));
  BOOST_TEST(says(error_of("/"), "cannot read /: Is a directory"));
  BOOST_TEST(says(error_of(""), "cannot read"));
  BOOST_TEST(says(error_of("/dev/zero"), "larger than a megabyte"));
  const File empty("; nothing\n\n");
  BOOST_TEST(says(error_of(empty.path()), "no trust anchor in '" + empty.path() + "'"));
  const File bad(std::string("\n; one\nexample. DS 1 13 2 ") + dskey_sha256 +
                 "\nexample. A 192.0.2.1\n");
  BOOST_TEST(says(error_of(bad.path()), bad.path() + " line 4: neither a DS nor a DNSKEY"));
}

BOOST_AUTO_TEST_CASE(root_hints) {
  const File good("; hints\n. 3600000 NS A.ROOT.\nA.ROOT. 3600000 A 127.0.0.1\n");
  BOOST_REQUIRE(resolve::check_root_hints(good.path()).ok());
  BOOST_TEST(resolve::check_root_hints(good.path()).value() == good.path());
  BOOST_TEST(!resolve::check_root_hints("/nonexistent").ok());
}

BOOST_AUTO_TEST_CASE(root_hints_without_addresses) {
  const File none(". NS A.ROOT.\nA.ROOT. A 1.2.3\nA.ROOT. AAAA 192.0.2.1\n; A 192.0.2.1\n");
  const auto hints = resolve::check_root_hints(none.path());
  BOOST_REQUIRE(!hints.ok());
  BOOST_TEST(says(hints.error().message, "no address in root hints " + none.path()));
}

BOOST_AUTO_TEST_SUITE_END()
