// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// Which of the two binaries that read master files, what it prints, and the zone's name in a line,
// then the file: read, verified and judged as --zone-file does.
#include <chrono>
#include <string>

#include "checks.hpp"
#include "dns/escape.hpp"
#include "fuzz.hpp"
#include "input.hpp"
#include "memory_file.hpp"
#include "plugin_output.hpp"
#include "policy.hpp"

namespace {

constexpr dns::UnixTime kNow = FUZZ_MOMENT;

const plugins::Check& check_of(unsigned choice) {
  return *fuzz::all_checks()[(choice & 1U) == 0 ? 1 : 3];
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const unsigned choice = input.u8();
  const auto& check = check_of(choice);
  const auto apex = dns::Name::from_text(input.text_until('\n'));
  if (!apex) return 0;
  const fuzz::MemoryFile file(input.text());
  plugin::Options options;
  options.zones = {*apex};
  options.zone_file = file.path();
  options.threads = 1;
  options.verbose = static_cast<int>(choice >> 1U & 3U);
  options.all = (choice & 8U) != 0;
  options.output = (choice & 16U) != 0 ? plugin::Output::json : plugin::Output::text;
  const plugins::WholeLimits limits{kNow,
                                    std::chrono::steady_clock::now() + std::chrono::seconds(60)};
  const auto look = plugins::look_into_file(check.whole, options, limits);
  if (!look) {
    fuzz::require_one_line(look.error().message);
    const auto words = plugin::render_failure(check.binary, options, plugin::State::unknown,
                                              dns::escape_line(look.error().message));
    fuzz::require_output(words, options.output, check.binary, plugin::State::unknown);
    return 0;
  }
  plugin::Report report;
  report.zone = *apex;
  report.judged_at = kNow;
  plugins::judge_whole(check.whole, options, *look, {}, plugins::policy_for(options, {}), report);
  fuzz::require(look->zone->verified() <= 4 * look->zone->signatures(), "bounded work");
  report.findings = plugin::settle(std::move(report.findings), options.severity);
  const auto state = plugin::state_of(report);
  const auto text = plugin::render(check.binary, options, {report});
  fuzz::require_output(text, options.output, check.binary, state);
  return 0;
}
