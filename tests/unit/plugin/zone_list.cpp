// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/zone_list.hpp"

#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <fstream>

#include "support.hpp"

namespace {

using plugin::ZoneList;
using test::contains;

/// A file that lives as long as the test.
struct ListFixture {
  std::string path = "/tmp/check_dnssec-zones-" + std::to_string(::getpid());
  ListFixture() = default;
  ListFixture(const ListFixture&) = delete;
  ListFixture& operator=(const ListFixture&) = delete;
  ~ListFixture() { std::remove(path.c_str()); }

  dns::Result<ZoneList> read(const std::string& text, std::vector<std::string> arguments = {},
                             const plugin::Binary& binary = plugin::kSigsBinary) const {
    std::ofstream(path) << text;
    arguments.insert(arguments.end(), {"--zones", path});
    return ZoneList::read(binary, test::accepted(arguments, binary), {test::kNow, {}});
  }
  [[nodiscard]] std::string refused(const std::string& text) const {
    const auto list = read(text);
    return list ? "" : list.error().message;
  }
};

std::vector<std::string> names_of(ZoneList list) {
  std::vector<std::string> names;
  while (const auto task = list.next()) names.push_back(task->zone.to_display());
  return names;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(zone_lists, ListFixture)

BOOST_AUTO_TEST_CASE(lines_comments_and_the_command_line) {
  auto list = read("# ours\n\nb.example  # with a remark\r\n\tc.example.\n  \nd.example",
                   {"-z", "a.example"});
  BOOST_REQUIRE(list);
  BOOST_TEST(list->size() == 4U);
  BOOST_TEST(names_of(*list) ==
             (std::vector<std::string>{"a.example", "b.example", "c.example", "d.example"}));
}

BOOST_AUTO_TEST_CASE(options_of_one_zone) {
  auto list = read(
      "a.example\nb.example warning=3d: severity=rrsig-expired=warning,lame-ns=ok expect=any\n",
      {"-w", "9d:"});
  BOOST_REQUIRE(list);
  const auto common = list->next();
  const auto own = list->next();
  BOOST_TEST(common->options->warning->range.to_text() == "777600:");
  BOOST_TEST(own->options->warning->range.to_text() == "259200:");
  BOOST_TEST((own->options->severity.at(judge::Fault::rrsig_expired) == judge::Tier::warning));
  BOOST_TEST((own->options->expect == judge::Expect::any));
  BOOST_TEST(common->options->severity.empty());
}

BOOST_AUTO_TEST_CASE(a_zone_named_twice_is_one) {
  auto list = read("a.example\nA.Example.\na.example\nb.example\n", {"-z", "b.example"});
  BOOST_REQUIRE(list);
  BOOST_TEST(list->size() == 2U);
  BOOST_TEST(names_of(*list).size() == 2U);
  BOOST_TEST(contains(refused("a.example\na.example warning=1d:\n"), "line 2: \"a.example\""));
}

BOOST_AUTO_TEST_CASE(errors_name_the_line) {
  for (const char* wrong :
       {"a..example", "a.example warning", "a.example warning=soon", "a.example timeout=3",
        "a.example nosuch=3", "a.example severity=x=ok"}) {
    const auto words = refused("fine.example\n" + std::string(wrong) + "\n");
    BOOST_TEST(contains(words, "option --zones: "), wrong << ": " << words);
    BOOST_TEST(contains(words, "line 2: "), wrong << ": " << words);
    BOOST_TEST(!contains(words, "\n"), wrong);
  }
  BOOST_TEST(contains(refused("a.example\ntimeout=3 x\n"), "line 2"));
  BOOST_TEST(contains(refused("# nothing\n"), "names no zone"));
  BOOST_TEST(contains(refused(""), "names no zone"));
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read) {
  plugin::Options options;
  options.zones_file = "/nonexistent/zones";
  const auto list = ZoneList::read(plugin::kSigsBinary, options, {});
  BOOST_REQUIRE(!list);
  BOOST_TEST(contains(list.error().message, "/nonexistent/zones"));
}

BOOST_AUTO_TEST_CASE(options_that_go_together) {
  BOOST_TEST(test::accepted({"--zones", "f"}).timeout == 600);
  BOOST_TEST(test::accepted({"--zones", "f", "-t", "30"}).timeout == 30);
  BOOST_TEST(test::accepted({"-t", "3600", "--zones", "f"}).timeout == 3600);
  BOOST_TEST(test::is_usage_error(test::refused({"-t", "3600", "a"})));
  BOOST_TEST(test::is_usage_error(test::refused({"--zones", "f", "--record", "x"})));
  BOOST_TEST(test::is_usage_error(test::refused({"--zones", "f", "--zone-file", "x"})));
  BOOST_TEST(test::is_usage_error(test::refused({"a", "--output", "spool"})));
  BOOST_TEST(test::is_usage_error(test::refused({"a", "--spool-dir", "d"})));
  BOOST_TEST(test::is_usage_error(test::refused({"a", "--command-file", "d"})));
  BOOST_TEST(test::is_usage_error(test::refused({"a", "--host-template", "x;y"})));
  BOOST_TEST(test::is_usage_error(test::refused({"a", "--concurrency", "0"})));
  BOOST_TEST(test::is_usage_error(test::refused({"a", "--output", "xml"})));
  BOOST_TEST(test::refused({"a", "--output", "spool", "--spool-dir", "d"}) == "");
}

BOOST_AUTO_TEST_SUITE_END()
