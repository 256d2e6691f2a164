// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <boost/test/unit_test.hpp>
#include <initializer_list>
#include <set>
#include <string>
#include <utility>

#include "dnssec/denial.hpp"
#include "zone_text.hpp"

using dns::Type;
using dnssec::DenialForm;
using dnssec::DenialProof;
using dnssec::DenialRecords;
using dnssec::DenialVerdict;
using dnssec_test::denial;
using dnssec_test::name;

namespace {

/// The NSEC3 records of RFC 5155 appendix A at these hashes.
DenialRecords rfc5155(std::initializer_list<const char*> hashes) {
  static const auto zone = dnssec_test::records_of_file("rfc5155.zone");
  std::vector<dns::SignedRRset> authority;
  for (const char* hash : hashes) {
    authority.push_back(
        dnssec_test::signed_set(zone, std::string(hash) + ".example.", Type::nsec3));
  }
  return dnssec::denial_records(name("example."), authority);
}

const char* const apex = "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom";
const char* const ns1 = "2t7b4g4vsa5smi47k61mv5bv1a22bojr";
const char* const a_example = "35mthgpgcu1qg68fab165klnsnk3dpvl";
const char* const x_w = "b4um86eghhds6nea196smvmlo4ors995";
const char* const y_w = "ji6neoaepv8b5o6k4ev33abha8ht9fgc";
const char* const w = "k8udemvp1j2f7eg6jebps17vp3n8i58h";
const char* const ns2 = "q04jkcevqvmu85r014c7dkba38o0ji5r";
const char* const any_w = "r53bq7cc2uvmubfu5ocmm6pers9tk9en";

void expect(const DenialProof& proof, DenialVerdict verdict, DenialForm form = DenialForm::nsec3) {
  BOOST_CHECK_MESSAGE(proof.verdict == verdict, dnssec::to_text(proof.verdict)
                                                    << " instead of " << dnssec::to_text(verdict));
  BOOST_TEST((proof.form == form));
}

std::string hash_text(const char* owner, std::uint16_t iterations = 0,
                      const dns::Bytes& salt = {}) {
  return dns::to_base32hex(dnssec::nsec3_hash(name(owner), 1, iterations, salt).value());
}

/// The hash `step` away, for records made up around a name.
std::string near(const char* owner, int step) {
  dns::Bytes hash = dnssec::nsec3_hash(name(owner), 1, 0, {}).value();
  for (auto octet = hash.rbegin(); octet != hash.rend(); ++octet) {
    *octet = static_cast<std::uint8_t>(*octet + step);
    if (*octet != (step > 0 ? 0x00 : 0xff)) break;
  }
  return dns::to_base32hex(hash);
}

std::string nsec3_line(const std::string& hash, const std::string& next, const std::string& types,
                       const std::string& parameters = "1 0 0 -") {
  return hash + ".example. NSEC3 " + parameters + ' ' + next + ' ' + types + '\n';
}
std::string matching(const char* owner, const std::string& types, bool opt_out = false) {
  return nsec3_line(hash_text(owner), near(owner, 1), types, opt_out ? "1 1 0 -" : "1 0 0 -");
}
std::string covering(const char* owner, bool opt_out = false) {
  return nsec3_line(near(owner, -1), near(owner, 1), "", opt_out ? "1 1 0 -" : "1 0 0 -");
}

DenialProof name_error(const char* owner, const std::string& records) {
  return dnssec::prove_name_error(name(owner), denial("example.", records));
}
DenialProof no_data(const char* owner, Type type, const std::string& records) {
  return dnssec::prove_no_data(name(owner), type, denial("example.", records));
}
DenialProof insecure(const char* owner, const std::string& records) {
  return dnssec::prove_insecure_delegation(name(owner), denial("example.", records));
}

constexpr DenialForm minimal = DenialForm::minimal_nsec3;

}  // namespace

BOOST_AUTO_TEST_SUITE(nsec3)

BOOST_AUTO_TEST_CASE(hashes_of_rfc_5155_appendix_a) {
  const std::pair<const char*, const char*> hashes[] = {
      {"example.", "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom"},
      {"a.example.", "35mthgpgcu1qg68fab165klnsnk3dpvl"},
      {"ai.example.", "gjeqe526plbf1g8mklp59enfd789njgi"},
      {"ns1.example.", "2t7b4g4vsa5smi47k61mv5bv1a22bojr"},
      {"ns2.example.", "q04jkcevqvmu85r014c7dkba38o0ji5r"},
      {"w.example.", "k8udemvp1j2f7eg6jebps17vp3n8i58h"},
      {"*.w.example.", "r53bq7cc2uvmubfu5ocmm6pers9tk9en"},
      {"x.w.example.", "b4um86eghhds6nea196smvmlo4ors995"},
      {"y.w.example.", "ji6neoaepv8b5o6k4ev33abha8ht9fgc"},
      {"x.y.w.example.", "2vptu5timamqttgl4luu9kg21e0aor3s"},
      {"xx.example.", "t644ebqk9bibcna874givr6joj62mlhv"},
      {"XX.Example.", "t644ebqk9bibcna874givr6joj62mlhv"},
  };
  const dns::Bytes salt{0xaa, 0xbb, 0xcc, 0xdd};
  for (const auto& [owner, hash] : hashes) BOOST_TEST(hash_text(owner, 12, salt) == hash);
}

