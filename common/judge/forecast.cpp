// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// What will happen if nothing is signed anew: each end of a signature, and what validators then no
// longer accept (RFC 4035 5.3.1: none is used after its expiration).
#include "judge/forecast.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;
using dns::UnixTime;

/// The end of one RRset's last valid signature, where it was seen.
struct Ending {
  UnixTime time = 0;
  std::string rrset;
  Type type = Type::none;
  std::string server;  ///< label
};

/// One end on the way to the zone: of a DS RRset or a DNSKEY RRset above.
struct ChainEnding {
  UnixTime time = 0;
  dns::Name signer;     ///< the zone that would sign anew
  std::string subject;  ///< "the DS signature of example.com at com"
};

struct Endings {
  std::vector<Ending> own;
  std::vector<ChainEnding> above;
};

std::string zone_label(const dns::Name& zone) {
  return zone.is_root() ? "the root" : zone.to_display();
}

bool is_matched(const LinkAnalysis& link, const dnssec::Key& key) {
  return std::any_of(link.matches.begin(), link.matches.end(), [&](const dnssec::DsMatch& match) {
    return match.verdict == dnssec::DsVerdict::matches && match.key &&
           *match.key < link.keys.size() && link.keys[*match.key] == key;
  });
}

bool has_match(const LinkAnalysis& link) {
  return std::any_of(link.matches.begin(), link.matches.end(), [](const dnssec::DsMatch& match) {
    return match.verdict == dnssec::DsVerdict::matches;
  });
}

/// RFC 4035 5.2: the DNSKEY RRset lives by the keys that a DS or an anchor leads to. Where none
/// does (an island) any valid signature counts.
bool counts(const CheckedRRset& checked, const CheckedSignature& signature,
            const LinkAnalysis* link, const std::vector<dnssec::Key>& keys) {
  if (!signature.valid()) {
    return false;
  }
  if (checked.set.type != Type::dnskey || link == nullptr || !has_match(*link)) {
    return true;
  }
  return signature.check.key && *signature.check.key < keys.size() &&
         is_matched(*link, keys[*signature.check.key]);
}

std::optional<UnixTime> end_moment(const Analysis& analysis, const CheckedRRset& checked,
                                   const LinkAnalysis* link, const std::vector<dnssec::Key>& keys) {
  std::optional<UnixTime> latest;
  for (const auto& signature : checked.signatures) {
    if (counts(checked, signature, link, keys)) {
      const auto end = analysis.now + signature.remaining;
      latest = std::max(latest.value_or(end), end);
    }
  }
  return latest;
}

/// Denials have owners that nobody knows by name: hashes, and whatever was asked for.
std::string ending_label(const CheckedRRset& checked, const dns::Name& apex) {
  const bool denial = checked.set.type == Type::nsec || checked.set.type == Type::nsec3;
  return denial ? dns::to_text(checked.set.type)
                : rrset_label(checked.set.owner, checked.set.type, apex);
}

void collect_own(const Analysis& analysis, Endings& endings) {
  if (!analysis.seen->apex) {
    return;
  }
  const auto& apex = *analysis.seen->apex;
  const auto* link = analysis.apex_link();
  for (const auto& server : analysis.servers) {
    const auto& keys = server.keys_seen || link == nullptr ? server.keys : link->keys;
    for (const auto& checked : server.rrsets) {
      if (const auto end = end_moment(analysis, checked, link, keys)) {
        endings.own.push_back({*end, ending_label(checked, apex), checked.set.type, server.label});
      }
    }
  }
  const bool keys_at_servers =
      std::any_of(endings.own.begin(), endings.own.end(),
                  [](const Ending& ending) { return ending.type == Type::dnskey; });
  if (!keys_at_servers && link != nullptr && link->dnskey_set && link->zone() == apex) {
    if (const auto end = end_moment(analysis, *link->dnskey_set, link, link->keys)) {
      endings.own.push_back({*end, dns::to_text(Type::dnskey), Type::dnskey, {}});
    }
  }
}

