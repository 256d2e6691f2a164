// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "zone/builder.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include "dns/rdata.hpp"
#include "zone/crew.hpp"
#include "zone/state.hpp"

namespace zone {

namespace {

using Clock = std::chrono::steady_clock;
using dns::Type;

/// What an owner's records may add up to, in octets of a message: several RRsets that each fill a
/// message of 65,535 octets, which is all that TCP carries.
constexpr std::uint32_t kMostAtOwner = std::uint32_t{4} << 20U;
constexpr std::uint32_t kRecordHead = 12;  // owner compressed, type, class, TTL, length
/// Records between two looks at the clock.
constexpr std::size_t kClockEvery = 4096;

std::uint64_t unpredictable() {
  std::random_device device;
  return std::uint64_t{device()} << 32U | device();
}

/// Do signatures stand in the list that cover that type, or, for one of them, its RRset?
bool belongs_to_handed(const Node& node, Type type) {
  for (const Entry* entry = node.handed; entry != nullptr; entry = entry->next) {
    if (entry->type == Type::rrsig && covered_by(*entry) == type) {
      return true;
    }
  }
  return false;
}

}  // namespace

struct Builder::State {
  State(dns::Name apex, BuildOptions wanted, Progress* shown)
      : options(std::move(wanted)),
        progress(shown != nullptr ? *shown : own_progress),
        zone(std::make_unique<Zone::State>(std::move(apex), unpredictable())) {}

  BuildOptions options;
  Progress own_progress;
  Progress& progress;
  std::unique_ptr<Zone::State> zone;
  SortKey key;
  Node* last = nullptr;        // the owner of the record that came last
  bool last_has_new = false;   // and whether signatures of it have not been handed on
  bool keys_late = false;      // a DNSKEY came after the crew had begun
  std::unique_ptr<Work> work;  // from when the keys are known
  std::unique_ptr<Crew> crew;

  std::optional<std::string> add(const dns::RecordView& record);
  void leave_owner();
  void load_keys() const;
  void hire();
  void hand_on(Node& node) const;
  void hand_on_the_rest() const;
};

std::optional<std::string> Builder::State::add(const dns::RecordView& record) {
  const auto seen = ++zone->records;
  progress.records = seen;
  if (seen % kClockEvery == 0 && Clock::now() >= options.deadline) {
    return "time is up (--timeout) after " + std::to_string(seen) + " records";
  }
  if (record.klass != dns::Class::in) {
    return "a record of class " + std::to_string(static_cast<unsigned>(record.klass)) +
           ": DNSSEC is looked at in class IN only";
  }
  const auto owner = key(record.owner);
  if (last == nullptr || !std::ranges::equal(last->key(), owner)) {
    leave_owner();
    last = zone->table.find_or_add(owner, zone->arena);
  }
  Node& node = *last;
  node.octets += kRecordHead + static_cast<std::uint32_t>(record.rdata.size());
  if (node.octets > kMostAtOwner) {
    return node.name().to_display() +
           " has more than 4 MiB of records, and no message holds an "
           "RRset of more than 65,535 octets: remove them";
  }
  if (record.type == Type::rrsig) {
    progress.signatures = ++zone->signatures;
    last_has_new = true;
  } else if (node.handed != nullptr && !node.late) {
    node.late = belongs_to_handed(node, record.type);
  }
  if (record.type == Type::dnskey && std::ranges::equal(node.key(), zone->apex_key)) {
    keys_late = keys_late || crew != nullptr;
  }
  add_entry(node, record.type, record.ttl, record.rdata, zone->arena);
  return std::nullopt;
}

/// All that comes from one owner at a time is verified once the next one's records come.
void Builder::State::leave_owner() {
  if (last == nullptr) {
    return;
  }
  if (crew == nullptr && last->has(Type::dnskey) &&
      std::ranges::equal(last->key(), zone->apex_key)) {
    hire();
  }
  if (crew != nullptr && last_has_new) {
    hand_on(*last);
  }
  last_has_new = false;
}

void Builder::State::load_keys() const {
  dns::RRset set;
  set.owner = zone->apex;
  set.type = Type::dnskey;
  const Node* apex = zone->table.find(zone->apex_key);
  for (const Entry* entry = apex != nullptr ? apex->first : nullptr; entry != nullptr;
       entry = entry->next) {
    if (entry->type == Type::dnskey) {
      const auto rdata = entry->rdata();
      set.rdatas.emplace_back(rdata.begin(), rdata.end());
    }
  }
  std::ranges::sort(set.rdatas);
  set.rdatas.erase(std::unique(set.rdatas.begin(), set.rdatas.end()), set.rdatas.end());
  zone->keys = dnssec::keys_of(set);
}

void Builder::State::hire() {
  load_keys();
  work = std::make_unique<Work>(Work{zone->apex, zone->keys, options, progress});
  crew = std::make_unique<Crew>(*work);
}

void Builder::State::hand_on(Node& node) const {
  crew->give({&node, node.first, node.handed});
  node.handed = node.first;
}

void Builder::State::hand_on_the_rest() const {
  for (Node* node : zone->table.nodes()) {
    if (keys_late || node->late) {
      node->handed = nullptr;
      node->late = false;
    }
    if (node->handed != node->first) {
      hand_on(*node);
    }
  }
}

Builder::Builder(dns::Name apex, BuildOptions options, Progress* progress)
    : state_(std::make_unique<State>(std::move(apex), std::move(options), progress)) {}
Builder::~Builder() = default;

std::optional<std::string> Builder::add(const dns::RecordView& record) {
  return state_->add(record);
}

Zone Builder::finish() {
  State& state = *state_;
  Zone::State& zone = *state.zone;
  state.leave_owner();
  state.progress.all_read = true;
  if (state.keys_late) {
    // With the keys that were there nothing is settled: the owners that were handed on come again.
    state.crew->finish();
    zone.verified += state.crew->verified();
    state.crew.reset();
    state.progress.done = 0;
  }
  if (state.crew == nullptr) {
    state.hire();
  } else {
    const bool again = std::ranges::any_of(zone.table.nodes(), &Node::late);
    if (again) {
      state.crew->finish();  // else two threads could be at one signature
    }
  }
  state.hand_on_the_rest();
  zone.order();
  zone.classify();
  state.crew->finish();
  zone.verified += state.crew->verified();
  zone.left = std::min(zone.signatures, zone.left + state.crew->left());
  state.crew.reset();
  return Zone(std::move(state.zone));
}

}  // namespace zone
