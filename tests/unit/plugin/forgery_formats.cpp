// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The same of the formats that are read by other programs, and of what is drawn.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "consumers.hpp"
#include "plugin/dot.hpp"
#include "plugin/perfdata.hpp"
#include "plugin/tree.hpp"

namespace {

using nlohmann::json;
using plugin::Report;
using test::Chance;
using test::require;

std::string stream_of(plugin::Output output, const std::vector<Report>& reports, int verbose = 0) {
  test::Paper paper;
  plugin::Options options;
  options.output = output;
  options.verbose = verbose;
  auto stream = plugin::make_stream(plugin::kSigsBinary, options, paper.writer());
  for (const Report& report : reports) stream.value()->add(report, test::kNow);
  require(stream.value()->finish().ok(), "not delivered");
  return paper.text;
}

std::vector<Report> distinct_reports(Chance& chance, bool careless) {
  std::vector<Report> reports;
  std::set<dns::Bytes> zones;
  for (std::size_t i = 2 + chance.below(4); i > 0; --i) {
    auto report = careless ? test::careless_report(chance) : test::hostile_report(chance);
    if (zones.insert(report.zone.canonical_wire()).second) reports.push_back(std::move(report));
  }
  return reports;
}

/// As it was put in; octets that are no character are U+FFFD in it.
void require_string(const json& value, const std::string& put_in) {
  const auto read = value.get<std::string>();
  for (std::string_view rest = put_in; !rest.empty();) {
    const std::size_t size = test::character_size(rest);
    if (size == 0) {
      require(read.find("\xef\xbf\xbd") != std::string::npos, "not replaced");
      return;
    }
    rest.remove_prefix(size);
  }
  require(read == put_in, "a text has changed: " + read);
}

void require_strings(const json& list, const std::vector<std::string>& put_in) {
  require(list.size() == put_in.size(), "a list's length");
  for (std::size_t i = 0; i < put_in.size(); ++i) require_string(list[i], put_in[i]);
}

void require_document(const json& document, const Report& report, int verbose) {
  require(document["zone"] == report.zone.to_display(), "zone");
  const auto findings = plugin::settle(report.findings, {});
  require(document["findings"].size() == findings.size(), "findings");
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const json& one = document["findings"][i];
    require(one.size() == 10, "members of a finding");
    require(one["id"] == judge::info(findings[i].fault).id, "id");
    require_string(one["text"], findings[i].text);
    require_string(one["detail"], findings[i].detail);
    require_strings(one["servers"], findings[i].servers);
    require_strings(one["rrsets"], findings[i].rrsets);
  }
  require_strings(document["notes"], report.notes);
  if (verbose >= 2) require_strings(document["debug"], report.debug);
  require(document.contains("debug") == (verbose >= 2), "debug");
  require(document["details"].size() == report.chain.size() + report.details.size(), "details");
  require(document["metrics"].size() == plugin::metrics_of(report).size(), "metrics");
  require(document["servers"].size() == report.servers.size(), "servers");
  require(document.contains("forecast") == report.forecast.has_value(), "forecast");
}

/// Refuses what is no JSON, has a member twice, or an octet that a terminal may obey.
json strict_json(const std::string& text) {
  for (const char octet : text) {
    require(octet == '\n' || (octet >= ' ' && octet <= '~'), "no printable ASCII");
  }
  std::vector<std::set<std::string>> members;
  const auto watch = [&](int, json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::object_start) members.emplace_back();
    if (event == json::parse_event_t::object_end) members.pop_back();
    if (event == json::parse_event_t::key) {
      require(members.back().insert(value.get<std::string>()).second, "a member twice");
    }
    return true;
  };
  return json::parse(text, watch);
}

struct Sample {
  std::string family, zone, check;
  bool operator<(const Sample& other) const {
    return std::tie(family, zone, check) < std::tie(other.family, other.zone, other.check);
  }
};

