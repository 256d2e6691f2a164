// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// --output zabbix: one line of JSON, whose "zones" Zabbix discovers and takes the values of.
#include <cmath>
#include <utility>

#include "plugin/json_report.hpp"
#include "plugin/passive.hpp"
#include "plugin/perfdata.hpp"
#include "plugin/stream.hpp"
#include "plugin/stream_sink.hpp"
#include "plugin/summary.hpp"

namespace plugin {
namespace {

/// `{#ZONE}` is what discovery reads. In the path of a value the word would be replaced by the
/// name, so a value is found by "zone".
ReportJson zabbix_zone(const Report& report, dns::UnixTime checked_at) {
  ReportJson zone;
  zone["{#ZONE}"] = report.zone.to_display();
  zone["zone"] = report.zone.to_display();
  zone["state"] = static_cast<int>(state_of(report));
  zone["tier"] = nullptr;
  zone["summary"] = first_words(report);
  zone["checked_at"] = checked_at;
  zone["expires"] = nullptr;
  ReportJson& metrics = zone["metrics"] = ReportJson::object();
  for (const Metric& metric : metrics_of(report)) {
    metrics[metric.label] = json_number(metric.value);
    if (metric.label == "tier") zone["tier"] = json_number(metric.value);
    if (metric.label == "remaining") {
      const auto now = static_cast<double>(report.judged_at.value_or(checked_at));
      zone["expires"] = json_number(std::round(now + metric.value));
    }
  }
  return zone;
}

/// `state` and `words` stand for those of `totals` where these are not all there is to say.
std::string zabbix_totals(const Binary& binary, const Totals& totals, State state,
                          std::string_view words) {
  ReportJson json = json_head(binary);
  json["state"] = static_cast<int>(state);
  json["summary"] = words;
  for (const Metric& metric : metrics_of(totals)) {
    json[metric.label] = json_number(metric.value);
  }
  return "],\"totals\":" + json_line(json) + "}\n";
}

constexpr std::string_view kBegin = "{\"zones\":[";

/// Nothing is written before there is a zone to tell of: what goes wrong before that has a document
/// of its own.
class ZabbixStream final : public ReportStream {
 public:
  ZabbixStream(const Binary& binary, const Options& options, Writer out)
      : binary_(binary), sink_(std::move(out), options) {}

  void add(const Report& report, dns::UnixTime checked_at) override {
    const std::string_view before = totals_.zones() == 0 ? kBegin : ",";
    sink_.write(std::string(before) + json_line(zabbix_zone(report, checked_at)));
    totals_.add(report);
  }

  dns::Result<State> finish() override {
    if (totals_.zones() == 0) sink_.write(kBegin);
    sink_.write(zabbix_totals(binary_, totals_, totals_.state(), totals_.words()));
    return sink_.end(handed_state(totals_));
  }

 private:
  const Binary& binary_;
  StreamSink sink_;
  Totals totals_;
};

}  // namespace

std::string render_failure_zabbix(const Binary& binary, State state, std::string_view words) {
  return std::string(kBegin) + zabbix_totals(binary, Totals(), state, words);
}

std::unique_ptr<ReportStream> make_zabbix_stream(const Binary& binary, const Options& options,
                                                 Writer out) {
  return std::make_unique<ZabbixStream>(binary, options, std::move(out));
}

}  // namespace plugin
