// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "judge/tier.hpp"

namespace judge {

/// Every fault the suite can report; the rows stand in faults.def. Ids are part of the contract:
/// they are never renamed once released.
enum class Fault {
#define FAULT(name, id, tier, checks, sentence, remedy, reference, verify, confirm) name,
#include "judge/faults.def"
#undef FAULT
};

/// Which binaries can report a fault.
enum Check : unsigned {
  kChain = 1U,
  kSigs = 2U,
  kDs = 4U,
  kNsec = 8U,
  kKeys = 16U,
  kResolvers = 32U,
  kBoth = 3U,       ///< chain and sigs
  kZone = 31U,      ///< all that look at the zone's own servers
  kStateful = 30U,  ///< those that remember earlier runs: all of them but chain and resolvers
  kEvery = 63U
};

struct FaultInfo {
  Fault fault{};
  std::string_view id;         ///< stable, kebab-case
  Tier tier{};                 ///< default; a rule may judge one case milder or harsher
  unsigned checks = 0;         ///< Check bits
  std::string_view sentence;   ///< what is wrong and why it matters
  std::string_view remedy;     ///< what to do
  std::string_view reference;  ///< "RFC 4035 5.3.1"
  std::string_view verify;     ///< how to make sure that it is so
  std::string_view confirm;    ///< how to see that the repair has worked, and when
};

const FaultInfo& info(Fault fault);
std::span<const FaultInfo> catalogue();
std::optional<Fault> find_fault(std::string_view id);

}  // namespace judge
