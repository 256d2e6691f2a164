// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/catalogue.hpp"

#include <algorithm>
#include <array>

#include "judge/confirmations.hpp"

namespace judge {
namespace {

// Counted first: deducing the size of an array of so many is over the limit of clang 14.
enum CatalogueRow : std::size_t {
#define FAULT(name, ...) row_##name,
#include "judge/faults.def"
#undef FAULT
  kRows
};

constexpr std::array<FaultInfo, kRows> kCatalogue{{
#define FAULT(name, id, tier, checks, sentence, remedy, reference, verify, confirm) \
  FaultInfo{Fault::name, id, tier, checks, sentence, remedy, reference, verify, confirm},
#include "judge/faults.def"
#undef FAULT
}};

}  // namespace

const FaultInfo& info(Fault fault) { return kCatalogue.at(static_cast<std::size_t>(fault)); }

std::span<const FaultInfo> catalogue() { return kCatalogue; }

std::optional<Fault> find_fault(std::string_view id) {
  const auto* found = std::find_if(kCatalogue.begin(), kCatalogue.end(),
                                   [id](const FaultInfo& row) { return row.id == id; });
  if (found == kCatalogue.end()) {
    return std::nullopt;
  }
  return found->fault;
}

}  // namespace judge
