// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/words.hpp"

#include <algorithm>

#include "dns/serial_time.hpp"

namespace judge {

std::string verdict_words(dnssec::SignatureVerdict verdict, std::int64_t remaining,
                          std::int64_t age) {
  using dnssec::SignatureVerdict;
  switch (verdict) {
    case SignatureVerdict::valid:
      return "is valid";
    case SignatureVerdict::malformed:
      return "cannot be read";
    case SignatureVerdict::wrong_type_covered:
      return "covers another type";
    case SignatureVerdict::wrong_signer:
      return "names another signer than the zone";
    case SignatureVerdict::labels_exceed_owner:
      return "claims more labels than its owner has";
    case SignatureVerdict::unsupported_algorithm:
      return "uses an algorithm that cannot be verified here";
    case SignatureVerdict::no_such_key:
      return "is by a key that the zone does not publish";
    case SignatureVerdict::not_zone_key:
      return "is by a key that is no zone key";
    case SignatureVerdict::wrong_protocol:
      return "is by a key whose protocol is not 3";
    case SignatureVerdict::revoked_key:
      return "is by a revoked key";
    case SignatureVerdict::malformed_key:
      return "is by a key that cannot be read";
    case SignatureVerdict::bad_length:
      return "has an impossible length";
    case SignatureVerdict::expires_before_inception:
      return "expires before its inception";
    case SignatureVerdict::expired:
      return "expired " + dns::to_human_duration(remaining) + " ago";
    case SignatureVerdict::not_yet_valid:
      return "begins only in " + dns::to_human_duration(age);
    case SignatureVerdict::does_not_verify:
      return "does not verify";
    case SignatureVerdict::work_limit:
      return "was not verified: work limit";
  }
  return {};
}

std::string rrset_label(const dns::Name& owner, dns::Type type, const dns::Name& apex) {
  if (owner == apex) {
    return dns::to_text(type);
  }
  return owner.to_display() + "/" + dns::to_text(type);
}

std::string list_words(const std::vector<std::string>& items, std::size_t most) {
  std::string words;
  const std::size_t named = items.size() <= most ? items.size() : most;
  for (std::size_t i = 0; i < named; ++i) {
    if (i > 0) {
      words += (i + 1 == items.size()) ? " and " : ", ";
    }
    words += items[i];
  }
  if (named < items.size()) {
    words += " and " + std::to_string(items.size() - named) + " more";
  }
  return words;
}

void add_unique(std::vector<std::string>& list, const std::string& item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) {
    list.push_back(item);
  }
}

std::string places_words(const std::vector<std::string>& labels, std::size_t of) {
  if (labels.empty()) {
    return {};
  }
  if (of == 1 || (labels.size() == 1 && of > 1)) {
    return "at " + labels.front();
  }
  if (labels.size() == of) {
    return "on all " + std::to_string(of) + " servers";
  }
  return "on " + std::to_string(labels.size()) + " of " + std::to_string(of) + " servers (" +
         list_words(labels) + ")";
}

std::string count_words(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string thousands(std::size_t count) {
  std::string words = std::to_string(count);
  for (std::size_t at = words.size(); at > 3; at -= 3) {
    words.insert(at - 3, ",");
  }
  return words;
}

}  // namespace judge
