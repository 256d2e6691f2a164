// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Finding the zone cuts above a name. A zone cut shows in SOA answers: a name is an apex when it
// has a SOA; otherwise the negative answer's SOA names the zone that it is in (RFC 2308 3). Where a
// zone's servers are dead there is no SOA, and the referral of the zone above tells (RFC 1034 4.2).
#include <algorithm>
#include <map>

#include "observe/look.hpp"
#include "observe/parallel.hpp"

namespace observe {
namespace asio = boost::asio;
using dns::Name;
using dns::Type;

namespace {

using SoaAnswers = std::map<std::size_t, dns::Lookup>;  // by label count

/// The apex that a SOA answer for `name` shows, or nothing.
std::optional<Name> apex_shown(const dns::Lookup& lookup, const Name& name) {
  if (!lookup.message) {
    return std::nullopt;
  }
  for (const auto& record : lookup.message->answer) {
    if (record.type == Type::soa && record.owner == name) {
      return name;
    }
  }
  for (const auto& record : lookup.message->authority) {
    if (record.type == Type::soa && name.is_at_or_below(record.owner)) {
      return record.owner;
    }
  }
  return std::nullopt;
}

asio::awaitable<void> look_up_soa(Look& look, Name name, SoaAnswers& into) {
  const auto labels = name.label_count();
  auto lookup = co_await look.navigate(in_class(std::move(name), Type::soa), look.soon());
  into.emplace(labels, std::move(lookup));
}

/// The SOA of the name asked for and of every name above it.
asio::awaitable<SoaAnswers> look_up_soas(Look& look) {
  const Name& asked = look.seen.asked;
  SoaAnswers answers;
  std::vector<asio::awaitable<void>> tasks;
  for (std::size_t labels = 0; labels <= asked.label_count(); ++labels) {
    tasks.push_back(look_up_soa(look, asked.suffix(labels), answers));
  }
  co_await all(std::move(tasks));
  co_return answers;
}

/// Neither an answer nor a failure about the root in the time that was given.
bool root_is_slow(const SoaAnswers& answers) {
  return answers.at(0).security == dns::Security::not_looked_up;
}

/// The delegation that `answer`, from a server of `zone`, refers to on the way to `name`.
std::optional<Name> referral_owner(const dns::Message& answer, const Name& zone, const Name& name) {
  for (const auto* section : {&answer.answer, &answer.authority}) {
    for (const auto& record : *section) {
      if (record.type == Type::ns && record.owner.is_below(zone) &&
          name.is_at_or_below(record.owner)) {
        return record.owner;
      }
    }
  }
  return std::nullopt;
}

/// Asks the servers of `zone` where they refer `name` to. Nothing when none answers usefully;
/// `denied` is set when they say that the name does not exist.
asio::awaitable<std::optional<Name>> ask_for_referral(Look& look, Name zone, Name name,
                                                      bool& denied) {
  if (look.request.forwarding) {
    co_return std::nullopt;
  }
  auto hosts = co_await nameservers_of(look, zone, 3);
  std::vector<std::string> ignored_notes;
  auto servers = servers_of(hosts, look.request, ignored_notes);
  for (auto& server : servers) {
    if (!look.time_left()) {
      break;
    }
    if (!co_await ask(look, server, in_class(name, Type::ns))) {
      continue;
    }
    const auto& message = *server.answers.back().message;
    if (auto owner = referral_owner(message, zone, name)) {
      co_return owner;
    }
    denied = denied || message.rcode == dns::Rcode::nxdomain;
  }
  co_return std::nullopt;
}

/// Zones whose apex is at or above `name`, root first, as far as SOA answers show them.
std::vector<Name> cuts_shown(const Name& name, const SoaAnswers& answers) {
  std::map<std::size_t, Name> cuts;
  for (const auto& [labels, lookup] : answers) {
    if (auto apex = apex_shown(lookup, name.suffix(labels))) {
      const std::size_t depth = apex->label_count();
      cuts.emplace(depth, *std::move(apex));
    }
  }
  std::vector<Name> sorted;
  for (auto& [labels, cut] : cuts) {
    sorted.push_back(std::move(cut));
  }
  return sorted;
}

/// Below the deepest name whose SOA answer told something, follow referrals to zones whose servers
/// are dead.
asio::awaitable<void> follow_referrals(Look& look, std::vector<Name>& cuts) {
  const Name& name = look.seen.asked;
  bool denied = false;
  auto next = co_await ask_for_referral(look, cuts.back(), name, denied);
  if (!next) {
    look.seen.descent = denied ? Descent::name_not_found : Descent::parent_unreachable;
    co_return;
  }
  cuts.push_back(*next);
  // Above the name asked for, a dead zone hides whether there are more cuts below it.
  look.seen.descent = *next == name ? Descent::found : Descent::parent_unreachable;
}

bool has_worked(const dns::Lookup& lookup) {
  return lookup.message &&
         (lookup.rcode == dns::Rcode::noerror || lookup.rcode == dns::Rcode::nxdomain);
}

/// Between zones that were seen, a name without an answer may be a zone whose servers are slow: the
/// servers above it know. To miss it would be to ask the wrong zone for the DS.
asio::awaitable<void> find_slow_cuts(Look& look, const SoaAnswers& answers,
                                     std::vector<Name>& cuts) {
  const Name name = cuts.back();
  for (std::size_t labels = 1; labels < name.label_count() && !look.request.forwarding; ++labels) {
    const auto below = std::find_if(cuts.begin(), cuts.end(),
                                    [&](const Name& cut) { return cut.label_count() >= labels; });
    if (below->label_count() == labels || has_worked(answers.at(labels))) {
      continue;
    }
    bool denied = false;
    const auto next = co_await ask_for_referral(look, *std::prev(below), name, denied);
    if (!next) {
      look.seen.descent = Descent::parent_unreachable;
      cuts.erase(below, cuts.end());
      co_return;
    }
    if (next->label_count() == labels) {
      cuts.insert(below, *next);
    }
  }
}

void keep_failures(ZoneObservation& seen, SoaAnswers& answers) {
  for (auto& [labels, lookup] : answers) {
    if (!has_worked(lookup)) {
      seen.navigation.push_back(std::move(lookup));
    }
  }
}

/// A zone whose servers deny its own apex is there all the same: its parent refers to it.
bool is_denied(const SoaAnswers& answers, const Name& name) {
  const auto& lookup = answers.at(name.label_count());
  return lookup.message && lookup.message->rcode == dns::Rcode::nxdomain &&
         apex_shown(lookup, name) != name;
}

}  // namespace

asio::awaitable<void> descend(Look& look) {
  auto& seen = look.seen;
  seen.stage = "finding the zone cuts above " + seen.asked.to_display();
  auto answers = co_await look_up_soas(look);
  // Nothing can be seen without the root: it gets the time that other questions would have had.
  while (root_is_slow(answers) && look.time_left_for(std::chrono::milliseconds(500))) {
    answers = co_await look_up_soas(look);
  }
  auto cuts = cuts_shown(seen.asked, answers);
  const bool root_seen = !cuts.empty() && cuts.front().is_root();
  if (!root_seen) {
    seen.descent = Descent::root_unreachable;
  } else if (apex_shown(answers.at(seen.asked.label_count()), seen.asked)) {
    seen.descent = is_denied(answers, seen.asked) ? Descent::name_not_found : Descent::found;
    if (seen.descent == Descent::found) {
      co_await find_slow_cuts(look, answers, cuts);
    }
  } else {
    co_await follow_referrals(look, cuts);
  }
  keep_failures(seen, answers);
  for (const auto& cut : cuts) {
    seen.links.push_back(Link{cut, {}, {}, {}, {}});
  }
  if (!cuts.empty()) {
    seen.apex = cuts.back();
  }
  if (cuts.size() > 1) {
    seen.parent = cuts[cuts.size() - 2];
  }
}

}  // namespace observe
