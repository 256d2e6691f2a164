// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <boost/test/unit_test.hpp>
#include <string>

#include "dnssec/key.hpp"
#include "zone_text.hpp"

using dnssec::DsVerdict;
using dnssec_test::name;
using dnssec_test::record;

namespace {

// RFC 4034 5.4.
const char* const rfc4034_key =
    "dskey.example.com. 86400 IN DNSKEY 256 3 5 AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/"
    "2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvxegXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM"
    "9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==";
const char* const sha1_digest = "2BB183AF5F22588179A53B0A98631FAD1A292118";
// RFC 4509 2.3, of the same key.
const char* const sha256_digest =
    "D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A";

dnssec::Key key_of(const dns::Record& record) {
  dns::RRset set;
  set.type = dns::Type::dnskey;
  set.rdatas = {record.rdata};
  return dnssec::keys_of(set).at(0);
}

dnssec::Key rfc_key() { return key_of(record(rfc4034_key)); }

/// The same key with other flags, protocol or algorithm.
dnssec::Key altered(std::uint16_t flags, std::uint8_t protocol = 3, std::uint8_t algorithm = 5) {
  dns::Record changed = record(rfc4034_key);
  changed.rdata[0] = static_cast<std::uint8_t>(flags >> 8U);
  changed.rdata[1] = static_cast<std::uint8_t>(flags & 0xffU);
  changed.rdata[2] = protocol;
  changed.rdata[3] = algorithm;
  return key_of(changed);
}

dns::Ds ds_for(const dnssec::Key& key, std::uint8_t type = 2) {
  const auto digest = dnssec::ds_digest(name("dskey.example.com."), key.rdata, type);
  return {key.tag, key.dnskey.algorithm, type, digest.value()};
}

DsVerdict verdict(const dns::Ds& ds, const std::vector<dnssec::Key>& keys) {
  return dnssec::match(ds, name("dskey.example.com."), keys).verdict;
}

std::string hex_of(const std::optional<dns::Bytes>& bytes) { return dns::to_hex(bytes.value()); }

}  // namespace

BOOST_AUTO_TEST_SUITE(key)

BOOST_AUTO_TEST_CASE(tag_and_digests_of_rfc_4034_and_4509) {
  const dnssec::Key key = rfc_key();
  BOOST_TEST(key.tag == 60485);
  BOOST_TEST(key.bits() == 1024U);
  BOOST_TEST(hex_of(dnssec::ds_digest(name("dskey.example.com."), key.rdata, 1)) == sha1_digest);
  BOOST_TEST(hex_of(dnssec::ds_digest(name("dskey.example.com."), key.rdata, 2)) == sha256_digest);
}

BOOST_AUTO_TEST_CASE(the_owner_is_hashed_in_lower_case) {
  BOOST_TEST(hex_of(dnssec::ds_digest(name("DsKey.EXAMPLE.com."), rfc_key().rdata, 2)) ==
             sha256_digest);
}

BOOST_AUTO_TEST_CASE(unknown_digest_types_give_nothing) {
  for (const std::uint8_t type : std::initializer_list<std::uint8_t>{0, 3, 5, 6, 7, 128, 255}) {
    BOOST_TEST(!dnssec::ds_digest(name("example."), rfc_key().rdata, type).has_value());
    BOOST_TEST(dnssec::ds_text(name("example."), rfc_key(), type).empty());
  }
}

BOOST_AUTO_TEST_CASE(text_for_the_registrar) {
  BOOST_TEST(dnssec::ds_text(name("dskey.example.com."), rfc_key()) ==
             "60485 5 2 " + std::string(sha256_digest));
}

// RFC 4034 appendix B.1: the tag of an RSA/MD5 key is taken from the end of the modulus.
BOOST_AUTO_TEST_CASE(tag_of_algorithm_1) {
  BOOST_TEST(dnssec::key_tag(dns::Bytes{1, 0, 3, 1, 1, 3, 0xaa, 0x12, 0x34, 0x56}) == 0x1234);
  BOOST_TEST(dnssec::key_tag(dns::Bytes{1, 0, 3, 1}) == 0x0100 + 0x0301);
}

// RFC 4034 appendix B: the sum is folded once; an odd last octet counts as high.
BOOST_AUTO_TEST_CASE(tag_carries_and_odd_octets) {
  BOOST_TEST(dnssec::key_tag(dns::Bytes{0xff, 0xff, 0xff, 0xff, 0x01}) == 0x0100);
  BOOST_TEST(dnssec::key_tag({}) == 0);
}

BOOST_AUTO_TEST_CASE(bits_of_each_algorithm) {
  const auto bits = [](std::uint8_t algorithm, std::size_t octets) {
    dnssec::Key key;
    key.dnskey.algorithm = algorithm;
    key.dnskey.public_key.assign(octets, 0x80);
    return key.bits();
  };
  BOOST_TEST(bits(13, 64) == 256U);
  BOOST_TEST(bits(13, 63) == 0U);
  BOOST_TEST(bits(14, 96) == 384U);
  BOOST_TEST(bits(14, 97) == 0U);
  BOOST_TEST(bits(15, 32) == 256U);
  BOOST_TEST(bits(16, 57) == 448U);
  BOOST_TEST(bits(17, 64) == 0U);
  BOOST_TEST(bits(8, 0) == 0U);
}

