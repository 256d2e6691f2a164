// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// --output icinga-api: bodies for POST /v1/actions/process-check-result, one a line.
#include <unistd.h>

#include <array>
#include <utility>

#include "plugin/json_report.hpp"
#include "plugin/passive.hpp"
#include "plugin/perfdata.hpp"
#include "plugin/stream.hpp"
#include "plugin/stream_sink.hpp"

namespace plugin {
namespace {

/// Who checked, as Icinga shows it; the plugin's name where the system has none.
std::string check_source(const Binary& binary) {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') {
    return std::string(binary.name);
  }
  return name.data();
}

class IcingaApiStream final : public ReportStream {
 public:
  IcingaApiStream(const Binary& binary, const Options& options, Writer out)
      : binary_(binary),
        options_(options),
        sink_(std::move(out), options),
        source_(check_source(binary)) {}

  void add(const Report& report, dns::UnixTime checked_at) override {
    totals_.add(report);
    const PassiveNames names = passive_names(binary_, options_, report.zone);
    const PassiveText text = passive_text(binary_, options_, report);
    ReportJson body;
    // The filter is always the same: names are values to it and never its text.
    body["type"] = "Service";
    body["filter"] = "host.name==h && service.name==s";
    body["filter_vars"] = {{"h", names.host}, {"s", names.service}};
    body["exit_status"] = static_cast<int>(state_of(report));
    body["plugin_output"] = text.first + (text.more.empty() ? "" : "\n") + text.more;
    body["performance_data"] = ReportJson::array();
    for (const Metric& metric : metrics_of(report)) {
      body["performance_data"].push_back(perfdata({metric}));
    }
    body["check_source"] = source_;
    body["execution_start"] = json_number(began_at(report, checked_at));
    body["execution_end"] = checked_at;
    sink_.write(json_line(body) + "\n");
  }

  dns::Result<State> finish() override { return sink_.end(handed_state(totals_)); }

 private:
  const Binary& binary_;
  Options options_;
  StreamSink sink_;
  std::string source_;
  Totals totals_;
};

}  // namespace

std::unique_ptr<ReportStream> make_icinga_api_stream(const Binary& binary, const Options& options,
                                                     Writer out) {
  return std::make_unique<IcingaApiStream>(binary, options, std::move(out));
}

}  // namespace plugin
