// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// Proofs against a model: random small zones, their whole NSEC or NSEC3 chain at hand, and for each
// name what a server of the zone would have to answer. With all records there, a proof must be
// found for what is true and for nothing else.
#include <boost/test/unit_test.hpp>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "dnssec/denial.hpp"
#include "zone_text.hpp"

using dns::Type;
using dnssec::DenialRecords;
using dnssec_test::name;

namespace {

enum class Answer { other, no_data, name_error };

/// What is at one name; empty for an empty non-terminal.
using Types = std::vector<Type>;

class Zone {
 public:
  explicit Zone(unsigned seed) : random_(seed) {
    add(apex_, {Type::ns, Type::soa, Type::dnskey});
    const unsigned count = 3 + random_() % 8;
    for (unsigned i = 0; i < count; ++i) add(random_name(), random_types());
    remove_hidden();
  }

  const dns::Name& apex() const { return apex_; }
  const std::map<dns::Name, Types, dns::CanonicalLess>& nodes() const { return nodes_; }

  dns::Name random_name() {
    static const char* const labels[] = {"a", "b", "*", "c", "zz", "B"};
    dns::Name found = apex_;
    const unsigned depth = 1 + random_() % 4;
    for (unsigned i = 0; i < depth; ++i) found = found.prepend(labels[random_() % 6]).value();
    return found;
  }

  bool has(const dns::Name& owner, Type type) const {
    const auto node = nodes_.find(owner);
    if (node == nodes_.end()) return false;
    for (const Type other : node->second) {
      if (other == type) return true;
    }
    return false;
  }
  bool is_cut(const dns::Name& owner) const { return !(owner == apex_) && has(owner, Type::ns); }
  bool is_insecure_delegation(const dns::Name& owner) const {
    return is_cut(owner) && !has(owner, Type::ds);
  }

  /// Below a zone cut or a DNAME: not for this zone to deny.
  bool is_hidden(const dns::Name& owner) const {
    for (dns::Name above = owner; !(above == apex_);) {
      above = above.parent();
      if (is_cut(above) || has(above, Type::dname)) return true;
    }
    return false;
  }

  dns::Name closest_encloser(const dns::Name& owner) const {
    dns::Name above = owner.parent();
    while (nodes_.count(above) == 0) above = above.parent();
    return above;
  }

  Answer answer(const dns::Name& owner, Type type) const {
    if (is_hidden(owner)) return Answer::other;
    if (nodes_.count(owner) != 0) return at_node(owner, type);
    const dns::Name wildcard = closest_encloser(owner).wildcard().value();
    return nodes_.count(wildcard) != 0 ? at_node(wildcard, type) : Answer::name_error;
  }

 private:
  Answer at_node(const dns::Name& owner, Type type) const {
    if (is_cut(owner) && type != Type::ds) return Answer::other;
    if (owner == apex_ && type == Type::ds) return Answer::other;
    return has(owner, type) || has(owner, Type::cname) ? Answer::other : Answer::no_data;
  }

  Types random_types() {
    static const std::vector<Types> kinds = {
        {Type::a},  {Type::a, Type::mx},  {Type::cname}, {Type::ns},
        {Type::ns}, {Type::ns, Type::ds}, {Type::dname}, {Type::txt}};
    return kinds[random_() % kinds.size()];
  }

  void add(const dns::Name& owner, const Types& types) {
    // Delegations and DNAMEs at wildcards mean nothing defined (RFC 4592 4.2, 4.4).
    const bool plain = types.front() != Type::ns && types.front() != Type::dname;
    if (owner.is_wildcard() && !plain) return;
    nodes_[owner] = types;
    for (dns::Name above = owner; !(above == apex_); above = above.parent()) nodes_[above];
  }

  void remove_hidden() {
    for (auto node = nodes_.begin(); node != nodes_.end();) {
      node = is_hidden(node->first) ? nodes_.erase(node) : std::next(node);
    }
  }

  std::mt19937 random_;
  dns::Name apex_ = name("example.");
  std::map<dns::Name, Types, dns::CanonicalLess> nodes_;
};

DenialRecords nsec_chain(const Zone& zone) {
  DenialRecords records;
  records.apex = zone.apex();
  for (const auto& [owner, types] : zone.nodes()) {
    if (types.empty()) continue;
    if (!records.nsec.empty()) records.nsec.back().nsec.next = owner;
    Types listed = types;
    listed.push_back(Type::nsec);
    listed.push_back(Type::rrsig);
    records.nsec.push_back({owner, {zone.apex(), dns::TypeBitmap(std::move(listed))}});
  }
  return records;
}

/// RFC 5155 7.1: with Opt-Out, insecure delegations and the empty non-terminals that only lead to
/// them have no NSEC3.
bool opted_out(const Zone& zone, const dns::Name& owner) {
  for (const auto& [other, types] : zone.nodes()) {
    const bool leads_there =
        other == owner || (other.is_below(owner) && zone.nodes().at(owner).empty());
    if (leads_there && !types.empty() && !zone.is_insecure_delegation(other)) return false;
  }
  return true;
}

DenialRecords nsec3_chain(const Zone& zone, bool opt_out) {
  std::map<dns::Bytes, Types> hashes;
  for (const auto& [owner, types] : zone.nodes()) {
    if (opt_out && opted_out(zone, owner)) continue;
    hashes[dnssec::nsec3_hash(owner, 1, 1, {}).value()] = types;
  }
  DenialRecords records;
  records.apex = zone.apex();
  for (const auto& [hash, types] : hashes) {
    if (!records.nsec3.empty()) records.nsec3.back().nsec3.next_hash = hash;
    dns::Nsec3 nsec3;
    nsec3.hash_algorithm = 1;
    nsec3.flags = opt_out ? 1 : 0;
    nsec3.iterations = 1;
    nsec3.next_hash = hashes.begin()->first;
    nsec3.types = dns::TypeBitmap(types);
    records.nsec3.push_back({zone.apex(), hash, std::move(nsec3)});
  }
  return records;
}

/// `strict`: no Opt-Out, so every proof is whole and exactly the true things are proven.
class Comparison {
 public:
  Comparison(const Zone& zone, DenialRecords records, bool strict)
      : zone_(zone), records_(std::move(records)), strict_(strict) {}

