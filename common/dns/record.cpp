// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/record.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace dns {
namespace {

/// RFC 4034 3.1.1: the first two octets. Read apart from the rest, so that a signature whose rdata
/// does not parse is still seen beside the RRset it was meant for.
Type type_covered(ByteView rrsig_rdata) { return static_cast<Type>(Cursor(rrsig_rdata).u16()); }

/// Collects records into sets. Look-ups are by ordered maps, since a hostile section may hold
/// thousands of owners, or thousands of rdatas under one owner.
class Grouping {
 public:
  void add(const Record& record) {
    const bool is_signature = record.type == Type::rrsig;
    const Type type = is_signature ? type_covered(record.rdata) : record.type;
    const std::size_t index = index_of(record, type);
    if (is_signature) {
      add_signature(index, record);
    } else {
      add_rdata(index, record);
    }
  }

  std::vector<SignedRRset> take() { return std::move(sets_); }

 private:
  using Key = std::tuple<Bytes, Type, Class>;
  struct Seen {
    std::set<Bytes> rdatas, signatures;  // canonical
  };

  std::size_t index_of(const Record& record, Type type) {
    const auto [found, is_new] =
        indices_.try_emplace(Key{record.owner.canonical_wire(), type, record.klass}, sets_.size());
    if (is_new) {
      SignedRRset fresh;
      fresh.set.owner = record.owner;
      fresh.set.type = type;
      fresh.set.klass = record.klass;
      sets_.push_back(std::move(fresh));
      seen_.emplace_back();
    }
    return found->second;
  }

  void add_rdata(std::size_t index, const Record& record) {
    RRset& set = sets_[index].set;
    const bool is_first = set.rdatas.empty();
    if (!is_first && set.ttl != record.ttl) set.ttls_differ = true;
    set.ttl = is_first ? record.ttl : std::min(set.ttl, record.ttl);
    if (seen_[index].rdatas.insert(canonical_rdata(record.type, record.rdata)).second) {
      set.rdatas.push_back(record.rdata);
    }
  }

  void add_signature(std::size_t index, const Record& record) {
    if (!seen_[index].signatures.insert(canonical_rdata(record.type, record.rdata)).second) return;
    sets_[index].signatures.push_back({record.ttl, parse_rrsig(record.rdata), record.rdata});
  }

  std::vector<SignedRRset> sets_;
  std::vector<Seen> seen_;
  std::map<Key, std::size_t> indices_;
};

std::set<Bytes> canonical_rdatas(const RRset& set) {
  std::set<Bytes> canonical;
  for (const Bytes& rdata : set.rdatas) canonical.insert(canonical_rdata(set.type, rdata));
  return canonical;
}

}  // namespace

std::vector<SignedRRset> group(std::span<const Record> section) {
  Grouping grouping;
  for (const Record& record : section) {
    if (record.type == Type::opt || record.type == Type::tsig) continue;
    grouping.add(record);
  }
  return grouping.take();
}

const SignedRRset* find(std::span<const SignedRRset> sets, const Name& owner, Type type) {
  const auto found = std::find_if(sets.begin(), sets.end(), [&](const SignedRRset& candidate) {
    return candidate.set.type == type && !candidate.set.rdatas.empty() &&
           candidate.set.owner == owner;
  });
  return found == sets.end() ? nullptr : &*found;
}

bool same_rdata(const RRset& left, const RRset& right) {
  return canonical_rdatas(left) == canonical_rdatas(right);
}

}  // namespace dns
