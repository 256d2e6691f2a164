// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// --output spool: check-result files, as Nagios reads them from its check_result_path.
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "dns/escape.hpp"
#include "plugin/open_file.hpp"
#include "plugin/passive.hpp"
#include "plugin/stream.hpp"
#include "plugin/stream_sink.hpp"

namespace plugin {
namespace {

/// Results in one file: Nagios opens, reads and deletes each.
constexpr std::size_t kMostResults = 100;

/// As the value of output=.
std::string spool_text(std::string_view text) {
  std::string value;
  for (const char octet : text) {
    if (octet == '\n') {
      value += "\\n";
    } else if (octet == '\\') {
      value += "\\\\";
    } else {
      value += octet;
    }
  }
  return value;
}

/// As the value of host_name= or service_description=, where only the line's end is told otherwise:
/// after a backslash Nagios goes on reading in the next line, of two it keeps one.
std::string spool_name(const std::string& name) {
  return name + (!name.empty() && name.back() == '\\' ? "\\" : "");
}

/// Seconds and microseconds, the latter without leading zeroes: Nagios would read an octal number.
std::string spool_time(double moment) {
  const double seconds = std::floor(moment);
  const auto micro = static_cast<std::int64_t>((moment - seconds) * 1e6);
  return std::to_string(static_cast<std::int64_t>(seconds)) + "." + std::to_string(micro);
}

std::string spool_entry(const PassiveNames& names, State state, const PassiveText& text,
                        double began, dns::UnixTime ended) {
  std::string output = text.first;
  if (!text.numbers.empty()) output += "|" + text.numbers;
  if (!text.more.empty()) output += "\n" + text.more;
  return "\nhost_name=" + spool_name(names.host) +
         "\nservice_description=" + spool_name(names.service) +
         "\ncheck_type=1\ncheck_options=0\nscheduled_check=0\nreschedule_check=0\nlatency=0.0" +
         "\nstart_time=" + spool_time(began) +
         "\nfinish_time=" + spool_time(static_cast<double>(ended)) +
         "\nearly_timeout=0\nexited_ok=1\nreturn_code=" + std::to_string(static_cast<int>(state)) +
         "\noutput=" + spool_text(output) + "\n";
}

bool write_whole(int number, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(number, text.data(), text.size());
    if (count > 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
    } else if (count == 0 || errno != EINTR) {
      return false;
    }
  }
  return true;
}

/// A file that is complete, and only then the empty one beside it that lets Nagios read it.
bool spool_file(const std::string& directory, std::string_view text) {
  std::string path = directory + "/cXXXXXX";  // seven letters that begin with a c
  OpenFile file(::mkostemp(path.data(), O_CLOEXEC));
  if (!file.is_open()) return false;
  const std::string ready = path + ".ok";
  if (write_whole(file.number(), text) && file.close()) {
    OpenFile mark(::open(ready.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (mark.is_open()) return true;
  }
  const int problem = errno;
  ::unlink(path.c_str());
  errno = problem;
  return false;
}

class SpoolStream final : public ReportStream {
 public:
  SpoolStream(const Binary& binary, const Options& options, Writer out)
      : binary_(binary), options_(options), sink_(std::move(out), options) {}

  void add(const Report& report, dns::UnixTime checked_at) override {
    totals_.add(report);
    if (pending_.empty()) {
      pending_ = "### Passive Check Result File ###\n# " + std::string(binary_.name) +
                 "\nfile_time=" + std::to_string(checked_at) + "\n";
    }
    pending_ += spool_entry(passive_names(binary_, options_, report.zone), state_of(report),
                            passive_text(binary_, options_, report), began_at(report, checked_at),
                            checked_at);
    if (++count_ == kMostResults) flush();
  }

  dns::Result<State> finish() override {
    flush();
    if (!problem_.empty()) {
      return dns::Error{"cannot write check results into " +
                        dns::escape_line(options_.spool_dir.value_or("")) + ": " + problem_ +
                        "; results were lost"};
    }
    sink_.write(handed_over(binary_, totals_, dns::escape_line(options_.spool_dir.value_or(""))));
    return sink_.end(handed_state(totals_));
  }

 private:
  void flush() {
    if (count_ > 0 && problem_.empty() && !spool_file(*options_.spool_dir, pending_)) {
      problem_ = std::generic_category().message(errno);
    }
    pending_.clear();
    count_ = 0;
  }

  const Binary& binary_;
  Options options_;
  StreamSink sink_;
  Totals totals_;
  std::string pending_, problem_;
  std::size_t count_ = 0;  // results in pending_
};

std::string spool_problem(const Options& options) {
  if (!options.spool_dir) {
    return "--output spool needs --spool-dir DIR: the check_result_path of Nagios' configuration";
  }
  const std::string where =
      "the directory of check results " + dns::escape_line(*options.spool_dir);
  struct stat found {};
  if (::stat(options.spool_dir->c_str(), &found) != 0) {
    return where + ": " + std::generic_category().message(errno);
  }
  if (!S_ISDIR(found.st_mode)) return where + " is no directory";
  if (::access(options.spool_dir->c_str(), W_OK | X_OK) != 0) {
    return where + ": " + std::generic_category().message(errno) + "; run this as Nagios' user";
  }
  return {};
}

}  // namespace

dns::Result<std::unique_ptr<ReportStream>> make_spool_stream(const Binary& binary,
                                                             const Options& options, Writer out) {
  if (std::string problem = spool_problem(options); !problem.empty()) {
    return dns::Error{std::move(problem)};
  }
  return std::unique_ptr<ReportStream>(
      std::make_unique<SpoolStream>(binary, options, std::move(out)));
}

}  // namespace plugin
