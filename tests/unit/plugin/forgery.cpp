// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The output cannot be forged: whatever bytes a report was made of, Nagios and Icinga read out of
// it what was put in, and nothing else.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "consumers.hpp"
#include "plugin/summary.hpp"

namespace {

using judge::Tier;
using plugin::Report;
using test::Chance;
using test::require;

constexpr std::size_t kMostOutput = 8191;

Tier worst_put_in(const Report& report) {
  Tier worst = Tier::mute;
  for (const auto& finding : report.findings) worst = std::max(worst, finding.tier);
  return worst;
}

int state_put_in(const Report& report) {
  const Tier worst = worst_put_in(report);
  if (worst >= Tier::critical) return 2;
  if (worst == Tier::warning) return 1;
  return worst == Tier::unknown || report.ok_summary.empty() ? 3 : 0;
}

std::string state_word(int state) {
  static constexpr std::array kWords{"OK", "WARNING", "CRITICAL", "UNKNOWN"};
  return kWords.at(static_cast<std::size_t>(state));
}

/// The labels as they may be printed, each once, with those numbers that can be.
test::Items items_put_in(const Report& report) {
  test::Items items;
  const auto add = [&](std::string label, double value, std::string unit) {
    for (char& octet : label) {
      if (octet >= 'A' && octet <= 'Z') octet = static_cast<char>(octet + 32);
      const bool fine = (octet >= 'a' && octet <= 'z') || (octet >= '0' && octet <= '9');
      if (!fine) octet = '_';
    }
    if (label.empty() || !(std::abs(value) <= 1e15)) return;
    if (unit != "s" && unit != "B" && unit != "%" && unit != "c") unit.clear();
    items.emplace(std::move(label), test::Item{std::round(value * 1e6) / 1e6, std::move(unit)});
  };
  for (const auto& metric : report.metrics) {
    if (metric.label != "tier") add(metric.label, metric.value, std::string(metric.unit));
  }
  static constexpr std::array kNumbers{0, 1, 0, 2, 3, 4};  // by Tier
  if (state_put_in(report) != 3)
    add("tier", kNumbers.at(static_cast<std::size_t>(worst_put_in(report))), "");
  return items;
}

/// Blanks at the end of a line are nobody's.
std::string first_put_in(const Report& report) {
  std::string first =
      "DNSSEC SIGS " + state_word(state_put_in(report)) + " - " + plugin::first_words(report);
  first.erase(first.find_last_not_of(' ') + 1);
  return first;
}

/// What a line of the long output begins with, and what of it came from outside.
struct Expected {
  std::string begin, foreign;
};

std::vector<Expected> lines_put_in(const Report& report, int verbose, bool terminal) {
  std::vector<Expected> lines;
  auto findings = report.findings;
  std::stable_sort(findings.begin(), findings.end(),
                   [](const auto& left, const auto& right) { return left.tier > right.tier; });
  for (const auto& one : findings) {
    if (one.tier == Tier::mute) continue;
    lines.push_back({"[" + std::string(judge::to_text(one.tier)) + "] " +
                         std::string(judge::info(one.fault).id) + ": ",
                     one.text});
    if (verbose >= 1 && one.moment) lines.push_back({"    time: 2026-1", ""});
    if (verbose >= 1 && !one.servers.empty()) lines.push_back({"    servers: ", one.servers[0]});
    const bool many = one.count.value_or(0) > 1 && one.tier != Tier::info;
    if (!one.rrsets.empty() && (verbose >= 1 || many)) {
      lines.push_back({one.count ? "    " : "    RRsets: ", one.rrsets[0]});
    }
    if (verbose >= 1 && !one.detail.empty()) lines.push_back({"    detail: ", one.detail});
    if (verbose >= 1 && !judge::info(one.fault).reference.empty())
      lines.push_back({"    see: ", ""});
  }
  if (report.forecast) lines.push_back({"[INFO] forecast: 2026-12-01T00:01Z ", ""});
  for (const auto& note : report.notes) lines.push_back({"[INFO] ", note});
  if (verbose < 1) return lines;
  if (terminal && report.picture) return lines;  // what is drawn is another test's matter
  for (const auto* list : {&report.chain, &report.details}) {
    for (const auto& line : *list) lines.push_back({"", line});
  }
  for (const auto& server : report.servers) lines.push_back({"server ", server.name});
  for (std::size_t i = 0; i < report.keys.size(); ++i) lines.push_back({"key 1: algorithm 13", ""});
  if (report.judged_at) lines.push_back({"judged as of 2026-12-01T00:00:00Z", ""});
  if (verbose < 2) return lines;
  for (const auto& line : report.debug) lines.push_back({"", line});
  return lines;
}

/// A line of ours, as it was put in where that was escaped.
void require_line(const std::string& line, const Expected& expected, bool escaped) {
  require(line.rfind(expected.begin, 0) == 0, "not " + expected.begin + ": " + line);
  if (!escaped) return;
  const std::string rest = line.substr(expected.begin.size());
  const bool cut = line.size() >= 1000;
  require(cut || rest.rfind(expected.foreign, 0) == 0, "not " + expected.foreign + ": " + line);
}

void require_output(const test::PluginOutput& output, const Report& report,
                    const std::vector<Expected>& expected, bool escaped) {
  require(output.first == first_put_in(report), "first line " + output.first);
  require(output.items == items_put_in(report), "performance data");
  std::size_t shown = output.lines.size();
  if (shown > 0 && output.lines.back().find(" more lines left out") != std::string::npos) {
    --shown;
    const std::string left = "[INFO] " + std::to_string(expected.size() - shown) + " more lines";
    require(output.lines.back().rfind(left, 0) == 0, "miscounted: " + output.lines.back());
  } else {
    require(shown == expected.size(),
            std::to_string(shown) + " lines, not " + std::to_string(expected.size()));
  }
  for (std::size_t i = 0; i < shown; ++i) require_line(output.lines[i], expected[i], escaped);
}

void require_text(const Report& report, bool escaped) {
  plugin::Options options;
  for (options.verbose = 0; options.verbose <= 3; ++options.verbose) {
    const std::string text = plugin::render(plugin::kSigsBinary, options, {report});
    require(text.size() <= kMostOutput, "a text of " + std::to_string(text.size()) + " octets");
    require(text.back() == '\n', "no end");
    if (escaped) {
      require(std::all_of(text.begin(), text.end(), [](char octet) { return octet < 127; }),
              "an octet above ASCII");
    }
    require_output(test::nagios_output(text), report, lines_put_in(report, options.verbose, false),
                   escaped);
  }
}

std::string written(plugin::Output output, const std::vector<Report>& reports,
                    plugin::Options options = {}) {
  test::Paper paper;
  options.output = output;
  auto stream = plugin::make_stream(plugin::kSigsBinary, options, paper.writer());
  require(stream.ok(), "no stream");
  for (const Report& report : reports) stream.value()->add(report, test::kNow);
  require(stream.value()->finish().ok(), "not delivered");
  return paper.text;
}

/// What is allowed on the command line, and what is not.
std::string template_from(Chance& chance) {
  std::string text;
  for (const char octet :
       chance.bytes().substr(0, 60) + "{zone}" + (chance.once_in(2) ? "\\" : "")) {
    if (octet != '\0') text += octet;  // no argument holds one
  }
  return text;
}

std::string name_put_in(std::string text, const Report& report) {
  const std::string mark = "{zone}";
  const std::string zone = report.zone.to_display();
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + zone.size())) {
    text.replace(at, mark.size(), zone);
  }
  std::string name;
  for (const char octet : text) {
    const auto code = static_cast<unsigned char>(octet);
    const bool unsafe = code < 32 || code == 127 || octet == ';' || octet == '|';
    const std::string number = std::to_string(1000U + code);
    name += unsafe ? "\\" + number.substr(1) : std::string(1, octet);
  }
  return name;
}

