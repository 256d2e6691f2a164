// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/run.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "support.hpp"

namespace {

struct Outcome {
  int status = -1;  ///< exit status, or -1 when it ended by a signal
  std::string output;
};

int exit_status(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// Runs `body` in a process of its own, its standard output read here, at most ten seconds.
Outcome run_apart(const std::function<int()>& body, bool slow_reader = false) {
  std::array<int, 2> ends{};
  BOOST_REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(10);
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    ::_exit(body());
  }
  ::close(ends[1]);
  Outcome outcome;
  std::array<char, 5000> buffer{};
  if (slow_reader) ::usleep(50000);
  for (;;) {
    const ssize_t count = ::read(ends[0], buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    outcome.output.append(buffer.data(), static_cast<std::size_t>(count));
  }
  ::close(ends[0]);
  outcome.status = exit_status(child);
  return outcome;
}

/// Runs `body` after `prepare` changed standard output in the child; gives the exit status.
int status_after(const std::function<void()>& prepare, const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(10);
    prepare();
    ::_exit(body());
  }
  return exit_status(child);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(running)

BOOST_AUTO_TEST_CASE(the_status_is_the_state) {
  for (const plugin::State state : {plugin::State::ok, plugin::State::warning,
                                    plugin::State::critical, plugin::State::unknown}) {
    const auto outcome = run_apart([&] { return plugin::emit(state, "words\n"); });
    BOOST_TEST(outcome.status == static_cast<int>(state));
    BOOST_TEST(outcome.output == "words\n");
  }
}

BOOST_AUTO_TEST_CASE(much_text_arrives_whole) {
  const std::string text(1 << 20, 'x');  // more than a pipe holds
  const auto outcome = run_apart([&] { return plugin::emit(plugin::State::ok, text); }, true);
  BOOST_TEST(outcome.status == 0);
  BOOST_TEST((outcome.output == text));
}

BOOST_AUTO_TEST_CASE(an_output_that_does_not_block_is_waited_for) {
  const std::string text(1 << 20, 'y');
  const auto outcome = run_apart(
      [&] {
        ::fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
        return plugin::emit(plugin::State::warning, text);
      },
      true);
  BOOST_TEST(outcome.status == 1);
  BOOST_TEST((outcome.output == text));
}

BOOST_AUTO_TEST_CASE(an_output_that_is_gone_does_not_change_the_status) {
  const auto speak = [] { return plugin::emit(plugin::State::critical, std::string(9000, 'x')); };
  BOOST_TEST(status_after([] { ::close(STDOUT_FILENO); }, speak) == 2);
  BOOST_TEST(status_after(
                 [] {
                   std::array<int, 2> ends{};
                   if (::pipe(ends.data()) != 0) ::_exit(99);
                   ::close(ends[0]);
                   ::dup2(ends[1], STDOUT_FILENO);
                 },
                 speak) == 2);
  BOOST_TEST(status_after(
                 [] {
                   const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
                   if (full < 0) ::_exit(99);
                   ::dup2(full, STDOUT_FILENO);
                 },
                 speak) == 2);
}

BOOST_AUTO_TEST_CASE(a_closed_output_is_not_given_to_a_socket) {
  const int status = status_after([] { ::close(STDOUT_FILENO); },
                                  [] {
                                    return plugin::guarded(plugin::kSigsBinary, [] {
                                      const int next = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
                                      return next > STDERR_FILENO ? 0 : 1;
                                    });
                                  });
  BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_CASE(exceptions_become_one_line) {
  const auto thrown = run_apart([] {
    return plugin::guarded(plugin::kSigsBinary,
                           []() -> int { throw std::runtime_error("lost|it\n"); });
  });
  BOOST_TEST(thrown.status == 3);
  BOOST_TEST(thrown.output ==
             "DNSSEC SIGS UNKNOWN - internal error: lost\\124it\\010; please report it\n");
  const auto odd =
      run_apart([] { return plugin::guarded(plugin::kChainBinary, []() -> int { throw 5; }); });
  BOOST_TEST(odd.status == 3);
  BOOST_TEST(test::lines_of(odd.output).size() == 1U);
  const auto fine =
      run_apart([] { return plugin::guarded(plugin::kChainBinary, [] { return 1; }); });
  BOOST_TEST(fine.status == 1);
  BOOST_TEST(fine.output.empty());
}

BOOST_AUTO_TEST_SUITE_END()
