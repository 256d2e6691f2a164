// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Whole zones from records in any order: what is verified, and what verifying gives.
#include "zone/builder.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>
#include <string>
#include <vector>

#include "judge/zone.hpp"

namespace {

using dns::Type;
using dnssec::SignatureVerdict;
using judge_test::kNow;
using judge_test::name;
using judge_test::Signer;

judge_test::Zone example() {
  auto zone = judge_test::make_zone("zone.test",
                                    {Signer(1, judge_test::kKeySigningKey), Signer(2), Signer(3)});
  zone.put(name("www.zone.test"), Type::a, {judge_test::address(1), judge_test::address(2)});
  zone.put(name("www.zone.test"), Type::mx, {judge_test::mx(10, "MAIL.zone.test")});
  zone.put(name("*.wild.zone.test"), Type::txt, {judge_test::text("wild")});
  zone.put(name("cut.zone.test"), Type::ns, {judge_test::target("ns.cut.zone.test")});
  zone.put(name("ns.cut.zone.test"), Type::a, {judge_test::address(9)});
  zone.put(name("zzz.zone.test"), Type::txt, {judge_test::text("last")});
  zone.sign();
  return zone;
}

std::vector<dns::Record> records_of(const judge_test::Zone& zone) {
  std::vector<dns::Record> records;
  for (const auto& set : zone.sets) {
    judge_test::append(records, set);
  }
  return records;
}

zone::Zone built(const std::vector<dns::Record>& records, zone::BuildOptions options = {},
                 zone::Progress* progress = nullptr) {
  options.now = options.now == 0 ? kNow : options.now;
  options.threads = options.threads == 0 ? 2 : options.threads;
  zone::Builder builder(name("zone.test"), options, progress);
  for (const auto& record : records) {
    const auto refused =
        builder.add({record.owner.wire(), record.type, record.klass, record.ttl, record.rdata});
    BOOST_REQUIRE_MESSAGE(!refused, refused.value_or(""));
  }
  return builder.finish();
}

const zone::Node& at(const zone::Zone& zone, std::string_view owner) {
  zone::SortKey key;
  const auto* node = zone.find(key(name(owner)));
  BOOST_REQUIRE(node != nullptr);
  return *node;
}

std::size_t count(const zone::Zone& zone, SignatureVerdict verdict) {
  std::size_t found = 0;
  for (const auto* node : zone.nodes()) {
    for (const auto* entry = node->first; entry != nullptr; entry = entry->next) {
      found += entry->type == Type::rrsig && entry->verdict == verdict ? 1 : 0;
    }
  }
  return found;
}

/// Every signature's verdict is what Verifier::check() gives.
void expect_verdicts_as_alone(const zone::Zone& zone) {
  zone::Splitter split;
  dnssec::Verifier verifier;
  for (const auto* node : zone.nodes()) {
    for (const auto& set : split(*node)) {
      dns::RRset alone;
      alone.owner = node->name();
      alone.type = set.type;
      for (const auto* record : set.records) {
        alone.rdatas.emplace_back(record->rdata().begin(), record->rdata().end());
      }
      for (const auto* entry : set.signatures) {
        const dns::Bytes raw(entry->rdata().begin(), entry->rdata().end());
        const auto check =
            verifier.check(alone, {entry->ttl, dns::parse_rrsig(raw), raw}, zone.apex(),
                           zone.keys(), dns::SerialTime::from_unix(kNow));
        BOOST_CHECK_MESSAGE(check.verdict == entry->verdict,
                            alone.owner.to_text() + " " + to_text(set.type) + ": " +
                                std::string(to_text(entry->verdict)) + ", alone " +
                                std::string(to_text(check.verdict)));
      }
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(zone_builder)

BOOST_AUTO_TEST_CASE(every_signature_is_verified) {
  const auto source = example();
  zone::Progress progress;
  const auto zone = built(records_of(source), {}, &progress);
  BOOST_TEST(zone.signatures() > 15U);
  BOOST_TEST(count(zone, SignatureVerdict::valid) == zone.signatures());
  BOOST_TEST(zone.verified() == zone.signatures());
  BOOST_TEST(zone.left() == 0U);
  BOOST_TEST(zone.keys().size() == 3U);
  BOOST_TEST(progress.done == zone.signatures());
  BOOST_TEST(progress.records == zone.records());
  BOOST_TEST((zone.serial() == source.serial));
  expect_verdicts_as_alone(zone);
}

// A file may have the signatures far from their data, before it, and the keys last.
BOOST_AUTO_TEST_CASE(in_any_order) {
  std::mt19937 random(5);
  auto records = records_of(example());
  for (int i = 0; i < 50; ++i) {
    std::ranges::shuffle(records, random);
    const auto zone = built(records);
    BOOST_REQUIRE_EQUAL(count(zone, SignatureVerdict::valid), zone.signatures());
    BOOST_REQUIRE(std::ranges::is_sorted(zone.nodes(), [](const auto* left, const auto* right) {
      return canonical_compare(left->name(), right->name()) == std::strong_ordering::less;
    }));
  }
}

BOOST_AUTO_TEST_CASE(data_that_comes_after_its_signature_counts) {
  auto source = example();
  auto records = records_of(source);
  const auto late = std::ranges::find_if(records, [](const dns::Record& record) {
    return record.owner == name("www.zone.test") && record.type == Type::a;
  });
  std::rotate(late, late + 1, records.end());
  BOOST_TEST(count(built(records), SignatureVerdict::valid) == built(records).signatures());
  // One more that nobody signed.
  auto more = records.back();
  more.rdata = judge_test::address(66);
  records.push_back(more);
  BOOST_TEST(count(built(records), SignatureVerdict::does_not_verify) > 0U);
}

BOOST_AUTO_TEST_CASE(a_key_that_comes_last) {
  auto records = records_of(example());
  const auto key = std::ranges::find(records, Type::dnskey, &dns::Record::type);
  std::rotate(key, key + 1, records.end());
  const auto zone = built(records);
  BOOST_TEST(zone.keys().size() == 3U);
  BOOST_TEST(count(zone, SignatureVerdict::valid) == zone.signatures());
}

BOOST_AUTO_TEST_CASE(duplicates_and_case_change_nothing) {
  auto records = records_of(example());
  const auto copy = records;
  for (auto record : copy) {
    if (record.type != Type::rrsig) {
      auto wire = record.owner.wire();
      dns::Bytes upper(wire.begin(), wire.end());
      for (auto& octet : upper) {
        octet = octet >= 'a' && octet <= 'z' ? static_cast<std::uint8_t>(octet - 32) : octet;
      }
      record.owner = dns::Name::from_wire(upper).value();
      records.push_back(record);
    }
  }
  const auto zone = built(records);
  BOOST_TEST(zone.keys().size() == 3U);
  BOOST_TEST(count(zone, SignatureVerdict::valid) == zone.signatures());
}

// Octets changed at random anywhere in signatures and data.
BOOST_AUTO_TEST_CASE(verdicts_are_those_of_the_verifier) {
  std::mt19937 random(77);
  const auto whole = records_of(example());
  for (int i = 0; i < 60; ++i) {
    auto records = whole;
    for (int change = 0; change < 6; ++change) {
      auto& record = records[random() % records.size()];
      if (record.rdata.empty() || record.type == Type::soa) {
        continue;
      }
      const auto place = random() % std::min<std::size_t>(record.rdata.size(), 40);
      record.rdata[place] ^= static_cast<std::uint8_t>(1U << random() % 8);
      if (random() % 8 == 0) {
        record.rdata.resize(random() % record.rdata.size());
      }
    }
    expect_verdicts_as_alone(built(records));
  }
}

BOOST_AUTO_TEST_CASE(standings) {
  auto source = example();
  source.put(name("alias.zone.test"), Type::dname, {judge_test::target("elsewhere.test")});
  source.put(name("below.alias.zone.test"), Type::a, {judge_test::address(3)});
  source.put(name("other.test"), Type::a, {judge_test::address(4)});
  const auto zone = built(records_of(source));
  using zone::Standing;
  const auto standing = [&](std::string_view owner) { return at(zone, owner).standing; };
  BOOST_TEST((standing("zone.test") == Standing::authoritative));
  BOOST_TEST((standing("www.zone.test") == Standing::authoritative));
  BOOST_TEST((standing("cut.zone.test") == Standing::delegation));
  BOOST_TEST((standing("ns.cut.zone.test") == Standing::glue));
  BOOST_TEST((standing("alias.zone.test") == Standing::authoritative));
  BOOST_TEST((standing("below.alias.zone.test") == Standing::occluded));
  BOOST_TEST((standing("zzz.zone.test") == Standing::authoritative));
  BOOST_TEST((standing("other.test") == Standing::outside));
}

BOOST_AUTO_TEST_CASE(when_time_is_up) {
  zone::BuildOptions options;
  options.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  const auto zone = built(records_of(example()), options);
  BOOST_TEST(zone.left() == zone.signatures());
  BOOST_TEST(zone.verified() == 0U);
}

BOOST_AUTO_TEST_CASE(only_what_is_wanted) {
  zone::BuildOptions options;
  options.wanted = [](Type type) { return type == Type::nsec; };
  const auto zone = built(records_of(example()), options);
  BOOST_TEST(zone.verified() < zone.signatures());
  BOOST_TEST(zone.verified() > 4U);
  BOOST_TEST(zone.left() == 0U);
}

BOOST_AUTO_TEST_CASE(an_owner_has_bounds) {
  zone::Builder builder(name("zone.test"), {});
  const auto owner = name("big.zone.test");
  const dns::Bytes rdata(65535, 1);
  std::optional<std::string> refused;
  int taken = 0;
  while (!refused && taken < 1000) {
    refused = builder.add({owner.wire(), Type::txt, dns::Class::in, 1, rdata});
    ++taken;
  }
  BOOST_TEST(taken < 100);
  BOOST_TEST(refused.value_or("").find("big.zone.test has more than 4 MiB") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
