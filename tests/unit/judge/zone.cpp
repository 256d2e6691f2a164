// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/zone.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

#include "dns/cursor.hpp"

namespace judge_test {

using dns::Name;
using dns::Type;

namespace {

dns::Bytes rrsig_rdata(const dns::Signature& signature) {
  if (!signature.rrsig) {
    return signature.raw;
  }
  const auto& rrsig = *signature.rrsig;
  dns::Writer out;
  out.u16(static_cast<std::uint16_t>(rrsig.covered));
  out.u8(rrsig.algorithm);
  out.u8(rrsig.labels);
  out.u32(rrsig.original_ttl);
  out.u32(rrsig.expiration.value());
  out.u32(rrsig.inception.value());
  out.u16(rrsig.key_tag);
  out.bytes(rrsig.signer.wire());
  out.bytes(rrsig.signature);
  return out.take();
}

dns::Bytes soa_rdata(const Zone& zone) {
  dns::Writer out;
  out.bytes(name("primary.invalid").wire());
  out.bytes(name("hostmaster.invalid").wire());
  for (const auto value :
       {zone.serial, zone.refresh, std::uint32_t{3600}, zone.expire, std::uint32_t{3600}}) {
    out.u32(value);
  }
  return out.take();
}

bool is_chain_type(Type type) { return type == Type::nsec || type == Type::nsec3; }

}  // namespace

Name name(std::string_view text) { return Name::from_text(text).value(); }

dns::Bytes address(std::uint8_t last) { return {192, 0, 2, last}; }

dns::Bytes target(std::string_view host) {
  const auto wire = name(host);
  return {wire.wire().begin(), wire.wire().end()};
}

dns::Bytes mx(std::uint16_t preference, std::string_view host) {
  dns::Writer out;
  out.u16(preference);
  out.bytes(target(host));
  return out.take();
}

dns::Bytes text(std::string_view words) {
  dns::Bytes rdata{static_cast<std::uint8_t>(words.size())};
  rdata.insert(rdata.end(), words.begin(), words.end());
  return rdata;
}

dns::Bytes ds_rdata(const dns::Ds& ds) {
  dns::Writer out;
  out.u16(ds.key_tag);
  out.u8(ds.algorithm);
  out.u8(ds.digest_type);
  out.bytes(ds.digest);
  return out.take();
}

dns::Bytes nsec_rdata(const Name& next, std::vector<Type> types) {
  dns::Writer out;
  out.bytes(next.wire());
  out.bytes(dns::TypeBitmap(std::move(types)).wire());
  return out.take();
}

void append(std::vector<dns::Record>& section, const dns::SignedRRset& data) {
  for (const auto& rdata : data.set.rdatas) {
    section.push_back({data.set.owner, data.set.type, dns::Class::in, data.set.ttl, rdata});
  }
  for (const auto& signature : data.signatures) {
    section.push_back(
        {data.set.owner, Type::rrsig, dns::Class::in, signature.ttl, rrsig_rdata(signature)});
  }
}

const dns::SignedRRset* Zone::find(const Name& owner, Type type) const {
  const auto found = std::find_if(sets.begin(), sets.end(), [&](const dns::SignedRRset& data) {
    return data.set.type == type && data.set.owner == owner;
  });
  return found == sets.end() ? nullptr : &*found;
}

dns::SignedRRset& Zone::at(const Name& owner, Type type) {
  if (const auto* found = find(owner, type)) {
    return sets.at(static_cast<std::size_t>(found - sets.data()));
  }
  throw std::runtime_error("no " + owner.to_text() + " " + dns::to_text(type));
}

dns::SignedRRset& Zone::put(const Name& owner, Type type, std::vector<dns::Bytes> rdatas,
                            std::uint32_t ttl) {
  remove(owner, type);
  dns::SignedRRset data;
  data.set.owner = owner;
  data.set.type = type;
  data.set.ttl = ttl;
  data.set.rdatas = std::move(rdatas);
  sets.push_back(std::move(data));
  return sets.back();
}

void Zone::remove(const Name& owner, Type type) {
  sets.erase(std::remove_if(sets.begin(), sets.end(),
                            [&](const dns::SignedRRset& data) {
                              return data.set.type == type && data.set.owner == owner;
                            }),
             sets.end());
}

bool Zone::is_authoritative(const dns::RRset& set) const {
  for (const auto& data : sets) {
    const auto& cut = data.set.owner;
    if (data.set.type != Type::ns || cut == apex || !set.owner.is_at_or_below(cut)) {
      continue;
    }
    return set.owner == cut && (set.type == Type::ds || set.type == Type::nsec);
  }
  return true;
}

std::vector<Signer> Zone::signers_of(Type type) const {
  const bool for_keys = type == Type::dnskey;
  std::vector<Signer> chosen;
  for (const auto& key : keys) {
    if (key.is_revoked() ? for_keys : key.is_sep() == for_keys) {
      chosen.push_back(key);
    }
  }
  return chosen.empty() ? keys : chosen;
}

void Zone::sign(dns::SignedRRset& data, Window of) {
  data.signatures.clear();
  for (const auto& signer : signers_of(data.set.type)) {
    data.signatures.push_back(signer.sign(data.set, apex, of));
  }
}

void Zone::publish_keys() {
  std::vector<dns::Bytes> rdatas;
  for (const auto& key : keys) {
    rdatas.push_back(key.key().rdata);
  }
  put(apex, Type::dnskey, std::move(rdatas));
}

void Zone::link_names() {
  std::map<Name, std::vector<Type>, dns::CanonicalLess> names;
  for (const auto& data : sets) {
    const bool cut = data.set.type == Type::ns && !(data.set.owner == apex);
    if (cut || is_authoritative(data.set)) {
      names[data.set.owner].push_back(data.set.type);
    }
  }
  for (auto at = names.begin(); at != names.end(); ++at) {
    const auto next = std::next(at) == names.end() ? names.begin() : std::next(at);
    auto types = at->second;
    types.push_back(Type::nsec);
    types.push_back(Type::rrsig);
    put(at->first, Type::nsec, {nsec_rdata(next->first, types)});
  }
}

void Zone::unsign() {
  sets.erase(std::remove_if(sets.begin(), sets.end(),
                            [](const dns::SignedRRset& data) {
                              return is_chain_type(data.set.type) || data.set.type == Type::dnskey;
                            }),
             sets.end());
  for (auto& data : sets) {
    data.signatures.clear();
  }
}

void Zone::sign() {
  unsign();
  put(apex, Type::soa, {soa_rdata(*this)});
  publish_keys();
  link_names();
  for (auto& data : sets) {
    if (is_authoritative(data.set)) {
      sign(data, window);
    }
  }
}

Zone make_zone(std::string_view apex, std::vector<Signer> keys) {
  Zone zone;
  zone.apex = name(apex);
  zone.keys = std::move(keys);
  zone.put(zone.apex, Type::soa, {soa_rdata(zone)});
  return zone;
}

}  // namespace judge_test
