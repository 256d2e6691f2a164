// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dns/bytes.hpp"
#include "dns/name.hpp"
#include "dns/type.hpp"
#include "dnssec/key.hpp"
#include "dnssec/verify.hpp"
#include "zone/sort_key.hpp"

/// A whole zone in memory: each record once, in arenas, with what was found of each signature.
namespace zone {

/// A record within its Node; its rdata follows it in memory.
struct Entry {
  const Entry* next = nullptr;  ///< of the same owner; the latest that came is first
  std::uint32_t ttl = 0;
  dns::Type type = dns::Type::none;
  std::uint16_t length = 0;
  /// Of an RRSIG, when the zone is whole: what verifying it gave, and with which of Zone::keys.
  mutable dnssec::SignatureVerdict verdict = dnssec::SignatureVerdict::work_limit;
  mutable std::uint16_t key = 0;

  [[nodiscard]] dns::ByteView rdata() const;
};

/// How an owner name stands to the zone (RFC 9499 7).
enum class Standing : std::uint8_t {
  authoritative,  ///< the zone's own data, the apex too
  delegation,     ///< an NS RRset below the apex: only its NS, DS and NSEC(3) count
  glue,           ///< below a delegation
  occluded,       ///< below a DNAME
  outside,        ///< not at or below the apex
};

/// One owner name. Its key's octets follow it in memory.
struct Node {
  const Entry* first = nullptr;
  Node* bucket_next = nullptr;
  std::uint32_t octets = 0;  ///< of all its rdata
  std::uint16_t key_length = 0;
  Standing standing = Standing::authoritative;
  bool late = false;              ///< data came for an RRset whose signatures had been handed on
  const Entry* handed = nullptr;  ///< the latest entry when they were; see Builder

  [[nodiscard]] SortKeyView key() const;
  [[nodiscard]] dns::Name name() const { return name_of(key()); }
  [[nodiscard]] bool has(dns::Type type) const;
};
/// Of an RRSIG; none when it is too short to say.
dns::Type covered_by(const Entry& rrsig);

/// One RRset of a node with the RRSIGs that cover it. Duplicates (RFC 2181 5) are in it still.
struct RRsetView {
  dns::Type type = dns::Type::none;
  std::span<const Entry* const> records;  ///< as they came; empty: only signatures cover it
  std::span<const Entry* const>
      signatures;  ///< RRSIGs; those too short to say what stand with type none
};

/// Splits nodes into RRsets, in ascending order of types. Keeps its memory from node to node; the
/// views are good until the next call.
class Splitter {
 public:
  std::span<const RRsetView> operator()(const Node& node) { return split(node.first, nullptr); }
  /// The same of a list that begins there; of the signatures only those before `old`, if the list
  /// leads to it, come in.
  std::span<const RRsetView> split(const Entry* first, const Entry* old);

 private:
  struct Slot {
    const Entry* entry = nullptr;
    dns::Type type = dns::Type::none;  ///< of an RRSIG: that it covers
    std::size_t place = 0;
    [[nodiscard]] bool is_signature() const { return entry->type == dns::Type::rrsig; }
  };
  std::vector<Slot> slots_;
  std::vector<const Entry*> entries_;
  std::vector<RRsetView> sets_;
};

/// What the whole zone looks like once everything was read and verified. Immutable.
class Zone {
 public:
  Zone(Zone&&) noexcept;
  Zone& operator=(Zone&&) noexcept;
  ~Zone();

  [[nodiscard]] const dns::Name& apex() const;
  [[nodiscard]] SortKeyView apex_key() const;
  /// All owner names that have records, in canonical order, those outside the zone too.
  [[nodiscard]] std::span<Node* const> nodes() const;
  [[nodiscard]] const Node* find(SortKeyView key) const;
  [[nodiscard]] const Node* apex_node() const { return find(apex_key()); }
  /// The parsed DNSKEY RRset of the apex.
  [[nodiscard]] std::span<const dnssec::Key> keys() const;
  [[nodiscard]] std::size_t records() const;     ///< duplicates count
  [[nodiscard]] std::size_t signatures() const;  ///< RRSIG records among them
  [[nodiscard]] std::size_t verified() const;    ///< public-key operations done
  /// Signatures that were not looked at since time ran out: their verdict is work_limit.
  [[nodiscard]] std::size_t left() const;
  [[nodiscard]] std::optional<std::uint32_t> serial() const;  ///< of the SOA

 private:
  friend class Builder;
  struct State;
  explicit Zone(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace zone
