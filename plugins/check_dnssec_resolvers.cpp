// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <algorithm>

#include "describe.hpp"
#include "judge/resolver_analysis.hpp"
#include "judge/words.hpp"
#include "session.hpp"

namespace {

using judge::ResolverAnalysis;
using Resolvers = std::vector<ResolverAnalysis>;

void ask_for(observe::Request& request, const plugin::Options& options) {
  request.chain_probes = true;
  request.zone_servers = false;
  request.resolvers = options.resolvers;
  request.canary = options.canary_bogus;
  request.algorithm_canaries = options.canary_algorithms;
}

std::size_t validating(const Resolvers& resolvers) {
  return static_cast<std::size_t>(
      std::count_if(resolvers.begin(), resolvers.end(),
                    [](const ResolverAnalysis& resolver) { return resolver.validates(); }));
}

/// "3 of 4 resolvers".
std::string share_words(std::size_t count, std::size_t of) {
  return std::to_string(count) + " of " + judge::count_words(of, "resolver");
}

/// Empty while there is nothing to be content with.
std::string summary(const judge::Analysis& analysis, const judge::Policy& policy,
                    const Resolvers& resolvers) {
  const auto usable = static_cast<std::size_t>(
      std::count_if(resolvers.begin(), resolvers.end(),
                    [](const ResolverAnalysis& resolver) { return resolver.usable(); }));
  if (usable == 0) {
    return {};
  }
  const auto questions = judge::count_words(analysis.seen->probes.size(), "question");
  const auto state = plugins::expected_state_words(analysis, policy);
  const auto count = validating(resolvers);
  if (count == 0) {
    return (state.empty() ? "" : state + "; ") + "has the same answers to " + questions + " from " +
           share_words(usable, resolvers.size()) +
           "; whether they validate was not seen (--canary-bogus shows it)";
  }
  if (!state.empty()) {
    return state + "; " + share_words(count, resolvers.size()) + " validate" +
           (count == 1 ? "s" : "") + "; right answers to " + questions;
  }
  return "is validated by " + share_words(count, resolvers.size()) +
         ", with the right answers to " + questions;
}

std::string seconds_words(std::chrono::microseconds time) {
  const auto thousandths = (time.count() + 500) / 1000;
  return std::to_string(thousandths) + " ms";
}

std::string status_words(const ResolverAnalysis& resolver) {
  if (!resolver.usable()) {
    return resolver.trouble;
  }
  if (resolver.validates()) {
    return "validating";
  }
  return resolver.canary == judge::CanaryWord::answered ? "not validating" : "not seen to validate";
}

std::string answer_words(const dns::Answer* answer) {
  if (answer == nullptr) {
    return "not asked";
  }
  if (!answer->answered()) {
    return std::string(to_text(answer->outcome));
  }
  std::string words = dns::to_text(answer->message->rcode);
  words += answer->message->ad ? " AD" : "";
  const auto codes = judge::extended_errors_of(answer);
  return codes.empty() ? words : words + " (" + judge::extended_error_words(codes) + ")";
}

/// "192.0.2.1: validating, slowest 12 ms; SOA NOERROR AD, with CD NOERROR; ..."
std::string table_line(const ResolverAnalysis& resolver,
                       const std::vector<judge::AskedQuestion>& questions,
                       const observe::ZoneObservation& seen) {
  std::string line = resolver.label + ": " + status_words(resolver);
  if (resolver.slowest) {
    line += ", slowest " + seconds_words(*resolver.slowest);
  }
  const auto add = [&](const std::string& what, const dns::Question& question) {
    line += "; " + what + " " + answer_words(resolver.view->find(question, false));
    if (const auto* unchecked = resolver.view->find(question, true)) {
      line += ", with CD " + answer_words(unchecked);
    }
  };
  for (const auto& asked : questions) {
    add(asked.words, asked.question);
  }
  if (seen.canary) {
    add("canary", seen.canary->question);
  }
  for (const auto& canary : seen.algorithm_canaries) {
    add("canary " + canary.question.name.to_display(), canary.question);
  }
  return line;
}

plugin::ServerRow row_of(const ResolverAnalysis& resolver) {
  plugin::ServerRow row;
  row.name = resolver.view->address.tls_name;
  row.address = resolver.view->address.endpoint.to_text();
  row.status = resolver.usable() ? "ok" : resolver.trouble;
  if (resolver.slowest) {
    row.round_trip_ms = static_cast<double>(resolver.slowest->count()) / 1000;
  }
  return row;
}

/// Nothing when nobody answered: 0 would look quick in a graph.
std::optional<plugin::Metric> slowest_metric(const Resolvers& resolvers,
                                             const judge::Policy& policy) {
  std::optional<std::chrono::microseconds> slowest;
  for (const auto& resolver : resolvers) {
    slowest = std::max(slowest, resolver.slowest);
  }
  if (!slowest) {
    return std::nullopt;
  }
  auto metric = plugins::metric("slowest", std::chrono::duration<double>(*slowest).count(), "s");
  if (policy.warning) {
    metric.warning = policy.warning->range;
  }
  if (policy.critical) {
    metric.critical = policy.critical->range;
  }
  return metric;
}

void describe(plugin::Report& report, const judge::Analysis& analysis,
              const judge::Policy& policy) {
  const auto resolvers = judge::analyse_resolvers(analysis);
  const auto questions = judge::asked_questions(analysis);
  report.ok_summary = summary(analysis, policy, resolvers);
  report.servers.clear();
  for (const auto& resolver : resolvers) {
    report.servers.push_back(row_of(resolver));
    report.details.push_back(table_line(resolver, questions, *analysis.seen));
  }
  auto& metrics = report.metrics;
  metrics.erase(std::remove_if(metrics.begin(), metrics.end(),
                               [](const plugin::Metric& metric) {
                                 return metric.label == "servers" ||
                                        metric.label == "servers_failing";
                               }),
                metrics.end());
  if (auto slowest = slowest_metric(resolvers, policy)) {
    metrics.insert(metrics.begin(), *std::move(slowest));
  }
  metrics.push_back(plugins::metric("resolvers", static_cast<double>(resolvers.size())));
  metrics.push_back(
      plugins::metric("resolvers_validating", static_cast<double>(validating(resolvers))));
}

}  // namespace

int main(int argc, char** argv) {
  plugins::exit_now(plugins::run({plugin::kResolversBinary, ask_for, judge::judge_resolvers,
                                  describe, transport::make_tls_exchange},
                                 argc, argv));
}
