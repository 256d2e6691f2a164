// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <boost/test/unit_test.hpp>
#include <initializer_list>
#include <string>

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

/// The NSEC records of RFC 4035 appendix A at these owners.
DenialRecords rfc4035(std::initializer_list<const char*> owners) {
  static const auto zone = dnssec_test::records_of_file("rfc4035.zone");
  std::vector<dns::SignedRRset> authority;
  for (const char* owner : owners) {
    authority.push_back(dnssec_test::signed_set(zone, owner, Type::nsec));
  }
  return dnssec::denial_records(name("example."), authority);
}

void expect_nsec(const DenialProof& proof, DenialVerdict verdict,
                 DenialForm form = DenialForm::nsec) {
  BOOST_CHECK_MESSAGE(proof.verdict == verdict, dnssec::to_text(proof.verdict)
                                                    << " instead of " << dnssec::to_text(verdict));
  BOOST_TEST((proof.form == form));
}

DenialProof nsec_name_error(const char* owner, const std::string& records) {
  return dnssec::prove_name_error(name(owner), denial("example.", records));
}
DenialProof nsec_no_data(const char* owner, Type type, const std::string& records) {
  return dnssec::prove_no_data(name(owner), type, denial("example.", records));
}
DenialProof nsec_insecure(const char* owner, const std::string& records) {
  return dnssec::prove_insecure_delegation(name(owner), denial("example.", records));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(nsec)

BOOST_AUTO_TEST_CASE(rfc_4035_b2_name_error) {
  const DenialProof proof =
      dnssec::prove_name_error(name("ml.example."), rfc4035({"b.example.", "example."}));
  expect_nsec(proof, DenialVerdict::proven);
  BOOST_TEST(proof.closest_encloser->to_text() == "example.");
  expect_nsec(dnssec::prove_name_error(name("ml.example."), rfc4035({"b.example."})),
              DenialVerdict::wildcard_not_covered);
  expect_nsec(dnssec::prove_name_error(name("ml.example."), rfc4035({"example."})),
              DenialVerdict::name_not_covered);
}

BOOST_AUTO_TEST_CASE(rfc_4035_b3_no_data) {
  const auto records = rfc4035({"ns1.example."});
  const DenialProof proof = dnssec::prove_no_data(name("ns1.example."), Type::mx, records);
  expect_nsec(proof, DenialVerdict::proven);
  BOOST_TEST(proof.types->to_text() == "A RRSIG NSEC");
  expect_nsec(dnssec::prove_no_data(name("ns1.example."), Type::a, records),
              DenialVerdict::type_in_bitmap);
  expect_nsec(dnssec::prove_no_data(name("ns2.example."), Type::mx, records),
              DenialVerdict::no_match);
}

BOOST_AUTO_TEST_CASE(rfc_4035_b5_unsigned_delegation) {
  const auto records = rfc4035({"b.example."});
  expect_nsec(dnssec::prove_insecure_delegation(name("b.example."), records),
              DenialVerdict::proven);
  expect_nsec(dnssec::prove_no_data(name("b.example."), Type::ds, records), DenialVerdict::proven);
  // RFC 6840 4.1: what the parent has says nothing of the child's data.
  expect_nsec(dnssec::prove_no_data(name("b.example."), Type::a, records),
              DenialVerdict::from_parent_side);
  expect_nsec(dnssec::prove_name_error(name("mc.b.example."), records),
              DenialVerdict::from_parent_side);
  expect_nsec(dnssec::prove_no_data(name("mc.b.example."), Type::mx, records),
              DenialVerdict::from_parent_side);
  expect_nsec(dnssec::prove_insecure_delegation(name("mc.b.example."), records),
              DenialVerdict::from_parent_side);
}

BOOST_AUTO_TEST_CASE(rfc_4035_b6_wildcard_expansion) {
  const auto records = rfc4035({"x.y.w.example."});
  const DenialProof proof = dnssec::prove_wildcard_answer(name("a.z.w.example."), 2, records);
  expect_nsec(proof, DenialVerdict::proven);
  BOOST_TEST(proof.closest_encloser->to_text() == "w.example.");
  expect_nsec(dnssec::prove_wildcard_answer(name("a.z.w.example."), 2, rfc4035({"ns1.example."})),
              DenialVerdict::name_not_covered);
  // From *.example. it would be wrong: w.example. is nearer.
  expect_nsec(dnssec::prove_wildcard_answer(name("a.z.w.example."), 1, records),
              DenialVerdict::name_not_covered);
  // y.w.example. exists, so *.w.example. does not answer for what is below it.
  expect_nsec(dnssec::prove_wildcard_answer(name("z.y.w.example."), 2, records),
              DenialVerdict::name_not_covered);
  // No expansion at all, or from outside the zone.
  for (const std::uint8_t labels : std::initializer_list<std::uint8_t>{0, 4, 5}) {
    expect_nsec(dnssec::prove_wildcard_answer(name("a.z.w.example."), labels, records),
                DenialVerdict::closest_encloser_missing, DenialForm::none);
  }
}

BOOST_AUTO_TEST_CASE(rfc_4035_b7_wildcard_no_data) {
  const auto both = rfc4035({"x.y.w.example.", "*.w.example."});
  const DenialProof proof = dnssec::prove_no_data(name("a.z.w.example."), Type::aaaa, both);
  expect_nsec(proof, DenialVerdict::proven);
  BOOST_TEST(proof.wildcard);
  expect_nsec(dnssec::prove_no_data(name("a.z.w.example."), Type::mx, both),
              DenialVerdict::type_in_bitmap);
  expect_nsec(
      dnssec::prove_no_data(name("a.z.w.example."), Type::aaaa, rfc4035({"x.y.w.example."})),
      DenialVerdict::no_match);
  expect_nsec(dnssec::prove_no_data(name("a.z.w.example."), Type::aaaa, rfc4035({"*.w.example."})),
              DenialVerdict::no_match);
  expect_nsec(dnssec::prove_name_error(name("a.z.w.example."), both),
              DenialVerdict::wildcard_not_covered);
}

BOOST_AUTO_TEST_CASE(rfc_4035_b8_ds_at_the_child) {
  const auto records = rfc4035({"example."});
  expect_nsec(dnssec::prove_no_data(name("example."), Type::ds, records),
              DenialVerdict::from_child_side);
  expect_nsec(dnssec::prove_insecure_delegation(name("example."), records),
              DenialVerdict::from_child_side);
  expect_nsec(dnssec::prove_no_data(name("example."), Type::cds, records), DenialVerdict::proven);
}

// The root has no parent: its own NSEC denies DS.
BOOST_AUTO_TEST_CASE(ds_at_the_root) {
  const auto records = denial(".", ". NSEC aaa. NS SOA RRSIG NSEC DNSKEY\n");
  expect_nsec(dnssec::prove_no_data(name("."), Type::ds, records), DenialVerdict::proven);
}

// RFC 4035 appendix A: y.w.example. has nothing but a name below it.
BOOST_AUTO_TEST_CASE(empty_non_terminal) {
  const char* const records = "ns2.example. NSEC *.w.example. A RRSIG NSEC\n";
  const DenialProof proof = nsec_no_data("w.example.", Type::a, records);
  expect_nsec(proof, DenialVerdict::proven);
  BOOST_TEST(proof.empty_non_terminal);
  const DenialProof wrong = nsec_name_error("w.example.", records);
  expect_nsec(wrong, DenialVerdict::name_not_covered);
  BOOST_TEST(wrong.empty_non_terminal);
}

// A wildcard that is an empty non-terminal matches too (RFC 4592 2.2.2 and 4.4.1).
BOOST_AUTO_TEST_CASE(wildcard_that_is_an_empty_non_terminal) {
  const char* const records =
      "example. NSEC x.*.example. NS SOA RRSIG NSEC\n"
      "x.*.example. NSEC example. A RRSIG NSEC\n";
  const DenialProof proof = nsec_no_data("foo.example.", Type::a, records);
  expect_nsec(proof, DenialVerdict::proven);
  BOOST_TEST(proof.wildcard);
  BOOST_TEST(proof.empty_non_terminal);
  expect_nsec(nsec_name_error("foo.example.", records), DenialVerdict::wildcard_not_covered);
}

BOOST_AUTO_TEST_CASE(the_last_nsec_ends_at_the_apex) {
  const char* const records =
      "example. NSEC b.example. NS SOA RRSIG NSEC\n"
      "b.example. NSEC example. A RRSIG NSEC\n";
  expect_nsec(nsec_name_error("z.example.", records), DenialVerdict::proven);
  expect_nsec(nsec_name_error("a.example.", records), DenialVerdict::proven);
  expect_nsec(nsec_name_error("b.example.", records), DenialVerdict::name_not_covered);
  expect_nsec(nsec_name_error("example.", records), DenialVerdict::name_not_covered);
  expect_nsec(nsec_name_error("b.other.", records), DenialVerdict::name_not_covered,
              DenialForm::none);
  expect_nsec(nsec_no_data("b.other.", Type::a, records), DenialVerdict::no_match,
              DenialForm::none);
}

BOOST_AUTO_TEST_CASE(a_zone_of_one_name) {
  const char* const records = "example. NSEC EXAMPLE. NS SOA RRSIG NSEC\n";
  expect_nsec(nsec_name_error("z.a.example.", records), DenialVerdict::proven);
}

// A next name that sorts before its owner without being the apex ends nothing.
BOOST_AUTO_TEST_CASE(a_chain_that_turns_back) {
  expect_nsec(nsec_name_error("z.example.", "x.example. NSEC b.example. A RRSIG NSEC\n"),
              DenialVerdict::name_not_covered);
}

BOOST_AUTO_TEST_CASE(next_out_of_zone) {
  for (const char* next : {"zzz.", "com.", "b.another."}) {
    const std::string records = "b.example. NSEC " + std::string(next) + " A RRSIG NSEC\n";
    expect_nsec(nsec_name_error("c.example.", records), DenialVerdict::next_out_of_zone);
    expect_nsec(nsec_no_data("c.example.", Type::a, records), DenialVerdict::next_out_of_zone);
    expect_nsec(nsec_name_error("a.example.", records), DenialVerdict::name_not_covered);
  }
}

// RFC 6840 4.1.
BOOST_AUTO_TEST_CASE(dname_says_nothing_of_what_is_below) {
  const char* const records =
      "example. NSEC d.example. NS SOA RRSIG NSEC\n"
      "d.example. NSEC example. DNAME RRSIG NSEC\n";
  expect_nsec(nsec_name_error("a.d.example.", records), DenialVerdict::name_not_covered);
  expect_nsec(nsec_no_data("a.d.example.", Type::a, records), DenialVerdict::no_match);
  expect_nsec(nsec_name_error("e.example.", records), DenialVerdict::proven);
  expect_nsec(nsec_no_data("d.example.", Type::a, records), DenialVerdict::proven);
}

// RFC 6840 4.3.
BOOST_AUTO_TEST_CASE(cname_in_the_bitmap) {
  const char* const records = "c.example. NSEC d.example. CNAME RRSIG NSEC\n";
  expect_nsec(nsec_no_data("c.example.", Type::a, records), DenialVerdict::type_in_bitmap);
  expect_nsec(nsec_no_data("c.example.", Type::cname, records), DenialVerdict::type_in_bitmap);
}

BOOST_AUTO_TEST_CASE(insecure_delegations) {
  expect_nsec(nsec_insecure("d.example.", "d.example. NSEC e.example. NS DS RRSIG NSEC\n"),
              DenialVerdict::type_in_bitmap);
  expect_nsec(nsec_insecure("d.example.", "d.example. NSEC e.example. A RRSIG NSEC\n"),
              DenialVerdict::not_a_delegation);
  expect_nsec(nsec_insecure("d.example.", "d.example. NSEC e.example. NS SOA RRSIG NSEC\n"),
              DenialVerdict::from_child_side);
  expect_nsec(nsec_insecure("d.example.", "c.example. NSEC e.example. A RRSIG NSEC\n"),
              DenialVerdict::no_match);
  expect_nsec(nsec_no_data("d.example.", Type::ds, "d.example. NSEC e.example. NS DS RRSIG NSEC\n"),
              DenialVerdict::type_in_bitmap);
}

// RFC 4470 4: records made up around the name and around the wildcard.
BOOST_AUTO_TEST_CASE(minimally_covering) {
  const auto records = denial("example.com.",
                              "wwv.example.com. NSEC wwx.example.com. RRSIG NSEC\n"
                              "\\).example.com. NSEC +.example.com. RRSIG NSEC\n");
  const auto proof = dnssec::prove_name_error(name("www.example.com."), records);
  expect_nsec(proof, DenialVerdict::proven, DenialForm::minimal_nsec);
  const auto no_wildcard =
      denial("example.com.", "wwv.example.com. NSEC wwx.example.com. RRSIG NSEC\n");
  expect_nsec(dnssec::prove_name_error(name("www.example.com."), no_wildcard),
              DenialVerdict::wildcard_not_covered, DenialForm::minimal_nsec);
}

// RFC 9824 3.1, 3.2 and the form before NXNAME was assigned.
BOOST_AUTO_TEST_CASE(compact_denial) {
  const char* const nxname = "q.example. NSEC \\000.q.example. RRSIG NSEC NXNAME\n";
  expect_nsec(nsec_name_error("q.example.", nxname), DenialVerdict::proven, DenialForm::compact);
  expect_nsec(nsec_no_data("q.example.", Type::a, nxname), DenialVerdict::proven,
              DenialForm::compact);
  const char* const older = "q.example. NSEC \\000.q.example. RRSIG NSEC\n";
  expect_nsec(nsec_name_error("q.example.", older), DenialVerdict::proven, DenialForm::compact);
  expect_nsec(nsec_no_data("q.example.", Type::a, older), DenialVerdict::proven,
              DenialForm::compact);
  const char* const exists = "q.example. NSEC \\000.q.example. A RRSIG NSEC\n";
  expect_nsec(nsec_name_error("q.example.", exists), DenialVerdict::name_not_covered);
  expect_nsec(nsec_no_data("q.example.", Type::aaaa, exists), DenialVerdict::proven,
              DenialForm::compact);
  expect_nsec(nsec_no_data("q.example.", Type::a, exists), DenialVerdict::type_in_bitmap,
              DenialForm::compact);
  // NXNAME beside data contradicts itself.
  expect_nsec(
      nsec_name_error("q.example.", "q.example. NSEC \\000.q.example. A RRSIG NSEC NXNAME\n"),
      DenialVerdict::name_not_covered);
}

BOOST_AUTO_TEST_CASE(nothing_to_go_by) {
  expect_nsec(nsec_name_error("a.example.", ""), DenialVerdict::no_records, DenialForm::none);
  expect_nsec(nsec_no_data("a.example.", Type::a, ""), DenialVerdict::no_records, DenialForm::none);
  expect_nsec(nsec_insecure("a.example.", ""), DenialVerdict::no_records, DenialForm::none);
  expect_nsec(nsec_name_error("a.example.", "a.other. NSEC b.other. A\n"),
              DenialVerdict::no_records, DenialForm::none);
}

BOOST_AUTO_TEST_CASE(nsec_and_nsec3_in_one_answer) {
  expect_nsec(nsec_name_error("z.example.",
                              "example. NSEC b.example. NS SOA RRSIG NSEC\n"
                              "b.example. NSEC example. A RRSIG NSEC\n"
                              "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example. NSEC3 1 0 0 - "
                              "2t7b4g4vsa5smi47k61mv5bv1a22bojr A\n"),
              DenialVerdict::mixed, DenialForm::none);
}

BOOST_AUTO_TEST_CASE(what_does_not_parse_is_counted) {
  dns::SignedRRset set;
  set.set.owner = name("a.example.");
  set.set.type = Type::nsec;
  set.set.rdatas = {dns::Bytes{3, 'a'}, dns::Bytes{}};
  const std::vector<dns::SignedRRset> authority{set};
  const auto records = dnssec::denial_records(name("example."), authority);
  BOOST_TEST(records.malformed == 2U);
  BOOST_TEST(records.nsec.empty());
}

BOOST_AUTO_TEST_SUITE_END()
