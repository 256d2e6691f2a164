// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/stream_sink.hpp"

#include <utility>

#include "dns/escape.hpp"

namespace plugin {

StreamSink::StreamSink(Writer out, const Options& options)
    : out_(std::move(out)),
      where_(options.output_file ? dns::escape_line(*options.output_file) : "standard output") {}

void StreamSink::write(std::string_view text) {
  if (!lost_) lost_ = !out_(text);
}

dns::Result<State> StreamSink::end(State state) const {
  if (!lost_) return state;
  return dns::Error{"cannot write all of the output to " + where_ +
                    ": its disk is full, or its reader has gone away"};
}

}  // namespace plugin
