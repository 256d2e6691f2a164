// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <map>

#include "stream_support.hpp"

namespace {

using plugin::Report;
using plugin::State;

plugin::Options into(const std::filesystem::path& path) {
  plugin::Options options;
  options.spool_dir = path.string();
  return options;
}

struct Spooled {
  std::string text;  // of standard output
  dns::Result<State> end;
};

Spooled spool(const std::vector<Report>& reports, const plugin::Options& options,
              std::size_t most = std::string::npos) {
  test::Paper paper;
  paper.most = most;
  auto stream = plugin::make_spool_stream(plugin::kSigsBinary, options, paper.writer());
  if (!stream) return {"", stream.error()};
  for (const Report& report : reports) stream.value()->add(report, test::kNow);
  const auto end = stream.value()->finish();
  return {paper.text, end};
}

using Record = std::map<std::string, std::string>;

/// What Nagios makes of \n and \\ in output=.
std::string read_text(std::string_view value) {
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool pair =
        value[i] == '\\' && i + 1 < value.size() && (value[i + 1] == '\\' || value[i + 1] == 'n');
    if (pair) ++i;
    text += pair && value[i] == 'n' ? '\n' : value[i];
  }
  return text;
}

/// The results of a directory, as Nagios would read them: only files named c and six letters that
/// have their .ok.
std::vector<Record> read_spool(const std::filesystem::path& folder, std::size_t* files = nullptr) {
  std::vector<Record> records;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.size() != 7 || name[0] != 'c') continue;
    BOOST_REQUIRE(std::filesystem::exists(entry.path().string() + ".ok"));
    if (files != nullptr) ++*files;
    Record record;
    for (const std::string& line : test::lines_of(test::contents(entry.path()) + "\n\n")) {
      const std::size_t equals = line.find('=');
      if (line.empty() && record.count("host_name") != 0) records.push_back(record);
      if (line.empty()) record.clear();
      if (line.empty() || line[0] == '#') continue;
      record[line.substr(0, equals)] = line.substr(equals + 1);
    }
  }
  return records;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(spool_stream)

BOOST_AUTO_TEST_CASE(a_result_has_what_nagios_reads) {
  const test::Folder folder;
  Report bad = test::faulty_report("bad.example", "expired");
  bad.metrics = {{"time", 1.5, "s", {}, {}, {}, {}}};
  const auto spooled = spool({bad}, into(folder.path()));
  BOOST_TEST((spooled.end.value() == State::ok));
  BOOST_TEST(test::contains(spooled.text, "DNSSEC SIGS OK - 1 result handed to "));
  const auto records = read_spool(folder.path());
  BOOST_REQUIRE(records.size() == 1U);
  Record record = records[0];
  const Record wanted = {{"host_name", "bad.example"},
                         {"service_description", "dnssec-sigs"},
                         {"check_type", "1"},
                         {"check_options", "0"},
                         {"scheduled_check", "0"},
                         {"reschedule_check", "0"},
                         {"latency", "0.0"},
                         {"start_time", "1796083198.500000"},
                         {"finish_time", "1796083200.0"},
                         {"early_timeout", "0"},
                         {"exited_ok", "1"},
                         {"return_code", "2"}};
  const std::string output = read_text(record["output"]);
  record.erase("output");
  BOOST_TEST((record == wanted));
  BOOST_TEST(output.rfind("DNSSEC SIGS CRITICAL - bad.example: expired [rrsig-expired]|time=1.5s",
                          0) == 0U);
  BOOST_TEST(test::contains(output, "\n[CRITICAL]"));
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    struct stat found {};
    BOOST_REQUIRE(::stat(entry.path().c_str(), &found) == 0);
    BOOST_TEST((found.st_mode & 0777U) == 0600U);
    const std::string text = test::contents(entry.path());
    if (!text.empty()) {
      BOOST_TEST(text.find("file_time=1796083200\n") < text.find("host_name="));
    }
  }
}

BOOST_AUTO_TEST_CASE(microseconds_have_no_leading_zero) {
  const test::Folder folder;
  Report one = test::fine_report();
  one.metrics = {{"time", 0.984375, "s", {}, {}, {}, {}}};
  BOOST_REQUIRE(spool({one}, into(folder.path())).end.ok());
  BOOST_TEST(read_spool(folder.path()).at(0)["start_time"] == "1796083199.15625");
}

