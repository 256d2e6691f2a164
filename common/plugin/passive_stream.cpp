// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// --output passive: external commands of Nagios and Icinga, one a zone.
#include <optional>
#include <utility>
#include <vector>

#include "plugin/command_file.hpp"
#include "plugin/passive.hpp"
#include "plugin/stream.hpp"
#include "plugin/stream_sink.hpp"
#include "plugin/summary.hpp"

namespace plugin {
namespace {

/// Lines of other writers do not come in between up to PIPE_BUF octets.
constexpr std::size_t kMostCommand = 4096;
constexpr std::size_t kLeastFirst =
    40;  // octets of the first line that a command must have room for

/// A command's last field. Receivers take \n for a newline; Nagios takes \\ for a backslash, and
/// Icinga 2 does not. So a backslash that either could take for the beginning of such is written
/// \092, as it is wherever it comes from the zone.
std::string command_text(std::string_view text) {
  std::string field;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\n';
    if (text[i] == '\n') {
      field += "\\n";
    } else if (text[i] == '\\' && (next == 'n' || next == '\\' || next == '\n')) {
      field += "\\092";
    } else {
      field += text[i];
    }
  }
  return field;
}

std::vector<std::string> more_lines(const std::string& more) {
  std::vector<std::string> lines;
  for (std::size_t start = 0; start < more.size();) {
    const std::size_t end = std::min(more.find('\n', start), more.size());
    lines.push_back(more.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

/// First line and performance data within `most` octets; the data goes where it leaves no words.
std::string first_field(const PassiveText& text, std::size_t most) {
  std::string numbers = text.numbers.empty() ? "" : "|" + text.numbers;
  if (numbers.size() + kLeastFirst > most) numbers.clear();
  std::string first = command_text(text.first);
  for (std::size_t room = most - numbers.size(); first.size() > most - numbers.size();) {
    room -= std::min(room, first.size() - (most - numbers.size()));
    first = command_text(one_line(text.first, room));
  }
  return first + numbers;
}

/// All of it within `most` octets: of the long output as many lines as fit.
std::string result_field(const PassiveText& text, std::size_t most) {
  constexpr std::size_t kRemark = 60;
  std::string field = first_field(text, most);
  const std::vector<std::string> lines = more_lines(text.more);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string line = "\\n" + command_text(lines[i]);
    const std::size_t reserve = i + 1 == lines.size() ? 0 : kRemark;
    if (field.size() + line.size() + reserve <= most) {
      field += line;
      continue;
    }
    const std::string remark = "\\n[INFO] " + std::to_string(lines.size() - i) +
                               " more lines left out: a command is short";
    if (field.size() + remark.size() <= most) field += remark;
    break;
  }
  return field;
}

/// Nothing where the names alone fill the command.
std::optional<std::string> external_command(const PassiveNames& names, State state,
                                            const PassiveText& text, dns::UnixTime checked_at) {
  std::string command = "[" + std::to_string(checked_at) + "] PROCESS_SERVICE_CHECK_RESULT;" +
                        names.host + ";" + names.service + ";" +
                        std::to_string(static_cast<int>(state)) + ";";
  if (command.size() + kLeastFirst + 1 > kMostCommand) return std::nullopt;
  command += result_field(text, kMostCommand - 1 - command.size());
  return command + "\n";
}

class PassiveStream final : public ReportStream {
 public:
  PassiveStream(const Binary& binary, const Options& options, Writer out,
                std::optional<CommandFile> file)
      : binary_(binary),
        options_(options),
        sink_(std::move(out), options),
        file_(std::move(file)) {}

  void add(const Report& report, dns::UnixTime checked_at) override {
    totals_.add(report);
    const auto command =
        external_command(passive_names(binary_, options_, report.zone), state_of(report),
                         passive_text(binary_, options_, report), checked_at);
    if (!command) {
      too_long_ = report.zone.to_display();
    } else if (file_) {
      file_->write(*command);
    } else {
      sink_.write(*command);
    }
  }

  dns::Result<State> finish() override {
    if (file_) {
      if (const auto& problem = file_->problem()) return *problem;
    }
    if (!too_long_.empty()) {
      return dns::Error{"the names of " + too_long_ +
                        "'s host and service leave no room in a command of 4096 octets: choose "
                        "shorter --host-template and --service-template"};
    }
    if (file_) sink_.write(handed_over(binary_, totals_, file_->path()));
    return sink_.end(handed_state(totals_));
  }

 private:
  const Binary& binary_;
  Options options_;
  StreamSink sink_;
  std::optional<CommandFile> file_;
  Totals totals_;
  std::string too_long_;  // a zone
};

}  // namespace

dns::Result<std::unique_ptr<ReportStream>> make_passive_stream(const Binary& binary,
                                                               const Options& options, Writer out) {
  std::optional<CommandFile> file;
  if (options.command_file) {
    auto opened = CommandFile::open(*options.command_file);
    if (!opened) return opened.error();
    file = *std::move(opened);
  }
  return std::unique_ptr<ReportStream>(
      std::make_unique<PassiveStream>(binary, options, std::move(out), std::move(file)));
}

}  // namespace plugin
