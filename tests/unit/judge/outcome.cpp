// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/outcome.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>

namespace judge_test {

using judge::Fault;
using judge::Finding;
using judge::Tier;

namespace {

std::set<Fault>& all_produced() {
  static std::set<Fault> faults;
  return faults;
}

std::string words_of(const Finding& finding) {
  return std::string(judge::to_text(finding.tier)) + " " +
         std::string(judge::info(finding.fault).id) + ": " + finding.text;
}

std::string words_of(const std::vector<Finding>& findings) {
  std::string words = "\n";
  for (const auto& finding : findings) {
    words += "  " + words_of(finding) + "\n";
  }
  return words;
}

bool is_printable(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](char octet) { return octet >= ' ' && octet <= '~' && octet != '|'; });
}

void hold_to_form(const std::vector<Finding>& findings, judge::Check check) {
  std::set<std::pair<Fault, std::string>> seen;
  for (const auto& finding : findings) {
    const auto& row = judge::info(finding.fault);
    const auto words = words_of(finding);
    BOOST_CHECK_MESSAGE((row.checks & check) != 0, "not of this check: " << words);
    BOOST_CHECK_MESSAGE(!finding.text.empty() && finding.text.back() != '.', "form: " << words);
    BOOST_CHECK_MESSAGE(is_printable(finding.text), "not printable: " << words);
    BOOST_CHECK_MESSAGE(!finding.remedy.empty() && is_printable(finding.remedy),
                        "remedy: " << words << " / " << finding.remedy);
    BOOST_CHECK_MESSAGE(seen.emplace(finding.fault, finding.text).second, "twice: " << words);
  }
}

bool has(const std::vector<Finding>& findings, Fault fault) {
  return std::any_of(findings.begin(), findings.end(),
                     [fault](const Finding& finding) { return finding.fault == fault; });
}

void expect_below(const observe::ZoneObservation& seen, const judge::Policy& policy,
                  dns::UnixTime now, Tier most) {
  for (const auto& findings : {sigs_of(seen, policy, now), chain_of(seen, policy, now)}) {
    for (const auto& finding : findings) {
      BOOST_CHECK_MESSAGE(finding.tier <= most, "should be quiet: " << words_of(finding));
    }
  }
}

}  // namespace

std::vector<Finding> sigs_of(const observe::ZoneObservation& seen, const judge::Policy& policy,
                             dns::UnixTime now) {
  auto findings = judge::judge_sigs(judge::analyse(seen, now), policy);
  hold_to_form(findings, judge::kSigs);
  return findings;
}

std::vector<Finding> chain_of(const observe::ZoneObservation& seen, const judge::Policy& policy,
                              dns::UnixTime now) {
  auto findings = judge::judge_chain(judge::analyse(seen, now), policy);
  hold_to_form(findings, judge::kChain);
  return findings;
}

std::vector<Finding> ds_of(const observe::ZoneObservation& seen, const judge::Policy& policy,
                           dns::UnixTime now, const memory::Zone* past) {
  auto findings = judge::judge_ds(judge::analyse(seen, now, past), policy);
  hold_to_form(findings, judge::kDs);
  return findings;
}

std::vector<Finding> nsec_of(const observe::ZoneObservation& seen, const judge::Policy& policy,
                             dns::UnixTime now, const memory::Zone* past) {
  auto findings = judge::judge_nsec(judge::analyse(seen, now, past), policy);
  hold_to_form(findings, judge::kNsec);
  return findings;
}

std::vector<Finding> keys_of(const observe::ZoneObservation& seen, const judge::Policy& policy,
                             dns::UnixTime now, const memory::Zone* past) {
  auto findings = judge::judge_keys(judge::analyse(seen, now, past), policy);
  hold_to_form(findings, judge::kKeys);
  return findings;
}

std::vector<Finding> resolvers_of(const observe::ZoneObservation& seen, const judge::Policy& policy,
                                  dns::UnixTime now) {
  auto findings = judge::judge_resolvers(judge::analyse(seen, now), policy);
  hold_to_form(findings, judge::kResolvers);
  return findings;
}

std::vector<Finding> held(std::vector<Finding> findings, judge::Check check) {
  hold_to_form(findings, check);
  return findings;
}

Finding expect(const std::vector<Finding>& findings, Fault fault, Tier tier,
               const std::vector<std::string>& words) {
  const auto is_it = [fault](const Finding& finding) { return finding.fault == fault; };
  const auto found = std::find_if(findings.begin(), findings.end(), is_it);
  if (found == findings.end()) {
    BOOST_ERROR("no " << judge::info(fault).id << " among:" << words_of(findings));
    return {};
  }
  all_produced().insert(fault);
  BOOST_CHECK_MESSAGE(std::count_if(findings.begin(), findings.end(), is_it) == 1,
                      "more than one:" << words_of(findings));
  BOOST_CHECK_MESSAGE(found->tier == tier,
                      "not " << judge::to_text(tier) << ": " << words_of(*found));
  for (const auto& word : words) {
    BOOST_CHECK_MESSAGE(found->text.find(word) != std::string::npos,
                        "no \"" << word << "\" in: " << words_of(*found));
  }
  return *found;
}

Finding expect_only(const std::vector<Finding>& findings, Fault fault, Tier tier,
                    const std::vector<std::string>& words) {
  for (const auto& finding : findings) {
    BOOST_CHECK_MESSAGE(finding.fault == fault || finding.tier <= Tier::info,
                        "one cause, and also: " << words_of(finding));
  }
  return expect(findings, fault, tier, words);
}

void in_both(const observe::ZoneObservation& seen, Fault fault, Tier tier,
             const std::vector<std::string>& words, const judge::Policy& policy,
             dns::UnixTime now) {
  expect_only(sigs_of(seen, policy, now), fault, tier, words);
  expect_only(chain_of(seen, policy, now), fault, tier, words);
}

void expect_absent(const std::vector<Finding>& findings, Fault fault) {
  BOOST_CHECK_MESSAGE(!has(findings, fault), "unexpected:" << words_of(findings));
}

void expect_quiet(const observe::ZoneObservation& seen, const judge::Policy& policy,
                  dns::UnixTime now) {
  expect_below(seen, policy, now, Tier::info);
}

void expect_nothing(const observe::ZoneObservation& seen, const judge::Policy& policy,
                    dns::UnixTime now) {
  expect_below(seen, policy, now, Tier::mute);
}

void expect_quiet(const std::vector<Finding>& findings) {
  for (const auto& finding : findings) {
    BOOST_CHECK_MESSAGE(finding.tier <= Tier::info, "should be quiet: " << words_of(finding));
  }
}

void expect_nothing(const std::vector<Finding>& findings) {
  BOOST_CHECK_MESSAGE(findings.empty(), "should be quiet:" << words_of(findings));
}

const std::set<Fault>& produced() { return all_produced(); }

judge::Policy expecting(judge::Expect expected) {
  judge::Policy policy;
  policy.expect = expected;
  return policy;
}

}  // namespace judge_test
