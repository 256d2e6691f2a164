// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// Hostile bytes: real records of the RFCs with random octets changed, cut and grown, and made-up
// ones. Nothing may crash (run with the sanitizers this shows), and nothing false may be proven.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>
#include <string>
#include <vector>

#include "dnssec/algorithm.hpp"
#include "dnssec/denial.hpp"
#include "dnssec/verify.hpp"
#include "signer.hpp"
#include "zone_text.hpp"

using dns::Type;
using dnssec::SignatureVerdict;
using dnssec_test::name;

namespace {

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  std::uint32_t below(std::size_t limit) {
    return static_cast<std::uint32_t>(random_() % (limit == 0 ? 1 : limit));
  }
  dns::Bytes noise(std::size_t most) {
    dns::Bytes bytes(below(most + 1));
    for (std::uint8_t& octet : bytes) octet = static_cast<std::uint8_t>(random_());
    return bytes;
  }
  dns::Bytes mutate(dns::Bytes bytes) {
    for (std::uint32_t changes = 1 + below(3); changes > 0; --changes) change(bytes);
    return bytes;
  }

 private:
  void change(dns::Bytes& bytes) {
    const std::size_t at = below(bytes.size());
    const auto here = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    switch (below(5)) {
      case 0:
        if (!bytes.empty()) *here = static_cast<std::uint8_t>(random_());
        break;
      case 1:
        if (!bytes.empty()) *here = below(2) == 0 ? 0x00 : 0xff;
        break;
      case 2:
        bytes.resize(at);
        break;
      case 3: {
        const dns::Bytes more = noise(40);
        bytes.insert(here, more.begin(), more.end());
        break;
      }
      default:
        if (!bytes.empty()) bytes.erase(here);
    }
  }

  std::mt19937 random_;
};

const char* const files[] = {"rfc4035.zone",         "rfc5155.zone",      "rfc5702.sha256.zone",
                             "rfc5702.sha512.zone",  "rfc6605.p256.zone", "rfc6605.p384.zone",
                             "rfc8080.ed25519.zone", "rfc8080.ed448.zone"};

struct ZoneFile {
  explicit ZoneFile(const char* file)
      : records(dnssec_test::records_of_file(file)), sets(dns::group(records)) {
    for (const dns::SignedRRset& entry : sets) {
      if (entry.set.type != Type::dnskey) continue;
      keys = dnssec::keys_of(entry.set);
      apex = entry.set.owner;
    }
  }
  std::vector<dns::Record> records;
  std::vector<dns::SignedRRset> sets;
  std::vector<dnssec::Key> keys;
  dns::Name apex;
};

dns::Bytes raw_of(const std::vector<dns::Record>& records, const dns::Signature& signature) {
  for (const dns::Record& record : records) {
    if (record.type == Type::rrsig && dns::parse_rrsig(record.rdata) == signature.rrsig) {
      return record.rdata;
    }
  }
  return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hostile)

BOOST_AUTO_TEST_CASE(mutated_rrsigs) {
  Mutator mutator(1);
  for (const char* file : files) {
    const ZoneFile zone(file);
    dnssec::Verifier verifier({.verifications = 1000000, .failures = 1000000});
    for (int i = 0; i < 400; ++i) {
      const auto& [set, signatures] = zone.sets[mutator.below(zone.sets.size())];
      if (signatures.empty() || set.rdatas.empty()) continue;
      dns::Signature signature = signatures[0];
      signature.raw = mutator.mutate(raw_of(zone.records, signature));
      const auto rrsig = dns::parse_rrsig(signature.raw);
      const bool same = rrsig == signature.rrsig;
      signature.rrsig = rrsig;
      const auto check = verifier.check_untimed(set, signature, zone.apex, zone.keys);
      BOOST_TEST((same || check.verdict != SignatureVerdict::valid));
    }
  }
}

