// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// States that look odd and are legal: nothing above INFO. More of them stand beside the faults that
// they are near to.
#include <boost/test/unit_test.hpp>

#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Type;

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_legal)

BOOST_AUTO_TEST_CASE(combined_signing_key) {
  World world;
  world.use_keys({Signer(5, kKeySigningKey)});
  expect_nothing(world.observe());
}

BOOST_AUTO_TEST_CASE(combined_signing_key_without_the_sep_bit) {
  World world;
  const Signer only(5, kZoneKey);
  world.use_keys({only});
  world.publish_ds({only.ds(world.apex())});
  expect_nothing(world.observe());
}

BOOST_AUTO_TEST_CASE(standby_keys) {
  World world;
  const Signer standby_key_signer(7, kKeySigningKey), standby_zone_signer(8);
  world.use_keys({world.key_signer, world.zone_signer, standby_key_signer, standby_zone_signer});
  world.everywhere([&](Zone& copy) {
    for (auto& data : copy.sets) {
      if (!data.signatures.empty()) {
        data.signatures.resize(1);
      }
    }
  });
  expect_nothing(world.observe());
}

BOOST_AUTO_TEST_CASE(double_signature_rollover) {
  World world;
  world.use_keys({world.key_signer, Signer(7, kKeySigningKey), world.zone_signer, Signer(8)});
  expect_nothing(world.observe());
}

BOOST_AUTO_TEST_CASE(rrsets_signed_partly_by_the_old_and_partly_by_the_new_key) {
  World world;
  const Signer next(8);
  world.use_keys({world.key_signer, world.zone_signer, next});
  world.everywhere([&](Zone& copy) {
    bool old = false;
    for (auto& data : copy.sets) {
      if (data.set.type != Type::dnskey && !data.signatures.empty()) {
        const auto& signer = old ? world.zone_signer : next;
        data.signatures = {signer.sign(data.set, copy.apex)};
        old = !old;
      }
    }
  });
  expect_nothing(world.observe());
}

BOOST_AUTO_TEST_CASE(ds_published_before_its_key_and_after) {
  World world;
  world.publish_ds({world.key_signer.ds(world.apex()), Signer(9, kKeySigningKey).ds(world.apex())});
  expect_quiet(world.observe());
}

BOOST_AUTO_TEST_CASE(several_digests_of_one_key) {
  World world;
  const auto& key = world.key_signer;
  world.publish_ds({key.ds(world.apex(), 1), key.ds(world.apex(), 2), key.ds(world.apex(), 4)});
  expect_nothing(world.observe());
}

BOOST_AUTO_TEST_CASE(ds_of_unknown_algorithm_or_digest_beside_a_good_one) {
  World world;
  auto algorithm = world.key_signer.ds(world.apex());
  auto digest = algorithm;
  algorithm.algorithm = 250;
  algorithm.key_tag = 1;
  digest.digest_type = 250;
  world.publish_ds({algorithm, digest, world.key_signer.ds(world.apex())});
  expect_absent(sigs_of(world.observe()), judge::Fault::algorithm_incomplete_ds);
  expect_absent(chain_of(world.observe()), judge::Fault::ds_alg_unsupported_only);
  expect_absent(chain_of(world.observe()), judge::Fault::ds_digest_unsupported_only);
}

BOOST_AUTO_TEST_CASE(revoked_key_that_signs_the_key_set) {
  // RFC 5011 2.1.
  World world;
  world.use_keys({world.key_signer, Signer(7, kKeySigningKey | kRevoked), world.zone_signer});
  expect_nothing(world.observe());
}

BOOST_AUTO_TEST_CASE(key_set_signed_for_a_year_by_an_offline_key) {
  World world;
  world.everywhere([](Zone& copy) { copy.sign(copy.at(Type::dnskey), {-100 * kDay, 265 * kDay}); });
  expect_nothing(world.observe());
}

BOOST_AUTO_TEST_CASE(signatures_back_dated_by_an_hour) {
  World world;
  world.everywhere([](Zone& copy) {
    copy.window = {-kHour, 28 * kDay};
    copy.sign();
  });
  expect_nothing(world.observe());
}

BOOST_AUTO_TEST_CASE(signatures_that_end_at_different_moments) {
  World world;
  world.everywhere([](Zone& copy) {
    std::int64_t jitter = 0;
    for (auto& data : copy.sets) {
      if (!data.signatures.empty()) {
        copy.sign(data, {-3 * kDay - jitter, 25 * kDay - jitter});
        jitter += kDay;
      }
    }
  });
  expect_nothing(world.observe());
}

BOOST_AUTO_TEST_CASE(online_signatures_of_hours) {
  World world;
  world.everywhere([](Zone& copy) {
    copy.window = {-kHour, 11 * kHour};
    copy.expire = 3600;
    copy.sign();
  });
  expect_quiet(world.observe());
}

BOOST_AUTO_TEST_CASE(server_of_a_child_zone_too) {
  // The server answers a name below a cut from the child: its data are the child's matter.
  World world;
  const Signer child_key(20);
  const auto child = name("child.zone.test");
  auto data = world.zone().at(name("www.zone.test"), Type::a);
  data.set.owner = name("www.child.zone.test");
  data.signatures = {child_key.sign(data.set, child)};
  auto seen = world.observe();
  for (auto& server : seen.servers) {
    auto reply = answer(server, kZone, Type::mx);
    reply.question = {data.set.owner, Type::a, dns::Class::in};
    edit(reply, [&](dns::Message& message) {
      message.questions = {reply.question};
      message.answer.clear();
      append(message.answer, data);
    });
    server.answers.push_back(reply);
  }
  expect_nothing(seen);
}

BOOST_AUTO_TEST_CASE(unsigned_delegation_and_glue_in_an_answer) {
  World world;
  auto seen = world.observe();
  for (auto& server : seen.servers) {
    edit(answer(server, kZone, Type::ns), [&](dns::Message& message) {
      append(message.additional, *world.above.find(name("ns1.zone.test"), Type::a));
    });
  }
  expect_nothing(seen);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
