// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "resolve/resolver.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <filesystem>

#include "resolve/forwarder.hpp"

using dns::Security;
using dns::Type;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

dns::Question question(const std::string& name) {
  return {tree::name(name), Type::a, dns::Class::in};
}

std::optional<dns::Bytes> silence(const dns::Bytes&) { return std::nullopt; }

struct ResolverFixture : forwarder::Fixture {
  ResolverFixture() { zones.add("good.", {}).add("www.good.", Type::a, {192, 0, 2, 1}); }

  /// Starts look-ups without waiting for them.
  void start(resolve::Resolver& resolver, const dns::Question& wanted, Clock::time_point deadline) {
    boost::asio::co_spawn(io, resolver.lookup(wanted, deadline),
                          [this](const std::exception_ptr& error, dns::Lookup one) {
                            BOOST_TEST(!error);
                            results.push_back(std::move(one));
                          });
  }
  void run_until_results(std::size_t count) {
    io.restart();
    const Clock::time_point end = Clock::now() + 10s;
    while (results.size() < count && Clock::now() < end) {
      io.run_one_for(100ms);
    }
  }

  std::vector<dns::Lookup> results;
};

std::ptrdiff_t open_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                       std::filesystem::directory_iterator());
}

/// Standard error goes into a file while this lives.
class CapturedStderr {
 public:
  CapturedStderr() : saved_(dup(2)), file_(std::tmpfile()) { dup2(fileno(file_), 2); }
  CapturedStderr(const CapturedStderr&) = delete;
  CapturedStderr& operator=(const CapturedStderr&) = delete;
  ~CapturedStderr() {
    dup2(saved_, 2);
    close(saved_);
    std::fclose(file_);
  }
  [[nodiscard]] off_t size() const { return lseek(fileno(file_), 0, SEEK_END); }