  void compare(const dns::Name& owner) {
    const bool absent = zone_.answer(owner, Type::srv) == Answer::name_error;
    agree(dnssec::prove_name_error(owner, records_), absent, owner, "name error");
    for (const Type type : {Type::a, Type::ds, Type::mx, Type::cname, Type::srv}) {
      const bool no_data = zone_.answer(owner, type) == Answer::no_data;
      agree(dnssec::prove_no_data(owner, type, records_), no_data, owner, dns::to_text(type));
    }
    const bool insecure = !zone_.is_hidden(owner) && zone_.is_insecure_delegation(owner);
    agree(dnssec::prove_insecure_delegation(owner, records_), insecure, owner, "delegation");
    compare_wildcards(owner);
  }

  unsigned proven = 0;

 private:
  void compare_wildcards(const dns::Name& owner) {
    if (owner == zone_.apex() || zone_.is_hidden(owner)) return;
    const bool exists = zone_.nodes().count(owner) != 0;
    const auto enclosing = zone_.closest_encloser(owner).label_count();
    for (std::size_t labels = 1; labels < owner.label_count_without_wildcard(); ++labels) {
      // RFC 5155 8.8 proves no more than that the next closer name is not there: a wildcard above
      // the closest encloser is ruled out, one below it cannot have signed anything.
      if (labels > enclosing) continue;
      const auto proof =
          dnssec::prove_wildcard_answer(owner, static_cast<std::uint8_t>(labels), records_);
      agree(proof, !exists && labels == enclosing, owner, "wildcard");
    }
  }

  /// Under Opt-Out the nearest provable encloser may be above the true one, and a wildcard there
  /// that would not apply can stand in the way of a proof; so it can for an empty non-terminal
  /// without NSEC3.
  bool provable(const dns::Name& owner, const std::string& what) const {
    if (owner == zone_.apex() || zone_.is_hidden(owner)) return true;
    if (opted_out(zone_, zone_.closest_encloser(owner))) return false;
    return zone_.nodes().count(owner) == 0 || !opted_out(zone_, owner) || what == "DS" ||
           what == "delegation";
  }

  void agree(const dnssec::DenialProof& proof, bool truth, const dns::Name& owner,
             const std::string& what) {
    const bool whole = proof.verdict == dnssec::DenialVerdict::proven;
    const bool found = dnssec::is_proven(proof.verdict);
    const bool right = strict_ ? whole == truth && found == truth
                               : (truth || !whole) && (found || !truth || !provable(owner, what));
    BOOST_CHECK_MESSAGE(right, owner.to_text()
                                   << ' ' << what << ": " << dnssec::to_text(proof.verdict)
                                   << ", true is " << truth);
    if (found) ++proven;
  }

  const Zone& zone_;
  DenialRecords records_;
  bool strict_;
};

/// Many zones, their own names and others; returns how much was proven.
template <class Chain>
unsigned compare_all(bool strict, Chain chain) {
  unsigned proven = 0;
  for (unsigned seed = 1; seed <= 150; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed) {
      Zone zone(seed);
      Comparison comparison(zone, chain(zone), strict);
      for (const auto& node : zone.nodes()) comparison.compare(node.first);
      for (int i = 0; i < 60; ++i) comparison.compare(zone.random_name());
      proven += comparison.proven;
    }
  }
  return proven;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(denial_model)

BOOST_AUTO_TEST_CASE(whole_nsec_chains) { BOOST_TEST(compare_all(true, nsec_chain) > 10000U); }

BOOST_AUTO_TEST_CASE(whole_nsec3_chains) {
  BOOST_TEST(compare_all(true, [](const Zone& zone) { return nsec3_chain(zone, false); }) > 10000U);
}

BOOST_AUTO_TEST_CASE(opt_out_chains) {
  BOOST_TEST(compare_all(false, [](const Zone& zone) { return nsec3_chain(zone, true); }) > 10000U);
}

// With a part of the chain only, less can be proven, and nothing that is not true.
BOOST_AUTO_TEST_CASE(chains_with_holes) {
  std::mt19937 random(7);
  const auto thin = [&](auto& entries) {
    std::erase_if(entries, [&](const auto&) { return random() % 3 == 0; });
  };
  for (unsigned seed = 1; seed <= 150; ++seed) {
    Zone zone(seed);
    for (DenialRecords records : {nsec_chain(zone), nsec3_chain(zone, false)}) {
      thin(records.nsec);
      thin(records.nsec3);
      for (int i = 0; i < 40; ++i) {
        const dns::Name owner = zone.random_name();
        const bool absent = zone.answer(owner, Type::srv) == Answer::name_error;
        const bool empty = zone.answer(owner, Type::mx) == Answer::no_data;
        BOOST_CHECK(absent || !is_proven(dnssec::prove_name_error(owner, records).verdict));
        BOOST_CHECK(empty || !is_proven(dnssec::prove_no_data(owner, Type::mx, records).verdict));
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
