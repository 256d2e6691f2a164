// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// What the outputs of many zones look like, for tests that give it to those who read it: made-up
// zones, among them one whose texts are hostile.
#include <cstdio>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/stream.hpp"

namespace {

constexpr std::string_view kUsage =
    "usage: print_samples FORMAT [COMMAND-FILE or SPOOL-DIRECTORY, or - [ZONES]]\n"
    "ZONES: how many in all; FORMAT: json, one-json, jsonl, passive, spool, icinga-api, "
    "openmetrics or zabbix\n";
constexpr std::string_view kHostile = "|;\n\\n[1] SHUTDOWN_PROGRAM\\\"'$\xff\xc3\xa4<>&`";

judge::Finding sample_finding(judge::Tier tier, std::string text) {
  judge::Finding one;
  one.fault = judge::Fault::rrsig_expired;
  one.tier = tier;
  one.text = std::move(text);
  one.servers = {"ns1.example (192.0.2.1)"};
  one.rrsets = {"MX"};
  one.moment = 1796083200;
  return one;
}

plugin::Report sample_report(std::string_view zone, dns::UnixTime now) {
  plugin::Report one;
  one.zone = dns::Name::from_text(zone).value();
  one.ok_summary = "is secure: 3 links from the root";
  one.judged_at = now;
  one.metrics = {{"remaining",
                  864000.5,
                  "s",
                  judge::parse_range("86400:").value(),
                  judge::parse_range("3600:").value(),
                  {},
                  {}},
                 {"servers", 2, "", {}, {}, 0, {}},
                 {"servers_failing", 0, "", {}, {}, 0, 2},
                 {"questions", 12, "", {}, {}, 0, {}},
                 {"time", 0.25, "s", {}, {}, 0, {}},
                 {"newest_age", 3600, "s", {}, {}, 0, {}},
                 {"dnskey_size", 512, "B", {}, {}, 0, {}}};
  one.servers = {{"ns1.example", "192.0.2.1", "ok", 12.5, 7, now + 864000, "a1"},
                 {"", "2001:db8::1", "timeout", {}, {}, {}, ""}};
  one.keys = {{12345, 13, 257, 256, true, true, false}};
  one.notes = {"a note"};
  return one;
}

std::vector<plugin::Report> sample_reports(dns::UnixTime now) {
  std::vector<plugin::Report> reports;
  for (const char* zone :
       {"good.example", "bad.example", ".", "dark.example", R"(a\;\|\"\010\\n)"}) {
    reports.push_back(sample_report(zone, now));
  }
  reports[1].findings = {sample_finding(judge::Tier::emergency, "MX signature expired"),
                         sample_finding(judge::Tier::info, "another thing")};
  reports[1].forecast = std::vector<judge::Event>{
      {judge::EventKind::expiry, now + 60, reports[1].zone, "a signature ends"}};
  reports[3].findings = {sample_finding(judge::Tier::unknown, "nobody answers")};
  reports[3].metrics.clear();
  reports[3].judged_at.reset();
  reports[4].findings = {sample_finding(judge::Tier::warning, std::string(kHostile))};
  reports[4].notes = {std::string(kHostile)};
  reports[4].findings[0].detail = kHostile;
  return reports;
}

/// z5.example and so on: every tenth is CRITICAL, every seventh of the others WARNING.
void add_zones(std::vector<plugin::Report>& reports, std::size_t count, dns::UnixTime now) {
  while (reports.size() < count) {
    const std::size_t number = reports.size();
    auto& one = reports.emplace_back(sample_report("z" + std::to_string(number) + ".example", now));
    if (number % 10 == 0) {
      one.findings = {sample_finding(judge::Tier::critical, "spoilt")};
    } else if (number % 7 == 0) {
      one.findings = {sample_finding(judge::Tier::warning, "old")};
    }
  }
}

bool write_out(std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
}

int print_samples(std::string_view format, const char* target, std::size_t zones) {
  plugin::Options options;
  if (target != nullptr) options.command_file = options.spool_dir = target;
  const auto made = [&]() -> dns::Result<std::unique_ptr<plugin::ReportStream>> {
    if (format == "jsonl")
      return plugin::make_jsonl_stream(plugin::kSigsBinary, options, write_out);
    if (format == "passive") {
      return plugin::make_passive_stream(plugin::kSigsBinary, options, write_out);
    }
    if (format == "spool")
      return plugin::make_spool_stream(plugin::kSigsBinary, options, write_out);
    if (format == "icinga-api") {
      return plugin::make_icinga_api_stream(plugin::kSigsBinary, options, write_out);
    }
    if (format == "openmetrics") {
      return plugin::make_openmetrics_stream(plugin::kSigsBinary, options, write_out);
    }
    if (format == "zabbix")
      return plugin::make_zabbix_stream(plugin::kSigsBinary, options, write_out);
    return plugin::make_json_stream(plugin::kSigsBinary, options, write_out);
  };
  auto stream = made();
  if (!stream) {
    write_out(stream.error().message + "\n");
    return 3;
  }
  const dns::UnixTime now = std::time(nullptr);
  auto reports = sample_reports(now);
  add_zones(reports, zones, now);
  for (const plugin::Report& report : reports) {
    stream.value()->add(report, now);
    if (format == "one-json") break;
  }
  const auto end = stream.value()->finish();
  if (!end) write_out(end.error().message + "\n");
  return end ? static_cast<int>(end.value()) : 3;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2 || count > 4) {
    write_out(kUsage);
    return 3;
  }
  const bool target = count > 2 && std::string_view(arguments[2]) != "-";
  return print_samples(arguments[1], target ? arguments[2] : nullptr,
                       count == 4 ? std::stoul(arguments[3]) : 0);
}
