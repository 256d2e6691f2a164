// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dns/rdata.hpp"
#include "judge/range.hpp"
#include "memory/memory.hpp"

namespace judge {

/// What the owner says the zone should be.
enum class Expect { secure, insecure, bogus, any };

/// How the owner means the zone to deny (--expect-denial).
enum class ExpectDenial { any, nsec, nsec3, minimal };

/// What the judge measures against. Thresholds that are empty are the check's own defaults.
struct Policy {
  std::optional<Threshold> warning, critical;
  std::optional<Threshold> dnskey_warning, dnskey_critical;  ///< for the DNSKEY RRset, where given
  std::optional<double> max_age;                             ///< seconds; of the newest signature
  std::optional<double> stall_slack;                         ///< seconds; later than its habit
  std::vector<dns::Ds> pins;         ///< the DS set that is expected; empty: any
  double max_dangling = 14 * 86400;  ///< seconds; of a DS without a key beside a good one
  double cds_max_age = 7 * 86400;    ///< seconds; of a CDS that the parent has not acted on
  bool bootstrap = false;            ///< the first DS is to come by RFC 9615
  std::optional<unsigned> quorum;    ///< resolvers that must be right
  Expect expect = Expect::secure;
  std::optional<double> zsk_max_age, ksk_max_age;  ///< seconds; off when empty
  double key_notice = 30 * 86400;                  ///< seconds before those: a notice
  bool key_dir = false;         ///< there is one, with or without files of the zone
  std::string key_dir_trouble;  ///< why it could not be read, with foreign bytes; empty: it was
  std::vector<memory::KeyTimes> key_times;  ///< of --key-dir, all zones'
  ExpectDenial expect_denial = ExpectDenial::any;
  bool other_moment = false;  ///< judged as of another moment (--at): our clock is not in question
};

}  // namespace judge