/// `"...` up to the next quote, with the three escapes that there are.
std::string take_quoted(std::string_view& text) {
  std::string value;
  require(!text.empty() && text[0] == '"', "no quote");
  for (text.remove_prefix(1); !text.empty() && text[0] != '"'; text.remove_prefix(1)) {
    if (text[0] == '\\') {
      text.remove_prefix(1);
      require(!text.empty() && std::string_view("\\\"n").find(text[0]) != std::string_view::npos,
              "no such escape");
      value += text[0] == 'n' ? '\n' : text[0];
    } else {
      value += text[0];
    }
  }
  require(!text.empty(), "no end of a label");
  text.remove_prefix(1);
  return value;
}

void take(std::string_view& text, std::string_view words) {
  require(text.substr(0, words.size()) == words, "not " + std::string(words));
  text.remove_prefix(words.size());
}

/// The samples of a text of OpenMetrics.
std::set<Sample> openmetrics_samples(const std::string& text) {
  require(text.size() >= 6 && text.substr(text.size() - 6) == "# EOF\n", "no end");
  std::set<Sample> samples;
  std::set<std::string> families;
  std::string family;
  auto lines = test::lines_of(text);
  lines.pop_back();
  for (const std::string& line : lines) {
    test::require_printable(line);
    if (line.rfind("# HELP ", 0) == 0) {
      family = line.substr(7, line.find(' ', 7) - 7);
      require(families.insert(family).second, "a family twice");
    } else if (line[0] == '#') {
      require(line == "# TYPE " + family + " gauge", line);
    } else {
      std::string_view rest = line;
      Sample sample{family, "", ""};
      take(rest, family + "{zone=");
      sample.zone = take_quoted(rest);
      take(rest, ",check=");
      sample.check = take_quoted(rest);
      take(rest, "} ");
      require(rest.find_first_not_of("-0123456789.") == std::string_view::npos, "value");
      require(samples.insert(sample).second, "a sample twice: " + line);
    }
  }
  return samples;
}

/// The text outside of quoted strings, and what Graphviz reads in them: the language's escape is
/// that of the quote, a label's are \\ and \n; entities.
struct DotParts {
  std::string rest;
  std::vector<std::string> strings;
};

DotParts dot_parts(const std::string& text) {
  DotParts parts;
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char octet = text[i];
    require(octet == '\n' || (octet >= 32 && octet < 127), "not ASCII");
    if (octet == '"') {
      inside = !inside;
      parts.rest += '"';
      if (inside) parts.strings.emplace_back();
    } else if (!inside) {
      parts.rest += octet;
    } else if (octet == '\\') {
      const char next = text[++i];
      require(next == '"' || next == '\\' || next == 'n', "an escape that stands for something");
      if (next != 'n') parts.strings.back() += next;
    } else if (octet == '&') {
      require(text.compare(i, 5, "&amp;") == 0, "an entity");
      parts.strings.back() += '&';
      i += 4;
    } else {
      parts.strings.back() += octet;
    }
  }
  require(!inside, "a string without end");
  return parts;
}

/// As it is drawn: octets that are not printable by number, without blanks, which may be breaks.
std::string drawn(const std::string& text) {
  std::string shown;
  for (const char octet : text) {
    const auto code = static_cast<unsigned char>(octet);
    if (octet == ' ') continue;
    if (code > 32 && code < 127) {
      shown += octet;
    } else {
      shown += "\\" + std::to_string(1000U + code).substr(1);
    }
  }
  return shown;
}

judge::Picture with_plain_texts(judge::Picture picture) {
  const auto plain = [](std::vector<std::string>& texts) {
    for (auto& text : texts) text = "x";
  };
  picture.title = "x";
  plain(picture.findings);
  for (auto& zone : picture.zones) zone.name = "x";
  for (auto& node : picture.nodes) plain(node.lines);
  for (auto& edge : picture.edges) {
    plain(edge.lines);
    if (!edge.fault.empty()) edge.fault = "x";
  }
  return picture;
}

void require_graph(const judge::Picture& picture) {
  const auto parts = dot_parts(plugin::dot_text(picture));
  require(parts.rest == dot_parts(plugin::dot_text(with_plain_texts(picture))).rest,
          "a text is more than a text");
  std::multiset<std::string> strings;
  for (const auto& one : parts.strings) strings.insert(drawn(one));
  for (const auto& node : picture.nodes) {
    std::string label;
    for (const auto& line : node.lines) label += drawn(line);
    require(strings.count(label) > 0, "not drawn: " + label);
  }
}

