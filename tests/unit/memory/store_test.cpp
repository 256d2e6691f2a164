// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "memory/store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "memory/sample.hpp"

namespace memory_test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// A directory of its own for each test, gone afterwards.
struct Place {
  Place() : path(fs::temp_directory_path() / ("check_dnssec-memory-" + std::to_string(getpid()))) {
    fs::remove_all(path);
    fs::create_directory(path);
    fs::permissions(path, fs::perms::owner_all);
  }
  ~Place() { fs::remove_all(path); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  [[nodiscard]] dns::Result<memory::Store> open(std::chrono::milliseconds patience = 5s) const {
    return memory::Store::open(path / "state", kCheck, sample().zone, patience);
  }
  [[nodiscard]] fs::path file() const { return path / "state" / kCheck / "example.com.json"; }

  fs::path path;
};

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  fs::permissions(file.parent_path().parent_path(), fs::perms::owner_all);
  fs::permissions(file.parent_path(), fs::perms::owner_all);
  std::ofstream(file, std::ios::binary) << text;
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
}

std::size_t set_aside(const Place& place) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(place.file().parent_path())) {
    count += entry.path().string().find(".bad-") != std::string::npos ? 1 : 0;
  }
  return count;
}

/// The trouble that loading finds; the file must be set aside and learning go on.
std::string trouble_with(const Place& place) {
  const auto store = place.open();
  BOOST_REQUIRE(store.ok());
  const auto loaded = store->load(kNow);
  BOOST_TEST(loaded.zone.empty());
  BOOST_TEST(loaded.may_save);
  BOOST_TEST(set_aside(place) == 1U);
  BOOST_TEST(!store->save(sample()).has_value());
  BOOST_TEST(store->load(kNow).zone.runs == 7U);
  return loaded.trouble.value_or("");
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// A process that reads and writes the file that often; _exit(): it has the test's own objects.
pid_t start_run(const Place& place, int times) {
  const auto child = fork();
  if (child == 0) {
    for (int i = 0; i < times; ++i) {
      const auto store = place.open();
      if (store.ok()) {
        auto zone = store->load(kNow).zone;
        ++zone.runs;
        (void)store->save(zone);
      }
    }
    _exit(0);
  }
  return child;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(state_store)

BOOST_AUTO_TEST_CASE(first_run_then_second) {
  const Place place;
  {
    const auto store = place.open();
    BOOST_REQUIRE_MESSAGE(store.ok(), (store.ok() ? "" : store.error().message));
    BOOST_TEST(store->load(kNow).zone.empty());
    BOOST_TEST(!store->save(sample()).has_value());
  }
  const auto store = place.open();
  BOOST_REQUIRE(store.ok());
  const auto loaded = store->load(kNow);
  BOOST_TEST(!loaded.trouble.has_value());
  BOOST_TEST(loaded.zone.runs == 7U);
  struct stat status {};
  BOOST_TEST(stat(place.file().c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 07777U) == 0600U);
  BOOST_TEST(stat(place.file().parent_path().c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 07777U) == 0700U);
}

BOOST_AUTO_TEST_CASE(foreign_files_are_set_aside) {
  const Place place;
  write(place.file(), "something else\n");
  BOOST_TEST(contains(trouble_with(place), "it is not whole JSON; it was set aside as "));
}

BOOST_AUTO_TEST_CASE(nothing_that_was_set_aside_is_lost) {
  const Place place;
  write(place.file(), "something else\n");
  trouble_with(place);
  fs::remove(place.file());
  fs::create_directory(place.file());  // which takes no file's place
  const auto store = place.open();
  BOOST_REQUIRE(store.ok());
  const auto loaded = store->load(kNow);
  BOOST_TEST(contains(loaded.trouble.value_or(""), "it is no regular file; it was set aside as "));
  BOOST_TEST(loaded.may_save);
  BOOST_TEST(set_aside(place) == 2U);
}

BOOST_AUTO_TEST_CASE(looking_moves_nothing) {
  const Place place;
  write(place.file(), "something else\n");
  const auto store = place.open();
  BOOST_REQUIRE(store.ok());
  const auto known = store->look(kNow);
  BOOST_REQUIRE(!known.ok());
  BOOST_TEST(known.error().message == "it is not whole JSON");
  BOOST_TEST(fs::exists(place.file()));
  BOOST_TEST(set_aside(place) == 0U);
  BOOST_TEST(!store->save(sample()).has_value());
  BOOST_TEST(store->look(kNow)->runs == 7U);
}

BOOST_AUTO_TEST_CASE(an_empty_file_is_set_aside) {
  const Place place;
  write(place.file(), "");
  BOOST_TEST(contains(trouble_with(place), "not whole JSON"));
}

BOOST_AUTO_TEST_CASE(links_are_not_followed) {
  const Place place;
  write(place.file(), "");
  fs::remove(place.file());
  const auto victim = place.path / "victim";
  std::ofstream(victim) << "precious";
  fs::create_symlink(victim, place.file());
  BOOST_TEST(contains(trouble_with(place), "it is a symbolic link"));
  std::string text;
  std::ifstream(victim) >> text;
  BOOST_TEST(text == "precious");
}

BOOST_AUTO_TEST_CASE(a_pipe_does_not_make_it_wait) {
  const Place place;
  write(place.file(), "");
  fs::remove(place.file());
  BOOST_REQUIRE(mkfifo(place.file().c_str(), 0600) == 0);
  BOOST_TEST(contains(trouble_with(place), "it is no regular file"));
}

BOOST_AUTO_TEST_CASE(a_file_that_others_may_write_to_is_not_believed) {
  const Place place;
  write(place.file(), "{}");
  fs::permissions(place.file(), fs::perms::all);
  BOOST_TEST(contains(trouble_with(place), "others may write to it (mode 0777)"));
}

BOOST_AUTO_TEST_CASE(huge_files_are_not_read) {
  const Place place;
  write(place.file(), "{}");
  fs::resize_file(place.file(), 1U << 30U);
  BOOST_TEST(contains(trouble_with(place), "it is too large (1073741824 octets)"));
}

BOOST_AUTO_TEST_CASE(a_directory_that_others_may_write_to_is_not_used) {
  const Place place;
  fs::create_directory(place.path / "state");
  fs::permissions(place.path / "state", fs::perms::all);
  const auto store = place.open();
  BOOST_REQUIRE(!store.ok());
  BOOST_TEST(contains(store.error().message, "others may write to it (mode 0777): set mode 0700"));
}

BOOST_AUTO_TEST_CASE(a_file_in_place_of_the_directory) {
  const Place place;
  std::ofstream(place.path / "state") << "x";
  const auto store = place.open();
  BOOST_REQUIRE(!store.ok());
  BOOST_TEST(contains(store.error().message, "cannot open the directory "));
}

BOOST_AUTO_TEST_CASE(who_waits_too_long_reads_but_does_not_write) {
  const Place place;
  const auto first = place.open();
  BOOST_REQUIRE(first.ok());
  BOOST_TEST(!first->busy());
  BOOST_TEST(!first->save(sample()).has_value());
  const auto second = place.open(20ms);
  BOOST_REQUIRE(second.ok());
  BOOST_TEST(second->busy());
  const auto loaded = second->load(kNow);
  BOOST_TEST(loaded.zone.runs == 7U);
  BOOST_TEST(!loaded.may_save);
}

BOOST_AUTO_TEST_CASE(who_has_waited_does_not_wait_again) {
  const Place place;
  const auto first = place.open();
  BOOST_REQUIRE(first.ok());
  auto patience = 200ms;
  const auto wait = [&] {
    const auto began = std::chrono::steady_clock::now();
    BOOST_TEST(memory::Store::open(place.path / "state", kCheck, sample().zone, patience)->busy());
    return std::chrono::steady_clock::now() - began;
  };
  BOOST_TEST((wait() >= 200ms));
  BOOST_TEST((patience == 0ms));
  for (int i = 0; i < 100; ++i) {
    BOOST_TEST((wait() < 200ms));
  }
}

BOOST_AUTO_TEST_CASE(a_free_lock_takes_no_patience) {
  const Place place;
  auto patience = 5000ms;
  BOOST_TEST(!memory::Store::open(place.path / "state", kCheck, sample().zone, patience)->busy());
  BOOST_TEST((patience == 5000ms));
}

BOOST_AUTO_TEST_CASE(a_long_path_leaves_room_for_what_is_wrong_with_it) {
  auto patience = 0ms;
  const std::string path = "/nowhere/" + std::string(5000, 'x');
  const auto store = memory::Store::open(path, kCheck, sample().zone, patience);
  BOOST_REQUIRE(!store.ok());
  BOOST_TEST(contains(store.error().message, "cannot make the directory /nowhere/xxx"));
  BOOST_TEST(contains(store.error().message, "...: "));
  BOOST_TEST(store.error().message.size() < 300U);
}

BOOST_AUTO_TEST_CASE(names_of_files_are_safe) {
  const auto name_of = [](const char* zone) {
    return memory::file_name_of(*dns::Name::from_text(zone));
  };
  BOOST_TEST(name_of("Example.COM.") == "example.com.json");
  BOOST_TEST(name_of(".") == "%2E.json");
  BOOST_TEST(name_of("a/b.example.") == "a%2Fb.example.json");
  BOOST_TEST(name_of("\\046\\046.example.").find("..") != 0U);
  const std::string label(63, 'a');
  const auto name = label + "." + label + "." + label + ".";
  BOOST_TEST(name_of((name + "b.").c_str()).size() <= 210U);
  BOOST_TEST(name_of((name + label.substr(0, 60) + ".").c_str()) !=
             name_of((name + label.substr(0, 59) + ".").c_str()));
}

/// Runs that are killed at any moment while they write leave a whole file behind.
BOOST_AUTO_TEST_CASE(killed_at_random_moments) {
  const Place place;
  BOOST_TEST(!place.open()->save(sample()).has_value());
  const auto began = std::chrono::steady_clock::now();
  const auto first = start_run(place, 1);
  waitpid(first, nullptr, 0);
  const auto once = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - began);  // as long as it takes here: sanitizers, load
  std::mt19937 random(20261124);
  std::uniform_int_distribution<std::int64_t> moment(0, 2 * once.count());
  constexpr auto kLongest = std::chrono::seconds(30);  // on a busy machine
  int run = 0;
  for (; run < 1000 && std::chrono::steady_clock::now() - began < kLongest; ++run) {
    const auto child = start_run(place, 1000);
    BOOST_REQUIRE(child > 0);
    std::this_thread::sleep_for(std::chrono::microseconds(moment(random)));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    const auto loaded = place.open()->load(kNow);
    BOOST_REQUIRE_MESSAGE(!loaded.trouble, loaded.trouble.value_or(""));
    BOOST_REQUIRE(loaded.zone.runs >= 8U);
  }
  BOOST_TEST(run >= 50);
  BOOST_TEST(place.open()->load(kNow).zone.runs > 20U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace memory_test
