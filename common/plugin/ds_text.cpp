// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/ds_text.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "plugin/numbers.hpp"

namespace plugin {
namespace {

/// The next word of a record's text; empty at its end.
std::string_view next_word(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  const auto word = rest.substr(0, rest.find_first_of(" \t"));
  rest.remove_prefix(word.size());
  return word;
}

/// What follows the type in a line of a zone file or of dig; all of it where no type stands.
std::string_view after_type(std::string_view text) {
  constexpr int kMost = 4;  // owner, TTL, class, type
  std::string_view rest = text;
  for (int words = 0; words < kMost; ++words) {
    const auto word = next_word(rest);
    if (word == "DS" || word == "ds") return rest;
  }
  return text;
}

/// RFC 4509 2.1, RFC 6605 2 and the registry: octets of a digest; 0 when the type is not known.
std::size_t digest_octets(std::uint8_t type) {
  constexpr std::array<std::size_t, 7> kOctets{0, 20, 32, 32, 48, 32, 32};
  return type < kOctets.size() ? kOctets[type] : 0;
}

}  // namespace

// The digest may be cut by blanks, as dig prints it.
dns::Result<dns::Ds> parse_ds_text(std::string_view text) {
  std::string_view rest = after_type(text);
  const auto tag = parse_whole<std::uint16_t>(next_word(rest), 65535);
  const auto algorithm = parse_whole<std::uint8_t>(next_word(rest), 255);
  const auto type = parse_whole<std::uint8_t>(next_word(rest), 255);
  std::string digest;
  for (auto word = next_word(rest); !word.empty(); word = next_word(rest)) {
    digest += word;
  }
  const auto octets = dns::from_hex(digest);
  if (!tag || !algorithm || !type || !octets || octets->empty()) {
    return dns::Error{
        "is not a DS record like 12345 13 2 4ABF...: tag, algorithm, digest type, digest in hex"};
  }
  const std::size_t due = digest_octets(*type);
  if (due != 0 && octets->size() != due) {
    return dns::Error{"has a digest of " + std::to_string(octets->size()) +
                      " octets, digest type " + std::to_string(*type) + " has " +
                      std::to_string(due)};
  }
  return dns::Ds{*tag, *algorithm, *type, *octets};
}

}  // namespace plugin