BOOST_AUTO_TEST_CASE(what_is_not_hashed) {
  BOOST_TEST(!dnssec::nsec3_hash(name("a."), 0, 0, {}).has_value());
  BOOST_TEST(!dnssec::nsec3_hash(name("a."), 2, 0, {}).has_value());
  BOOST_TEST(!dnssec::nsec3_hash(name("a."), 1, 2501, {}).has_value());
  BOOST_TEST(dnssec::nsec3_hash(name("a."), 1, 2500, {}).has_value());
  BOOST_TEST(!dnssec::nsec3_hash(name("a."), 1, 101, {}, 100).has_value());
}

BOOST_AUTO_TEST_CASE(rfc_5155_b1_name_error) {
  const DenialProof proof =
      dnssec::prove_name_error(name("a.c.x.w.example."), rfc5155({apex, x_w, a_example}));
  expect(proof, DenialVerdict::proven_opt_out);
  BOOST_TEST(proof.closest_encloser->to_text() == "x.w.example.");
  BOOST_TEST(proof.opt_out);
  const auto without = [&](std::initializer_list<const char*> hashes) {
    return dnssec::prove_name_error(name("a.c.x.w.example."), rfc5155(hashes)).verdict;
  };
  BOOST_TEST((without({x_w, a_example}) == DenialVerdict::name_not_covered));
  BOOST_TEST((without({a_example, ns1}) == DenialVerdict::closest_encloser_missing));
  BOOST_TEST((without({apex, x_w}) == DenialVerdict::wildcard_not_covered));
}

BOOST_AUTO_TEST_CASE(rfc_5155_b2_no_data) {
  const auto records = rfc5155({ns1});
  const DenialProof proof = dnssec::prove_no_data(name("ns1.example."), Type::mx, records);
  expect(proof, DenialVerdict::proven);
  BOOST_TEST(proof.types->to_text() == "A RRSIG");
  expect(dnssec::prove_no_data(name("ns1.example."), Type::a, records),
         DenialVerdict::type_in_bitmap);
  expect(dnssec::prove_no_data(name("xx.example."), Type::mx, records), DenialVerdict::no_match);
  expect(dnssec::prove_name_error(name("ns1.example."), records), DenialVerdict::name_not_covered);
}

BOOST_AUTO_TEST_CASE(rfc_5155_b2_1_empty_non_terminal) {
  const auto proof = dnssec::prove_no_data(name("y.w.example."), Type::a, rfc5155({y_w}));
  expect(proof, DenialVerdict::proven);
  BOOST_TEST(proof.empty_non_terminal);
}

BOOST_AUTO_TEST_CASE(rfc_5155_b3_opt_out_delegation) {
  const auto records = rfc5155({a_example, apex});
  const auto proof = dnssec::prove_insecure_delegation(name("c.example."), records);
  expect(proof, DenialVerdict::proven_opt_out);
  BOOST_TEST(proof.opt_out);
  expect(dnssec::prove_no_data(name("c.example."), Type::ds, records),
         DenialVerdict::proven_opt_out);
  expect(dnssec::prove_insecure_delegation(name("c.example."), rfc5155({a_example})),
         DenialVerdict::no_match);
  expect(dnssec::prove_insecure_delegation(name("c.example."), rfc5155({apex})),
         DenialVerdict::name_not_covered);
}

BOOST_AUTO_TEST_CASE(rfc_5155_b4_wildcard_expansion) {
  const auto proof = dnssec::prove_wildcard_answer(name("a.z.w.example."), 2, rfc5155({ns2}));
  expect(proof, DenialVerdict::proven_opt_out);
  BOOST_TEST(proof.closest_encloser->to_text() == "w.example.");
  expect(dnssec::prove_wildcard_answer(name("a.z.w.example."), 2, rfc5155({apex})),
         DenialVerdict::name_not_covered);
  // The next closer name to *.example. would be w.example., which exists.
  expect(dnssec::prove_wildcard_answer(name("a.z.w.example."), 1, rfc5155({w, ns2})),
         DenialVerdict::name_not_covered);
}