BOOST_AUTO_TEST_CASE(many_results_share_files) {
  const test::Folder folder;
  BOOST_REQUIRE(spool(std::vector<Report>(250, test::fine_report()), into(folder.path())).end.ok());
  std::size_t files = 0;
  BOOST_TEST(read_spool(folder.path(), &files).size() == 250U);
  BOOST_TEST(files == 3U);
}

BOOST_AUTO_TEST_CASE(hostile_texts_forge_no_field) {
  std::mt19937 random(11);
  for (int i = 0; i < 100; ++i) {
    const test::Folder folder;
    Report bad = test::faulty_report(test::kHostileZone,
                                     test::random_bytes(random, 60) + "\nreturn_code=0\\");
    bad.notes = {test::random_bytes(random, 60) + "\\n\n\nhost_name=other\\"};
    plugin::Options options = into(folder.path());
    options.service_template = "s\nreturn_code=0";
    BOOST_TEST_REQUIRE(spool({bad}, options).end.ok());
    auto records = read_spool(folder.path());
    BOOST_TEST_REQUIRE(records.size() == 1U);
    BOOST_TEST_REQUIRE(records[0].size() == 13U);
    BOOST_TEST_REQUIRE(records[0]["host_name"] == R"(a\059b\124\034\010\200\092n.example)");
    BOOST_TEST_REQUIRE(records[0]["service_description"] == R"(s\010return_code=0)");
    BOOST_TEST_REQUIRE(records[0]["return_code"] == "2");
    // The text itself comes back as it was printed.
    const std::string printed = plugin::render_text(plugin::kSigsBinary, options, {bad});
    const std::string bar = " | ";
    std::string text = printed.substr(0, printed.size() - 1);
    text.replace(text.find(bar), bar.size(), "|");
    BOOST_TEST_REQUIRE(read_text(records[0]["output"]) == text);
  }
}

BOOST_AUTO_TEST_CASE(a_name_s_last_backslash_keeps_the_next_field) {
  const test::Folder folder;
  plugin::Options options = into(folder.path());
  options.host_template = "h\\";
  options.service_template = "s\\\\";
  BOOST_TEST_REQUIRE(spool({test::fine_report()}, options).end.ok());
  const Record record = read_spool(folder.path()).at(0);
  // After one backslash Nagios goes on in the next line; of two at a line's end it keeps one.
  BOOST_TEST(record.at("host_name") == R"(h\\)");
  BOOST_TEST(record.at("service_description") == R"(s\\\)");
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_no_use_is_told) {
  const test::Folder folder;
  BOOST_TEST(test::contains(spool({}, plugin::Options{}).end.error().message, "--spool-dir"));
  const auto none = spool({}, into(folder.path() / "none"));
  BOOST_TEST(test::contains(none.end.error().message, "none"));
  std::ofstream(folder.path() / "file") << "";
  BOOST_TEST(
      test::contains(spool({}, into(folder.path() / "file")).end.error().message, "no directory"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_written_is_told) {
  const test::Folder folder;
  const auto gone = folder.path() / "gone";
  std::filesystem::create_directory(gone);
  auto stream = plugin::make_spool_stream(plugin::kSigsBinary, into(gone),
                                          [](std::string_view) { return true; });
  BOOST_REQUIRE(stream.ok());
  std::filesystem::remove(gone);
  stream.value()->add(test::fine_report(), test::kNow);
  BOOST_TEST(test::contains(stream.value()->finish().error().message, gone.string()));
  BOOST_TEST(!spool({test::fine_report()}, into(folder.path()), 5).end.ok());
}

BOOST_AUTO_TEST_CASE(nothing_to_spool_is_unknown) {
  const test::Folder folder;
  BOOST_TEST((spool({}, into(folder.path())).end.value() == State::unknown));
  BOOST_TEST(std::filesystem::is_empty(folder.path()));
}

BOOST_AUTO_TEST_CASE(a_full_disk_leaves_no_half_file) {
  const test::Folder folder;
  BOOST_TEST(test::on_a_full_disk([&] {
    const auto end = spool({test::fine_report()}, into(folder.path())).end;
    return !end && test::contains(end.error().message, "results were lost");
  }));
  BOOST_TEST(std::filesystem::is_empty(folder.path()));
}

BOOST_AUTO_TEST_SUITE_END()
