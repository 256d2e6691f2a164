// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "outlook.hpp"

#include <utility>

#include "graph.hpp"
#include "judge/forecast.hpp"
#include "judge/picture.hpp"
#include "plugin/dot.hpp"

namespace plugins {

std::optional<dns::Error> add_outlook(const plugin::Options& options, unsigned check,
                                      const judge::Analysis& analysis,
                                      std::chrono::steady_clock::time_point deadline,
                                      plugin::Report& report) {
  if (options.forecast) {
    report.forecast = judge::forecast(analysis, static_cast<std::int64_t>(*options.forecast));
  }
  const bool shown = options.terminal && options.verbose >= 1;
  if (check != judge::kChain || (!options.graph && !shown)) {
    return std::nullopt;
  }
  report.picture = judge::picture_of(analysis, report.findings);
  if (options.graph) {
    auto written = write_graph(*options.graph, plugin::dot_text(*report.picture), deadline);
    if (!written) {
      return written.error();
    }
    if (!written->empty()) {
      report.notes.push_back(*std::move(written));
    }
  }
  return std::nullopt;
}

}  // namespace plugins
