// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// A record of --replay: read, written, read again.
#include <string>

#include "fuzz.hpp"
#include "input.hpp"
#include "observe/json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto seen = observe::from_json(fuzz::Input(data, size).text());
  if (!seen) return 0;
  const auto text = observe::to_json(*seen);
  const auto again = observe::from_json(text);
  fuzz::require(again.ok(), "an observation is read back");
  fuzz::require(observe::to_json(*again) == text, "and says the same");
  return 0;
}