void collect_above(const Analysis& analysis, Endings& endings) {
  const LinkAnalysis* parent = nullptr;
  for (const auto& link : analysis.chain()) {
    if (link.ds_set && parent != nullptr) {
      if (const auto end = end_moment(analysis, *link.ds_set, parent, parent->keys)) {
        endings.above.push_back({*end, parent->zone(),
                                 "the DS signature of " + zone_label(link.zone()) + " at " +
                                     zone_label(parent->zone())});
      }
    }
    const bool own = analysis.seen->apex && link.zone() == *analysis.seen->apex;
    if (link.dnskey_set && !own) {
      if (const auto end = end_moment(analysis, *link.dnskey_set, &link, link.keys)) {
        endings.above.push_back(
            {*end, link.zone(), "the DNSKEY signature of " + zone_label(link.zone())});
      }
    }
    parent = &link;
  }
}

// ---- words

std::string places(const std::vector<std::string>& servers, std::size_t of) {
  if (servers.empty() || servers.front().empty()) {
    return {};
  }
  return servers.size() == 2 && of == 2 ? " at both servers" : " " + places_words(servers, of);
}

std::string signatures_words(const std::vector<std::string>& rrsets, const std::string& zone) {
  return rrsets.size() == 1
             ? "the " + rrsets.front() + " signature of " + zone + " expires"
             : "the signatures of " + zone + " on " + list_words(rrsets, 6) + " expire";
}

using Labels = std::vector<std::string>;
/// What ends together: by moment and servers, the RRsets.
using Groups = std::map<std::pair<UnixTime, Labels>, Labels>;

Groups grouped(const std::vector<Ending>& endings) {
  std::map<std::pair<UnixTime, std::string>, Labels> places_of;
  for (const auto& ending : endings) {
    add_unique(places_of[{ending.time, ending.rrset}], ending.server);
  }
  Groups groups;
  for (const auto& [key, servers] : places_of) {
    add_unique(groups[{key.first, servers}], key.second);
  }
  return groups;
}

/// What validators refuse where these RRsets are no longer validly signed (RFC 4035 5).
std::string loss_words(const std::vector<Ending>& lost) {
  const auto any = [&](auto&&... types) {
    return std::any_of(lost.begin(), lost.end(),
                       [&](const Ending& ending) { return ((ending.type == types) || ...); });
  };
  if (any(Type::dnskey)) {
    return "everything from there";
  }
  Labels names;
  for (const auto& ending : lost) {
    add_unique(names, ending.rrset);
  }
  std::sort(names.begin(), names.end());
  return list_words(names, 6) + (any(Type::soa, Type::nsec, Type::nsec3)
                                     ? ", and with it that names and types do not exist"
                                     : "");
}

// ---- moments

/// The zone's own part: its keys no longer hold, or not one answer of it does at any server.
std::optional<Event> own_darkness(const std::vector<Ending>& own, const std::string& zone) {
  std::optional<UnixTime> keys;
  std::optional<UnixTime> data;
  for (const auto& ending : own) {
    auto& latest = ending.type == Type::dnskey ? keys : data;
    latest = std::max(latest.value_or(ending.time), ending.time);
  }
  Event event;
  event.kind = EventKind::dark;
  if (keys && (!data || *keys <= *data)) {
    event.time = keys;
    event.text = zone +
                 " goes dark: its DNSKEY signature has expired, and validators refuse "
                 "everything in it";
  } else if (data) {
    event.time = data;
    event.text = zone + " goes dark: the last signature in it has expired";
  } else {
    return std::nullopt;
  }
  return event;
}

const ChainEnding* soonest_above(const std::vector<ChainEnding>& above) {
  const auto first = std::min_element(
      above.begin(), above.end(),
      [](const ChainEnding& left, const ChainEnding& right) { return left.time < right.time; });
  return first == above.end() ? nullptr : &*first;
}

/// The first answers that fail while the zone as a whole does not.
std::optional<Event> first_failure(const Analysis& analysis, const std::vector<Ending>& own,
                                   std::optional<UnixTime> dark) {
  std::optional<UnixTime> first;
  for (const auto& ending : own) {
    first = std::min(first.value_or(ending.time), ending.time);
  }
  if (!first || (dark && *first >= *dark)) {
    return std::nullopt;
  }
  std::vector<Ending> lost;
  Labels servers;
  for (const auto& ending : own) {
    if (ending.time == *first) {
      lost.push_back(ending);
      add_unique(servers, ending.server);
    }
  }
  Event event;
  event.kind = EventKind::failing;
  event.time = first;
  event.text = "the first answers fail" + places(servers, analysis.serving()) +
               ": validators refuse " + loss_words(lost);
  return event;
}

