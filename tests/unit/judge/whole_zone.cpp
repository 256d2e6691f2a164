// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/whole_zone.hpp"

#include <algorithm>
#include <map>
#include <thread>

#include "dns/cursor.hpp"
#include "dnssec/denial.hpp"
#include "zone/builder.hpp"

namespace judge_test {
namespace {

using dns::Name;
using dns::Type;

dns::Bytes nsec3_rdata(const Nsec3Form& form, const dns::Bytes& next,
                       const std::vector<Type>& types) {
  dns::Writer rdata;
  rdata.u8(form.hash_algorithm);
  rdata.u8(form.flags);
  rdata.u16(form.iterations);
  rdata.u8(static_cast<std::uint8_t>(form.salt.size()));
  rdata.bytes(form.salt);
  rdata.u8(static_cast<std::uint8_t>(next.size()));
  rdata.bytes(next);
  rdata.bytes(dns::TypeBitmap(types).wire());
  return rdata.take();
}

/// More than reading takes.
constexpr std::chrono::milliseconds kTimeToRead{300};

using NamesWithTypes = std::map<Name, std::vector<Type>, dns::CanonicalLess>;

bool is_chain(Type type) { return type == Type::nsec || type == Type::nsec3; }

NamesWithTypes names_of(const Zone& zone) {
  NamesWithTypes names;
  for (const auto& data : zone.sets) {
    const bool cut = data.set.type == Type::ns && !(data.set.owner == zone.apex);
    if (!is_chain(data.set.type) && (cut || zone.is_authoritative(data.set))) {
      names[data.set.owner].push_back(data.set.type);
    }
  }
  return names;
}

bool is_unsigned_delegation(const std::vector<Type>& types) {
  return types == std::vector<Type>{Type::ns};
}

zone::Zone pour(const Zone& source, const WholeKnown& known) {
  zone::BuildOptions options;
  options.now = kNow;
  options.threads = 2;
  if (known.no_time) {
    options.deadline = std::chrono::steady_clock::now() + kTimeToRead;
  }
  zone::Builder builder(source.apex, options);
  std::vector<dns::Record> records;
  for (const auto& data : source.sets) {
    append(records, data);
  }
  records.insert(records.end(), known.more.begin(), known.more.end());
  // With the keys last nothing is verified before all was read.
  std::stable_partition(records.begin(), records.end(),
                        [](const dns::Record& one) { return one.type != Type::dnskey; });
  for (const auto& record : records) {
    builder.add({record.owner.wire(), record.type, record.klass, record.ttl, record.rdata});
  }
  if (known.no_time) {
    std::this_thread::sleep_until(options.deadline);
  }
  return builder.finish();
}

judge::WholeZone whole_of(const zone::Zone& zone, const WholeKnown& known) {
  return {zone, "signed.zone", known.ds, kNow, known.all, 1, known.digest};
}

}  // namespace

Zone healthy_zone(std::vector<Signer> keys) {
  auto zone = make_zone(kZone, std::move(keys));
  zone.put(zone.apex, Type::ns, {target("ns1.zone.test"), target("ns2.elsewhere.test")});
  zone.put(name("ns1.zone.test"), Type::a, {address(1)});
  zone.put(zone.apex, Type::mx, {mx(10, "www.zone.test")});
  zone.put(name("www.zone.test"), Type::a, {address(2), address(3)});
  zone.put(name("*.wild.zone.test"), Type::txt, {text("wild")});
  zone.put(name("deep.below.zone.test"), Type::txt, {text("deep")});
  zone.put(name("alias.zone.test"), Type::cname, {target("www.zone.test")});
  zone.put(name("away.zone.test"), Type::dname, {target("elsewhere.test")});
  const Signer child(9, kKeySigningKey);
  zone.put(name("secure.zone.test"), Type::ns, {target("ns.secure.zone.test")});
  zone.put(name("secure.zone.test"), Type::ds, {ds_rdata(child.ds(name("secure.zone.test")))});
  zone.put(name("ns.secure.zone.test"), Type::a, {address(4)});
  zone.put(name("plain.zone.test"), Type::ns, {target("ns.elsewhere.test")});
  zone.put(name("plain.far.zone.test"), Type::ns, {target("ns.elsewhere.test")});
  zone.sign();
  return zone;
}

void sign_again(Zone& zone, dns::SignedRRset& data) { zone.sign(data, zone.window); }

void publish_nsec3param(Zone& zone, const Nsec3Form& form) {
  dns::Writer rdata;
  rdata.u8(form.hash_algorithm);
  rdata.u8(0);
  rdata.u16(form.iterations);
  rdata.u8(static_cast<std::uint8_t>(form.salt.size()));
  rdata.bytes(form.salt);
  auto rdatas = zone.find(zone.apex, Type::nsec3param) != nullptr
                    ? zone.at(Type::nsec3param).set.rdatas
                    : std::vector<dns::Bytes>{};
  rdatas.push_back(rdata.take());
  auto& data = zone.put(zone.apex, Type::nsec3param, std::move(rdatas), 0);
  sign_again(zone, data);
}

void add_nsec3_chain(Zone& zone, const Nsec3Form& form) {
  const bool opt_out = (form.flags & kOptOut) != 0;
  auto names = names_of(zone);
  NamesWithTypes covered;
  for (auto& [owner, types] : names) {
    if (opt_out && is_unsigned_delegation(types)) {
      continue;
    }
    if (!is_unsigned_delegation(types)) {
      types.push_back(Type::rrsig);
    }
    for (auto at = owner.parent(); at.is_below(zone.apex); at = at.parent()) {
      covered.try_emplace(at);
    }
    covered[owner] = types;
  }
  std::map<dns::Bytes, std::vector<Type>> ring;
  for (const auto& [owner, types] : covered) {
    ring[dnssec::nsec3_hash(owner, 1, form.iterations, form.salt).value()] = types;
  }
  for (auto at = ring.begin(); at != ring.end(); ++at) {
    const auto next = std::next(at) == ring.end() ? ring.begin() : std::next(at);
    auto& data = zone.put(zone.apex.prepend(dns::to_base32hex(at->first)).value(), Type::nsec3,
                          {nsec3_rdata(form, next->first, at->second)});
    sign_again(zone, data);
  }
}

void drop_nsec(Zone& zone) {
  std::erase_if(zone.sets,
                [](const dns::SignedRRset& data) { return data.set.type == Type::nsec; });
}

Zone healthy_nsec3_zone(const Nsec3Form& form) {
  auto zone = healthy_zone();
  drop_nsec(zone);
  publish_nsec3param(zone, form);
  add_nsec3_chain(zone, form);
  return zone;
}

dns::SignedRRset& nsec3_at(Zone& zone, std::string_view owner, const Nsec3Form& form) {
  const auto hash = dnssec::nsec3_hash(name(owner), 1, form.iterations, form.salt).value();
  return zone.at(zone.apex.prepend(dns::to_base32hex(hash)).value(), Type::nsec3);
}

std::vector<judge::Finding> whole_sigs(const Zone& zone, const WholeKnown& known,
                                       judge::WholeSummary* summary) {
  const auto poured = pour(zone, known);
  return held(judge::judge_whole_sigs(whole_of(poured, known), known.policy, summary),
              judge::kSigs);
}

std::vector<judge::Finding> whole_nsec(const Zone& zone, const WholeKnown& known) {
  const auto poured = pour(zone, known);
  return held(judge::judge_whole_nsec(whole_of(poured, known), known.policy), judge::kNsec);
}

void both(const Zone& zone, judge::Fault fault, judge::Tier tier,
          const std::vector<std::string>& words) {
  expect_only(whole_sigs(zone), fault, tier, words);
  expect_only(whole_nsec(zone), fault, tier, words);
}

}  // namespace judge_test
