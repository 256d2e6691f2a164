// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dns/result.hpp"
#include "dnssec/key.hpp"

namespace resolve {

/// One record of presentation format, split in words, its comment apart.
struct RecordText {
  unsigned line = 0;  ///< where it begins, from 1
  std::vector<std::string> words;
  std::string comment;  ///< behind the first `;`
};

/// Records of a master file as far as anchors and hints need it: comments, blanks, and parentheses
/// over several lines (RFC 1035 5.1). No directives, no inherited owners.
std::vector<RecordText> split_records(std::string_view text);

/// Whole content of a file of at most a megabyte.
dns::Result<std::string> read_small_file(const std::string& path);

/// The anchor a record stands for; nothing when it is one to skip (revoked, or not trusted by its
/// state comment).
dns::Result<std::optional<dnssec::Anchor>> anchor_of(const RecordText& record);

}  // namespace resolve
