// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// check_dnssec_ds: CDS and CDNSKEY.
#include <boost/test/unit_test.hpp>

#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Type;
using judge::Expect;
using judge::Fault;
using judge::Tier;

const dns::Bytes kDeleteCds{0, 0, 0, 0, 0};
const dns::Bytes kDeleteCdnskey{0, 0, 3, 0, 0};

/// zone.test. with CDS and CDNSKEY records, signed by the key that the DS names.
struct Requests : World {
  void put(Zone& copy, Type type, std::vector<dns::Bytes> rdatas) const {
    copy.remove(copy.apex, type);
    if (!rdatas.empty()) {
      auto& data = copy.put(copy.apex, type, std::move(rdatas));
      data.signatures = {key_signer.sign(data.set, copy.apex)};
    }
  }
  void request(const std::vector<dns::Bytes>& cds, const std::vector<dns::Bytes>& cdnskey) {
    everywhere([&](Zone& copy) {
      put(copy, Type::cds, cds);
      put(copy, Type::cdnskey, cdnskey);
    });
  }
  [[nodiscard]] dns::Bytes cds_of(const Signer& signer) const {
    return ds_rdata(signer.ds(apex()));
  }
  /// A look that asked for both at every server.
  [[nodiscard]] observe::ZoneObservation look() const {
    auto seen = observe();
    for (std::size_t i = 0; i < copies.size(); ++i) {
      for (const auto type : {Type::cds, Type::cdnskey}) {
        const dns::Question question{apex(), type, dns::Class::in};
        auto answer = seen.servers[i].answers.front();
        answer.question = question;
        say(answer, copies[i].answer(question));
        seen.servers[i].answers.push_back(answer);
      }
    }
    return seen;
  }
};

std::string tag_of(const Signer& signer) { return std::to_string(signer.tag()); }

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_cds)

BOOST_AUTO_TEST_CASE(requests_that_are_fine) {
  Requests world;
  BOOST_TEST(ds_of(world.look()).empty());
  world.request({world.cds_of(world.key_signer)}, {world.key_signer.key().rdata});
  BOOST_TEST(ds_of(world.look()).empty());
  world.request({world.cds_of(world.key_signer)}, {});
  expect_only(ds_of(world.look()), Fault::cds_without_cdnskey, Tier::info);
  world.request({}, {world.key_signer.key().rdata});
  expect_only(ds_of(world.look()), Fault::cdnskey_without_cds, Tier::info);
}

BOOST_AUTO_TEST_CASE(delete_requests) {
  Requests world;
  world.request({kDeleteCds}, {kDeleteCdnskey});
  const auto seen = world.look();
  expect_only(ds_of(seen), Fault::cds_delete_present, Tier::critical, {"remove the DS"});
  expect(ds_of(seen, expecting(Expect::any)), Fault::cds_delete_present, Tier::warning);
  expect(ds_of(seen, expecting(Expect::insecure)), Fault::cds_delete_present, Tier::info);
  world.request({kDeleteCds, world.cds_of(world.key_signer)}, {kDeleteCdnskey});
  expect_only(ds_of(world.look()), Fault::cds_delete_mixed, Tier::critical);
  world.request({{0, 0, 0, 2, 0}}, {});
  expect_only(ds_of(world.look()), Fault::cds_delete_malformed, Tier::warning, {"CDS"});
  world.request({}, {{1, 1, 3, 0, 0}});
  expect_only(ds_of(world.look()), Fault::cds_delete_malformed, Tier::warning, {"CDNSKEY"});
}

BOOST_AUTO_TEST_CASE(different_keys) {
  Requests world;
  const Signer other(9, kKeySigningKey);
  world.request({world.cds_of(world.key_signer)},
                {world.key_signer.key().rdata, other.key().rdata});
  expect(ds_of(world.look()), Fault::cds_cdnskey_mismatch, Tier::critical,
         {"only CDNSKEY has key " + tag_of(other)});
  world.request({world.cds_of(world.key_signer), world.cds_of(other)},
                {world.key_signer.key().rdata});
  expect(ds_of(world.look()), Fault::cds_cdnskey_mismatch, Tier::critical,
         {"only CDS has key " + tag_of(other)});
}

BOOST_AUTO_TEST_CASE(keys_that_are_not_there) {
  Requests world;
  const Signer other(9, kKeySigningKey);
  world.request({world.cds_of(world.key_signer), world.cds_of(other)}, {});
  expect_only(ds_of(world.look()), Fault::cds_no_matching_dnskey, Tier::warning, {tag_of(other)});
  world.request({world.cds_of(other)}, {});
  expect_only(ds_of(world.look()), Fault::cds_no_matching_dnskey, Tier::critical,
              {"the zone is bogus"});
  // The parent has it already: pre-published.
  world.publish_ds({world.key_signer.ds(world.apex()), other.ds(world.apex())});
  world.request({world.cds_of(world.key_signer), world.cds_of(other)}, {});
  expect_absent(ds_of(world.look()), Fault::cds_no_matching_dnskey);
}

