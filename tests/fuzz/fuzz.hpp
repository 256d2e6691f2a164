// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string_view>

/// What libFuzzer calls with each input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fuzz {

/// Unlike assert(), there in every kind of build.
inline void require(bool holds, std::string_view what) {
  if (holds) return;
  std::cerr << "does not hold: " << what << '\n';
  std::abort();
}

/// Text that came from foreign bytes may not end a line, begin performance data, or be markup.
inline void require_printable(std::string_view text) {
  for (const char character : text) {
    require(character >= ' ' && character < 0x7f, "text is printable ASCII");
    require(std::string_view("|<>&'`$;[]").find(character) == std::string_view::npos,
            "text means nothing to a monitoring system");
  }
}

/// As require_printable(), but of our own words, where brackets, quotes and the like have a
/// meaning.
inline void require_printable_line(std::string_view text) {
  for (const char character : text) {
    require(character >= ' ' && character < 0x7f, "text stays in its line");
  }
}
inline void require_one_line(std::string_view text) {
  require_printable_line(text);
  require(text.find('|') == std::string_view::npos, "text begins no performance data");
}

}  // namespace fuzz