BOOST_AUTO_TEST_CASE(rfc_5155_b5_wildcard_no_data) {
  const auto all = rfc5155({w, ns2, any_w});
  const auto proof = dnssec::prove_no_data(name("a.z.w.example."), Type::aaaa, all);
  expect(proof, DenialVerdict::proven_opt_out);
  BOOST_TEST(proof.wildcard);
  expect(dnssec::prove_no_data(name("a.z.w.example."), Type::mx, all),
         DenialVerdict::type_in_bitmap);
  expect(dnssec::prove_no_data(name("a.z.w.example."), Type::aaaa, rfc5155({w, any_w})),
         DenialVerdict::name_not_covered);
  expect(dnssec::prove_no_data(name("a.z.w.example."), Type::aaaa, rfc5155({ns2, any_w})),
         DenialVerdict::no_match);
}

BOOST_AUTO_TEST_CASE(rfc_5155_b6_ds_at_the_child) {
  expect(dnssec::prove_no_data(name("example."), Type::ds, rfc5155({apex})),
         DenialVerdict::from_child_side);
}

// RFC 7129 appendix B: records made up around each hash.
BOOST_AUTO_TEST_CASE(white_lies) {
  const std::string encloser = matching("example.", "NS SOA RRSIG DNSKEY NSEC3PARAM");
  const std::string proof = encloser + covering("q.example.") + covering("*.example.");
  expect(name_error("q.example.", proof), DenialVerdict::proven, minimal);
  expect(name_error("a.q.example.", proof), DenialVerdict::proven, minimal);
  expect(name_error("q.example.", encloser + covering("*.example.")),
         DenialVerdict::name_not_covered);
  expect(name_error("q.example.", encloser + covering("q.example.")),
         DenialVerdict::wildcard_not_covered, minimal);
  expect(name_error("q.example.", covering("q.example.") + covering("*.example.")),
         DenialVerdict::closest_encloser_missing);
  expect(no_data("q.example.", Type::mx, matching("q.example.", "A RRSIG")), DenialVerdict::proven,
         minimal);
}

BOOST_AUTO_TEST_CASE(a_chain_of_one) {
  const std::string one = nsec3_line(hash_text("example."), hash_text("example."), "NS SOA RRSIG");
  expect(name_error("q.example.", one), DenialVerdict::proven);
  expect(name_error("example.", one), DenialVerdict::name_not_covered);
}

// RFC 6840 4.1 and RFC 5155 8.3.
BOOST_AUTO_TEST_CASE(enclosers_that_say_nothing) {
  const std::string rest = covering("a.d.example.") + covering("*.d.example.");
  expect(name_error("a.d.example.", matching("d.example.", "NS DS RRSIG") + rest),
         DenialVerdict::from_parent_side);
  expect(no_data("a.d.example.", Type::a, matching("d.example.", "NS") + rest),
         DenialVerdict::from_parent_side);
  expect(name_error("a.d.example.", matching("d.example.", "DNAME RRSIG") + rest),
         DenialVerdict::closest_encloser_missing);
  expect(name_error("a.d.example.", matching("d.example.", "A RRSIG") + rest),
         DenialVerdict::proven, minimal);
  expect(no_data("d.example.", Type::a, matching("d.example.", "NS")),
         DenialVerdict::from_parent_side, minimal);
  expect(no_data("d.example.", Type::a, matching("d.example.", "CNAME RRSIG")),
         DenialVerdict::type_in_bitmap, minimal);
}

BOOST_AUTO_TEST_CASE(insecure_delegations) {
  expect(insecure("d.example.", matching("d.example.", "NS")), DenialVerdict::proven, minimal);
  expect(insecure("d.example.", matching("d.example.", "NS DS RRSIG")),
         DenialVerdict::type_in_bitmap, minimal);
  expect(insecure("d.example.", matching("d.example.", "A RRSIG")), DenialVerdict::not_a_delegation,
         minimal);
  expect(insecure("d.example.", matching("d.example.", "NS SOA RRSIG")),
         DenialVerdict::from_child_side, minimal);
  const std::string encloser = matching("example.", "NS SOA RRSIG");
  expect(insecure("d.example.", encloser + covering("d.example.", true)),
         DenialVerdict::proven_opt_out, minimal);
  expect(insecure("d.example.", encloser + covering("d.example.")), DenialVerdict::opt_out_missing,
         minimal);
  expect(no_data("d.example.", Type::ds, encloser + covering("d.example.")),
         DenialVerdict::opt_out_missing, minimal);
  expect(no_data("d.example.", Type::a, encloser + covering("d.example.")), DenialVerdict::no_match,
         minimal);
}