void require_command(const Report& report, bool escaped, Chance& chance) {
  plugin::Options options;
  options.verbose = static_cast<int>(chance.below(4));
  options.host_template = template_from(chance);
  const auto command = test::service_command(written(plugin::Output::passive, {report}, options));
  require(command.host == name_put_in(*options.host_template, report), "host " + command.host);
  require(command.service == "dnssec-sigs", "service " + command.service);
  require(command.code == std::to_string(state_put_in(report)), "state " + command.code);
  auto output = test::nagios_output(command.output);
  if (escaped && output.first.find("...") == std::string::npos) {
    require_output(output, report, lines_put_in(report, options.verbose, false), true);
  } else {
    require(output.first.rfind("DNSSEC SIGS " + state_word(state_put_in(report)) + " - ", 0) == 0,
            "first line " + output.first);
    require(output.items == items_put_in(report), "performance data");
  }
}

void require_api_body(const Report& report, Chance& chance) {
  plugin::Options options;
  options.host_template = template_from(chance);
  const std::string text = written(plugin::Output::icinga_api, {report}, options);
  require(std::count(text.begin(), text.end(), '\n') == 1, "more than one body");
  const auto body = nlohmann::json::parse(text);  // refuses what is not UTF-8
  require(body["type"] == "Service" && body["filter"] == "host.name==h && service.name==s",
          "the filter");
  require(body["filter_vars"].size() == 2 && body["filter_vars"]["s"] == "dnssec-sigs", "names");
  require(body["exit_status"] == state_put_in(report), "state");
  const auto output = test::nagios_output(body["plugin_output"].get<std::string>());
  require(output.items.empty(), "performance data in the text");
  require(output.first == first_put_in(report), "first line " + output.first);
  test::Items items;
  for (const auto& one : body["performance_data"]) {
    items.merge(test::nagios_perfdata(one.get<std::string>()));
  }
  require(items == items_put_in(report), "performance data");
}

