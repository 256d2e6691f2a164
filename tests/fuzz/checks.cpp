// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// The programs' own sources, with main() under other names and with what it would run kept instead.
#include "checks.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "describe.hpp"
#include "dnssec/algorithm.hpp"
#include "judge/bootstrap.hpp"
#include "judge/denials.hpp"
#include "judge/ds_words.hpp"
#include "judge/key_roster.hpp"
#include "judge/resolver_analysis.hpp"
#include "judge/whole.hpp"
#include "judge/words.hpp"
#include "observe/zone_file.hpp"
#include "transport/tls.hpp"

namespace plugins {

/// Thrown out of main(), which does not return.
struct Kept {
  const Check* check;
};
static int keep(const Check& check, int, char**) { throw Kept{new Check(check)}; }
[[noreturn]] static void forget(int) { std::abort(); }

}  // namespace plugins

// NOLINTBEGIN(bugprone-suspicious-include,cppcoreguidelines-macro-usage): they are no headers
#define run keep
#define exit_now forget
namespace chain_program {
#include "check_dnssec_chain.cpp"
}
namespace sigs_program {
#include "check_dnssec_sigs.cpp"
}
namespace ds_program {
#include "check_dnssec_ds.cpp"
}
namespace nsec_program {
#include "check_dnssec_nsec.cpp"
}
namespace keys_program {
#include "check_dnssec_keys.cpp"
}
namespace resolvers_program {
#include "check_dnssec_resolvers.cpp"
}
#undef run
#undef exit_now
// NOLINTEND(bugprone-suspicious-include,cppcoreguidelines-macro-usage)

namespace fuzz {
namespace {

std::array<const plugins::Check*, 6> make() {
  constexpr std::array kMains{chain_program::main, sigs_program::main, ds_program::main,
                              nsec_program::main,  keys_program::main, resolvers_program::main};
  std::array<const plugins::Check*, 6> checks{};
  for (std::size_t i = 0; i < checks.size(); ++i) {
    try {
      kMains[i](0, nullptr);
    } catch (const plugins::Kept& kept) {
      checks[i] = kept.check;  // for as long as the program runs
    }
  }
  return checks;
}

}  // namespace

std::span<const plugins::Check* const> all_checks() {
  static const auto checks = make();
  return checks;
}

}  // namespace fuzz
