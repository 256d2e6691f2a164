// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "judge/outcome.hpp"
#include "judge/resolver_analysis.hpp"

namespace judge_test::resolving {

using dns::Rcode;
using dns::Security;
using dns::Type;
using judge::Fault;
using judge::Tier;

constexpr std::string_view kWww = "www.zone.test";
constexpr std::string_view kCanary = "bogus.test";

dns::Question question(std::string_view asked, Type type);
/// What a resolver makes of an authoritative answer.
dns::Message resolved(dns::Message message, bool secure, bool cd);
/// One more answer of a resolver.
void put(observe::ResolverView& view, const dns::Question& asked, const dns::Message& message,
         bool cd, bool tcp = false);
/// What a validating resolver says of the bogus canary.
dns::Message canary_message(bool cd);
observe::ResolverView resolver_for(const World& world, std::uint8_t number);

/// zone.test., secure, and two resolvers that do all as they should.
struct Resolving {
  World world;
  observe::ZoneObservation seen;

  explicit Resolving(Security word = Security::secure);

  observe::ResolverView& first() { return seen.resolvers.front(); }
  /// The first resolver's answer over UDP.
  dns::Answer& at(std::string_view asked, Type type, bool cd = false);
  /// Does the same to all answers of the first resolver.
  void change(const std::function<void(dns::Message&)>& change);
  [[nodiscard]] std::vector<judge::Finding> judged(const judge::Policy& policy = {}) const {
    return resolvers_of(seen, policy);
  }
};

void make_servfail(dns::Message& message);
/// The answer section signed anew by the zone, as a cache may have it from another time.
void sign_anew(const World& world, dns::Message& message, Window window = {});
/// As a cache may have it from before a rollover.
void sign_by_another_key(dns::Message& message);
std::function<void(dns::Message&)> servfail_because(std::uint16_t code);
/// An extended error beside what is there.
void explain(dns::Answer& answer, std::uint16_t code);
void lose(dns::Answer& answer, dns::Outcome outcome);
void expect_none(const std::vector<judge::Finding>& findings);

}  // namespace judge_test::resolving
