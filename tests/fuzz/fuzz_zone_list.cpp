// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// A file of --zones, before it the binary.
#include <set>
#include <string>

#include "fuzz.hpp"
#include "input.hpp"
#include "memory_file.hpp"
#include "plugin/zone_list.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const auto binaries = plugin::all_binaries();
  const auto& binary = *binaries[input.u8() % binaries.size()];
  const fuzz::MemoryFile file(input.text());
  plugin::Options options;
  options.zones_file = file.path();
  if (input.text().find('!') == std::string::npos) {
    options.zones.push_back(dns::Name::from_text("example.com").value());
  }
  auto list = plugin::ZoneList::read(binary, options, {1796083200, {}});
  if (!list) {
    fuzz::require_one_line(list.error().message);
    return 0;
  }
  std::set<dns::Bytes> named;
  std::size_t count = 0;
  while (const auto task = list->next()) {
    ++count;
    fuzz::require(task->options != nullptr, "every zone has options");
    fuzz::require(named.insert(task->zone.canonical_wire()).second, "every zone is there once");
  }
  fuzz::require(count == list->size() && count > 0, "as many zones as were announced");
  return 0;
}
