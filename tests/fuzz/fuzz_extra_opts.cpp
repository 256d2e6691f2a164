// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// An ini file of --extra-opts: the binary, the section's name in one line, then the file.
#include <string>
#include <variant>

#include "fuzz.hpp"
#include "input.hpp"
#include "memory_file.hpp"
#include "plugin/arguments.hpp"
#include "plugin/options.hpp"
#include "plugin_output.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const auto binaries = plugin::all_binaries();
  const auto& binary = *binaries[input.u8() % binaries.size()];
  std::string section = input.text_until('\n');
  section = section.substr(0, section.find('@'));
  const fuzz::MemoryFile file(input.text());
  const plugin::Environment outside{1796083200, {}};
  const std::string locator = section + "@" + file.path();

  const auto given = plugin::read_extra_options(binary, locator, outside);
  if (!given) {
    fuzz::require_one_line(given.error().message);
  } else {
    for (const auto& one : *given) {
      fuzz::require(one.row != nullptr && one.row->name != "extra-opts",
                    "an option of this binary");
      fuzz::require_one_line(one.source);
      fuzz::require(one.value.find('\n') == std::string::npos, "a value is of one line");
    }
  }

  const std::vector<std::string> arguments{"--extra-opts=" + locator, "--zone=example.com"};
  const auto parsed = plugin::parse_options(binary, arguments, outside);
  if (const auto* early = std::get_if<plugin::EarlyExit>(&parsed)) {
    fuzz::require_plugin_text(early->text, binary, plugin::State::unknown);
  } else {
    fuzz::require(given.ok(), "what cannot be read is not run with");
  }
  return 0;
}