 private:
  int saved_;
  std::FILE* file_;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(resolver, ResolverFixture)

BOOST_AUTO_TEST_CASE(identical_questions_are_one_look_up) {
  const auto made = resolver();
  for (int i = 0; i < 5; ++i) {
    start(*made, question("www.good."), Clock::now() + 5s);
  }
  start(*made, question("WWW.Good."), Clock::now() + 5s);
  run_until_results(6);
  BOOST_REQUIRE(results.size() == 6U);
  for (const dns::Lookup& one : results) {
    BOOST_TEST(one.security == Security::secure);
  }
  look_up(*made, "www.good.");
  BOOST_TEST(made->lookups() == 1U);
  BOOST_TEST(server.asked("www.good.", Type::a) == 1);
}

BOOST_AUTO_TEST_CASE(old_answers_are_forgotten) {
  const auto made = resolver();
  look_up(*made, "first.good.");
  for (int i = 0; i < 70; ++i) {
    look_up(*made, "n" + std::to_string(i) + ".good.");
    look_up(*made, "www.good.");  // used again and again
  }
  BOOST_TEST(made->lookups() == 72U);
  look_up(*made, "www.good.");
  BOOST_TEST(made->lookups() == 72U);
  look_up(*made, "first.good.");
  BOOST_TEST(made->lookups() == 73U);
}

BOOST_AUTO_TEST_CASE(the_deadline_cancels) {
  script = silence;
  const auto made = resolver();
  const Clock::time_point start_time = Clock::now();
  const dns::Lookup none =
      forwarder::run(io, made->lookup(question("www.good."), start_time + 300ms));
  BOOST_TEST(none.security == Security::not_looked_up);
  BOOST_TEST((none.question.name == tree::name("www.good.")));
  BOOST_TEST(!none.message.has_value());
  BOOST_TEST((Clock::now() - start_time >= 290ms));
  BOOST_TEST((Clock::now() - start_time < 600ms));
}

BOOST_AUTO_TEST_CASE(a_passed_deadline_asks_nothing) {
  const auto made = resolver();
  const dns::Lookup none = forwarder::run(io, made->lookup(question("www.good."), Clock::now()));
  BOOST_TEST(none.security == Security::not_looked_up);
  BOOST_TEST(made->lookups() == 0U);
}

BOOST_AUTO_TEST_CASE(each_waits_for_its_own_deadline) {
  bool silent = true;
  script = [&](const dns::Bytes& query) -> std::optional<dns::Bytes> {
    return silent ? std::nullopt : std::optional(zones.answer(query));
  };
  const auto made = resolver();
  start(*made, question("www.good."), Clock::now() + 100ms);
  start(*made, question("www.good."), Clock::now() + 8s);
  run_until_results(1);
  BOOST_REQUIRE(results.size() == 1U);
  BOOST_TEST(results[0].security == Security::not_looked_up);
  silent = false;
  run_until_results(2);
  BOOST_REQUIRE(results.size() == 2U);
  BOOST_TEST(results[1].security == Security::secure);
  BOOST_TEST(made->lookups() == 1U);
}

BOOST_AUTO_TEST_CASE(a_cancelled_question_can_be_asked_again) {
  bool silent = true;
  script = [&](const dns::Bytes& query) -> std::optional<dns::Bytes> {
    return silent ? std::nullopt : std::optional(zones.answer(query));
  };
  const auto made = resolver();
  const dns::Lookup none =
      forwarder::run(io, made->lookup(question("www.good."), Clock::now() + 100ms));
  BOOST_TEST(none.security == Security::not_looked_up);
  silent = false;
  BOOST_TEST(look_up(*made, "www.good.").security == Security::secure);
}

BOOST_AUTO_TEST_CASE(the_loop_ends_when_nothing_is_under_way) {
  const auto made = resolver();
  boost::asio::io_context own;
  auto other = resolve::Resolver::create(own, settings());
  BOOST_REQUIRE(other.ok());
  unsigned done = 0;
  script = silence;
  for (int i = 0; i < 3; ++i) {
    boost::asio::co_spawn(own, (*other)->lookup(question("www.good."), Clock::now() + 100ms),
                          [&](const std::exception_ptr&, const dns::Lookup&) { ++done; });
    own.restart();
    own.run_for(5s);
    BOOST_TEST(own.stopped());
    BOOST_TEST(done == static_cast<unsigned>(i) + 1);
  }
}

BOOST_AUTO_TEST_CASE(dying_with_look_ups_under_way_is_quick) {
  script = silence;
  auto made = resolver();
  for (int i = 0; i < 20; ++i) {
    start(*made, question("n" + std::to_string(i) + ".good."), Clock::now() + 10s);
  }
  io.run_for(100ms);
  const Clock::time_point before = Clock::now();
  made.reset();
  BOOST_TEST((Clock::now() - before < 100ms));
  run_until_results(20);
  BOOST_REQUIRE(results.size() == 20U);
  for (const dns::Lookup& one : results) {
    BOOST_TEST(one.security == Security::not_looked_up);
  }
}

BOOST_AUTO_TEST_CASE(resolver_and_loop_may_die_with_look_ups_under_way) {
  const std::ptrdiff_t before = open_descriptors();
  {
    boost::asio::io_context doomed;
    const auto made = std::move(resolve::Resolver::create(doomed, settings()).value());
    for (const char* name : {"www.good.", "www.good.", "other.good."}) {
      boost::asio::co_spawn(doomed, made->lookup(question(name), Clock::now() + 10s),
                            boost::asio::detached);
    }
    while (made->lookups() < 2) {
      doomed.run_one_for(5s);
    }
    doomed.run_for(20ms);
  }
  BOOST_TEST(open_descriptors() == before);
}

BOOST_AUTO_TEST_CASE(a_look_up_never_started_needs_no_resolver) {
  auto made = resolver();
  boost::asio::awaitable<dns::Lookup> later =
      made->lookup(question("www.good."), Clock::now() + 5s);
  made.reset();
  BOOST_TEST(forwarder::run(io, std::move(later)).security == Security::not_looked_up);
}

BOOST_AUTO_TEST_CASE(nothing_reaches_standard_error) {
  zones.add("broken.", {.broken = true}).add("www.broken.", Type::a, {192, 0, 2, 1});
  const CapturedStderr captured;
  {
    const auto made = resolver();
    BOOST_TEST(look_up(*made, "www.broken.").security == Security::bogus);
    resolve::Settings odd = settings();
    odd.anchors.at(0).ds.algorithm = 253;
    look_up(*resolver(odd), "www.good.");
    script = [](const dns::Bytes&) { return dns::Bytes{1, 2, 3}; };
    forwarder::run(io, resolver()->lookup(question("www.good."), Clock::now() + 200ms));
  }
  BOOST_TEST(captured.size() == 0);
}

#if !defined(__SANITIZE_ADDRESS__)  // the sanitizers need descriptors of their own
BOOST_AUTO_TEST_CASE(no_descriptor_left) {
  rlimit before{};
  BOOST_REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  off_t written = 0;
  std::string message;
  {
    const CapturedStderr captured;
    rlimit none = before;
    none.rlim_cur = 3;
    BOOST_REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
    const auto made = resolve::Resolver::create(io, settings());
    BOOST_REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
    message = made.ok() ? "made" : made.error().message;
    written = captured.size();
  }
  BOOST_TEST(message == "cannot start libunbound: Too many open files");
  BOOST_TEST(written == 0);
}
#endif

BOOST_AUTO_TEST_CASE(what_cannot_be_set_up_is_told) {
  resolve::Settings wrong = settings();
  wrong.anchors.clear();
  auto made = resolve::Resolver::create(io, wrong);
  BOOST_REQUIRE(!made.ok());
  BOOST_TEST(made.error().message == "no trust anchor to validate with");

  wrong = settings();
  wrong.root_hints = "/nonexistent/hints";
  made = resolve::Resolver::create(io, wrong);
  BOOST_REQUIRE(!made.ok());
  BOOST_TEST(made.error().message.find("/nonexistent/hints") != std::string::npos);

  wrong = settings();
  wrong.forward = {{"ns1.example", 53}};
  made = resolve::Resolver::create(io, wrong);
  BOOST_REQUIRE(!made.ok());
  BOOST_TEST(made.error().message.find("ns1.example") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