void require_tree(const Report& report) {
  std::size_t count = report.picture->zones.size() + report.picture->nodes.size();
  for (const auto& edge : report.picture->edges) count += edge.fault.empty() ? 0 : 1;
  for (const bool utf8 : {false, true}) {
    require(plugin::draw_tree(*report.picture, utf8).size() == count, "lines of a tree");
    Report alone = test::fine_report();
    alone.picture = report.picture;
    plugin::Options options;
    options.verbose = 1;
    options.terminal = plugin::Terminal{utf8, true};
    auto lines = test::lines_of(plugin::render(plugin::kSigsBinary, options, {alone}));
    const bool cut = lines.back().find(" more lines left out") != std::string::npos;
    require(cut || lines.size() == 1 + count, "lines at a terminal");
    for (std::string line : lines) {
      static const std::string kReset = "\033[0m";
      if (line[0] == '\033') {  // ours: a colour and its end
        require(line.size() > 9 && line.substr(line.size() - 4) == kReset, "no end of a colour");
        line = line.substr(0, line.size() - 4);
        line.erase(0, line.find('m') + 1);
      }
      test::require_printable(line);
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(forgery_formats)

BOOST_AUTO_TEST_CASE(a_document_says_what_was_put_in) {
  test::for_all_seeds(12, [](Chance& chance) {
    const bool careless = chance.once_in(2);
    const auto reports = distinct_reports(chance, careless);
    const int verbose = static_cast<int>(chance.below(4));
    const auto one = strict_json(stream_of(plugin::Output::json, {reports[0]}, verbose));
    require_document(one, reports[0], verbose);
    const auto many = strict_json(stream_of(plugin::Output::json, reports, verbose));
    const auto lines = test::lines_of(stream_of(plugin::Output::jsonl, reports, verbose));
    require(lines.size() == reports.size(), "lines of documents");
    if (reports.size() == 1) return;
    require(many["zones"].size() == reports.size(), "zones");
    for (std::size_t i = 0; i < reports.size(); ++i) {
      require_document(many["zones"][i], reports[i], verbose);
      require_document(strict_json(lines[i]), reports[i], verbose);
    }
  });
}

BOOST_AUTO_TEST_CASE(what_zabbix_discovers_are_the_zones) {
  test::for_all_seeds(30, [](Chance& chance) {
    const auto reports = distinct_reports(chance, true);
    const std::string text = stream_of(plugin::Output::zabbix, reports);
    require(text.find('\n') == text.size() - 1, "not one line");
    const auto document = strict_json(text);
    require(document.size() == 2 && document["zones"].size() == reports.size(), "zones");
    for (std::size_t i = 0; i < reports.size(); ++i) {
      const json& zone = document["zones"][i];
      require(zone["{#ZONE}"] == reports[i].zone.to_display(), "zone");
      require(zone["metrics"].size() == plugin::metrics_of(reports[i]).size(), "metrics");
    }
  });
}

BOOST_AUTO_TEST_CASE(samples_are_of_the_zones_and_of_nothing_else) {
  test::for_all_seeds(30, [](Chance& chance) {
    const auto reports = distinct_reports(chance, true);
    std::set<std::string> zones;
    std::size_t count = 0;
    for (const Report& report : reports) {
      zones.insert(report.zone.to_display());
      count += 2 + plugin::metrics_of(report).size();
    }
    const auto samples = openmetrics_samples(stream_of(plugin::Output::openmetrics, reports));
    require(samples.size() == count, std::to_string(samples.size()) + " samples");
    for (const Sample& sample : samples) {
      require(sample.check == "sigs" && zones.count(sample.zone) == 1, "of " + sample.zone);
    }
  });
}

BOOST_AUTO_TEST_CASE(a_graph_and_a_tree_have_no_more_than_the_picture) {
  test::for_all_seeds(40, [](Chance& chance) {
    const auto report =
        chance.once_in(2) ? test::hostile_report(chance) : test::careless_report(chance);
    if (!report.picture) return;
    require_graph(*report.picture);
    require_tree(report);
  });
}

BOOST_AUTO_TEST_SUITE_END()
