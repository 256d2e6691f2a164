// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dns/serial_time.hpp"
#include "judge/catalogue.hpp"

namespace judge {

/// One cause, however many servers and RRsets show it. All text is already safe to print:
/// everything foreign in it was escaped when it was put there.
struct Finding {
  Fault fault{};
  Tier tier{};
  std::string text;                  ///< what is wrong and where, without zone, id and full stop
  std::string remedy;                ///< what to do; the catalogue's when the rule knows no better
  std::vector<std::string> servers;  ///< labels of the servers that show it
  std::vector<std::string> rrsets;   ///< "MX", "www.example.com/A"
  /// Of a whole zone: how many show it, where `rrsets` may hold only the first.
  std::optional<std::size_t> count;
  std::optional<dns::UnixTime> moment;  ///< the moment that matters: since when or until when
  std::string detail;                   ///< more, for -v
};

}  // namespace judge