// The keys changed, and the RRSIG's tag changed with them so that they stay candidates.
BOOST_AUTO_TEST_CASE(mutated_keys) {
  Mutator mutator(2);
  for (const char* file : files) {
    const ZoneFile zone(file);
    dnssec::Verifier verifier({.verifications = 1000000, .failures = 1000000});
    for (int i = 0; i < 300; ++i) {
      const auto& [set, signatures] = zone.sets[mutator.below(zone.sets.size())];
      if (signatures.empty() || set.rdatas.empty()) continue;
      const dnssec::Key& original = zone.keys[mutator.below(zone.keys.size())];
      dns::RRset changed;
      changed.type = Type::dnskey;
      changed.rdatas = {mutator.mutate(original.rdata)};
      const auto keys = dnssec::keys_of(changed);
      if (keys.empty()) continue;
      dns::Signature signature = signatures[0];
      signature.rrsig->key_tag = keys[0].tag;
      BOOST_TEST(keys[0].bits() < 70000U);
      const auto check = verifier.check_untimed(set, signature, zone.apex, keys);
      BOOST_TEST((keys[0] == original || check.verdict != SignatureVerdict::valid));
      dnssec::match({keys[0].tag, original.dnskey.algorithm, 2, mutator.noise(48)}, zone.apex,
                    keys);
    }
  }
}

BOOST_AUTO_TEST_CASE(made_up_keys) {
  Mutator mutator(3);
  dnssec::Verifier verifier({.verifications = 1000000, .failures = 1000000});
  dns::RRset set;
  set.owner = name("example.");
  set.type = Type::a;
  set.rdatas = {dns::Bytes{192, 0, 2, 1}};
  for (int i = 0; i < 4000; ++i) {
    const auto algorithm = static_cast<std::uint8_t>(mutator.below(20));
    const std::size_t lengths[] = {64, 96, 32, 57, 600};
    dns::Bytes bytes = mutator.noise(600);
    bytes.resize(lengths[mutator.below(5)]);
    const std::vector<dnssec::Key> keys{dnssec_test::make_key(256, 3, algorithm, bytes)};
    dns::Rrsig rrsig;
    rrsig.covered = Type::a;
    rrsig.algorithm = algorithm;
    rrsig.labels = 1;
    rrsig.key_tag = keys[0].tag;
    rrsig.signer = set.owner;
    rrsig.signature = mutator.noise(600);
    dns::Signature signature;
    signature.rrsig = rrsig;
    const auto check = verifier.check_untimed(set, signature, set.owner, keys);
    BOOST_TEST((check.verdict != SignatureVerdict::valid));
    BOOST_TEST((dnssec::algorithm_info(algorithm).verifiable ||
                check.verdict == SignatureVerdict::unsupported_algorithm));
  }
}

// RFC 4035's and RFC 5155's zones with their NSEC and NSEC3 records changed.
BOOST_AUTO_TEST_CASE(mutated_denials) {
  Mutator mutator(4);
  for (const char* file : {"rfc4035.zone", "rfc5155.zone"}) {
    const ZoneFile zone(file);
    unsigned parsed = 0;
    unsigned dropped = 0;
    for (int i = 0; i < 3000; ++i) {
      std::vector<dns::SignedRRset> authority;
      for (const dns::SignedRRset& entry : zone.sets) {
        if (entry.set.type != Type::nsec && entry.set.type != Type::nsec3) continue;
        authority.push_back(entry);
        for (dns::Bytes& rdata : authority.back().set.rdatas) {
          if (mutator.below(2) == 0) rdata = mutator.mutate(rdata);
        }
      }
      const auto records = dnssec::denial_records(zone.apex, authority);
      parsed += static_cast<unsigned>(records.nsec.size() + records.nsec3.size());
      dropped += records.malformed + records.ignored_nsec3;
      for (const char* owner : {"example.", "a.c.x.w.example.", "ns1.example.", "*.w.example."}) {
        dnssec::prove_name_error(name(owner), records, {50, 20});
        dnssec::prove_no_data(name(owner), Type::ds, records, {50, 20});
        dnssec::prove_no_data(name(owner), Type::mx, records, {50, 20});
        dnssec::prove_insecure_delegation(name(owner), records, {50, 20});
        dnssec::prove_wildcard_answer(name(owner), static_cast<std::uint8_t>(mutator.below(6)),
                                      records, {50, 20});
      }
      // The apex owns the first NSEC; a record of it that still parses shows that it is there.
      const bool apex_known =
          std::any_of(records.nsec.begin(), records.nsec.end(),
                      [&](const auto& entry) { return entry.owner == zone.apex; });
      const auto apex = dnssec::prove_name_error(zone.apex, records);
      BOOST_TEST((!apex_known || apex.form == dnssec::DenialForm::compact ||
                  !dnssec::is_proven(apex.verdict)));
    }
    BOOST_TEST(parsed > 3000U);
    BOOST_TEST(dropped > 3000U);
  }
}

BOOST_AUTO_TEST_SUITE_END()
