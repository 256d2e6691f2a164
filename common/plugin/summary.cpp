// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/summary.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "dns/text.hpp"
#include "plugin/totals.hpp"

namespace plugin {
namespace {

/// Characters that are not seen themselves and change how the others are: marks and overrides of
/// the direction of writing, separators of lines and paragraphs, joiners, tags. What a stranger
/// wrote between them could read as something else.
bool is_invisible(std::uint32_t code) {
  struct Span {
    std::uint32_t first;
    std::uint32_t last;
  };
  constexpr std::array kSpans{Span{0xad, 0xad},     Span{0x61c, 0x61c},   Span{0x180e, 0x180e},
                              Span{0x200b, 0x200f}, Span{0x2028, 0x202e}, Span{0x2060, 0x206f},
                              Span{0xfeff, 0xfeff}, Span{0xfff9, 0xfffb}, Span{0xe0000, 0xe0fff}};
  return std::any_of(kSpans.begin(), kSpans.end(),
                     [code](const Span& span) { return span.first <= code && code <= span.last; });
}

/// How many octets the character beyond ASCII has that `text` begins with; 0 where there is none
/// (RFC 3629), for C1 controls, which terminals obey like the sequences of ESC, and for what is not
/// seen.
std::size_t wide_character(std::string_view text) {
  constexpr std::array<std::uint32_t, 5> kLeast{0, 0, 0xa0, 0x800, 0x10000};  // by octets
  const auto octet = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::size_t size = octet(0) >= 0xf0 ? 4 : octet(0) >= 0xe0 ? 3 : 2;
  if (octet(0) < 0xc2 || octet(0) > 0xf4 || text.size() < size) return 0;
  std::uint32_t code = octet(0) & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((octet(i) & 0xc0U) != 0x80U) return 0;
    code = code << 6U | (octet(i) & 0x3fU);
  }
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  const bool is_character = code >= kLeast.at(size) && code <= 0x10ffff && !surrogate;
  return is_character && !is_invisible(code) ? size : 0;
}

}  // namespace

const judge::Finding* worst_finding(const Report& report) {
  const judge::Finding* worst = nullptr;
  for (const judge::Finding& finding : report.findings) {
    if (worst == nullptr || finding.tier > worst->tier) worst = &finding;
  }
  return worst;
}

judge::Tier worst_tier(const Report& report) {
  const judge::Finding* worst = worst_finding(report);
  return worst == nullptr ? judge::Tier::mute : worst->tier;
}

State state_of(const Report& report) {
  const State state = state_of(worst_tier(report));
  return state == State::ok && report.ok_summary.empty() ? State::unknown : state;
}

State state_of(const std::vector<Report>& reports) {
  if (reports.empty()) return State::unknown;  // nothing looked at is not fine
  State state = State::ok;
  for (const Report& report : reports) state = worse(state, state_of(report));
  return state;
}

std::vector<const Report*> worst_first(const std::vector<Report>& reports) {
  std::vector<const Report*> sorted;
  sorted.reserve(reports.size());
  for (const Report& report : reports) sorted.push_back(&report);
  std::stable_sort(sorted.begin(), sorted.end(), [](const Report* left, const Report* right) {
    const State left_state = state_of(*left);
    const State right_state = state_of(*right);
    if (left_state != right_state) return worse(left_state, right_state) == left_state;
    return worst_tier(*left) > worst_tier(*right);
  });
  return sorted;
}

namespace {

std::string summary_of_findings(const Report& report) {
  const std::string zone = report.zone.to_display();
  const judge::Finding* worst = worst_finding(report);
  if (worst == nullptr || state_of(worst->tier) == State::ok) {
    if (report.ok_summary.empty()) return zone + ": nothing was looked at";
    return zone + " " + one_line(report.ok_summary);
  }
  const auto others = std::count_if(report.findings.begin(), report.findings.end(),
                                    [&](const judge::Finding& finding) {
                                      return &finding != worst && finding.tier > judge::Tier::info;
                                    });
  std::string text =
      zone + ": " + one_line(worst->text) + " [" + std::string(judge::info(worst->fault).id) + "]";
  if (others > 0) text += ", and " + std::to_string(others) + " more";
  return text;
}

}  // namespace

std::string summary_of(const Report& report) {
  return (report.trouble.empty() ? "" : one_line(report.trouble) + "; but for that: ") +
         summary_of_findings(report);
}

std::string first_words(const Report& report) {
  return (worst_tier(report) == judge::Tier::emergency ? "EMERGENCY: " : "") + summary_of(report);
}

std::string first_words(const std::vector<Report>& reports) {
  Totals totals;
  for (const Report& report : reports) totals.add(report);
  return totals.words();
}

std::string one_line(std::string_view text, std::size_t most) {
  std::string line;
  for (std::size_t i = 0; i < text.size();) {
    const auto code = static_cast<std::uint8_t>(text[i]);
    const bool plain = code >= 32 && code < 127 && text[i] != '|';
    const std::size_t size = plain ? 1 : wide_character(text.substr(i));
    line += text.substr(i, size);
    if (size == 0) dns::append_escape(line, code);
    i += std::max<std::size_t>(size, 1);
  }
  if (line.size() <= most) return line;
  std::size_t end = most < 3 ? 0 : most - 3;
  // Not inside a character of UTF-8, whose later octets are 10xxxxxx.
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
  return line.substr(0, end) + "...";
}

}  // namespace plugin
