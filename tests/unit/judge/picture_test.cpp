// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The chain as nodes and edges.
#include "judge/picture.hpp"

#include <boost/test/unit_test.hpp>

#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Type;
using judge::Arrow;
using judge::Picture;
using judge::PictureEdge;
using judge::PictureState;
using judge::Shape;

Picture drawn(const observe::ZoneObservation& seen, dns::UnixTime now = kNow) {
  const auto analysis = judge::analyse(seen, now);
  auto picture = judge::picture_of(analysis, judge::judge_chain(analysis, {}));
  for (const auto& edge : picture.edges) {
    BOOST_REQUIRE(edge.from < picture.nodes.size());
    BOOST_REQUIRE(edge.to < picture.nodes.size());
    BOOST_TEST(edge.from != edge.to);
  }
  for (const auto& node : picture.nodes) {
    BOOST_REQUIRE(node.zone < picture.zones.size());
    BOOST_TEST(!node.lines.empty());
  }
  return picture;
}

std::string first_line(const Picture& picture, std::size_t node) {
  return picture.nodes[node].lines.front();
}

/// The edge between nodes whose first lines begin so.
const PictureEdge* edge(const Picture& picture, const std::string& from, const std::string& to) {
  for (const auto& one : picture.edges) {
    if (first_line(picture, one.from).rfind(from, 0) == 0 &&
        first_line(picture, one.to).rfind(to, 0) == 0) {
      return &one;
    }
  }
  BOOST_ERROR("no edge from " << from << " to " << to);
  static const PictureEdge none;
  return &none;
}

std::vector<const PictureEdge*> faults(const Picture& picture) {
  std::vector<const PictureEdge*> found;
  for (const auto& one : picture.edges) {
    if (!one.fault.empty()) {
      found.push_back(&one);
    }
  }
  return found;
}

const PictureEdge& only_fault(const Picture& picture, const std::string& words) {
  const auto found = faults(picture);
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST(found[0]->fault.find(words) != std::string::npos, found[0]->fault);
  return *found[0];
}

std::string key_name(const char* role, const Signer& key) {
  return std::string(role) + " " + std::to_string(key.tag());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_picture)

BOOST_AUTO_TEST_CASE(a_healthy_chain) {
  const World world;
  const auto picture = drawn(world.observe());
  BOOST_REQUIRE(picture.zones.size() == 3U);
  BOOST_TEST(picture.zones[0].name == "the root");
  BOOST_TEST(picture.zones[2].name == "zone.test");
  BOOST_TEST(picture.title.rfind("zone.test is secure, as of ", 0) == 0U);
  BOOST_TEST(picture.findings.empty());
  BOOST_TEST(faults(picture).empty());
  for (const auto& one : picture.edges) {
    BOOST_TEST((one.state == PictureState::secure));
  }
  const auto ksk = key_name("KSK", world.key_signer);
  const auto zsk = key_name("ZSK", world.zone_signer);
  BOOST_TEST((edge(picture, "trust anchor", "CSK")->arrow == Arrow::leads_to));
  BOOST_TEST((edge(picture, "DS of zone.test", ksk)->arrow == Arrow::leads_to));
  BOOST_TEST(edge(picture, "DS of zone.test", ksk)->lines.front() ==
             "DS " + std::to_string(world.key_signer.tag()) + " SHA-256");
  BOOST_TEST(edge(picture, ksk, "DNSKEY RRset")->lines.front().rfind("until ", 0) == 0U);
  BOOST_TEST((edge(picture, "DNSKEY RRset", zsk)->arrow == Arrow::holds));
  BOOST_TEST((edge(picture, zsk, "zone data")->arrow == Arrow::signs));
}

BOOST_AUTO_TEST_CASE(a_ds_without_key) {
  World world;
  const Signer gone(9, kKeySigningKey);
  world.publish_ds({gone.ds(world.apex())});
  const auto picture = drawn(world.observe());
  BOOST_TEST((picture.zones[2].state == PictureState::bogus));
  const auto& broken = only_fault(picture, "no DS at test matches");
  BOOST_TEST(first_line(picture, broken.from) == "DS of zone.test");
  BOOST_TEST(first_line(picture, broken.to) == key_name("key", gone));
  BOOST_TEST((picture.nodes[broken.to].shape == Shape::missing));
  BOOST_TEST((broken.state == PictureState::bogus));
  BOOST_TEST(picture.findings.size() == 1U);
}

BOOST_AUTO_TEST_CASE(keys_whose_signature_ended) {
  World world;
  world.everywhere([](Zone& zone) { zone.sign(zone.at(Type::dnskey), {-9 * kDay, -kDay}); });
  const auto picture = drawn(world.observe());
  const auto& broken = only_fault(picture, "expired 1d ago");
  BOOST_TEST((broken.state == PictureState::bogus));
  BOOST_TEST((broken.arrow == Arrow::signs));
}

BOOST_AUTO_TEST_CASE(keys_without_a_signature) {
  World world;
  world.everywhere([](Zone& zone) { zone.at(Type::dnskey).signatures.clear(); });
  const auto picture = drawn(world.observe());
  const auto& broken = only_fault(picture, "is not signed");
  BOOST_TEST(first_line(picture, broken.to) == "DNSKEY RRset");
}

