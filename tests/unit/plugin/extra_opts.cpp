// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <random>

#include "support.hpp"

namespace {

using test::accepted;
using test::contains;
using test::is_usage_error;
using test::refused;

/// A directory of its own, gone when the test ends.
class Directory {
 public:
  Directory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "extra-opts-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = pattern;
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  ~Directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::string path() const { return path_.string(); }
  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }

 private:
  std::filesystem::path path_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(extra_opts)

BOOST_AUTO_TEST_CASE(options_stand_before_the_command_line) {
  const Directory directory;
  const std::string file = directory.write("x.ini",
                                           "# a comment\n"
                                           "; another\n"
                                           "[check_dnssec_chain]\n"
                                           "this line is another plugin's business\n"
                                           "[ check_dnssec_sigs ]\r\n"
                                           "  zone = a.example  \r\n"
                                           "warning=3d:\n"
                                           "critical = 2d:\n"
                                           "verbose=\n"
                                           "verbose=\n"
                                           "use-ipv4=\n");
  const auto options = accepted({"-w", "5d:", "--extra-opts=@" + file, "-6"});
  BOOST_TEST(options.zones.at(0).to_text() == "a.example.");
  BOOST_TEST(options.warning->range.to_text() == "432000:");
  BOOST_TEST(options.critical->range.to_text() == "172800:");
  BOOST_TEST(options.verbose == 2);
  BOOST_TEST(options.only_v6);
}

BOOST_AUTO_TEST_CASE(a_section_can_be_named_and_may_be_split) {
  const Directory directory;
  const std::string file =
      directory.write("x.ini", "[tld]\nretries=1\n[other]\nretries=2\n[tld]\ntimeout=7:warning");
  const auto options = accepted({"x", "--extra-opts=tld@" + file});
  BOOST_TEST(options.retries == 1U);
  BOOST_TEST(options.timeout == 7);
  BOOST_TEST((options.timeout_state == plugin::State::warning));
  BOOST_TEST(accepted({"x", "--extra-opts=tld@" + file, "--extra-opts=other@" + file}).retries ==
             2U);
}

BOOST_AUTO_TEST_CASE(values_may_hold_anything) {
  const Directory directory;
  const std::string file =
      directory.write("x.ini", "[s]\nseverity=rrsig-expired=ok\nrecord=/a b # c; d\n");
  const auto options = accepted({"x", "--extra-opts=s@" + file});
  BOOST_TEST(options.severity.size() == 1U);
  BOOST_TEST(options.record.value() == "/a b # c; d");
}

BOOST_AUTO_TEST_CASE(files_are_found_where_the_variables_say) {
  const Directory directory;
  const std::string file = directory.write("plugins.ini", "[check_dnssec_sigs]\nzone=a.example\n");
  const std::map<std::string, std::string> by_file{{"MP_CONFIG_FILE", file}};
  const std::map<std::string, std::string> by_path{
      {"NAGIOS_CONFIG_PATH", ":/nowhere::" + directory.path()}};
  BOOST_TEST(accepted({"--extra-opts"}, plugin::kSigsBinary, by_file).zones.size() == 1U);
  BOOST_TEST(accepted({"--extra-opts"}, plugin::kSigsBinary, by_path).zones.size() == 1U);
  BOOST_TEST(
      accepted({"--extra-opts=check_dnssec_sigs"}, plugin::kSigsBinary, by_path).zones.size() ==
      1U);
  BOOST_TEST(is_usage_error(refused({"--extra-opts"}, plugin::kSigsBinary,
                                    {{"MP_CONFIG_FILE", directory.path() + "/missing"}})));
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_unknown) {
  const Directory directory;
  const std::string file = directory.write("x.ini", "[a]\nretries=1\n");
  BOOST_TEST(contains(refused({"x", "--extra-opts=b@" + file}), "has no section \"b\""));
  BOOST_TEST(
      contains(refused({"x", "--extra-opts=@" + file}), "has no section \"check_dnssec_sigs\""));
  BOOST_TEST(contains(refused({"x", "--extra-opts=@/nowhere/x.ini"}), "cannot read file"));
  BOOST_TEST(contains(refused({"x", "--extra-opts=@" + directory.path()}), "cannot read file"));
  BOOST_TEST(is_usage_error(refused({"x", "--extra-opts=a@"})));
  BOOST_TEST(is_usage_error(refused({"x", "--extra-opts="})));
  BOOST_TEST(contains(refused({"x", "--extra-opts=@/dev/zero"}), "over 1 MiB"));
}

BOOST_AUTO_TEST_CASE(bad_lines_are_named) {
  const Directory directory;
  for (const char* line : {"retries", "=5", "t=5", "frob=1", "warn=5d:", "help=", "extra-opts=a@b",
                           "explain=x", "verbose=1", "warning=", "retries=99", "zone=a..b",
                           "[broken", "--retries=1", "list-findings=", "version="}) {
    const std::string file = directory.write("x.ini", "[a]\n\n" + std::string(line) + "\n");
    const std::string text = refused({"x", "--extra-opts=a@" + file});
    BOOST_TEST(is_usage_error(text), line << ": " << text);
    BOOST_TEST(contains(text, "line 3"), line << ": " << text);
  }
  const std::string early = directory.write("y.ini", "retries=1\n[a]\n");
  BOOST_TEST(contains(refused({"x", "--extra-opts=a@" + early}), "before the first section"));
}

BOOST_AUTO_TEST_CASE(an_error_is_told_in_the_format_of_the_file) {
  const Directory directory;
  const std::string file = directory.write("x.ini", "[a]\noutput=zabbix\n");
  const auto output = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words{"a..b", "--extra-opts=a@" + file};
    words.insert(words.end(), more.begin(), more.end());
    return std::get<plugin::EarlyExit>(plugin::parse_options(plugin::kSigsBinary, words, {}))
        .output;
  };
  BOOST_TEST((output({}) == plugin::Output::zabbix));
  BOOST_TEST((output({"--output", "text"}) == plugin::Output::text));
  BOOST_TEST((output({"--output=json"}) == plugin::Output::json));
  BOOST_TEST((output({"--output=json", "--output=xml"}) == plugin::Output::text));
  BOOST_TEST((output({"--output=jsonl", "--no-such"}) == plugin::Output::jsonl));
}

BOOST_AUTO_TEST_CASE(arbitrary_files_are_options_or_one_line) {
  const Directory directory;
  std::mt19937 random(99);
  int fine = 0;
  for (int i = 0; i < 500; ++i) {
    std::string text = "[a]\n";
    for (auto count = random() % 4; count > 0; --count) {
      text += random() % 2 == 0 ? "retries=" : "record=";
      text += random() % 2 == 0 ? "1" : test::random_bytes(random, 8);
      text += "\n";
    }
    const std::string file = directory.write("x.ini", text);
    const std::string printed = refused({"x", "--extra-opts=a@" + file});
    if (printed.empty()) ++fine;
    BOOST_REQUIRE_MESSAGE(printed.empty() || is_usage_error(printed), printed);
  }
  BOOST_TEST(fine > 50);
}

BOOST_AUTO_TEST_SUITE_END()