// RFC 5155 7.1 and erratum 3441: an empty non-terminal above insecure delegations only.
BOOST_AUTO_TEST_CASE(empty_non_terminal_in_an_opt_out_span) {
  expect(no_data("ent.example.", Type::a,
                 matching("example.", "NS SOA RRSIG") + covering("ent.example.", true)),
         DenialVerdict::proven_opt_out, minimal);
}

BOOST_AUTO_TEST_CASE(opt_out_holds_for_the_next_closer_name) {
  const std::string encloser = matching("example.", "NS SOA RRSIG");
  const auto proof =
      name_error("q.example.", encloser + covering("q.example.") + covering("*.example.", true));
  expect(proof, DenialVerdict::proven, minimal);
  BOOST_TEST(proof.opt_out);
  expect(name_error("q.example.", encloser + covering("q.example.", true) + covering("*.example.")),
         DenialVerdict::proven_opt_out, minimal);
}

BOOST_AUTO_TEST_CASE(records_to_ignore) {
  const auto records = denial(
      "example.", nsec3_line(hash_text("example."), near("example.", 1), "NS SOA", "2 0 0 -") +
                      nsec3_line(hash_text("a.example."), near("a.example.", 1), "A", "1 2 0 -"));
  BOOST_TEST(records.ignored_nsec3 == 2U);
  expect(dnssec::prove_name_error(name("q.example."), records), DenialVerdict::unknown_nsec3,
         DenialForm::none);
}

BOOST_AUTO_TEST_CASE(owners_that_are_no_hash) {
  const std::string next = hash_text("example.");
  const auto records =
      denial("example.", nsec3_line("short", next, "A") +
                             nsec3_line("a." + hash_text("a.example."), next, "A") +
                             nsec3_line(std::string(32, 'z'), next, "A") +
                             nsec3_line(hash_text("a.example."), "00", "A"));
  BOOST_TEST(records.malformed == 4U);
  BOOST_TEST(records.nsec3.empty());
}

BOOST_AUTO_TEST_CASE(too_many_iterations) {
  const auto records = denial("example.", nsec3_line(hash_text("q.example.", 151),
                                                     hash_text("example."), "A", "1 0 151 -"));
  expect(dnssec::prove_no_data(name("q.example."), Type::mx, records),
         DenialVerdict::too_many_iterations);
  expect(dnssec::prove_no_data(name("q.example."), Type::mx, records, {151, 600}),
         DenialVerdict::proven);
}

// CVE-2023-50868: a name of 127 labels is not hashed to the end when the limit is lower.
BOOST_AUTO_TEST_CASE(too_many_hashes) {
  std::string deep;
  for (int i = 0; i < 110; ++i) deep += "a.";
  const auto records = denial("example.", covering("q.example."));
  const dns::Name owner = name(deep + "example.");
  expect(dnssec::prove_name_error(owner, records, {150, 50}), DenialVerdict::too_many_iterations);
  expect(dnssec::prove_name_error(owner, records), DenialVerdict::closest_encloser_missing);
}

BOOST_AUTO_TEST_CASE(several_parameter_sets) {
  const std::string proof =
      matching("example.", "NS SOA RRSIG") + covering("q.example.") + covering("*.example.");
  const std::string other = nsec3_line(hash_text("example.", 5, {0xab}), hash_text("example."),
                                       "NS SOA RRSIG", "1 0 5 ab");
  expect(name_error("q.example.", other + proof), DenialVerdict::proven, minimal);
  const std::string torn = matching("example.", "NS SOA RRSIG") +
                           nsec3_line(hash_text("a.example.", 5, {0xab}),
                                      hash_text("a.example.", 5, {0xab}), "A", "1 0 5 ab");
  expect(name_error("q.example.", torn), DenialVerdict::params_differ);
  const std::string heavy =
      nsec3_line(hash_text("a.example."), hash_text("example."), "A", "1 0 200 -") +
      nsec3_line(hash_text("a.example."), hash_text("example."), "A", "1 0 201 -");
  expect(name_error("q.example.", heavy), DenialVerdict::too_many_iterations);
}

BOOST_AUTO_TEST_CASE(every_verdict_has_its_own_text) {
  std::set<std::string_view> texts;
  const int last = static_cast<int>(DenialVerdict::next_out_of_zone);
  for (int i = 0; i <= last; ++i) texts.insert(dnssec::to_text(static_cast<DenialVerdict>(i)));
  BOOST_TEST(texts.size() == static_cast<std::size_t>(last) + 1);
}

BOOST_AUTO_TEST_SUITE_END()
