// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "zone/zone.hpp"

#include <algorithm>
#include <cstring>

#include "dns/octets.hpp"
#include "dns/rdata.hpp"
#include "zone/state.hpp"

namespace zone {

namespace {

bool in_order(const Node* left, const Node* right) { return dns::less(left->key(), right->key()); }

struct Facts {
  bool ns = false, dname = false, nsec3 = false;
};

Facts facts_of(const Node& node) {
  Facts facts;
  for (const Entry* entry = node.first; entry != nullptr; entry = entry->next) {
    facts.ns = facts.ns || entry->type == dns::Type::ns;
    facts.dname = facts.dname || entry->type == dns::Type::dname;
    facts.nsec3 = facts.nsec3 || entry->type == dns::Type::nsec3;
  }
  return facts;
}

}  // namespace

void Zone::State::order() {
  auto& nodes = table.nodes();
  if (!std::ranges::is_sorted(nodes, in_order)) {  // as most signers write them
    std::ranges::sort(nodes, in_order);
  }
}

void Zone::State::classify() {
  SortKeyView cut;  // of the delegation or DNAME that the owner before was at or below
  auto below = Standing::authoritative;
  for (Node* node : table.nodes()) {
    const auto key = node->key();
    if (!is_at_or_below(key, apex_key)) {
      node->standing = Standing::outside;
      continue;
    }
    const auto facts = facts_of(*node);
    const bool is_below = below != Standing::authoritative && is_at_or_below(key, cut);
    // A hash is below an apex that is a DNAME only in form.
    if (is_below && !(facts.nsec3 && below == Standing::occluded)) {
      node->standing = below;
      continue;
    }
    const bool is_apex = key.size() == apex_key.size();
    node->standing = facts.ns && !is_apex ? Standing::delegation : Standing::authoritative;
    if (!is_below) {
      below = node->standing == Standing::delegation ? Standing::glue
              : facts.dname                          ? Standing::occluded
                                                     : Standing::authoritative;
      cut = key;
    }
  }
}

Zone::Zone(std::unique_ptr<State> state) : state_(std::move(state)) {}
Zone::Zone(Zone&&) noexcept = default;
Zone& Zone::operator=(Zone&&) noexcept = default;
Zone::~Zone() = default;

const dns::Name& Zone::apex() const { return state_->apex; }
SortKeyView Zone::apex_key() const { return state_->apex_key; }
std::span<Node* const> Zone::nodes() const { return state_->table.nodes(); }
const Node* Zone::find(SortKeyView key) const { return state_->table.find(key); }
std::span<const dnssec::Key> Zone::keys() const { return state_->keys; }
std::size_t Zone::records() const { return state_->records; }
std::size_t Zone::signatures() const { return state_->signatures; }
std::size_t Zone::verified() const { return state_->verified; }
std::size_t Zone::left() const { return state_->left; }

std::optional<std::uint32_t> Zone::serial() const {
  const Node* apex = apex_node();
  for (const Entry* entry = apex != nullptr ? apex->first : nullptr; entry != nullptr;
       entry = entry->next) {
    if (entry->type == dns::Type::soa) {
      if (const auto soa = dns::parse_soa(entry->rdata())) {
        return soa->serial;
      }
    }
  }
  return std::nullopt;
}

}  // namespace zone
