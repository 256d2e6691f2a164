// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "whole.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <iterator>
#include <utility>

#include "describe.hpp"
#include "dns/escape.hpp"
#include "judge/transfers.hpp"
#include "judge/words.hpp"
#include "observe/transfer.hpp"
#include "progress.hpp"
#include "signals.hpp"
#include "transport/tsig_key.hpp"
#include "zone/zonemd.hpp"

namespace plugins {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

zone::BuildOptions build_options(const WholeCheck& check, const plugin::Options& options,
                                 const WholeLimits& limits) {
  zone::BuildOptions build;
  build.now = limits.now;
  build.threads = options.threads.value_or(0);
  if (check.wanted != nullptr) {
    build.wanted = check.wanted;
  }
  build.deadline = limits.deadline;
  return build;
}

std::string file_words(const std::string& path) {
  return path == "-" ? "standard input" : dns::escape(path, 200);
}

dns::UnixTime system_time() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

dns::Result<transport::TransferRequest> transfer_request(const plugin::Options& options,
                                                         const dns::Name& apex,
                                                         Clock::time_point deadline) {
  transport::TransferRequest request;
  request.zone = apex;
  request.deadline = deadline;
  request.clock = system_time;
  if (options.tsig_file) {
    auto key = transport::read_tsig_file(*options.tsig_file);
    if (!key) {
      return dns::Error{"option --tsig-file: " + key.error().message};
    }
    request.key = *std::move(key);
  }
  return request;
}

/// Runs the transfer on a loop of its own until it ends, or the deadline, or SIGTERM or SIGINT.
void transfer(const transport::TransferRequest& request, const std::vector<dns::Endpoint>& servers,
              dns::RecordSink& sink, dns::TransferLook& into) {
  asio::io_context io(1);
  std::exception_ptr failure;
  asio::co_spawn(io, observe::transfer_zone(io, request, servers, sink, into),
                 [&](const std::exception_ptr& error) {
                   failure = error;
                   io.stop();
                 });
  asio::steady_timer limit(io, request.deadline);
  limit.async_wait([&](const boost::system::error_code&) { io.stop(); });
  const EndSignals signals(io, [&] { io.stop(); });
  if (!end_signal_noted()) {
    io.run();
  }
  if (failure) {
    std::rethrow_exception(failure);
  }
}

std::string source_words(const dns::TransferLook& look, const observe::ZoneObservation& seen) {
  const auto* taken = look.taken();
  if (taken == nullptr) {
    return {};
  }
  for (const auto& server : seen.servers) {
    if (server.endpoint == taken->server) {
      return "the transfer from " + server.label();
    }
  }
  return "the transfer from " + taken->server.to_text();
}

/// "has 100,004 RRsets at 50,003 names, 100,009 signatures verified, closed by NSEC, in FILE".
std::string ok_words(const judge::WholeSummary& summary, const WholeLook& look) {
  if (summary.signatures == 0) {
    return "is not signed in " + look.source;
  }
  std::string words = "has " + judge::thousands(summary.rrsets) + " RRsets at " +
                      judge::thousands(summary.names) + " names, " +
                      judge::thousands(look.zone->verified()) + " signatures verified";
  if (!summary.denial.empty()) {
    words += ", denial by " + summary.denial;
  }
  words += ", in " + look.source;
  if (summary.soonest) {
    words += "; soonest expiry " + dns::to_human_duration(summary.soonest->remaining) + " (" +
             summary.soonest->what + ")";
  }
  return words;
}

void add_keys(plugin::Report& report, const zone::Zone& zone, const judge::WholeSummary& summary) {
  constexpr std::size_t kMostRows = 64;
  for (const auto& key : zone.keys()) {
    if (report.keys.size() == kMostRows) {
      return;
    }
    plugin::KeyRow row;
    row.tag = key.tag;
    row.algorithm = key.dnskey.algorithm;
    row.flags = key.dnskey.flags;
    row.bits = key.bits();
    row.signs_zone = std::ranges::find(summary.key_tags, key.tag) != summary.key_tags.end();
    report.keys.push_back(row);
  }
}

/// Beside a look at the servers the whole zone's own counts have names of their own.
void add_metrics(plugin::Report& report, const WholeLook& look, const judge::WholeSummary& summary,
                 const judge::Policy& policy) {
  const std::string prefix = look.transfer.tries.empty() ? "" : "zone_";
  const auto count = [&](const std::string& label, std::size_t value) {
    report.metrics.push_back(metric(label, static_cast<double>(value)));
  };
  if (summary.soonest) {
    const auto limits =
        judge::sigs_limits(policy, summary.soonest->type, summary.soonest->lifetime);
    auto remaining =
        metric(prefix + "remaining", static_cast<double>(summary.soonest->remaining), "s");
    remaining.warning = limits.warning;
    remaining.critical = limits.critical;
    remaining.least.reset();
    report.metrics.insert(report.metrics.begin(), std::move(remaining));
  }
  if (summary.newest_age) {
    report.metrics.push_back(
        metric(prefix + "newest_age", static_cast<double>(*summary.newest_age), "s"));
  }
  count(prefix + "rrsets", summary.rrsets);
  count(prefix + "signatures", summary.signatures);
  count("records", look.zone->records());
  count("names", summary.names);
  count("verified", look.zone->verified());
  count("left", look.zone->left());
  count("expire_1h", summary.within_hour);
  count("expire_1d", summary.within_day);
  count("expire_7d", summary.within_week);
}

/// RFC 5936: from the servers of the options, or those of the zone.
dns::Result<WholeLook> look_by_transfer(const WholeCheck& check, const plugin::Options& options,
                                        const observe::ZoneObservation& seen,
                                        const WholeLimits& limits) {
  const auto& apex = seen.apex ? *seen.apex : seen.asked;
  const auto request = transfer_request(options, apex, limits.deadline);
  if (!request) {
    return request.error();
  }
  const auto servers = options.axfr_server ? std::vector<dns::Endpoint>{*options.axfr_server}
                                           : observe::transfer_servers(seen);
  WholeLook look;
  zone::Progress progress;
  const ProgressLine shown([&](auto since) { return progress_words(progress, since); });
  zone::Builder builder(apex, build_options(check, options, limits), &progress);
  transfer(*request, servers, builder, look.transfer);
  look.source = source_words(look.transfer, seen);
  const auto* taken = look.transfer.taken();
  if (taken != nullptr && taken->complete()) {
    look.zone = builder.finish();
  }
  return look;
}

std::vector<judge::ServedVersion> served_versions(const judge::Analysis& analysis) {
  std::vector<judge::ServedVersion> served;
  for (const auto& server : analysis.servers) {
    if (server.soa) {
      served.push_back({server.server->label(), server.soa->serial});
    }
  }
  return served;
}

}  // namespace

