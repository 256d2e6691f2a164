// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "policy.hpp"

#include <utility>

namespace plugins {
namespace {

constexpr double kStandardZoneKeyAge = 90 * 86400;
constexpr double kStandardKeySigningAge = 730 * 86400;

}  // namespace

KeyFiles key_files_for(const plugin::Options& options, const std::vector<dns::Name>& zones) {
  KeyFiles keys;
  if (!options.key_dir) {
    return keys;
  }
  auto times = memory::read_key_dir(*options.key_dir, zones);
  if (times) {
    keys.times = *std::move(times);
  } else {
    keys.trouble = "option --key-dir: " + times.error().message;
  }
  return keys;
}

judge::Policy policy_for(const plugin::Options& options, const KeyFiles& keys) {
  judge::Policy policy;
  policy.warning = options.warning;
  policy.critical = options.critical;
  policy.dnskey_warning = options.dnskey_warning;
  policy.dnskey_critical = options.dnskey_critical;
  policy.max_age = options.max_age;
  policy.stall_slack = options.stall_slack;
  policy.pins = options.pins;
  policy.max_dangling = options.max_dangling.value_or(policy.max_dangling);
  policy.cds_max_age = options.cds_max_age.value_or(policy.cds_max_age);
  policy.bootstrap = options.bootstrap;
  policy.zsk_max_age = options.zsk_max_age;
  policy.ksk_max_age = options.ksk_max_age;
  if (options.standard_policy) {
    policy.zsk_max_age = options.zsk_max_age.value_or(kStandardZoneKeyAge);
    policy.ksk_max_age = options.ksk_max_age.value_or(kStandardKeySigningAge);
  }
  policy.key_notice = options.notice;
  policy.key_dir = options.key_dir && keys.trouble.empty();
  policy.key_dir_trouble = keys.trouble;
  policy.key_times = keys.times;
  policy.expect = options.expect;
  policy.expect_denial = options.expect_denial;
  policy.quorum = options.quorum;
  policy.other_moment = options.at.has_value() || options.replay.has_value();
  return policy;
}

judge::Tier tier_of(plugin::State state) {
  switch (state) {
    case plugin::State::ok:
      return judge::Tier::info;
    case plugin::State::warning:
      return judge::Tier::warning;
    case plugin::State::critical:
      return judge::Tier::critical;
    case plugin::State::unknown:
      return judge::Tier::unknown;
  }
  return judge::Tier::unknown;
}

}  // namespace plugins
