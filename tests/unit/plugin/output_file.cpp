// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace {

using plugin::OutputFile;

struct DirectoryFixture {
  std::filesystem::path directory = "/tmp/check_dnssec-output-" + std::to_string(::getpid());
  DirectoryFixture() { std::filesystem::create_directory(directory); }
  DirectoryFixture(const DirectoryFixture&) = delete;
  DirectoryFixture& operator=(const DirectoryFixture&) = delete;
  ~DirectoryFixture() { std::filesystem::remove_all(directory); }

  [[nodiscard]] std::string path() const { return (directory / "out.prom").string(); }
  [[nodiscard]] std::string content() const {
    std::ifstream file(path());
    return {std::istreambuf_iterator<char>(file), {}};
  }
  [[nodiscard]] auto files() const {
    return std::distance(std::filesystem::directory_iterator(directory),
                         std::filesystem::directory_iterator());
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(output_files, DirectoryFixture)

BOOST_AUTO_TEST_CASE(the_old_one_stays_until_all_is_there) {
  std::ofstream(path()) << "old";
  auto output = OutputFile::open(path());
  BOOST_REQUIRE(output);
  BOOST_TEST(output->write("new "));
  BOOST_TEST(content() == "old");
  BOOST_TEST(output->write("text"));
  BOOST_TEST(!output->finish());
  BOOST_TEST(content() == "new text");
  BOOST_TEST(files() == 1);
  struct stat status {};
  BOOST_REQUIRE(::stat(path().c_str(), &status) == 0);
  const mode_t mask = ::umask(0);
  ::umask(mask);
  BOOST_TEST((status.st_mode & 0777U) == (0666U & ~mask));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_written_says_what_to_do) {
  const auto output = OutputFile::open(path() + "/none/x", "record");
  BOOST_REQUIRE(!output);
  BOOST_TEST(output.error().message ==
             "option --record: cannot write \"" + path() +
                 "/none/x\": No such file or directory (make the directory, or name a file in one "
                 "that is there)");
}

BOOST_AUTO_TEST_CASE(a_link_stays_and_its_file_is_replaced) {
  std::filesystem::create_directory(directory / "far");
  const auto target = directory / "far" / "file";
  std::ofstream(target) << "old";
  std::filesystem::create_symlink("far/file", path());
  auto output = OutputFile::open(path());
  BOOST_REQUIRE(output);
  BOOST_TEST(output->write("new"));
  BOOST_TEST(!output->finish());
  BOOST_TEST(std::filesystem::is_symlink(path()));
  BOOST_TEST(content() == "new");
  BOOST_TEST(!std::filesystem::is_symlink(target));
  std::filesystem::remove(target);  // a link that leads nowhere yet
  auto again = OutputFile::open(path());
  BOOST_REQUIRE(again);
  BOOST_TEST(again->write("newer"));
  BOOST_TEST(!again->finish());
  BOOST_TEST(std::filesystem::is_symlink(path()));
  BOOST_TEST(content() == "newer");
}

BOOST_AUTO_TEST_CASE(other_options_are_named_and_refuse_pipes_too) {
  BOOST_REQUIRE(::mkfifo(path().c_str(), 0600) == 0);
  const auto output = OutputFile::open(path(), "graph");
  BOOST_REQUIRE(!output);
  BOOST_TEST(output.error().message.starts_with("option --graph: "));
  BOOST_TEST(output.error().message.find("is no plain file") != std::string::npos);
  BOOST_TEST(std::filesystem::is_fifo(path()));
}

BOOST_AUTO_TEST_CASE(what_is_not_finished_leaves_nothing) {
  {
    auto output = OutputFile::open(path());
    BOOST_REQUIRE(output);
    output->write("half");
  }
  BOOST_TEST(files() == 0);
}

BOOST_AUTO_TEST_CASE(what_is_killed_leaves_nothing) {
  const int probe = ::open(directory.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
  if (probe < 0) return;  // this file system has no files without a name
  ::close(probe);
  const auto child = ::fork();
  if (child == 0) {
    auto output = OutputFile::open(path());
    ::_exit(output && output->write("half") ? 0 : 1);
  }
  int status = -1;
  BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
  BOOST_TEST(status == 0);
  BOOST_TEST(files() == 0);
}

BOOST_AUTO_TEST_CASE(what_a_process_of_the_same_number_left_is_no_hindrance) {
  std::ofstream(path() + "." + std::to_string(::getpid())) << "left";
  auto output = OutputFile::open(path());
  BOOST_REQUIRE(output);
  BOOST_TEST(output->write("text"));
  BOOST_TEST(!output->finish());
  BOOST_TEST(content() == "text");
}

BOOST_AUTO_TEST_CASE(errors_name_the_file) {
  const auto output = OutputFile::open(path() + "/not/there");
  BOOST_REQUIRE(!output);
  BOOST_TEST(output.error().message.find("not/there") != std::string::npos);
}

// To root they would give way: a plain file in the place of /dev/null.
BOOST_AUTO_TEST_CASE(devices_pipes_and_directories_are_not_replaced) {
  BOOST_REQUIRE(::mkfifo(path().c_str(), 0600) == 0);
  std::filesystem::create_symlink("/dev/null", directory / "link");
  for (const auto& name : {path(), directory.string(), (directory / "link").string()}) {
    const auto output = OutputFile::open(name);
    BOOST_REQUIRE(!output);
    BOOST_TEST(output.error().message.find("is no plain file") != std::string::npos);
  }
  BOOST_TEST(files() == 2);
}

BOOST_AUTO_TEST_SUITE_END()
