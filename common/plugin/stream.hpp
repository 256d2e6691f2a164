// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "dns/result.hpp"
#include "dns/serial_time.hpp"
#include "plugin/report.hpp"

namespace plugin {

/// Takes the output's bytes, in order; false when they are lost.
using Writer = std::function<bool(std::string_view)>;

/// The output of a run, made while its zones come in, in memory that does not grow with their
/// number.
class ReportStream {
 public:
  virtual ~ReportStream() = default;
  ReportStream() = default;
  ReportStream(const ReportStream&) = delete;
  ReportStream& operator=(const ReportStream&) = delete;

  /// One zone, as soon as it is judged. `checked_at`: when that was, for receivers that keep it.
  virtual void add(const Report& report, dns::UnixTime checked_at) = 0;
  /// Nothing more comes: what is said at the end. The process's exit state: that of the worst zone
  /// (no zone at all: UNKNOWN), but OK for outputs that hand results to somebody who judges them
  /// (passive, spool, icinga_api, openmetrics, zabbix). An error, in words for one line, says what
  /// could not be delivered, where and what to do.
  virtual dns::Result<State> finish() = 0;
};

/// `out`: standard output, or what gathers --output-file. Formats with a file or directory of their
/// own (--command-file, --spool-dir) write there and leave `out` alone but for finish(), which may
/// say a line. An error: that file or directory cannot be used.
dns::Result<std::unique_ptr<ReportStream>> make_stream(const Binary& binary, const Options& options,
                                                       Writer out);

/// One of them each; see make_stream().
std::unique_ptr<ReportStream> make_text_stream(const Binary& binary, const Options& options,
                                               Writer out);
std::unique_ptr<ReportStream> make_json_stream(const Binary& binary, const Options& options,
                                               Writer out);
std::unique_ptr<ReportStream> make_jsonl_stream(const Binary& binary, const Options& options,
                                                Writer out);
dns::Result<std::unique_ptr<ReportStream>> make_passive_stream(const Binary& binary,
                                                               const Options& options, Writer out);
dns::Result<std::unique_ptr<ReportStream>> make_spool_stream(const Binary& binary,
                                                             const Options& options, Writer out);
std::unique_ptr<ReportStream> make_icinga_api_stream(const Binary& binary, const Options& options,
                                                     Writer out);
std::unique_ptr<ReportStream> make_openmetrics_stream(const Binary& binary, const Options& options,
                                                      Writer out);
std::unique_ptr<ReportStream> make_zabbix_stream(const Binary& binary, const Options& options,
                                                 Writer out);

}  // namespace plugin