void require_spool(const std::vector<Report>& reports, const plugin::Options& options) {
  std::vector<test::SpoolRecord> records;
  for (const auto& entry : std::filesystem::directory_iterator(*options.spool_dir)) {
    if (entry.path().extension() == ".ok") continue;
    const auto more = test::nagios_results(test::contents(entry.path()));
    records.insert(records.end(), more.begin(), more.end());
  }
  require(records.size() == reports.size(), std::to_string(records.size()) + " results");
  for (std::size_t i = 0; i < reports.size(); ++i) {
    auto& record = records[i];
    require(record.size() == 13, "fields");
    require(record["host_name"] == name_put_in(*options.host_template, reports[i]),
            "host " + record["host_name"]);
    require(record["service_description"] == name_put_in(*options.service_template, reports[i]),
            "service " + record["service_description"]);
    require(record["return_code"] == std::to_string(state_put_in(reports[i])), "state");
    std::string text = test::command_output(record["output"], true);
    require_output(test::nagios_output(text), reports[i], lines_put_in(reports[i], 0, false),
                   false);
  }
}

/// Zones that a list can hold: each once.
std::vector<Report> some_reports(Chance& chance, std::size_t most) {
  std::vector<Report> reports;
  std::set<dns::Bytes> zones;
  for (std::size_t i = 1 + chance.below(most); i > 0; --i) {
    auto report = chance.once_in(2) ? test::hostile_report(chance) : test::careless_report(chance);
    if (zones.insert(report.zone.canonical_wire()).second) reports.push_back(std::move(report));
  }
  return reports;
}

/// Many zones in one text: as many lines of causes and of zones as there are.
void require_tally(const std::vector<Report>& reports) {
  const std::string text = written(plugin::Output::text, reports);
  require(text.size() <= kMostOutput, "a text of " + std::to_string(text.size()) + " octets");
  const auto output = test::nagios_output(text);
  std::map<std::string, double> states{{"OK", 0}, {"WARNING", 0}, {"CRITICAL", 0}, {"UNKNOWN", 0}};
  std::set<std::pair<Tier, judge::Fault>> causes;
  for (const Report& report : reports) {
    ++states[state_word(state_put_in(report))];
    for (const auto& one : report.findings) {
      if (one.tier > Tier::info) causes.emplace(one.tier, one.fault);
    }
  }
  std::size_t of_causes = 0;
  std::size_t of_zones = 0;
  for (const std::string& line : output.lines) {
    if (line.find(" more lines left out") != std::string::npos) return;
    const bool cause = line.front() == '[';
    ++(cause ? of_causes : of_zones);
    require(cause || states.count(line.substr(0, line.find(" - "))) != 0, "neither: " + line);
  }
  require(of_causes == causes.size(), std::to_string(of_causes) + " causes");
  require(static_cast<double>(of_zones) + states["OK"] == static_cast<double>(reports.size()),
          std::to_string(of_zones) + " zones");
  for (const auto& [label, state] :
       {std::pair("ok", "OK"), std::pair("warning", "WARNING"), std::pair("critical", "CRITICAL"),
        std::pair("unknown", "UNKNOWN")}) {
    require(output.items.at(label).value == states[state], label);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(forgery)

BOOST_AUTO_TEST_CASE(a_text_says_what_was_put_in) {
  test::for_all_seeds(30, [](Chance& chance) { require_text(test::hostile_report(chance), true); });
}

BOOST_AUTO_TEST_CASE(a_text_keeps_its_form_where_nobody_escaped) {
  test::for_all_seeds(30,
                      [](Chance& chance) { require_text(test::careless_report(chance), false); });
}

BOOST_AUTO_TEST_CASE(a_text_of_many_zones_does_too) {
  test::for_all_seeds(30, [](Chance& chance) {
    auto reports = some_reports(chance, 8);
    if (reports.size() > 1) require_tally(reports);
  });
}

BOOST_AUTO_TEST_CASE(a_command_is_one_command) {
  test::for_all_seeds(50, [](Chance& chance) {
    const bool escaped = chance.once_in(2);
    require_command(escaped ? test::hostile_report(chance) : test::careless_report(chance), escaped,
                    chance);
  });
}

BOOST_AUTO_TEST_CASE(results_in_a_directory_are_as_many_as_zones) {
  test::for_all_seeds(8, [](Chance& chance) {
    const test::Folder folder;
    plugin::Options options;
    options.spool_dir = folder.path().string();
    options.host_template = template_from(chance);
    options.service_template = template_from(chance);
    const auto reports = some_reports(chance, 20);
    static_cast<void>(written(plugin::Output::spool, reports, options));
    require_spool(reports, options);
  });
}

BOOST_AUTO_TEST_CASE(a_body_of_icinga_s_api_is_one_body) {
  test::for_all_seeds(40, [](Chance& chance) {
    require_api_body(
        chance.once_in(2) ? test::hostile_report(chance) : test::careless_report(chance), chance);
  });
}

BOOST_AUTO_TEST_SUITE_END()
