// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// A state file, as it is read back, and then written and read again.
#include <string>

#include "fuzz.hpp"
#include "input.hpp"
#include "memory/json.hpp"

namespace {

constexpr dns::UnixTime kNow = 4102444800;  // 2100, after all that a corpus holds
constexpr std::string_view kCheck = "check_dnssec_keys";

void require_past(dns::UnixTime time) {
  fuzz::require(time >= 0 && time <= kNow, "nothing was seen in the future");
}

void use_zone(const memory::Zone& zone) {
  require_past(zone.since);
  require_past(zone.last_run);
  for (const auto& record : zone.records) {
    require_past(record.first_seen);
    require_past(record.last_seen);
  }
  for (const auto& signing : zone.signings) require_past(signing.seen);
  const auto text = memory::to_json(zone, kCheck);
  const auto again = memory::from_json(text, kCheck, zone.zone, kNow);
  fuzz::require(again.ok(), "a state file is read back");
  fuzz::require(memory::to_json(*again, kCheck) == text, "and says the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::Input(data, size).text();
  const auto name = dns::Name::from_text("plain.test").value();
  if (const auto zone = memory::from_json(text, kCheck, name, kNow)) {
    use_zone(*zone);
  }
  return 0;
}