BOOST_AUTO_TEST_CASE(digest_that_is_not_the_keys) {
  Requests world;
  auto ds = world.key_signer.ds(world.apex());
  ds.digest[0] ^= 1U;
  world.request({ds_rdata(ds)}, {world.key_signer.key().rdata});
  const auto findings = ds_of(world.look());
  expect(findings, Fault::cds_cdnskey_mismatch, Tier::critical,
         {"another digest or algorithm for key " + tag_of(world.key_signer)});
  expect(findings, Fault::cds_no_matching_dnskey, Tier::critical, {"does not match the key"});
}

BOOST_AUTO_TEST_CASE(keys_that_do_not_sign) {
  Requests world;
  world.request({world.cds_of(world.key_signer), world.cds_of(world.zone_signer)}, {});
  expect_only(ds_of(world.look()), Fault::cds_dnskey_not_signed_by_cds_key, Tier::warning,
              {tag_of(world.zone_signer)});
  world.request({world.cds_of(world.zone_signer)}, {});
  expect_only(ds_of(world.look()), Fault::cds_dnskey_not_signed_by_cds_key, Tier::critical,
              {"the zone is bogus"});
}

BOOST_AUTO_TEST_CASE(key_that_is_no_zone_key) {
  Requests world;
  const Signer odd(5, 1);
  world.use_keys({world.key_signer, odd, world.zone_signer});
  world.publish_ds({world.key_signer.ds(world.apex())});
  world.request({world.cds_of(world.key_signer), world.cds_of(odd)}, {});
  expect_only(ds_of(world.look()), Fault::cds_to_non_zone_key, Tier::critical, {tag_of(odd)});
}

BOOST_AUTO_TEST_CASE(signatures_of_the_request) {
  Requests world;
  world.request({world.cds_of(world.key_signer)}, {world.key_signer.key().rdata});
  const auto with = [&](const std::function<void(dns::SignedRRset&)>& change) {
    Requests changed = world;
    changed.everywhere([&](Zone& copy) { change(copy.at(Type::cds)); });
    return ds_of(changed.look());
  };
  expect_only(with([](dns::SignedRRset& cds) { cds.signatures.clear(); }), Fault::cds_unsigned,
              Tier::critical, {"CDS RRset has no signature"});
  expect_only(with([](dns::SignedRRset& cds) { cds.signatures[0].rrsig->signature.at(7) ^= 1U; }),
              Fault::cds_rrsig_invalid, Tier::critical, {"does not verify"});
  expect_only(with([&](dns::SignedRRset& cds) {
                cds.signatures = {Signer(9, kKeySigningKey).sign(cds.set, world.apex())};
              }),
              Fault::cds_signed_by_unknown_key, Tier::critical, {"CDS"});
  expect_only(with([&](dns::SignedRRset& cds) {
                cds.signatures = {world.zone_signer.sign(cds.set, world.apex())};
              }),
              Fault::cds_not_signed_by_ds_key, Tier::warning, {"the parent must ignore it"});
}

BOOST_AUTO_TEST_CASE(servers_that_differ) {
  Requests world;
  world.request({world.cds_of(world.key_signer)}, {world.key_signer.key().rdata});
  world.put(world.copies[1], Type::cds, {});
  world.put(world.copies[1], Type::cdnskey, {});
  expect_only(ds_of(world.look()), Fault::cds_inconsistent_ns, Tier::warning, {label(1)});
}

BOOST_AUTO_TEST_CASE(request_that_waits) {
  Requests world;
  const Signer next(9, kKeySigningKey);
  world.use_keys({world.key_signer, next, world.zone_signer});
  world.publish_ds({world.key_signer.ds(world.apex())});
  world.request({world.cds_of(next)}, {next.key().rdata});
  const auto seen = world.look();
  expect_only(
      ds_of(seen), Fault::cds_pending, Tier::info,
      {"asks for the DS of key " + tag_of(next), "that of key " + tag_of(world.key_signer)});
  memory::Zone past;
  past.runs = 3;
  past.since = kNow - 30 * kDay;
  for (const auto type : {Type::cds, Type::cdnskey}) {
    memory::SeenRecord record;
    record.type = type;
    record.rdata = type == Type::cds ? world.cds_of(next) : next.key().rdata;
    record.first_seen = kNow - 8 * kDay;
    record.last_seen = kNow - kHour;
    past.records.push_back(record);
  }
  expect_only(ds_of(seen, {}, kNow, &past), Fault::cds_pending, Tier::warning, {"8d"});
  judge::Policy patient;
  patient.cds_max_age = 9 * kDay;
  expect(ds_of(seen, patient, kNow, &past), Fault::cds_pending, Tier::info);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
