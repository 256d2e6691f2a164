// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "zone/zonemd.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "dns/cursor.hpp"
#include "dns/rdata.hpp"
#include "dnssec/digest.hpp"

namespace zone {
namespace {

using dns::ByteView;
using dns::Type;

constexpr std::uint8_t kSimple = 1;
constexpr std::size_t kHead = 6;          // serial, scheme, hash
constexpr std::size_t kLeastDigest = 12;  // RFC 8976 2.2.4

/// A ZONEMD record on its way to its verdict.
struct Candidate {
  ZonemdRecord record;
  ByteView digest;
  bool too_short = false;
};

struct Known {
  std::uint8_t hash;
  dnssec::DigestHash algorithm;
  std::size_t octets;
};
constexpr std::array kKnown{Known{1, dnssec::DigestHash::sha384, 48},
                            Known{2, dnssec::DigestHash::sha512, 64}};

const Known* known(const ZonemdRecord& record) {
  const auto* const found = std::find_if(kKnown.begin(), kKnown.end(),
                                         [&](const Known& one) { return one.hash == record.hash; });
  return record.scheme == kSimple && found != kKnown.end() ? found : nullptr;
}

Candidate read_candidate(ByteView rdata) {
  Candidate read;
  dns::Cursor cursor(rdata);
  read.record.serial = cursor.u32();
  read.record.scheme = cursor.u8();
  read.record.hash = cursor.u8();
  read.too_short = rdata.size() < kHead + kLeastDigest;
  if (!read.too_short) read.digest = rdata.subspan(kHead);
  return read;
}

/// The same record twice is one (RFC 2181 5).
std::vector<Candidate> candidates(const Node& apex) {
  std::vector<ByteView> seen;
  std::vector<Candidate> found;
  for (const auto* entry = apex.first; entry != nullptr; entry = entry->next) {
    const auto rdata = entry->rdata();
    const bool again = std::any_of(
        seen.begin(), seen.end(), [&](ByteView other) { return std::ranges::equal(rdata, other); });
    if (entry->type != Type::zonemd || again) continue;
    seen.push_back(rdata);
    found.push_back(read_candidate(rdata));
  }
  return found;
}

/// What can be said without the zone's data; nothing when it must be digested.
std::optional<ZonemdVerdict> verdict_alone(const Candidate& candidate,
                                           const std::vector<Candidate>& all,
                                           std::optional<std::uint32_t> serial) {
  const auto& record = candidate.record;
  const auto same = std::count_if(all.begin(), all.end(), [&](const Candidate& other) {
    return other.record.scheme == record.scheme && other.record.hash == record.hash;
  });
  if (candidate.too_short) return ZonemdVerdict::malformed;
  if (same > 1) return ZonemdVerdict::duplicated;
  const auto* const hash = known(record);
  if (hash == nullptr) return ZonemdVerdict::unsupported;
  if (candidate.digest.size() != hash->octets) return ZonemdVerdict::malformed;
  if (record.serial != serial) return ZonemdVerdict::serial_differs;
  return std::nullopt;
}

/// The records of a zone as they are digested: RFC 8976 3.3.
class Collation {
 public:
  explicit Collation(const Zone& zone) : zone_(zone) {}

  /// `take` gets the octets of one owner after the other.
  template <class Take>
  void operator()(Take take) {
    const auto* const apex = zone_.apex_node();
    for (const auto* node : zone_.nodes()) {
      if (node->standing == Standing::outside) continue;
      collect(*node, node == apex);
      write(*node);
      take(ByteView(octets_));
    }
  }

 private:
  struct Piece {
    Type type = Type::none;
    std::uint32_t ttl = 0;
    dns::Bytes rdata;
  };

  /// RFC 8976 3.3.1: not the apex's ZONEMD, nor what signs it.
  static bool left_out(const Entry& entry, bool at_apex) {
    return at_apex && (entry.type == Type::zonemd ||
                       (entry.type == Type::rrsig && covered_by(entry) == Type::zonemd));
  }

  static bool before(const Piece& left, const Piece& right) {
    if (left.type != right.type) return left.type < right.type;
    return left.rdata < right.rdata;
  }
  static bool same(const Piece& left, const Piece& right) {
    return left.type == right.type && left.rdata == right.rdata;
  }

  /// In canonical form and order, each record once.
  void collect(const Node& node, bool at_apex) {
    pieces_.clear();
    for (const auto* entry = node.first; entry != nullptr; entry = entry->next) {
      if (left_out(*entry, at_apex)) continue;
      pieces_.push_back(
          {entry->type, entry->ttl, dns::canonical_rdata(entry->type, entry->rdata())});
    }
    std::stable_sort(pieces_.begin(), pieces_.end(), before);
    pieces_.erase(std::unique(pieces_.begin(), pieces_.end(), same), pieces_.end());
  }

  void write(const Node& node) {
    append_wire(node.key(), owner_);
    octets_.clear();
    for (const auto& piece : pieces_) {
      octets_.insert(octets_.end(), owner_.begin(), owner_.end());
      put(static_cast<std::uint16_t>(piece.type), 2);
      put(static_cast<std::uint16_t>(dns::Class::in), 2);
      put(piece.ttl, 4);
      put(static_cast<std::uint32_t>(piece.rdata.size()), 2);
      octets_.insert(octets_.end(), piece.rdata.begin(), piece.rdata.end());
    }
  }

  void put(std::uint32_t number, unsigned count) {
    while (count-- > 0) octets_.push_back(static_cast<std::uint8_t>(number >> 8U * count));
  }

  const Zone& zone_;
  std::vector<Piece> pieces_;
  dns::Bytes owner_, octets_;
};

/// Digests for those that have no verdict yet.
void compare(const Zone& zone, const std::vector<Candidate*>& open) {
  std::vector<dnssec::Digest> digests;
  for (const auto* candidate : open) digests.emplace_back(known(candidate->record)->algorithm);
  Collation collate(zone);
  collate([&](ByteView octets) {
    for (auto& digest : digests) digest.add(octets);
  });
  for (std::size_t i = 0; i < open.size(); ++i) {
    const auto digest = digests[i].finish();
    auto& verdict = open[i]->record.verdict;
    if (digest.empty()) {
      verdict = ZonemdVerdict::unsupported;  // a policy forbids the hash
    } else {
      verdict = std::ranges::equal(digest, open[i]->digest) ? ZonemdVerdict::verified
                                                            : ZonemdVerdict::mismatch;
    }
  }
}

}  // namespace

ZonemdResult check_zonemd(const Zone& zone) {
  ZonemdResult result;
  const auto* const apex = zone.apex_node();
  if (apex == nullptr || !apex->has(Type::zonemd)) return result;
  auto all = candidates(*apex);
  std::vector<Candidate*> open;
  for (auto& candidate : all) {
    if (const auto verdict = verdict_alone(candidate, all, zone.serial())) {
      candidate.record.verdict = *verdict;
    } else {
      open.push_back(&candidate);
    }
  }
  if (!open.empty()) compare(zone, open);
  for (const auto& candidate : all) {
    result.records.push_back(candidate.record);
    result.verdict = std::min(result.verdict, candidate.record.verdict);
  }
  return result;
}

}  // namespace zone
