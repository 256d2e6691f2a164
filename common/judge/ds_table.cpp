// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <algorithm>

#include "dnssec/algorithm.hpp"
#include "judge/cds_view.hpp"
#include "judge/ds_words.hpp"
#include "judge/judge.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;

constexpr std::size_t kMostLines = 16;

std::string ds_line(const Analysis& analysis, const LinkAnalysis& link,
                    const std::vector<dnssec::Key>& keys, const dns::Ds& ds) {
  std::size_t having = 0, asked = 0;
  for (const auto& server : analysis.seen->parent_servers) {
    if (const auto* answer = parents_ds_answer(server, link.zone())) {
      const auto sets = dns::group(answer->message->answer);
      const auto* found = dns::find(sets, link.zone(), Type::ds);
      const auto set = found == nullptr ? std::vector<dns::Ds>{} : dnssec::ds_of(found->set);
      having += std::find(set.begin(), set.end(), ds) == set.end() ? 0 : 1;
      ++asked;
    }
  }
  const auto match = dnssec::match(ds, link.zone(), keys);
  std::string line = "DS " + ds_text_of(ds) + ": " + std::string(to_text(match.verdict));
  if (match.key) {
    const auto& key = keys[*match.key];
    line += " (key " + std::to_string(key.tag) +
            (signs_dnskey(analysis, key) ? ", signs DNSKEY)" : ", does not sign DNSKEY)");
  }
  return asked == 0 ? line
                    : line + ", at " + std::to_string(having) + " of " + std::to_string(asked) +
                          " parent server address" + (asked == 1 ? "" : "es");
}

std::string key_line(const Analysis& analysis, const LinkAnalysis& link, const dnssec::Key& key) {
  std::size_t publishing = 0, signing = 0;
  for (const auto& server : analysis.servers) {
    const auto found = std::find(server.keys.begin(), server.keys.end(), key);
    if (found == server.keys.end()) {
      continue;
    }
    const auto index = static_cast<std::size_t>(found - server.keys.begin());
    ++publishing;
    signing += signs_dnskey(server, link.zone(), index) ? 1 : 0;
  }
  const auto of = " of " + std::to_string(analysis.servers.size());
  std::string line =
      "key " + std::to_string(key.tag) + ", flags " + std::to_string(key.dnskey.flags) +
      ", algorithm " + dnssec::algorithm_text(key.dnskey.algorithm) + ": published at " +
      std::to_string(publishing) + of + ", signs DNSKEY at " + std::to_string(signing) + of;
  const auto ds = dnssec::ds_text(link.zone(), key);
  return ds.empty() ? line : line + ", its DS is " + ds;
}

void add_requests(const Analysis& analysis, std::vector<std::string>& lines) {
  for (const auto& view : cds_views(analysis)) {
    std::vector<std::string> tags;
    for (const auto& key : view.keys) {
      tags.push_back(std::to_string(key.tag));
    }
    std::string line;
    line += view.ds.empty() ? "" : "CDS for key " + tag_words(view.ds);
    line += tags.empty() ? "" : (line.empty() ? "" : ", ") + ("CDNSKEY " + list_words(tags, 4));
    line += !view.deletes() ? "" : std::string(line.empty() ? "" : ", ") + "delete request";
    if (!line.empty()) {
      line += " at " + view.label();
      lines.push_back(std::move(line));
    }
  }
}

}  // namespace

std::vector<std::string> ds_table(const Analysis& analysis) {
  std::vector<std::string> lines;
  const auto* link = analysis.apex_link();
  if (link == nullptr || !analysis.seen->apex) {
    return lines;
  }
  const auto keys = all_keys(analysis);
  const auto published = published_ds(analysis);
  for (std::size_t i = 0; i < published.size() && i < kMostLines; ++i) {
    lines.push_back(ds_line(analysis, *link, keys, published[i]));
  }
  for (std::size_t i = 0; i < keys.size() && i < kMostLines; ++i) {
    lines.push_back(key_line(analysis, *link, keys[i]));
  }
  add_requests(analysis, lines);
  return lines;
}

}  // namespace judge