// RFC 3110 2: the exponent's length takes one octet, or three when it is 256 and more.
BOOST_AUTO_TEST_CASE(both_exponent_forms) {
  dnssec::Key key;
  key.dnskey.algorithm = 8;
  key.dnskey.public_key = {1, 3};
  key.dnskey.public_key.insert(key.dnskey.public_key.end(), 128, 0xff);
  BOOST_TEST(key.bits() == 1024U);
  key.dnskey.public_key = {0, 0, 3, 1, 0, 1};
  key.dnskey.public_key.insert(key.dnskey.public_key.end(), 128, 0x7f);
  BOOST_TEST(key.bits() == 1023U);
  key.dnskey.public_key = {0, 0xff, 0xff, 1};
  BOOST_TEST(key.bits() == 0U);
  key.dnskey.public_key = {3, 1, 0, 1};
  BOOST_TEST(key.bits() == 0U);
}

BOOST_AUTO_TEST_CASE(malformed_rdata_is_left_out) {
  dns::RRset set;
  set.rdatas = {dns::Bytes{1, 0}, record(rfc4034_key).rdata, dns::Bytes{}};
  BOOST_TEST(dnssec::keys_of(set).size() == 1U);
  set.rdatas = {dns::Bytes{1, 0}, record("a. DS 1 13 2 aabb").rdata};
  BOOST_TEST(dnssec::ds_of(set).size() == 1U);
}

BOOST_AUTO_TEST_CASE(ds_matches) {
  const dnssec::Key key = rfc_key();
  for (const std::uint8_t type : std::initializer_list<std::uint8_t>{1, 2, 4}) {
    BOOST_TEST((verdict(ds_for(key, type), {altered(257), key}) == DsVerdict::matches));
  }
  BOOST_TEST(dnssec::match(ds_for(key), name("dskey.example.com."),
                           std::vector<dnssec::Key>{altered(257), key})
                 .key.value() == 1U);
}

BOOST_AUTO_TEST_CASE(ds_unsupported_digest) {
  dns::Ds ds = ds_for(rfc_key());
  ds.digest_type = 3;
  BOOST_TEST((verdict(ds, {rfc_key()}) == DsVerdict::unsupported_digest));
  BOOST_TEST((verdict(ds, {}) == DsVerdict::unsupported_digest));
}

BOOST_AUTO_TEST_CASE(ds_no_such_tag) {
  dns::Ds ds = ds_for(rfc_key());
  BOOST_TEST((verdict(ds, {}) == DsVerdict::no_such_tag));
  ++ds.key_tag;
  BOOST_TEST((verdict(ds, {rfc_key()}) == DsVerdict::no_such_tag));
}

BOOST_AUTO_TEST_CASE(ds_wrong_algorithm) {
  dns::Ds ds = ds_for(rfc_key());
  ds.algorithm = 8;
  BOOST_TEST((verdict(ds, {rfc_key()}) == DsVerdict::wrong_algorithm));
}

BOOST_AUTO_TEST_CASE(ds_wrong_digest) {
  dns::Ds ds = ds_for(rfc_key());
  ds.digest[31] ^= 1U;
  BOOST_TEST((verdict(ds, {rfc_key()}) == DsVerdict::wrong_digest));
  ds = ds_for(rfc_key());
  ds.digest.pop_back();
  BOOST_TEST((verdict(ds, {rfc_key()}) == DsVerdict::wrong_digest));
  ds.digest.clear();
  BOOST_TEST((verdict(ds, {rfc_key()}) == DsVerdict::wrong_digest));
}

BOOST_AUTO_TEST_CASE(ds_for_keys_that_may_not_be_used) {
  const dnssec::Key no_zone_key = altered(0);
  const dnssec::Key revoked = altered(0x0181);
  const dnssec::Key protocol = altered(257, 4);
  BOOST_TEST((verdict(ds_for(no_zone_key), {no_zone_key}) == DsVerdict::not_zone_key));
  BOOST_TEST((verdict(ds_for(revoked), {revoked}) == DsVerdict::revoked));
  BOOST_TEST((verdict(ds_for(protocol), {protocol}) == DsVerdict::wrong_protocol));
}

// RFC 4509 3: SHA-1 is ignored beside a stronger digest, and not without one.
BOOST_AUTO_TEST_CASE(usable_ds_prefers_the_stronger) {
  const dns::Ds sha1 = ds_for(rfc_key(), 1);
  const dns::Ds sha256 = ds_for(rfc_key(), 2);
  dns::Ds unknown_digest = sha256;
  unknown_digest.digest_type = 5;
  dns::Ds unknown_algorithm = sha256;
  unknown_algorithm.algorithm = 17;
  const auto usable = [](std::vector<dns::Ds> set) { return dnssec::usable_ds(set); };
  BOOST_TEST((usable({sha1, sha256}) == std::vector{sha256}));
  BOOST_TEST((usable({sha1}) == std::vector{sha1}));
  BOOST_TEST((usable({sha1, unknown_digest, unknown_algorithm}) == std::vector{sha1}));
  BOOST_TEST(usable({unknown_digest, unknown_algorithm}).empty());
}

BOOST_AUTO_TEST_SUITE_END()
