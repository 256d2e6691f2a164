// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "dns/rdata.hpp"
#include "resolve/anchor_text.hpp"
#include "resolve/resolver.hpp"

namespace resolve {
namespace {

constexpr const char* distribution_key = "/usr/share/dns/root.key";

/// IANA root-anchors.xml: Klajeyz (KSK-2017) and Kmyv6jo (KSK-2024).
constexpr std::string_view root_anchors =
    ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n"
    ". IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16\n";

constexpr const char* accepted =
    "DS or DNSKEY records are accepted, owner first (\"example. DS 12345 13 2 4ABF...\")";

bool is(const std::string& word, std::string_view type) {
  return word.size() == type.size() &&
         std::equal(word.begin(), word.end(), type.begin(),
                    [](char have, char want) { return (have & ~0x20) == want; });
}

/// A path has no word DS or DNSKEY behind its first.
bool looks_like_record(const std::vector<RecordText>& records) {
  return std::any_of(records.begin(), records.end(), [](const RecordText& record) {
    return std::any_of(record.words.begin() + 1, record.words.end(), [](const std::string& word) {
      return is(word, "DS") || is(word, "DNSKEY");
    });
  });
}

/// `where` says which line an error is in.
template <class Where>
dns::Result<std::vector<Anchor>> anchors_of(const std::vector<RecordText>& records, Where where) {
  std::vector<Anchor> anchors;
  for (const RecordText& record : records) {
    dns::Result<std::optional<Anchor>> anchor = anchor_of(record);
    if (!anchor) {
      return dns::Error{where(record) + ": " + anchor.error().message + "; " + accepted};
    }
    if (anchor->has_value() &&
        std::find(anchors.begin(), anchors.end(), **anchor) == anchors.end()) {
      anchors.push_back(std::move(**anchor));
    }
  }
  return anchors;
}

dns::Result<std::vector<Anchor>> anchors_in_file(const std::string& path) {
  const dns::Result<std::string> text = read_small_file(path);
  if (!text) {
    return dns::Error{text.error().message + "; give a file or a record: " + accepted};
  }
  return anchors_of(split_records(*text), [&path](const RecordText& record) {
    return path + " line " + std::to_string(record.line);
  });
}

bool is_address(const std::string& text, bool v6) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(text, error);
  return !error && address.is_v6() == v6;
}

/// "a.root-servers.net. 3600000 A 198.41.0.4"
bool holds_address(const RecordText& record) {
  const std::vector<std::string>& words = record.words;
  if (words.size() < 3) {
    return false;
  }
  const std::string& type = words[words.size() - 2];
  return (is(type, "A") && is_address(words.back(), false)) ||
         (is(type, "AAAA") && is_address(words.back(), true));
}

}  // namespace

std::vector<Anchor> builtin_anchors() {
  std::vector<Anchor> anchors;
  for (const RecordText& record : split_records(root_anchors)) {
    anchors.push_back(anchor_of(record).value().value());
  }
  return anchors;
}

dns::Result<std::vector<Anchor>> read_anchors(const std::string& file_or_record) {
  const std::vector<RecordText> records = split_records(file_or_record);
  dns::Result<std::vector<Anchor>> anchors =
      looks_like_record(records)
          ? anchors_of(records, [](const RecordText&) { return std::string("trust anchor"); })
          : anchors_in_file(file_or_record);
  if (anchors.ok() && anchors->empty()) {
    return dns::Error{"no trust anchor in '" + file_or_record + "'; " + accepted};
  }
  return anchors;
}

AnchorChoice default_anchors() {
  dns::Result<std::vector<Anchor>> anchors = read_anchors(distribution_key);
  if (anchors.ok() && std::any_of(anchors->begin(), anchors->end(),
                                  [](const Anchor& anchor) { return anchor.zone.is_root(); })) {
    return {std::move(*anchors), distribution_key};
  }
  return {builtin_anchors(), "built in"};
}

dns::Result<std::string> check_root_hints(const std::string& file) {
  const dns::Result<std::string> text = read_small_file(file);
  if (!text) {
    return text.error();
  }
  const std::vector<RecordText> records = split_records(*text);
  if (std::none_of(records.begin(), records.end(), holds_address)) {
    return dns::Error{"no address in root hints " + file +
                      "; NS, A and AAAA records are accepted, as in named.root"};
  }
  return file;
}

}  // namespace resolve
