// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/key_support.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

namespace judge_test {

using dns::Type;

void publish_beside(Zone& copy, const dnssec::Key& key) {
  auto& data = copy.at(Type::dnskey);
  data.set.rdatas.push_back(key.rdata);
  copy.sign(data, copy.window);
}

void publish_beside(World& world, const dnssec::Key& key) {
  world.everywhere([&](Zone& copy) { publish_beside(copy, key); });
}

void sign_by(Zone& copy, Type type, const std::vector<Signer>& keys) {
  auto& data = copy.at(type);
  data.signatures.clear();
  for (const auto& key : keys) {
    data.signatures.push_back(key.sign(data.set, copy.apex, copy.window));
  }
}

void sign_data_by(Zone& copy, const std::vector<Signer>& keys) {
  for (auto& data : copy.sets) {
    if (data.set.type != Type::dnskey && !data.signatures.empty()) {
      data.signatures.clear();
      for (const auto& key : keys) {
        data.signatures.push_back(key.sign(data.set, copy.apex, copy.window));
      }
    }
  }
}

dnssec::Key idle_key(std::uint8_t algorithm, const dns::Bytes& public_key, std::uint16_t flags,
                     std::uint8_t protocol) {
  return make_key(flags, protocol, algorithm, public_key);
}

dns::Bytes rsa_octets(std::size_t bits, const dns::Bytes& exponent) {
  dns::Bytes octets{static_cast<std::uint8_t>(exponent.size())};
  octets.insert(octets.end(), exponent.begin(), exponent.end());
  octets.insert(octets.end(), bits / 8, 0xc5);
  return octets;
}

memory::SeenRecord remembered_key(const dnssec::Key& key, std::int64_t first_seen,
                                  std::optional<std::int64_t> first_signing,
                                  std::optional<std::int64_t> last_signing) {
  memory::SeenRecord record;
  record.type = Type::dnskey;
  record.rdata = key.rdata;
  record.ttl = 3600;
  record.first_seen = kNow + first_seen;
  record.last_seen = record.ttl_seen = kNow - kMinute;
  if (first_signing) {
    record.first_signing = kNow + *first_signing;
    record.last_signing = kNow + last_signing.value_or(-kMinute);
  }
  return record;
}

memory::SeenRecord remembered_ds(const dns::Ds& ds, std::int64_t first_seen) {
  memory::SeenRecord record;
  record.type = Type::ds;
  record.rdata = ds_rdata(ds);
  record.ttl = 3600;
  record.first_seen = kNow + first_seen;
  record.last_seen = record.ttl_seen = kNow - kMinute;
  return record;
}

memory::Zone memory_of(std::vector<memory::SeenRecord> records, std::int64_t since) {
  memory::Zone past;
  past.zone = name(kZone);
  past.since = kNow + since;
  past.last_run = kNow - kMinute;
  past.runs = 100;
  past.records = std::move(records);
  return past;
}

memory::Zone memory_of_lasting(judge::Fault fault, std::int64_t first_seen, std::int64_t since) {
  auto past = memory_of({}, since);
  past.lasting = {{std::string(judge::info(fault).id), kNow + first_seen, past.last_run}};
  return past;
}

std::vector<judge::Finding> keys_of(const World& world, const judge::Policy& policy) {
  return keys_of(world.observe(), policy);
}

std::vector<judge::Finding> keys_of(const World& world, const memory::Zone& past,
                                    const judge::Policy& policy) {
  return keys_of(world.observe(), policy, kNow, &past);
}

void expect_calm(const std::vector<judge::Finding>& findings) {
  for (const auto& finding : findings) {
    BOOST_CHECK_MESSAGE(
        finding.tier <= judge::Tier::info,
        "should be quiet: " << judge::info(finding.fault).id << ": " << finding.text);
  }
}

void expect_stage(const std::vector<judge::Finding>& findings, const std::string& words) {
  expect_calm(findings);
  std::string all;
  for (const auto& finding : findings) {
    if (finding.fault == judge::Fault::rollover_in_progress) {
      all += finding.text + "\n";
    }
  }
  BOOST_CHECK_MESSAGE(all.find(words) != std::string::npos, "no \"" << words << "\" in: " << all);
}

}  // namespace judge_test
