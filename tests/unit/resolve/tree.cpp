// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "resolve/tree.hpp"

#include <openssl/ec.h>
#include <openssl/ecdsa.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <stdexcept>

#include "dns/bitmap.hpp"
#include "dns/cursor.hpp"
#include "dns/serial_time.hpp"

namespace tree {
namespace {

constexpr std::uint32_t ttl = 300;
constexpr std::uint8_t ecdsa_p256 = 13;

std::uint32_t serial_from_now(std::int64_t seconds) {
  return dns::SerialTime::from_unix(std::time(nullptr) + seconds).value();
}

dns::Bytes public_point(EVP_PKEY* key) {
  std::array<std::uint8_t, 65> point{};
  std::size_t size = 0;
  if (EVP_PKEY_get_octet_string_param(key, "pub", point.data(), point.size(), &size) != 1 ||
      size != point.size()) {
    throw std::runtime_error("no public key");
  }
  return {point.begin() + 1, point.end()};  // RFC 6605 4: without the 0x04
}

/// RFC 6605 4: r | s, 32 octets each.
dns::Bytes signature(EVP_PKEY* key, const dns::Bytes& data) {
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                   EVP_MD_CTX_free);
  dns::Bytes der(128);
  std::size_t size = der.size();
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) != 1 ||
      EVP_DigestSign(context.get(), der.data(), &size, data.data(), data.size()) != 1) {
    throw std::runtime_error("cannot sign");
  }
  const std::uint8_t* begin = der.data();
  const std::unique_ptr<ECDSA_SIG, void (*)(ECDSA_SIG*)> parts(
      d2i_ECDSA_SIG(nullptr, &begin, static_cast<long>(size)), ECDSA_SIG_free);
  dns::Bytes raw(64);
  BN_bn2binpad(ECDSA_SIG_get0_r(parts.get()), raw.data(), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(parts.get()), raw.data() + 32, 32);
  return raw;
}

dns::Bytes wire(const dns::Name& name) { return {name.wire().begin(), name.wire().end()}; }

dns::Bytes soa(const dns::Name& apex) {
  dns::Writer writer;
  writer.bytes(apex.wire());
  writer.bytes(apex.wire());
  for (const std::uint32_t number : {1U, 3600U, 600U, 86400U, 300U}) {
    writer.u32(number);
  }
  return writer.take();
}

}  // namespace

dns::Name name(const std::string& text) { return dns::Name::from_text(text).value(); }

Zone::Zone(const std::string& apex, const Signing& signing)
    : apex_(name(apex)), signing_(signing), key_(EVP_EC_gen("P-256"), EVP_PKEY_free) {
  add(apex, dns::Type::soa, soa(apex_));
  add(apex, dns::Type::ns, wire(name("ns.invalid.")));
  if (signing.on) {
    add(apex, dns::Type::dnskey, dnskey());
  }
}

void Zone::add(const std::string& owner, dns::Type type, dns::Bytes rdata) {
  const dns::Name at = name(owner);
  names_[at][type].push_back({at, type, dns::Class::in, ttl, std::move(rdata)});
}

void Zone::delegate(const Zone& child) {
  add(child.apex_.to_text(), dns::Type::ns, wire(name("ns.invalid.")));
  if (child.signing_.on) {
    const dnssec::Anchor anchor = child.anchor();
    dns::Writer writer;
    writer.u16(anchor.ds.key_tag);
    writer.u8(anchor.ds.algorithm);
    writer.u8(anchor.ds.digest_type);
    writer.bytes(anchor.ds.digest);
    add(child.apex_.to_text(), dns::Type::ds, writer.take());
  }
}

dns::Bytes Zone::dnskey() const {
  dns::Writer writer;
  writer.u16(257);
  writer.u8(3);
  writer.u8(ecdsa_p256);
  writer.bytes(public_point(key_.get()));
  return writer.take();
}

dnssec::Anchor Zone::anchor() const {
  return {apex_, dns::Ds{dnssec::key_tag(dnskey()), ecdsa_p256, 2,
                         dnssec::ds_digest(apex_, dnskey(), 2).value()}};
}

bool Zone::exists(const dns::Name& owner) const {
  return std::any_of(names_.begin(), names_.end(),
                     [&](const auto& item) { return item.first.is_at_or_below(owner); });
}

