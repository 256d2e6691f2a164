// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// What other signers sign verifies here, and with one bit changed anywhere it does not: BIND's
// dnssec-signzone and ldns-signzone, for each algorithm this suite verifies.
#include <unistd.h>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>

#include "dnssec/denial.hpp"
#include "dnssec/verify.hpp"
#include "zone_text.hpp"

namespace {

using dns::Type;
using dnssec::SignatureVerdict;
using dnssec_test::name;
namespace test = boost::unit_test;

struct Case {
  int number;
  const char* bind;
  const char* ldns;
  const char* bits;  ///< the shortest RSA key both tools make; speed is all it is for
  bool nsec3;
  bool required;  ///< SHA-1 algorithms: where the tool still makes keys for them
};

std::ostream& operator<<(std::ostream& out, const Case& algorithm) {
  return out << "algorithm " << algorithm.number;
}

const Case cases[] = {
    {5, "RSASHA1", "RSASHA1", "1024", false, false},
    {7, "NSEC3RSASHA1", "RSASHA1-NSEC3-SHA1", "1024", true, false},
    {8, "RSASHA256", "RSASHA256", "1024", false, true},
    {10, "RSASHA512", "RSASHA512", "1024", true, true},
    {13, "ECDSAP256SHA256", "ECDSAP256SHA256", nullptr, true, true},
    {14, "ECDSAP384SHA384", "ECDSAP384SHA384", nullptr, false, true},
    {15, "ED25519", "ED25519", nullptr, true, true},
    {16, "ED448", "ED448", nullptr, false, true},
};

/// A directory of its own, removed afterwards.
class Directory {
 public:
  Directory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "dnssec-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = pattern;
    std::filesystem::copy_file(std::string(TEST_DATA_DIR) + "/unsigned.zone", path_ / "zone");
  }
  ~Directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  /// Runs a shell command in the directory, a minute at most; true when it succeeds.
  bool run(const std::string& command) const {
    const std::string line = "cd '" + path_.string() + "' && { timeout 60 sh -c '" + command +
                             "'; } >>log 2>&1 </dev/null";
    return std::system(line.c_str()) == 0;  // NOLINT(cert-env33-c,concurrency-mt-unsafe)
  }
  std::string read(const char* file) const {
    std::ifstream stream(path_ / file);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
  }

 private:
  std::filesystem::path path_;
};

bool sign_with_bind(const Directory& directory, const Case& algorithm) {
  const std::string bits = algorithm.bits != nullptr ? std::string(" -b ") + algorithm.bits : "";
  const std::string make = std::string("dnssec-keygen -q -a ") + algorithm.bind + bits;
  const std::string nsec3 = algorithm.nsec3 ? " -3 - -H 0" : "";
  return directory.run(make + " -f KSK example.test") && directory.run(make + " example.test") &&
         directory.run("dnssec-signzone -q -S -O full -o example.test" + nsec3 + " -f signed zone");
}

bool sign_with_ldns(const Directory& directory, const Case& algorithm) {
  const std::string bits = algorithm.bits != nullptr ? std::string(" -b ") + algorithm.bits : "";
  const std::string make = std::string("ldns-keygen -a ") + algorithm.ldns + bits;
  const std::string nsec3 = algorithm.nsec3 ? " -n -t 3 -s abcd" : "";
  return directory.run(make + " -k example.test >>keys") &&
         directory.run(make + " example.test >>keys") &&
         directory.run("ldns-signzone -o example.test" + nsec3 + " -f signed zone $(cat keys)");
}

using Sign = bool (*)(const Directory&, const Case&);

struct SignedZone {
  std::vector<dns::SignedRRset> sets;
  std::vector<dnssec::Key> keys;
  dns::Name apex = name("example.test.");
  dns::SerialTime now = dns::SerialTime::from_unix(std::time(nullptr));
};

/// One bit of a copy changed; false when the change makes no difference to what is signed.
class BitFlips {
 public:
  explicit BitFlips(const SignedZone& zone) : zone_(zone) {}

  void flip_one() {
    const dns::SignedRRset& chosen = pick(zone_.sets);
    if (chosen.signatures.empty() || chosen.set.rdatas.empty()) return;
    dns::RRset set = chosen.set;
    dns::Signature signature = pick(chosen.signatures);
    const unsigned where = random_() % 4;
    const bool changed = where == 0   ? flip_rdata(set)
                         : where == 1 ? flip_owner(set)
                                      : flip_signature(signature, where == 2);
    if (!changed) return;
    ++flips;
    const auto check = verifier_.check(set, signature, zone_.apex, zone_.keys, zone_.now);
    BOOST_CHECK_MESSAGE(check.verdict != SignatureVerdict::valid,
                        set.owner.to_text() << ' ' << dns::to_text(set.type) << " part " << where);
    if (check.verdict == SignatureVerdict::does_not_verify) ++refused_by_arithmetic;
  }

  unsigned flips = 0;
  unsigned refused_by_arithmetic = 0;

