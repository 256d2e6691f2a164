// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// A command line, one argument a line, before it the binary. Files that options name are not opened
// while they are parsed, but for --extra-opts: see fuzz_extra_opts.
#include <string>
#include <variant>
#include <vector>

#include "fuzz.hpp"
#include "input.hpp"
#include "plugin/options.hpp"
#include "plugin_output.hpp"

namespace {

void use_options(const plugin::Options& options) {
  fuzz::require(options.replay || options.zones_file || !options.zones.empty(), "there is a zone");
  fuzz::require(options.timeout > 0 && options.zone_timeout > 0 && options.query_timeout > 0,
                "nothing waits for ever");
  fuzz::require(!options.concurrency || *options.concurrency > 0, "something is done at once");
  if (options.at) fuzz::require(*options.at >= 0, "a moment after 1970");
  for (const auto& zone : options.zones) fuzz::require_printable(zone.to_display());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const auto binaries = plugin::all_binaries();
  const auto& binary = *binaries[input.u8() % binaries.size()];
  std::vector<std::string> arguments;
  while (!input.at_end()) {
    arguments.push_back(input.text_until('\n'));
    if (arguments.back().find("extra") != std::string::npos) arguments.pop_back();
  }
  const plugin::Environment outside{1796083200, {}};
  const auto parsed = plugin::parse_options(binary, arguments, outside);
  if (const auto* early = std::get_if<plugin::EarlyExit>(&parsed)) {
    const auto usage = std::string(binary.service) + " UNKNOWN - ";
    fuzz::require(!early->text.empty(), "something is said");
    if (early->text.rfind(usage, 0) == 0) {
      fuzz::require_plugin_text(early->text, binary, plugin::State::unknown);
    }
  } else {
    use_options(std::get<plugin::Options>(parsed));
  }
  return 0;
}
