// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// --output json and jsonl: written while the zones come in.
#include <optional>
#include <utility>

#include "plugin/json_report.hpp"
#include "plugin/perfdata.hpp"
#include "plugin/stream.hpp"
#include "plugin/stream_sink.hpp"
#include "plugin/totals.hpp"

namespace plugin {
namespace {

/// As a member of a list that is a member of the document. A newline within a text is written \n,
/// so those that are there part lines.
std::string indented(const std::string& pages) {
  std::string text = "\n    ";
  for (const char octet : pages) {
    text += octet;
    if (octet == '\n') text += "    ";
  }
  return text;
}

/// One document: {"plugin", "version", "zones": [...], then what is known at the end}. A single
/// zone that no file named has the document of one zone, whose first report is held back until
/// then.
class JsonStream final : public ReportStream {
 public:
  JsonStream(const Binary& binary, const Options& options, Writer out)
      : binary_(binary), options_(options), sink_(std::move(out), options) {}

  void add(const Report& report, dns::UnixTime /*checked_at*/) override {
    totals_.add(report);
    if (!listing_ && !held_ && !options_.zones_file) {
      held_ = report;
      return;
    }
    if (!listing_) begin();
    list(report);
  }

  dns::Result<State> finish() override {
    if (!listing_ && held_) {
      sink_.write(render_json(binary_, options_, {*held_}));
      return sink_.end(totals_.state());
    }
    if (!listing_) begin();
    sink_.write(empty_ ? "]," : "\n  ],");
    ReportJson end;
    end["state"] = to_text(totals_.state());
    end["exit_status"] = static_cast<int>(totals_.state());
    end["summary"] = totals_.words();
    end["metrics"] = metrics_json(metrics_of(totals_));
    sink_.write(json_pages(end).substr(1) + "\n");  // the brace is open already
    return sink_.end(totals_.state());
  }

 private:
  void begin() {
    listing_ = true;
    std::string head = json_pages(json_head(binary_));
    head.resize(head.size() - 2);  // "\n}"
    sink_.write(head + ",\n  \"zones\": [");
    if (held_) list(*held_);
    held_.reset();
  }

  void list(const Report& report) {
    ReportJson zone;
    add_report(report, options_.verbose, zone);
    sink_.write((empty_ ? "" : ",") + indented(json_pages(zone)));
    empty_ = false;
  }

  const Binary& binary_;
  Options options_;
  StreamSink sink_;
  Totals totals_;
  std::optional<Report> held_;
  bool listing_ = false, empty_ = true;
};

class JsonLinesStream final : public ReportStream {
 public:
  JsonLinesStream(const Binary& binary, const Options& options, Writer out)
      : binary_(binary), options_(options), sink_(std::move(out), options) {}

  void add(const Report& report, dns::UnixTime /*checked_at*/) override {
    totals_.add(report);
    sink_.write(json_line(report_document(binary_, options_, report)) + "\n");
  }

  dns::Result<State> finish() override { return sink_.end(totals_.state()); }

 private:
  const Binary& binary_;
  Options options_;
  StreamSink sink_;
  Totals totals_;
};

}  // namespace

std::unique_ptr<ReportStream> make_json_stream(const Binary& binary, const Options& options,
                                               Writer out) {
  return std::make_unique<JsonStream>(binary, options, std::move(out));
}

std::unique_ptr<ReportStream> make_jsonl_stream(const Binary& binary, const Options& options,
                                                Writer out) {
  return std::make_unique<JsonLinesStream>(binary, options, std::move(out));
}

}  // namespace plugin
