// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <algorithm>

#include "judge/catalogue.hpp"
#include "plugin/options.hpp"

namespace plugin {
namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kIndent = 10;

/// `text` in lines of at most 80 columns, each indented.
std::string wrap(std::string_view text, std::size_t indent) {
  std::string lines;
  std::string line(indent, ' ');
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    if (line.size() > indent && line.size() + 1 + word.size() > kWidth) {
      lines += line + "\n";
      line.assign(indent, ' ');
    }
    if (line.size() > indent) line += ' ';
    line += word;
  }
  return lines + line + "\n";
}

/// "[COUNT]" and "[ADDRESS[@PORT]]", not "[SECTION][@FILE]": one pair of brackets around it all.
bool in_brackets(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    depth += text[i] == '[' ? 1 : text[i] == ']' ? -1 : 0;
    if (depth == 0) return i + 1 == text.size();
  }
  return false;
}

std::string heading(const OptionRow& row) {
  std::string text = row.letter != 0 ? std::string("  -") + row.letter + ", " : "      ";
  text += "--" + std::string(row.name);
  if (row.argument.empty()) return text + "\n";
  if (row.argument.front() == '[') {
    const auto inner =
        in_brackets(row.argument) ? row.argument.substr(1, row.argument.size() - 2) : row.argument;
    return text + "[=" + std::string(inner) + "]\n";
  }
  return text + "=" + std::string(row.argument) + "\n";
}

std::string describe(const OptionRow& row) {
  std::string text(row.sentence);
  if (!row.fallback.empty()) text += " Default: " + std::string(row.fallback) + ".";
  if (row.least < row.most && row.unit != Unit::duration) {
    text +=
        " From " + judge::plain_number(row.least) + " to " + judge::plain_number(row.most) + ".";
  }
  if (row.repeatable) text += " May be repeated.";
  return heading(row) + wrap(text, kIndent);
}

std::string options_text(const Binary& binary) {
  std::string text;
  std::string_view group;
  for (const OptionRow& row : option_table()) {
    if ((row.checks & binary.check) == 0) continue;
    if (row.group != group) text += "\n" + std::string(row.group) + ":\n";
    group = row.group;
    text += describe(row);
  }
  return text;
}

constexpr std::string_view kRanges = R"(
Ranges:
  RANGE is [@][START:]END; what lies outside START to END alerts, with @ what
  lies inside. START is 0 when not given, ~ for START is minus infinity, and an
  END left out after the colon is infinity. Times are in seconds or with units:
  90s, 15m, 12h, 7d, 2w, 1d12h.
      7d:      alerts below seven days: the usual form for time that is left
      7d       alerts ABOVE seven days (and below 0): rarely what is meant
      @1d:2d   alerts from one day to two days
)";

constexpr std::string_view kShares =
    R"(      20%:     alerts below a fifth of the signature's lifetime
)";

constexpr std::string_view kStates = R"(
Exit states:
  0 OK  1 WARNING  2 CRITICAL  3 UNKNOWN (could not look, or wrong usage).
  Of several findings CRITICAL counts before WARNING before UNKNOWN before OK.
  EMERGENCY in the text marks a CRITICAL that has already broken resolution.
  --help and --version exit 3, --list-findings and --explain exit 0.
)";

std::string resolver_examples(const std::string& name) {
  return "\nExamples:\n  " + name + " -z example.com --resolver 192.0.2.53\n  " + name +
         " -z example.com --resolver 9.9.9.9#dns.quad9.net\n  " + name +
         " -z example.com --resolver 192.0.2.53 \\\n      --canary-bogus www.dnssec-failed.org\n "
         " " +
         name + " --explain resolver-no-ad\n";
}

std::string examples(const Binary& binary) {
  const std::string name(binary.name);
  if (binary.check == judge::kResolvers) return resolver_examples(name);
  std::string text = "\nExamples:\n  " + name + " -z example.com\n  " + name;
  text += (binary.check & judge::kSigs) != 0
              ? " -z example.com -w 5d: -c 2d:\n  " + name +
                    " -z example.com --server 192.0.2.53@5353 -vv\n"
              : " -z example.com --expect insecure\n  " + name +
                    " -z example.com --forward 192.0.2.1 -t 20:critical\n";
  text += "  " + name + " -z example.com --at +3d   # still fine in three days?\n";
  text += "  " + name + " --explain deadline-reached\n";
  return text;
}

std::string checks_text(unsigned checks) {
  std::string text;
  for (const Binary* binary : all_binaries()) {
    if ((checks & binary->check) == 0) continue;
    if (!text.empty()) text += ", ";
    text += binary->name;
  }
  return text;
}

}  // namespace

std::string help_text(const Binary& binary) {
  const std::string name(binary.name);
  std::string text = version_text(binary) + "\n" + wrap(binary.question, 0);
  const bool resolvers = binary.check == judge::kResolvers;
  text +=
      "\nUsage: " + name + " -z ZONE " +
      (resolvers ? "--resolver ADDRESS... [OPTION]...\n" : "[-w RANGE] [-c RANGE] [OPTION]...\n");
  text += "       " + name + " --replay FILE [OPTION]...\n";
  text += options_text(binary);
  text += kRanges;
  if ((binary.check & judge::kSigs) != 0) text += kShares;
  text += kStates;
  text += examples(binary);
  return text;
}

std::string version_text(const Binary& binary) {
  return std::string(binary.name) + " " + CHECK_DNSSEC_VERSION;
}

std::string findings_text(const Binary& binary) {
  std::string text;
  for (const judge::FaultInfo& info : judge::catalogue()) {
    if ((info.checks & binary.check) == 0) continue;
    text += std::string(info.id) + "  " + std::string(judge::to_text(info.tier)) + "  " +
            std::string(info.sentence) + "\n";
  }
  return text;
}

std::string explain_text(const judge::FaultInfo& fault) {
  std::string text = std::string(fault.id) + " (" + std::string(judge::to_text(fault.tier)) + ")\n";
  text += wrap(fault.sentence, 2);
  text += "What to verify:\n" + wrap(fault.verify, 2);
  text += "What to do:\n" + wrap(fault.remedy, 2);
  text += "How to confirm:\n" + wrap(fault.confirm, 2);
  if (!fault.reference.empty()) text += "Reference: " + std::string(fault.reference) + "\n";
  text += "Reported by:\n" + wrap(checks_text(fault.checks), 2);
  return text;
}

}  // namespace plugin
