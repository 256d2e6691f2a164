// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <optional>
#include <utility>

#include "plugin/perfdata.hpp"
#include "plugin/stream.hpp"
#include "plugin/summary.hpp"
#include "plugin/tally.hpp"
#include "plugin/text_lines.hpp"

namespace plugin {
namespace {

/// One service for many zones. A run over one zone reads as such.
class TextStream final : public ReportStream {
 public:
  TextStream(const Binary& binary, const Options& options, Writer out)
      : binary_(binary), options_(options), out_(std::move(out)), tally_(options) {}

  void add(const Report& report, dns::UnixTime /*checked_at*/) override {
    only_.reset();
    if (tally_.zones() == 0) only_ = report;
    tally_.add(report);
  }

  dns::Result<State> finish() override {
    const std::string text = only_ ? text_of(binary_, state_of(*only_), first_words(*only_),
                                             metrics_of(*only_), long_lines(*only_, options_))
                                   : text_of(binary_, tally_.state(), tally_.first_words(),
                                             tally_.metrics(), tally_.lines());
    if (!out_(text)) return dns::Error{"the report could not be written"};
    return tally_.state();
  }

 private:
  const Binary& binary_;
  const Options& options_;
  Writer out_;
  Tally tally_;
  std::optional<Report> only_;
};

}  // namespace

std::unique_ptr<ReportStream> make_text_stream(const Binary& binary, const Options& options,
                                               Writer out) {
  return std::make_unique<TextStream>(binary, options, std::move(out));
}

}  // namespace plugin
