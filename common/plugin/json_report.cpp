// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/json_report.hpp"

#include <cmath>

#include "plugin/perfdata.hpp"
#include "plugin/summary.hpp"

namespace plugin {
namespace {

using Json = ReportJson;

/// Integers as integers. The library writes what is below 0.0001 with an exponent, which not every
/// reader takes: that is rounded.
Json number(double value) {
  if (value == std::trunc(value)) return static_cast<std::int64_t>(value);
  if (std::abs(value) < 1e-4) value = std::round(value * 1e4) / 1e4;
  if (value == 0) return 0;
  return value;
}

Json number(const std::optional<double>& value) {
  return value && std::isfinite(*value) && std::abs(*value) < 1e15 ? number(*value) : Json();
}

template <class Whole>
Json whole(const std::optional<Whole>& value) {
  return value ? Json(*value) : Json();
}

Json range(const std::optional<judge::Range>& value) {
  return value ? Json(value->to_text()) : Json();
}

std::string lower(std::string_view word) {
  std::string text(word);
  for (char& octet : text) {
    if (octet >= 'A' && octet <= 'Z') octet = static_cast<char>(octet - 'A' + 'a');
  }
  return text;
}

Json to_json(const judge::Finding& finding) {
  const judge::FaultInfo& info = judge::info(finding.fault);
  return {{"id", info.id},
          {"tier", lower(judge::to_text(finding.tier))},
          {"text", finding.text},
          {"remedy", finding.remedy.empty() ? std::string(info.remedy) : finding.remedy},
          {"reference", info.reference},
          {"servers", finding.servers},
          {"rrsets", finding.rrsets},
          {"count", whole(finding.count)},
          {"time", whole(finding.moment)},
          {"detail", finding.detail}};
}

Json to_json(const Metric& metric) {
  return {{"label", metric.label},
          {"value", number(metric.value)},
          {"unit", metric.unit},
          {"warning", range(metric.warning)},
          {"critical", range(metric.critical)},
          {"min", number(metric.least)},
          {"max", number(metric.most)}};
}

Json to_json(const ServerRow& server) {
  std::optional<double> round_trip = server.round_trip_ms;
  if (round_trip) round_trip = std::round(*round_trip * 1000) / 1000;
  return {{"name", server.name},
          {"address", server.address},
          {"status", server.status},
          {"round_trip_ms", number(round_trip)},
          {"serial", whole(server.serial)},
          {"soonest_expiry", whole(server.soonest_expiry)},
          {"nsid", server.nsid}};
}

Json to_json(const KeyRow& key) {
  return {{"tag", key.tag},
          {"algorithm", key.algorithm},
          {"flags", key.flags},
          {"bits", key.bits},
          {"ds_matches", key.ds_matches},
          {"signs_dnskey", key.signs_dnskey},
          {"signs_zone", key.signs_zone}};
}

Json to_json(const judge::Event& event) {
  return {{"kind", judge::to_text(event.kind)},
          {"time", whole(event.time)},
          {"zone", event.zone.to_display()},
          {"text", event.text}};
}

Json to_json(const WorkDone& work) {
  return {{"verifications", work.verifications},
          {"failures", work.failures},
          {"hash_rounds", work.hash_rounds}};
}

template <class Item>
Json list(const std::vector<Item>& items) {
  Json array = Json::array();
  for (const Item& item : items) array.push_back(to_json(item));
  return array;
}

/// 0 OK, 1 INFO ... 4 EMERGENCY as in the perfdata; null when the state is UNKNOWN.
Json tier_of(const std::vector<Metric>& metrics) {
  for (const Metric& metric : metrics) {
    if (metric.label == "tier") return number(metric.value);
  }
  return {};
}

}  // namespace

ReportJson metrics_json(const std::vector<Metric>& metrics) { return list(metrics); }

ReportJson json_number(double value) { return number(std::optional<double>(value)); }

void add_report(const Report& report, int verbose, ReportJson& document) {
  const State state = state_of(report);
  const auto metrics = metrics_of(report);
  document["zone"] = report.zone.to_display();
  document["state"] = to_text(state);
  document["exit_status"] = static_cast<int>(state);
  document["tier"] = tier_of(metrics);
  document["summary"] = first_words(report);
  document["judged_at"] = whole(report.judged_at);
  document["findings"] = list(settle(report.findings, {}));
  document["metrics"] = list(metrics);
  document["servers"] = list(report.servers);
  document["keys"] = list(report.keys);
  document["notes"] = report.notes;
  auto details = report.chain;
  details.insert(details.end(), report.details.begin(), report.details.end());
  document["details"] = details;
  if (report.work) document["work"] = to_json(*report.work);
  if (report.forecast) document["forecast"] = list(*report.forecast);
  if (verbose >= 2) document["debug"] = report.debug;
}

ReportJson json_head(const Binary& binary) {
  Json document;
  document["plugin"] = binary.name;
  document["version"] = CHECK_DNSSEC_VERSION;
  return document;
}

ReportJson report_document(const Binary& binary, const Options& options, const Report& report) {
  Json document = json_head(binary);
  add_report(report, options.verbose, document);
  return document;
}

std::string json_pages(const ReportJson& document) {
  return document.dump(2, ' ', true, Json::error_handler_t::replace);
}

std::string json_line(const ReportJson& document) {
  return document.dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace plugin
