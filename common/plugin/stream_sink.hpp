// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <string>
#include <string_view>

#include "plugin/stream.hpp"

namespace plugin {

/// Where a stream's text goes. What was lost once stays lost: nothing more is written, so that no
/// reader takes the rest for the whole.
class StreamSink {
 public:
  StreamSink(Writer out, const Options& options);

  void write(std::string_view text);
  [[nodiscard]] bool lost() const { return lost_; }
  /// `state`, or what is to be said of a text that was lost.
  [[nodiscard]] dns::Result<State> end(State state) const;

 private:
  Writer out_;
  std::string where_;
  bool lost_ = false;
};

}  // namespace plugin
