// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <chrono>

#include "stream_support.hpp"

namespace {

using plugin::Report;
using plugin::State;

struct Passed {
  std::string text;  // of standard output
  dns::Result<State> end;
};

Passed pass(const std::vector<Report>& reports, const plugin::Options& options = {},
            std::size_t most = std::string::npos) {
  test::Paper paper;
  paper.most = most;
  auto stream = plugin::make_passive_stream(plugin::kSigsBinary, options, paper.writer());
  if (!stream) return {"", stream.error()};
  for (const Report& report : reports) stream.value()->add(report, test::kNow);
  const auto end = stream.value()->finish();
  return {paper.text, end};
}

/// A command's fields, as its receivers take them apart: the last one is the rest.
std::vector<std::string> fields(std::string command) {
  std::vector<std::string> found;
  for (int i = 0; i < 4; ++i) {
    const std::size_t end = command.find(';');
    found.push_back(command.substr(0, end));
    command.erase(0, end == std::string::npos ? end : end + 1);
  }
  found.push_back(command);
  return found;
}

plugin::Options to_file(const std::filesystem::path& path) {
  plugin::Options options;
  options.command_file = path.string();
  return options;
}

Report long_report() {
  Report report = test::faulty_report("long.example", "it is long");
  report.metrics = {{"remaining", 1, "s", {}, {}, {}, {}}};
  for (int i = 0; i < 200; ++i) {
    report.notes.push_back("note " + std::to_string(i) + " has a good many words");
  }
  return report;
}

/// A FIFO with its reading end, which does not block.
struct Fifo {
  explicit Fifo(const std::filesystem::path& where) : path(where) {
    BOOST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    BOOST_REQUIRE(reader >= 0);
  }
  Fifo(const Fifo&) = delete;
  Fifo& operator=(const Fifo&) = delete;
  ~Fifo() { close(); }
  void close() {
    if (reader >= 0) ::close(reader);
    reader = -1;
  }
  [[nodiscard]] std::string read() const {
    std::string text;
    std::array<char, 4096> part{};
    for (;;) {
      const ssize_t count = ::read(reader, part.data(), part.size());
      if (count <= 0) return text;
      text.append(part.data(), static_cast<std::size_t>(count));
    }
  }
  std::filesystem::path path;
  int reader = -1;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(passive_stream)

BOOST_AUTO_TEST_CASE(a_zone_is_a_command) {
  Report bad = test::faulty_report("bad.example", "MX signature expired");
  bad.metrics = {{"remaining", -10800, "s", judge::parse_range("604800:").value(), {}, {}, {}}};
  const auto passed = pass({test::fine_report("a.example"), bad});
  const auto lines = test::lines_of(passed.text);
  BOOST_REQUIRE(lines.size() == 2U);
  BOOST_TEST(lines[0] ==
             "[1796083200] PROCESS_SERVICE_CHECK_RESULT;a.example;dnssec-sigs;0;DNSSEC SIGS OK - "
             "a.example is secure: 3 links from the root|tier=0;;;0;4");
  BOOST_TEST(
      lines[1].rfind("[1796083200] PROCESS_SERVICE_CHECK_RESULT;bad.example;dnssec-sigs;2;"
                     "DNSSEC SIGS CRITICAL - bad.example: MX signature expired "
                     "[rrsig-expired]|remaining=-10800s;604800:;;; tier=3;;;0;4\\n[CRITICAL]",
                     0) == 0U);
  // What was found is no state of the run that handed it over.
  BOOST_TEST((passed.end.value() == State::ok));
}

BOOST_AUTO_TEST_CASE(nothing_to_hand_over_is_unknown) {
  const auto passed = pass({});
  BOOST_TEST(passed.text.empty());
  BOOST_TEST((passed.end.value() == State::unknown));
}

BOOST_AUTO_TEST_CASE(templates_name_host_and_service) {
  plugin::Options options;
  options.host_template = "dns-{zone}-{zone}";
  options.service_template = "Signatures of {zone}";
  const auto names = fields(pass({test::fine_report("a.example")}, options).text);
  BOOST_TEST(names[1] == "dns-a.example-a.example");
  BOOST_TEST(names[2] == "Signatures of a.example");
  options.host_template = "all zones";
  BOOST_TEST(fields(pass({test::fine_report(".")}, options).text)[1] == "all zones");
}

BOOST_AUTO_TEST_CASE(hostile_texts_forge_nothing) {
  std::mt19937 random(7);
  for (int i = 0; i < 500; ++i) {
    Report bad = test::faulty_report(test::kHostileZone, test::random_bytes(random, 80) + "\\");
    bad.notes = {test::random_bytes(random, 80) + "\\n[1] SHUTDOWN_PROCESS"};
    plugin::Options options;
    options.host_template = "h;x|\n{zone}";  // the option's check refuses it; so does this
    const std::string text = pass({bad}, options).text;
    BOOST_TEST_REQUIRE(std::count(text.begin(), text.end(), '\n') == 1);
    BOOST_TEST_REQUIRE(text.size() <= 4096U);
    const auto parts = fields(text);
    BOOST_TEST_REQUIRE(parts[1].rfind("h\\059x\\124\\010a\\059b\\124", 0) == 0U);
    BOOST_TEST_REQUIRE(parts[2] == "dnssec-sigs");
    BOOST_TEST_REQUIRE(parts[3] == "2");
    BOOST_TEST_REQUIRE(std::count(parts[4].begin(), parts[4].end(), '|') == 1);
    // Every \n of the line is one of ours: a line's end, behind which no command of theirs stands.
    BOOST_TEST_REQUIRE(!test::contains(parts[4], "\\n[1] SHUTDOWN"));
    BOOST_TEST_REQUIRE(!test::contains(parts[4], "\\\\"));
  }
}

BOOST_AUTO_TEST_CASE(what_is_too_long_loses_its_end_first) {
  const std::string text = pass({long_report()}).text;
  BOOST_TEST(text.size() <= 4096U);
  BOOST_TEST(text.size() > 3900U);
  BOOST_TEST(test::contains(text, "it is long [rrsig-expired]|remaining=1s;;;; tier=3;;;0;4\\n"));
  BOOST_TEST(test::contains(text, "more lines left out"));

  Report wide = test::faulty_report("wide.example", std::string(900, 'x'));
  for (int i = 0; i < 120; ++i) {
    wide.metrics.push_back({"metric_number_" + std::to_string(i), 1e6, "s", {}, {}, {}, {}});
  }
  plugin::Options options;
  options.host_template = std::string(300, 'h');
  const std::string cut = pass({wide}, options).text;
  BOOST_TEST(cut.size() <= 4096U);
  BOOST_TEST(test::contains(cut, "...|metric_number_0="));
  BOOST_TEST(test::contains(cut, " tier=3;;;0;4"));
}

BOOST_AUTO_TEST_CASE(a_terminal_has_no_colours_in_commands) {
  plugin::Options options;
  options.verbose = 1;
  options.terminal.emplace();
  options.terminal->colours = options.terminal->utf8 = true;
  Report report = test::fine_report("a.example");
  report.picture.emplace();
  report.picture->zones.emplace_back();
  report.chain = {"a plain line"};
  const std::string text = pass({report}, options).text;
  BOOST_TEST(!test::contains(text, "\033"));
  BOOST_TEST(test::contains(text, "a plain line"));
}

BOOST_AUTO_TEST_CASE(names_that_leave_no_room_are_told) {
  plugin::Options options;
  options.host_template = std::string(4090, 'h');
  const auto passed = pass({test::fine_report("a.example")}, options);
  BOOST_TEST(passed.text.empty());
  BOOST_TEST(test::contains(passed.end.error().message, "--host-template"));
}

BOOST_AUTO_TEST_CASE(a_plain_command_file_is_added_to) {
  const test::Folder folder;
  const auto path = folder.path() / "commands";
  std::ofstream(path) << "before\n";
  const auto passed =
      pass({test::fine_report("a.example"), test::faulty_report("b.example", "x")}, to_file(path));
  BOOST_TEST((passed.end.value() == State::ok));
  BOOST_TEST(passed.text == "DNSSEC SIGS OK - 2 results handed to " + path.string() +
                                ": 1 CRITICAL, 1 OK | zones=2;;;0; ok=1;;;0; warning=0;;;0; "
                                "critical=1;;;0; unknown=0;;;0;\n");
  const auto lines = test::lines_of(test::contents(path));
  BOOST_REQUIRE(lines.size() == 3U);
  BOOST_TEST(lines[0] == "before");
  BOOST_TEST(fields(lines[2])[1] == "b.example");
}

BOOST_AUTO_TEST_CASE(a_command_file_is_not_made) {
  const test::Folder folder;
  const auto path = folder.path() / "none";
  const auto passed = pass({}, to_file(path));
  BOOST_TEST(test::contains(passed.end.error().message, path.string()));
  BOOST_TEST(!std::filesystem::exists(path));
  BOOST_TEST(!pass({}, to_file(folder.path())).end.ok());
}

BOOST_AUTO_TEST_CASE(a_fifo_without_reader_is_told_at_once) {
  const test::Folder folder;
  Fifo fifo(folder.path() / "fifo");
  fifo.close();
  const auto passed = pass({test::fine_report()}, to_file(fifo.path));
  BOOST_TEST(test::contains(passed.end.error().message, "nobody reads"));
}

BOOST_AUTO_TEST_CASE(a_socket_in_place_of_a_fifo_is_called_so) {
  const test::Folder folder;
  const auto path = folder.path() / "socket";
  BOOST_REQUIRE(::mknod(path.c_str(), S_IFSOCK | 0600, 0) == 0);
  const auto passed = pass({test::fine_report()}, to_file(path));
  BOOST_TEST(test::contains(passed.end.error().message, "is a socket, not a FIFO"));
  BOOST_TEST(!test::contains(passed.end.error().message, "nobody reads"));
}

BOOST_AUTO_TEST_CASE(a_fifo_gets_whole_lines) {
  const test::Folder folder;
  const Fifo fifo(folder.path() / "fifo");
  const auto passed = pass({long_report(), test::fine_report()}, to_file(fifo.path));
  BOOST_TEST((passed.end.value() == State::ok));
  BOOST_TEST(test::lines_of(fifo.read()).size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_reader_that_takes_nothing_is_waited_for_a_second) {
  const test::Folder folder;
  const Fifo fifo(folder.path() / "fifo");
  const auto before = std::chrono::steady_clock::now();
  const auto passed = pass(std::vector<Report>(60, long_report()), to_file(fifo.path));
  const auto took = std::chrono::steady_clock::now() - before;
  BOOST_TEST(test::contains(passed.end.error().message, "takes nothing"));
  BOOST_TEST((took < std::chrono::seconds(8)));
  const std::string text = fifo.read();
  BOOST_TEST(text.back() == '\n');  // no half line
}

BOOST_AUTO_TEST_CASE(a_reader_that_goes_away_is_told) {
  const test::Folder folder;
  Fifo fifo(folder.path() / "fifo");
  auto stream = plugin::make_passive_stream(plugin::kSigsBinary, to_file(fifo.path),
                                            [](std::string_view) { return true; });
  BOOST_REQUIRE(stream.ok());
  stream.value()->add(test::fine_report(), test::kNow);
  fifo.close();
  stream.value()->add(test::fine_report(), test::kNow);
  BOOST_TEST(test::contains(stream.value()->finish().error().message, "gone away"));
}

BOOST_AUTO_TEST_CASE(a_lost_standard_output_is_told) {
  BOOST_TEST(!pass({test::fine_report()}, {}, 10).end.ok());
  const test::Folder folder;
  std::ofstream(folder.path() / "commands") << "";
  BOOST_TEST(!pass({test::fine_report()}, to_file(folder.path() / "commands"), 10).end.ok());
}

BOOST_AUTO_TEST_CASE(a_plain_command_file_on_a_full_disk_is_told) {
  const test::Folder folder;
  std::ofstream(folder.path() / "commands") << "";
  BOOST_TEST(test::on_a_full_disk([&] {
    const auto end = pass({test::fine_report()}, to_file(folder.path() / "commands")).end;
    return !end && test::contains(end.error().message, "results were lost");
  }));
}

BOOST_AUTO_TEST_SUITE_END()
