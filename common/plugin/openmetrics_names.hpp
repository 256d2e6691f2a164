// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <string>

#include "plugin/report.hpp"

namespace plugin {

/// What Prometheus knows a number by. The help is the same in every check: their files lie in one
/// directory.
struct SampleName {
  std::string name, help;
  /// Times become moments, which stay true while no new ones come: +1 where the number counts on to
  /// one, -1 where it counts from one, 0 where it is none.
  int moment = 0;
};
SampleName sample_name(const Metric& metric);

}  // namespace plugin
