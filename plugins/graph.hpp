// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <chrono>
#include <string>

#include "dns/result.hpp"

namespace plugins {

/// Writes a graph in Graphviz's language to a file, by rename. A file whose name ends in .svg or
/// .png is drawn by Graphviz's dot, which may take until `deadline`. Gives a note why it was not
/// drawn, or an empty one; an error when the file cannot be written.
dns::Result<std::string> write_graph(const std::string& file, const std::string& graph,
                                     std::chrono::steady_clock::time_point deadline);

/// Whether that takes another program.
bool drawn_by_program(const std::string& file);

}  // namespace plugins