void add_in_time(std::vector<Event>& events, std::vector<Event> more) {
  std::stable_sort(more.begin(), more.end(),
                   [](const Event& left, const Event& right) { return left.time < right.time; });
  std::move(more.begin(), more.end(), std::back_inserter(events));
}

std::string forecast_zone(const Analysis& analysis) {
  return zone_label(analysis.seen->apex.value_or(analysis.seen->asked));
}

void add_expiries(const Analysis& analysis, const Endings& endings, UnixTime until,
                  std::vector<Event>& events) {
  const auto& zone = analysis.seen->apex.value_or(analysis.seen->asked);
  std::vector<Event> due;
  for (const auto& [key, rrsets] : grouped(endings.own)) {
    if (key.first <= until) {
      due.push_back(
          {EventKind::expiry, key.first, zone,
           signatures_words(rrsets, zone_label(zone)) + places(key.second, analysis.serving())});
    }
  }
  for (const auto& ending : endings.above) {
    if (ending.time <= until) {
      due.push_back(
          {EventKind::expiry, ending.time, ending.signer,
           ending.subject + " expires, which " + zone_label(ending.signer) + " usually renews"});
    }
  }
  const bool none = due.empty();
  add_in_time(events, std::move(due));
  events.push_back({EventKind::horizon, until, zone,
                    std::string(none ? "nothing" : "nothing more") + " within " +
                        dns::to_human_duration(until - analysis.now)});
}

/// Without a secure chain there is no moment at which it breaks.
std::optional<Event> no_moment(const Analysis& analysis) {
  const auto zone = forecast_zone(analysis);
  const auto name = analysis.seen->apex.value_or(analysis.seen->asked);
  switch (analysis.state()) {
    case LinkState::secure:
      return std::nullopt;
    case LinkState::insecure:
      return Event{EventKind::dark, std::nullopt, name,
                   zone +
                       " does not go dark: it is insecure, so validators do not look at its "
                       "signatures"};
    case LinkState::bogus:
      return Event{EventKind::dark, analysis.now, name, zone + " is dark already: it is bogus"};
    case LinkState::unknown:
      break;
  }
  return Event{EventKind::dark, std::nullopt, name,
               "when " + zone + " goes dark cannot be told: the chain to it was not seen whole"};
}

void add_darkness(const Analysis& analysis, const Endings& endings, std::vector<Event>& events) {
  if (auto instead = no_moment(analysis)) {
    events.push_back(*std::move(instead));
    return;
  }
  const auto zone = forecast_zone(analysis);
  auto own = own_darkness(endings.own, zone);
  const auto* above = soonest_above(endings.above);
  std::vector<Event> moments;
  if (auto failure =
          first_failure(analysis, endings.own, own ? own->time : std::optional<UnixTime>())) {
    moments.push_back(*std::move(failure));
  }
  if (above != nullptr && (!own || above->time < *own->time)) {
    moments.push_back({EventKind::dark,
                       above->time,
                       {},
                       zone + " goes dark: " + above->subject +
                           " has expired, and validators refuse everything in " + zone});
    if (own) {
      own->kind = EventKind::dark_alone;
    }
  }
  if (own) {
    moments.push_back(*std::move(own));
  }
  for (auto& moment : moments) {
    moment.zone = analysis.seen->apex.value_or(analysis.seen->asked);
    moment.text =
        (moment.kind == EventKind::dark_alone ? "with new signatures in the zones above alone "
                                              : "without new signatures ") +
        moment.text;
  }
  add_in_time(events, std::move(moments));
}

}  // namespace

std::string_view to_text(EventKind kind) {
  switch (kind) {
    case EventKind::expiry:
      return "expiry";
    case EventKind::horizon:
      return "horizon";
    case EventKind::failing:
      return "failing";
    case EventKind::dark:
      return "dark";
    case EventKind::dark_alone:
      return "dark-alone";
  }
  return {};
}

std::vector<Event> forecast(const Analysis& analysis, std::int64_t horizon) {
  Endings endings;
  collect_above(analysis, endings);
  collect_own(analysis, endings);
  std::vector<Event> events;
  add_expiries(analysis, endings, analysis.now + horizon, events);
  add_darkness(analysis, endings, events);
  return events;
}

}  // namespace judge
