// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// --output openmetrics: for node_exporter's textfile collector. The format wants all samples of a
// family together, so nothing is written before the last zone. Until then each family's samples
// wait: the first 64 KiB in memory, what is more in a temporary file without a name, so that memory
// does not grow with the number of zones.
#include <array>
#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "plugin/openmetrics_names.hpp"
#include "plugin/passive.hpp"
#include "plugin/perfdata.hpp"
#include "plugin/stream.hpp"
#include "plugin/stream_sink.hpp"
#include "plugin/summary.hpp"

namespace plugin {
namespace {

constexpr std::size_t kMostWaiting = 65536;

struct CloseTemporary {
  void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
};

/// Samples of one family, in their order.
class WaitingSamples {
 public:
  /// False when there is no room for them.
  bool add(std::string_view line) {
    waiting_ += line;
    return waiting_.size() < kMostWaiting || spill();
  }
  bool copy_to(StreamSink& sink) {
    if (file_ != nullptr && !copy_file(sink)) return false;
    sink.write(waiting_);
    return true;
  }

 private:
  bool spill() {
    if (file_ == nullptr) file_.reset(std::tmpfile());
    if (file_ == nullptr) return false;
    const bool done =
        std::fwrite(waiting_.data(), 1, waiting_.size(), file_.get()) == waiting_.size();
    waiting_.clear();
    return done;
  }
  bool copy_file(StreamSink& sink) {
    if (std::fflush(file_.get()) != 0 || std::fseek(file_.get(), 0, SEEK_SET) != 0) return false;
    std::array<char, 16384> part{};
    for (;;) {
      const std::size_t count = std::fread(part.data(), 1, part.size(), file_.get());
      if (count == 0) return std::ferror(file_.get()) == 0;
      sink.write({part.data(), count});
    }
  }

  std::string waiting_;
  std::unique_ptr<std::FILE, CloseTemporary> file_;
};

struct SampleFamily {
  SampleName name;
  WaitingSamples samples;
  std::size_t last_zone = 0;  // the number of the zone that was added last
};

/// As the value of a label: a zone's name is ASCII without control octets.
std::string label_value(const std::string& text) {
  std::string value;
  for (const char octet : text) {
    if (octet == '\\' || octet == '"') value += '\\';
    value += octet;
  }
  return value;
}

class OpenMetricsStream final : public ReportStream {
 public:
  OpenMetricsStream(const Binary& binary, const Options& options, Writer out)
      : binary_(binary), sink_(std::move(out), options) {}

  void add(const Report& report, dns::UnixTime checked_at) override {
    totals_.add(report);
    labels_ = "{zone=\"" + label_value(report.zone.to_display()) + "\",check=\"" +
              std::string(check_name(binary_)) + "\"} ";
    add_sample(
        {"dnssec_check_state", "State of the check: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN."},
        static_cast<int>(state_of(report)));
    add_sample({"dnssec_last_check_timestamp_seconds", "When the zone was checked last."},
               static_cast<double>(checked_at));
    const auto now = static_cast<double>(report.judged_at.value_or(checked_at));
    for (const Metric& metric : metrics_of(report)) {
      const SampleName name = sample_name(metric);
      add_sample(name, name.moment == 0 ? metric.value : now + name.moment * metric.value);
    }
  }

  dns::Result<State> finish() override {
    for (SampleFamily& family : families_) {
      sink_.write("# HELP " + family.name.name + " " + family.name.help + "\n# TYPE " +
                  family.name.name + " gauge\n");
      if (!family.samples.copy_to(sink_)) no_room_ = true;
    }
    if (no_room_) {
      return dns::Error{
          "cannot keep the metrics of so many zones in a temporary file: make room "
          "in /tmp"};
    }
    sink_.write("# EOF\n");
    return sink_.end(handed_state(totals_));
  }

 private:
  SampleFamily& family(const SampleName& name) {
    for (SampleFamily& known : families_) {
      if (known.name.name == name.name) return known;
    }
    families_.push_back({name, {}, 0});
    return families_.back();
  }

  /// One sample a family and zone.
  void add_sample(const SampleName& name, double value) {
    SampleFamily& into = family(name);
    if (into.last_zone == totals_.zones()) return;
    into.last_zone = totals_.zones();
    if (!into.samples.add(name.name + labels_ + judge::plain_number(value) + "\n")) no_room_ = true;
  }

  const Binary& binary_;
  StreamSink sink_;
  Totals totals_;
  std::string labels_;
  std::vector<SampleFamily> families_;
  bool no_room_ = false;
};

}  // namespace

std::unique_ptr<ReportStream> make_openmetrics_stream(const Binary& binary, const Options& options,
                                                      Writer out) {
  return std::make_unique<OpenMetricsStream>(binary, options, std::move(out));
}

}  // namespace plugin