 private:
  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[random_() % from.size()];
  }
  void flip(dns::Bytes& bytes, std::size_t first, std::size_t end) {
    bytes[first + random_() % (end - first)] ^= static_cast<std::uint8_t>(1U << random_() % 8);
  }
  bool flip_rdata(dns::RRset& set) {
    dns::Bytes& rdata = set.rdatas[random_() % set.rdatas.size()];
    const dns::Bytes before = dns::canonical_rdata(set.type, rdata);
    if (rdata.empty()) return false;
    flip(rdata, 0, rdata.size());
    return dns::canonical_rdata(set.type, rdata) != before;
  }
  bool flip_owner(dns::RRset& set) {
    dns::Bytes wire(set.owner.wire().begin(), set.owner.wire().end());
    flip(wire, 0, wire.size());
    const auto changed = dns::Name::from_wire(wire);
    if (!changed || *changed == set.owner) return false;
    // Another name below the wildcard's parent is what the wildcard is for.
    if (set.owner.is_wildcard() && changed->is_below(set.owner.parent())) return false;
    set.owner = *changed;
    return true;
  }
  /// In the signature itself, or in the fields before it.
  bool flip_signature(dns::Signature& signature, bool in_fields) {
    const std::size_t fields = signature.raw.size() - signature.rrsig->signature.size();
    flip(signature.raw, in_fields ? 0 : fields, in_fields ? fields : signature.raw.size());
    const auto changed = dns::parse_rrsig(signature.raw);
    if (changed == signature.rrsig) return false;
    signature.rrsig = changed;
    return true;
  }

  const SignedZone& zone_;
  dnssec::Verifier verifier_{{.verifications = 100000, .failures = 100000}};
  std::mt19937 random_{20240613};
};

void check_every_signature(const SignedZone& zone, const Case& algorithm) {
  dnssec::Verifier verifier;
  unsigned valid = 0;
  for (const auto& [set, signatures] : zone.sets) {
    for (const dns::Signature& signature : signatures) {
      const auto check = verifier.check(set, signature, zone.apex, zone.keys, zone.now);
      BOOST_CHECK_MESSAGE(check.verdict == SignatureVerdict::valid,
                          set.owner.to_text() << ' ' << dns::to_text(set.type) << ": "
                                              << dnssec::to_text(check.verdict));
      BOOST_TEST(int{signature.rrsig->algorithm} == algorithm.number);
      ++valid;
    }
  }
  BOOST_TEST(valid > 25U);
}

/// A server of the zone answers "*.wild" for this name: the same set under another owner.
void check_expansion(const SignedZone& zone) {
  const auto* wildcard = dns::find(zone.sets, name("*.wild.example.test."), Type::txt);
  BOOST_REQUIRE(wildcard != nullptr);
  dns::RRset expanded = wildcard->set;
  expanded.owner = name("x.y.wild.example.test.");
  const auto check = dnssec::Verifier().check(expanded, wildcard->signatures.at(0), zone.apex,
                                              zone.keys, zone.now);
  BOOST_TEST((check.verdict == SignatureVerdict::valid));
  BOOST_TEST(check.wildcard);
}

/// The signer's own chain proves what is true of its zone.
void check_chain(const SignedZone& zone) {
  const auto records = dnssec::denial_records(zone.apex, zone.sets);
  const auto proven = [](const dnssec::DenialProof& proof) {
    return proof.verdict == dnssec::DenialVerdict::proven;
  };
  BOOST_TEST(proven(dnssec::prove_name_error(name("nope.example.test."), records)));
  BOOST_TEST(proven(dnssec::prove_name_error(name("x.ns1.example.test."), records)));
  BOOST_TEST(!proven(dnssec::prove_name_error(name("x.wild.example.test."), records)));
  BOOST_TEST(proven(dnssec::prove_no_data(name("x.wild.example.test."), Type::a, records)));
  BOOST_TEST(proven(dnssec::prove_wildcard_answer(name("x.wild.example.test."), 3, records)));
  BOOST_TEST(proven(dnssec::prove_no_data(name("b.ent.example.test."), Type::a, records)));
  BOOST_TEST(proven(dnssec::prove_insecure_delegation(name("insecure.example.test."), records)));
  BOOST_TEST(!proven(dnssec::prove_insecure_delegation(name("secure.example.test."), records)));
  BOOST_TEST(!proven(dnssec::prove_name_error(name("x.dname.example.test."), records)));
  BOOST_TEST(!proven(dnssec::prove_no_data(name("cname.example.test."), Type::a, records)));
}

void check_signer(const Case& algorithm, Sign sign) {
  const Directory directory;
  if (!sign(directory, algorithm)) {
    BOOST_CHECK_MESSAGE(!algorithm.required, directory.read("log"));
    BOOST_TEST_MESSAGE("this tool makes no keys of " << algorithm << " any more");
    return;
  }
  const auto records = dnssec_test::records(directory.read("signed"));
  SignedZone zone;
  zone.sets = dns::group(records);
  zone.keys = dnssec_test::keys(records, "example.test.");
  BOOST_TEST(zone.keys.size() == 2U);
  check_every_signature(zone, algorithm);
  check_expansion(zone);
  check_chain(zone);
  BitFlips flips(zone);
  for (int i = 0; i < 300; ++i) flips.flip_one();
  BOOST_TEST(flips.flips > 200U);
  BOOST_TEST(flips.refused_by_arithmetic > 60U);
}

/// Skips, with the reason, where the tools are not installed.
test::precondition installed(const std::string& tools) {
  return test::precondition([tools](test::test_unit_id) -> boost::test_tools::assertion_result {
    const std::string line = "for tool in " + tools + "; do command -v $tool || exit 1; done";
    // NOLINTNEXTLINE(cert-env33-c,concurrency-mt-unsafe): a test, before any thread
    if (std::system(("{ " + line + "; } >/dev/null").c_str()) == 0) return true;
    boost::test_tools::assertion_result missing(false);
    missing.message() << "not installed: " << tools;
    return missing;
  });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(signed_by_bind, *installed("dnssec-keygen dnssec-signzone"))
BOOST_DATA_TEST_CASE(signs, test::data::make(cases), algorithm) {
  check_signer(algorithm, sign_with_bind);
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(ldns, *installed("ldns-keygen ldns-signzone"))
BOOST_DATA_TEST_CASE(signs, test::data::make(cases), algorithm) {
  check_signer(algorithm, sign_with_ldns);
}
BOOST_AUTO_TEST_SUITE_END()
