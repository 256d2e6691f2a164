// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dnssec/algorithm.hpp"
#include "judge/judge.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

std::string state_word(LinkState state) {
  switch (state) {
    case LinkState::secure:
      return "secure";
    case LinkState::insecure:
      return "insecure";
    case LinkState::bogus:
      return "BOGUS";
    case LinkState::unknown:
      return "unknown";
  }
  return {};
}

std::string end_of(const std::optional<CheckedRRset>& checked, dns::UnixTime now) {
  const auto* lasting = checked ? checked->lasting() : nullptr;
  return lasting == nullptr ? std::string("not validly signed")
                            : "valid until " + dns::to_iso_minute(now + lasting->remaining);
}

std::string ds_line(const LinkAnalysis& link, std::size_t index) {
  const auto& ds = link.ds[index];
  std::string line = std::string(link.anchored ? "anchor " : "DS ") + std::to_string(ds.key_tag) +
                     ", algorithm " + dnssec::algorithm_text(ds.algorithm) + ", digest " +
                     dnssec::digest_text(ds.digest_type);
  if (index < link.matches.size()) {
    line += ": " + std::string(to_text(link.matches[index].verdict));
  }
  return line;
}

bool signs_keys(const LinkAnalysis& link, std::size_t index) {
  if (!link.dnskey_set) {
    return false;
  }
  for (const auto& signature : link.dnskey_set->signatures) {
    if (signature.valid() && signature.check.key == index) {
      return true;
    }
  }
  return false;
}

std::string key_line(const LinkAnalysis& link, std::size_t index) {
  const auto& key = link.keys[index];
  std::string line = "key " + std::to_string(key.tag) + ", flags " +
                     std::to_string(key.dnskey.flags) + ", algorithm " +
                     dnssec::algorithm_text(key.dnskey.algorithm);
  if (const auto bits = key.bits(); bits > 0) {
    line += ", " + std::to_string(bits) + " bits";
  }
  if (key.dnskey.revoked()) {
    line += ", revoked";
  }
  return line + (signs_keys(link, index) ? ", signs the DNSKEY RRset" : "");
}

}  // namespace

std::vector<std::string> chain_tree(const Analysis& analysis) {
  std::vector<std::string> lines;
  std::string indent;
  for (const auto& link : analysis.links) {
    lines.push_back(indent + link.zone().to_text() + " " + state_word(link.state) +
                    (link.cause ? ": " + link.cause->words : std::string()));
    if (link.ds_set) {
      lines.push_back(indent + "  DS RRset " + end_of(link.ds_set, analysis.now));
    }
    for (std::size_t i = 0; i < link.ds.size() && i < 16; ++i) {
      lines.push_back(indent + "  " + ds_line(link, i));
    }
    if (link.dnskey_set) {
      lines.push_back(indent + "  DNSKEY RRset " + end_of(link.dnskey_set, analysis.now));
    }
    for (std::size_t i = 0; i < link.keys.size() && i < 16; ++i) {
      lines.push_back(indent + "  " + key_line(link, i));
    }
    indent += "  ";
  }
  return lines;
}

}  // namespace judge