dns::Result<WholeLook> look_into_file(const WholeCheck& check, const plugin::Options& options,
                                      const WholeLimits& limits) {
  WholeLook look;
  look.source = file_words(*options.zone_file);
  zone::Progress progress;
  const ProgressLine shown([&](auto since) { return progress_words(progress, since); });
  zone::Builder builder(options.zones.front(), build_options(check, options, limits), &progress);
  observe::ZoneFileOptions reading;
  reading.allow_include = options.allow_include;
  reading.deadline = limits.deadline;
  if (auto trouble = check.read_file(*options.zone_file, options.zones.front(), reading, builder)) {
    return *std::move(trouble);
  }
  look.zone = builder.finish();
  return look;
}

void judge_whole(const WholeCheck& check, const plugin::Options& options, const WholeLook& look,
                 const std::vector<dns::Ds>& ds, const judge::Policy& policy,
                 plugin::Report& report) {
  judge::WholeZone whole{*look.zone,  look.source,
                         ds,          report.judged_at.value_or(0),
                         options.all, options.threads.value_or(0),
                         {}};
  if (check.wanted == nullptr) {
    whole.digest = zone::check_zonemd(*look.zone);
  }
  judge::WholeSummary summary;
  auto found = check.judge(whole, policy, &summary);
  std::ranges::move(found, std::back_inserter(report.findings));
  report.ok_summary +=
      (report.ok_summary.empty() ? "" : "; the whole zone ") + ok_words(summary, look);
  if (report.keys.empty()) {
    add_keys(report, *look.zone, summary);
  }
  add_metrics(report, look, summary, policy);
}

std::optional<dns::Error> add_transfer(const WholeCheck& check, const plugin::Options& options,
                                       const judge::Analysis& analysis, const judge::Policy& policy,
                                       const WholeLimits& limits, plugin::Report& report) {
  const auto look = look_by_transfer(check, options, *analysis.seen, limits);
  if (!look) {
    return look.error();
  }
  auto troubles = judge::judge_transfers(look->transfer, analysis.seen);
  std::ranges::move(troubles, std::back_inserter(report.findings));
  if (!look->zone) {
    return std::nullopt;
  }
  const auto live = report.findings;
  const auto* link = analysis.apex_link();
  judge_whole(check, options, *look, link != nullptr ? link->ds : std::vector<dns::Ds>{}, policy,
              report);
  const std::vector<judge::Finding> whole(
      report.findings.begin() + static_cast<std::ptrdiff_t>(live.size()), report.findings.end());
  auto differences = judge::judge_transfer(look->source, look->zone->serial().value_or(0),
                                           served_versions(analysis), live, whole);
  std::ranges::move(differences, std::back_inserter(report.findings));
  return std::nullopt;
}

}  // namespace plugins
