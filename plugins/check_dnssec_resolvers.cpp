// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "describe.hpp"
#include "session.hpp"

namespace {

void ask_for(observe::Request&, const plugin::Options&) {}

void describe(plugin::Report& report, const judge::Analysis& analysis,
              const judge::Policy& policy) {
  report.ok_summary = plugins::expected_state_words(analysis, policy);
}

}  // namespace

int main(int argc, char** argv) {
  plugins::exit_now(plugins::run(
      {plugin::kResolversBinary, ask_for, judge::judge_resolvers, describe}, argc, argv));
}
