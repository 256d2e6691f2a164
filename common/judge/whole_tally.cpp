// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/whole_tally.hpp"

#include <algorithm>

#include "dns/octets.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

constexpr std::size_t kExamples = 10;
constexpr std::size_t kNamedKeys = 8;

std::string keys_words(const WholeGroup& group) {
  std::vector<std::string> tags;
  for (const auto tag : group.key_tags) {
    tags.push_back(std::to_string(tag));
  }
  if (tags.empty()) {
    return {};
  }
  const std::string by = group.count > 1 && tags.size() == 1 ? ", all signed by " : ", signed by ";
  return by + (tags.size() == 1 ? "key " : "keys ") + list_words(tags);
}

std::string range_words(const WholeGroup& group) {
  const auto first = zone::name_of(group.first.key);
  const auto last = zone::name_of(group.last.key);
  if (first == last) {
    return ", at " + first.to_display();
  }
  return ", from " + first.to_display() + " to " + last.to_display();
}

std::string number_words(const WholeGroup& group, std::size_t rrsets) {
  const std::string noun = group.words.noun + "s";
  if (!group.of_rrsets || rrsets < group.count) {
    return thousands(group.count) + " " + noun;
  }
  if (rrsets == group.count) {
    return "all " + thousands(group.count) + " " + noun;
  }
  return thousands(group.count) + " of " + thousands(rrsets) + " " + noun;
}

std::string moment_words(const WholeGroup& group, dns::UnixTime now) {
  const auto away = *group.moment - now;
  return "; the first " + group.words.when + (away < 0 ? " " : " in ") +
         dns::to_human_duration(away) + (away < 0 ? " ago" : "") + " (" +
         dns::to_iso_minute(*group.moment) + ")";
}

}  // namespace

void WholeGroup::add_key(std::uint16_t tag) {
  if (key_tags.size() < kNamedKeys &&
      std::find(key_tags.begin(), key_tags.end(), tag) == key_tags.end()) {
    key_tags.push_back(tag);
  }
}

bool WholeTally::has(Fault fault) const {
  return std::any_of(groups_.begin(), groups_.end(),
                     [fault](const WholeGroup& group) { return group.fault == fault; });
}

void WholeTally::set_detail(Fault fault, const std::string& words) {
  for (auto& group : groups_) {
    if (group.fault == fault) {
      group.detail = words;
    }
  }
}

WholeGroup& WholeTally::group_of(Fault fault, std::uint32_t cause) {
  const auto [place, fresh] = places_.try_emplace({fault, cause}, groups_.size());
  if (fresh) {
    groups_.emplace_back();
    groups_.back().fault = fault;
    groups_.back().tier = info(fault).tier;
  }
  return groups_[place->second];
}

void WholeTally::count(WholeGroup& group, const WholePlace& place) {
  if (group.count == 0 || dns::less(place.key, group.first.key)) {
    group.first = place;
  }
  if (group.count == 0 || !dns::less(place.key, group.last.key)) {
    group.last = place;
  }
  ++group.count;
  if (all_ || group.examples.size() < kExamples) {
    group.examples.push_back(label(place));
  }
}

std::string WholeTally::label(const WholePlace& place) const {
  const auto name = zone::name_of(place.key);
  return place.type == dns::Type::none ? name.to_display() : rrset_label(name, place.type, apex_);
}

std::string WholeTally::text_of(const WholeGroup& group, std::size_t rrsets, dns::UnixTime now) {
  if (group.count == 1) {
    return group.examples.front() + " " + group.words.single + keys_words(group);
  }
  std::string text = number_words(group, rrsets) + " " + group.words.plural + range_words(group) +
                     keys_words(group);
  if (group.moment) {
    text += moment_words(group, now);
  }
  return text;
}

void WholeTally::report(std::vector<Finding>& findings, std::size_t rrsets,
                        dns::UnixTime now) const {
  for (const auto& group : groups_) {
    Finding finding;
    finding.fault = group.fault;
    finding.tier = group.tier;
    finding.text = text_of(group, rrsets, now);
    finding.remedy = info(group.fault).remedy;
    finding.rrsets = group.examples;
    finding.count = group.count;
    finding.moment = group.moment;
    finding.detail = group.detail;
    findings.push_back(std::move(finding));
  }
}

}  // namespace judge