BOOST_AUTO_TEST_CASE(a_ds_whose_signature_ended) {
  World world;
  world.above.sign(world.above.at(world.apex(), Type::ds), {-9 * kDay, -kDay});
  const auto picture = drawn(world.observe());
  const auto& broken = only_fault(picture, "publishes the DS of the zone");
  BOOST_TEST(first_line(picture, broken.to) == "DS of zone.test");
}

BOOST_AUTO_TEST_CASE(an_unsigned_zone) {
  World world;
  world.publish_ds({});
  world.everywhere([](Zone& zone) { zone.unsign(); });
  world.word = dns::Security::insecure;
  const auto picture = drawn(world.observe());
  BOOST_TEST((picture.zones[2].state == PictureState::insecure));
  BOOST_TEST((picture.zones[1].state == PictureState::secure));
  BOOST_TEST((edge(picture, "no DS of zone.test", "no DNSKEY")->state == PictureState::insecure));
  BOOST_TEST((edge(picture, "no DNSKEY", "zone data, unsigned")->state == PictureState::insecure));
  BOOST_TEST(faults(picture).empty());
}

BOOST_AUTO_TEST_CASE(a_missing_proof_of_no_ds) {
  World world;
  world.publish_ds({});
  auto seen = world.observe();
  edit(*seen.links[2].ds, [](dns::Message& message) {
    drop(message.authority, [](const dns::Record& record) { return record.type != Type::soa; });
  });
  const auto picture = drawn(seen);
  const auto& broken = only_fault(picture, "gives no DS and does not prove it");
  BOOST_TEST(first_line(picture, broken.to) == "no DS of zone.test");
}

BOOST_AUTO_TEST_CASE(what_takes_no_part_during_a_rollover) {
  World world;
  const Signer next(9, kKeySigningKey);
  world.publish_ds({world.key_signer.ds(world.apex()), next.ds(world.apex())});
  const auto picture = drawn(world.observe());
  BOOST_TEST(
      (edge(picture, "DS of zone.test", key_name("key", next))->state == PictureState::idle));
  BOOST_TEST((edge(picture, "DS of zone.test", key_name("KSK", world.key_signer))->state ==
              PictureState::secure));
  BOOST_TEST((picture.zones[2].state == PictureState::secure));
}

BOOST_AUTO_TEST_CASE(two_key_signing_keys_at_two_servers) {
  World world;
  const Signer other(9, kKeySigningKey);
  world.use_keys({world.key_signer, other, world.zone_signer});
  for (const std::size_t server : {0U, 1U}) {
    auto& data = world.copies[server].at(Type::dnskey);
    data.signatures = {(server == 0 ? world.key_signer : other).sign(data.set, world.apex())};
  }
  const auto picture = drawn(world.observe());
  for (const auto& key : {world.key_signer, other}) {
    BOOST_TEST(
        (edge(picture, key_name("KSK", key), "DNSKEY RRset")->state == PictureState::secure));
  }
}

BOOST_AUTO_TEST_CASE(many_keys_that_sign_nothing_are_one_node) {
  World world;
  world.everywhere([&](Zone& zone) {
    zone.keys.insert(zone.keys.end(), {Signer(20), Signer(21), Signer(22), Signer(23)});
    zone.sign();
    for (auto& data : zone.sets) {
      std::erase_if(data.signatures, [&](const dns::Signature& signature) {
        return signature.rrsig->key_tag != world.key_signer.tag() &&
               signature.rrsig->key_tag != world.zone_signer.tag();
      });
    }
  });
  const auto picture = drawn(world.observe());
  BOOST_TEST((edge(picture, "DNSKEY RRset", "4 standby keys")->state == PictureState::idle));
}

BOOST_AUTO_TEST_CASE(of_very_many_keys_the_one_that_counts_is_drawn) {
  World world;
  world.everywhere([&](Zone& zone) {
    zone.keys = {world.zone_signer};
    for (std::uint8_t seed = 100; seed < 140; ++seed) {
      zone.keys.push_back(Signer(seed));
    }
    zone.keys.push_back(world.key_signer);
    zone.sign();
  });
  const auto picture = drawn(world.observe());
  BOOST_TEST(picture.nodes.size() < 60U);
  BOOST_TEST((edge(picture, "DS of zone.test", key_name("KSK", world.key_signer))->state ==
              PictureState::secure));
}

BOOST_AUTO_TEST_CASE(one_rrset_at_one_server) {
  World world;
  world.copies[1].sign(world.copies[1].at(Type::soa), {-9 * kDay, -kDay});
  const auto picture = drawn(world.observe());
  const auto& broken = only_fault(picture, "the signature expired 1d ago");
  BOOST_TEST(first_line(picture, broken.to) == "SOA");
  BOOST_TEST(picture.nodes[broken.to].lines.back() == "at " + label(1));
  BOOST_TEST((picture.zones[2].state == PictureState::secure));
}

BOOST_AUTO_TEST_CASE(an_anchor_below_leaves_out_what_is_above) {
  World world;
  auto seen = world.observe();
  seen.anchors = {{world.apex(), world.key_signer.ds(world.apex())}};
  const auto picture = drawn(seen);
  BOOST_REQUIRE(picture.zones.size() == 1U);
  BOOST_TEST((edge(picture, "trust anchor", "KSK")->state == PictureState::secure));
}

BOOST_AUTO_TEST_CASE(nothing_seen) {
  const observe::ZoneObservation seen;
  const auto picture = judge::picture_of(judge::analyse(seen, kNow), {});
  BOOST_TEST(picture.nodes.empty());
  BOOST_TEST(picture.title.find("unknown") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