/// RFC 4034 3.1.8.1 with one key for all.
dns::Record Zone::sign(const std::vector<dns::Record>& set) const {
  const dns::Record& first = set.front();
  dns::Writer rrsig;
  rrsig.u16(static_cast<std::uint16_t>(first.type));
  rrsig.u8(ecdsa_p256);
  rrsig.u8(static_cast<std::uint8_t>(first.owner.label_count_without_wildcard()));
  rrsig.u32(ttl);
  rrsig.u32(serial_from_now(signing_.expiration));
  rrsig.u32(serial_from_now(signing_.inception));
  rrsig.u16(dnssec::key_tag(dnskey()));
  rrsig.bytes(apex_.canonical_wire());
  std::vector<dns::Bytes> rdatas;
  for (const dns::Record& record : set) {
    rdatas.push_back(dns::canonical_rdata(record.type, record.rdata));
  }
  std::sort(rdatas.begin(), rdatas.end());
  dns::Writer data;
  data.bytes(rrsig.view());
  for (const dns::Bytes& rdata : rdatas) {
    data.bytes(first.owner.canonical_wire());
    data.u16(static_cast<std::uint16_t>(first.type));
    data.u16(1);
    data.u32(ttl);
    data.u16(static_cast<std::uint16_t>(rdata.size()));
    data.bytes(rdata);
  }
  dns::Bytes made = signature(key_.get(), data.view());
  if (signing_.broken && first.type != dns::Type::dnskey) {
    made.at(7) ^= 1U;
  }
  rrsig.bytes(made);
  return {first.owner, dns::Type::rrsig, dns::Class::in, ttl, rrsig.take()};
}

void Zone::append(std::vector<dns::Record>& section, const std::vector<dns::Record>& set) const {
  section.insert(section.end(), set.begin(), set.end());
  if (signing_.on && !set.empty()) {
    section.push_back(sign(set));
  }
}

/// The NSEC at the last name that is not behind `owner`: matches or covers it.
void Zone::append_nsec(std::vector<dns::Record>& section, const dns::Name& owner) const {
  auto next = names_.upper_bound(owner);
  const auto at = std::prev(next);
  if (next == names_.end()) {
    next = names_.begin();
  }
  std::vector<dns::Type> types{dns::Type::rrsig, dns::Type::nsec};
  for (const auto& [type, records] : at->second) {
    types.push_back(type);
  }
  dns::Bytes rdata = next->first.canonical_wire();
  const dns::Bytes bitmap = dns::TypeBitmap(types).wire();
  rdata.insert(rdata.end(), bitmap.begin(), bitmap.end());
  append(section, {{at->first, dns::Type::nsec, dns::Class::in, ttl, std::move(rdata)}});
}

void Zone::answer(dns::Message& message) const {
  const dns::Question& question = message.questions.at(0);
  const auto found = names_.find(question.name);
  if (found != names_.end()) {
    const auto set = found->second.find(question.type);
    if (set != found->second.end()) {
      append(message.answer, set->second);
      return;
    }
  }
  append(message.authority, names_.at(apex_).at(dns::Type::soa));
  const bool there = exists(question.name);
  if (signing_.on) {
    append_nsec(message.authority, question.name);
    if (!there) {
      append_nsec(message.authority, question.name.parent().wildcard().value());
    }
  }
  message.rcode = there ? dns::Rcode::noerror : dns::Rcode::nxdomain;
}

Tree::Tree() { zones_.push_back(std::make_unique<Zone>(".", Signing{})); }

Zone& Tree::zone_for(const dns::Name& name, bool strictly_above) const {
  Zone* best = nullptr;
  for (const std::unique_ptr<Zone>& zone : zones_) {
    const bool fits =
        strictly_above ? name.is_below(zone->apex()) : name.is_at_or_below(zone->apex());
    if (fits && (best == nullptr || zone->apex().is_below(best->apex()))) {
      best = zone.get();
    }
  }
  return best != nullptr ? *best : *zones_.front();
}

Zone& Tree::add(const std::string& apex, const Signing& signing) {
  Zone& parent = zone_for(name(apex), true);
  zones_.push_back(std::make_unique<Zone>(apex, signing));
  parent.delegate(*zones_.back());
  return *zones_.back();
}

dns::Bytes Tree::answer(const dns::Bytes& query) const {
  dns::Message message = dns::parse_message(query).value();
  message.qr = true;
  message.ra = true;
  const dns::Question& question = message.questions.at(0);
  zone_for(question.name, question.type == dns::Type::ds).answer(message);
  return dns::write_message(message);
}

}  // namespace tree
