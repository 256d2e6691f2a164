// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "describe.hpp"

#include <algorithm>
#include <charconv>

#include "dns/escape.hpp"
#include "judge/words.hpp"

namespace plugins {
namespace {

using judge::Analysis;
using judge::ServerAnalysis;

double milliseconds(std::chrono::microseconds time) {
  return static_cast<double>(time.count()) / 1000;
}

std::string milliseconds_text(std::chrono::microseconds time) {
  const auto tenths = (time.count() + 50) / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " ms";
}

std::string nsid_of(const dns::Message& message) {
  if (!message.edns || !message.edns->nsid) {
    return {};
  }
  const auto& octets = *message.edns->nsid;
  return dns::escape(std::string(octets.begin(), octets.end()), 60);
}

std::optional<dns::UnixTime> soonest_at(const ServerAnalysis& server, dns::UnixTime now) {
  std::optional<dns::UnixTime> soonest;
  for (const auto& checked : server.rrsets) {
    if (const auto* lasting = checked.lasting()) {
      const auto end = now + lasting->remaining;
      soonest = std::min(soonest.value_or(end), end);
    }
  }
  return soonest;
}

plugin::ServerRow row_of(const ServerAnalysis& server, const Analysis& analysis) {
  plugin::ServerRow row;
  if (!server.server->names.empty()) {
    row.name = server.server->names.front().to_display();
  }
  row.address = server.server->endpoint.to_text();
  row.status = server.serving() ? "ok" : server.trouble;
  if (server.soa) {
    row.serial = server.soa->serial;
  }
  row.soonest_expiry = soonest_at(server, analysis.now);
  for (const auto& answer : server.server->answers) {
    if (answer.answered()) {
      if (!row.round_trip_ms) {
        row.round_trip_ms = milliseconds(answer.round_trip);
      }
      if (row.nsid.empty()) {
        row.nsid = nsid_of(*answer.message);
      }
    }
  }
  return row;
}

bool signs(const std::vector<judge::CheckedSignature>& signatures, const dnssec::Key& key,
           const std::vector<dnssec::Key>& keys) {
  return std::any_of(
      signatures.begin(), signatures.end(), [&](const judge::CheckedSignature& signature) {
        return signature.valid() && signature.check.key && *signature.check.key < keys.size() &&
               keys[*signature.check.key] == key;
      });
}

bool signs_zone_data(const Analysis& analysis, const dnssec::Key& key) {
  for (const auto& server : analysis.servers) {
    for (const auto& checked : server.rrsets) {
      if (checked.set.type != dns::Type::dnskey && signs(checked.signatures, key, server.keys)) {
        return true;
      }
    }
  }
  return false;
}

std::vector<plugin::KeyRow> key_rows(const Analysis& analysis) {
  std::vector<plugin::KeyRow> rows;
  const auto* link = analysis.apex_link();
  if (link == nullptr) {
    return rows;
  }
  for (std::size_t i = 0; i < link->keys.size() && i < 64; ++i) {
    const auto& key = link->keys[i];
    plugin::KeyRow row;
    row.tag = key.tag;
    row.algorithm = key.dnskey.algorithm;
    row.flags = key.dnskey.flags;
    row.bits = key.bits();
    row.ds_matches =
        std::any_of(link->matches.begin(), link->matches.end(), [i](const dnssec::DsMatch& match) {
          return match.verdict == dnssec::DsVerdict::matches && match.key == i;
        });
    row.signs_dnskey = link->dnskey_set && signs(link->dnskey_set->signatures, key, link->keys);
    row.signs_zone = signs_zone_data(analysis, key);
    rows.push_back(row);
  }
  return rows;
}

std::string result_words(const dns::Answer& answer) {
  if (!answer.answered()) {
    return std::string(to_text(answer.outcome)) +
           (answer.detail.empty() ? "" : ": " + dns::escape(answer.detail, 80));
  }
  std::string words = dns::to_text(answer.message->rcode) + ", " +
                      judge::count_words(answer.message->answer.size(), "record") + ", " +
                      std::to_string(answer.wire.size()) + " octets, " +
                      milliseconds_text(answer.round_trip);
  if (answer.message->edns) {
    for (const auto& error : answer.message->edns->errors) {
      words += ", extended error " + dns::extended_error_name(error.code);
      if (!error.text.empty()) {
        words += " (" + dns::escape(error.text, 80) + ")";
      }
    }
  }
  return words;
}

std::string_view via_words(dns::Via via) {
  switch (via) {
    case dns::Via::udp:
      return " UDP ";
    case dns::Via::tcp:
      return " TCP ";
    case dns::Via::tls:
      return " TLS ";
  }
  return " ";
}

std::string question_line(const std::string& label, const dns::Answer& answer) {
  std::string line = label + std::string(via_words(answer.via)) +
                     answer.question.name.to_display() + " " + dns::to_text(answer.question.type) +
                     ": " + result_words(answer);
  if (!answer.edns_sent) {
    line += ", without EDNS";
  }
  if (answer.tries > 1) {
    line += ", " + std::to_string(answer.tries) + " tries";
  }
  if (answer.ignored > 0) {
    line += ", " + judge::count_words(answer.ignored, "stray datagram") + " ignored";
  }
  return line;
}

void add_questions(plugin::Report& report, const std::vector<observe::Server>& servers) {
  for (const auto& server : servers) {
    for (const auto& answer : server.answers) {
      report.debug.push_back(question_line(server.label(), answer));
    }
    if (server.large) {
      report.debug.push_back(question_line(server.label(), *server.large) +
                             ", 4096 octets offered");
    }
  }
}

void add_questions(plugin::Report& report, const std::vector<observe::ResolverView>& resolvers) {
  for (const auto& view : resolvers) {
    for (const auto& answer : view.answers) {
      report.debug.push_back(question_line(view.label(), answer) +
                             (answer.cd_sent ? ", asked with CD" : ""));
    }
  }
}

void add_lookups(plugin::Report& report, const std::vector<dns::Lookup>& lookups) {
  for (const auto& lookup : lookups) {
    std::string line = std::string(lookup.validated ? "Unbound " : "Unbound without validation ") +
                       lookup.question.name.to_display() + " " +
                       dns::to_text(lookup.question.type) + ": " +
                       std::string(to_text(lookup.security)) + ", " + dns::to_text(lookup.rcode) +
                       ", " + milliseconds_text(lookup.round_trip);
    if (!lookup.why_bogus.empty()) {
      line += ", " + dns::escape(lookup.why_bogus, 200);
    }
    report.debug.push_back(std::move(line));
  }
}

std::size_t questions_asked(const observe::ZoneObservation& seen) {
  std::size_t count = 0;
  for (const auto* servers : {&seen.servers, &seen.parent_servers, &seen.family_probes}) {
    for (const auto& server : *servers) {
      count += server.answers.size() + (server.large ? 1 : 0);
    }
  }
  for (const auto& view : seen.resolvers) {
    count += view.answers.size();
  }
  return count;
}

}  // namespace

plugin::Metric metric(std::string label, double value, std::string_view unit) {
  plugin::Metric made;
  made.label = std::move(label);
  made.value = value;
  made.unit = unit;
  made.least = 0;
  return made;
}

void describe_common(plugin::Report& report, const Analysis& analysis, double seconds) {
  const auto& seen = *analysis.seen;
  for (const auto& server : analysis.servers) {
    report.servers.push_back(row_of(server, analysis));
  }
  report.keys = key_rows(analysis);
  report.notes = seen.notes;
  if (!seen.servers_given.empty()) {
    report.notes.push_back("only the servers given by --server were asked: " + seen.servers_given);
  }
  add_lookups(report, seen.probes);
  add_lookups(report, seen.navigation);
  add_questions(report, seen.parent_servers);
  add_questions(report, seen.servers);
  add_questions(report, seen.family_probes);
  add_questions(report, seen.resolvers);
  const auto& work = *analysis.work;
  report.work = plugin::WorkDone{work.verifier.verifications(), work.verifier.failures(),
                                 work.hashing.rounds()};
  report.debug.push_back("work: " + judge::count_words(report.work->verifications, "verification") +
                         ", of which " + std::to_string(report.work->failures) + " failed, " +
                         judge::count_words(report.work->hash_rounds, "round") +
                         " of NSEC3 hashing");
  report.metrics.push_back(metric("servers", static_cast<double>(analysis.servers.size())));
  report.metrics.push_back(
      metric("servers_failing", static_cast<double>(analysis.servers.size() - analysis.serving())));
  report.metrics.push_back(metric("questions", static_cast<double>(questions_asked(seen))));
  report.metrics.push_back(metric("time", seconds, "s"));
}

std::string expected_state_words(const Analysis& analysis, const judge::Policy& policy) {
  if (policy.expect == judge::Expect::bogus) {
    return "is bogus, as expected";
  }
  if (analysis.state() == judge::LinkState::insecure) {
    return analysis.zone_signed
               ? "is signed, but insecure: no DS leads to it"
               : "is insecure" + std::string(policy.expect == judge::Expect::insecure
                                                 ? ", as expected"
                                                 : ": no DS leads to it");
  }
  return {};
}

}  // namespace plugins
