// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/passive.hpp"

#include <string_view>

#include "dns/text.hpp"
#include "plugin/perfdata.hpp"

namespace plugin {
namespace {

constexpr std::string_view kZoneMark = "{zone}";

std::string passive_name(std::string_view model, const std::string& zone) {
  std::string filled;
  for (std::size_t at = model.find(kZoneMark); at != std::string_view::npos;
       at = model.find(kZoneMark)) {
    filled += std::string(model.substr(0, at)) + zone;
    model.remove_prefix(at + kZoneMark.size());
  }
  filled += model;

  std::string name;
  for (const char octet : filled) {
    const auto code = static_cast<std::uint8_t>(octet);
    if (code < 32 || code == 127 || octet == ';' || octet == '|') {
      dns::append_escape(name, code);
    } else {
      name += octet;
    }
  }
  return name;
}

}  // namespace

std::string_view check_name(const Binary& binary) {
  constexpr std::string_view kPrefix = "check_dnssec_";
  return binary.name.substr(binary.name.rfind(kPrefix, 0) == 0 ? kPrefix.size() : 0);
}

PassiveNames passive_names(const Binary& binary, const Options& options, const dns::Name& zone) {
  const std::string shown = zone.to_display();
  return {
      passive_name(options.host_template.value_or(std::string(kZoneMark)), shown),
      passive_name(options.service_template.value_or("dnssec-" + std::string(check_name(binary))),
                   shown)};
}

PassiveText passive_text(const Binary& binary, const Options& options, const Report& report) {
  Options plain = options;
  plain.terminal.reset();  // these texts go elsewhere: without colours
  const std::string whole = render_text(binary, plain, {report});
  const std::size_t end = whole.find('\n');
  PassiveText text;
  text.first = whole.substr(0, end);
  text.more = whole.substr(end + 1);
  if (!text.more.empty() && text.more.back() == '\n') text.more.pop_back();
  const std::size_t bar = text.first.find(" | ");  // in no summary: one_line()
  if (bar == std::string::npos) return text;
  text.numbers = text.first.substr(bar + 3);
  text.first.resize(bar);
  return text;
}

double began_at(const Report& report, dns::UnixTime checked_at) {
  const auto end = static_cast<double>(checked_at);
  for (const Metric& metric : metrics_of(report)) {
    if (metric.label == "time" && metric.value >= 0 && metric.value < end)
      return end - metric.value;
  }
  return end;
}

std::string handed_over(const Binary& binary, const Totals& totals, const std::string& where) {
  std::string text =
      std::string(binary.service) + " " + std::string(to_text(handed_state(totals))) + " - ";
  if (totals.zones() == 0) return text + totals.words() + "\n";
  text += std::to_string(totals.zones()) + (totals.zones() == 1 ? " result" : " results");
  return text + " handed to " + where + ": " + totals.counts() + " | " +
         perfdata(metrics_of(totals)) + "\n";
}

State handed_state(const Totals& totals) {
  return totals.zones() == 0 ? State::unknown : State::ok;
}

}  // namespace plugin
