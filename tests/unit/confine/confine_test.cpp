// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Each case confines a child: what is given up is never had again.
#include "confine/confine.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <thread>

namespace {

namespace files = std::filesystem;
using Trial = std::function<bool()>;

struct Folder {
  files::path path;
  Folder() {
    std::string name = (files::temp_directory_path() / "confine.XXXXXX").string();
    path = ::mkdtemp(name.data());
    std::ofstream(path / "secret") << "s";
    std::ofstream(path / "named") << "n";
    files::create_directory(path / "state");
    std::ofstream(path / "state" / "old") << "o";
    files::create_symlink("/etc/passwd", path / "state" / "link");
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { files::remove_all(path); }
  [[nodiscard]] std::string operator/(const char* name) const { return (path / name).string(); }
};

enum Outcome { held = 0, did_not_hold = 1, not_offered = 77 };

/// What a child finds once it is confined.
int in_child(const confine::Needs& needs, bool calls, const Trial& trial) {
  const pid_t child = ::fork();
  if (child == 0) {
    const auto confinement = confine::confine(needs);
    if (!confinement.files || (calls && !confinement.calls)) ::_exit(not_offered);
    ::_exit(trial() ? held : did_not_hold);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void require(const confine::Needs& needs, bool calls, const Trial& trial) {
  const int outcome = in_child(needs, calls, trial);
  if (outcome == not_offered) {
    BOOST_TEST_MESSAGE("this kernel does not offer it: not tested");
    return;
  }
  BOOST_TEST(outcome == held);
}

bool opens(const std::string& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (file >= 0) ::close(file);
  return file >= 0;
}

bool refused(long result, int error) { return result == -1 && errno == error; }

}  // namespace

BOOST_AUTO_TEST_SUITE(confined)

BOOST_AUTO_TEST_CASE(reads_what_is_named_and_nothing_else) {
  const Folder folder;
  confine::Needs needs;
  needs.read = {folder / "named", folder / "not-there"};
  require(needs, false, [&] {
    return opens(folder / "named", O_RDONLY) && !opens(folder / "named", O_WRONLY) &&
           !opens(folder / "secret", O_RDONLY) && !opens("/etc/passwd", O_RDONLY) &&
           opens("/dev/urandom", O_RDONLY) && opens("/usr/share", O_RDONLY | O_DIRECTORY);
  });
}

BOOST_AUTO_TEST_CASE(reads_everything_where_what_will_be_read_is_unknown) {
  const Folder folder;
  confine::Needs needs;
  needs.read_everything = true;
  require(needs, false, [&] {
    return opens(folder / "secret", O_RDONLY) && !opens(folder / "secret", O_WRONLY);
  });
}

BOOST_AUTO_TEST_CASE(replaces_files_where_they_belong_and_nowhere_else) {
  const Folder folder;
  confine::Needs needs;
  needs.replace = {folder / "state"};
  require(needs, false, [&] {
    return opens(folder / "state/new", O_RDWR | O_CREAT | O_EXCL) &&
           ::rename((folder / "state/new").c_str(), (folder / "state/old").c_str()) == 0 &&
           opens(folder / "state/old", O_RDWR | O_TRUNC) &&
           ::unlink((folder / "state/old").c_str()) == 0 &&
           ::mkdir((folder / "state/deeper").c_str(), 0700) == 0 &&
           !opens(folder / "new", O_WRONLY | O_CREAT) &&
           ::unlink((folder / "secret").c_str()) != 0 && !opens(folder / "state/link", O_RDONLY) &&
           ::rename((folder / "state/link").c_str(), (folder / "state/aside").c_str()) == 0;
  });
}

BOOST_AUTO_TEST_CASE(makes_a_directory_that_is_not_there_yet) {
  const Folder folder;
  confine::Needs needs;
  needs.replace = {(folder / "state/a/b/")};
  require(needs, false, [&] {
    return ::mkdir((folder / "state/a").c_str(), 0700) == 0 &&
           ::mkdir((folder / "state/a/b").c_str(), 0700) == 0 &&
           opens(folder / "state/a/b/new", O_WRONLY | O_CREAT) && !opens(folder / "x", O_CREAT);
  });
}

BOOST_AUTO_TEST_CASE(writes_into_a_pipe_that_is_named) {
  const Folder folder;
  BOOST_REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  const int reader = ::open((folder / "pipe").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  confine::Needs needs;
  needs.write = {folder / "pipe"};
  require(needs, false, [&] {
    return opens(folder / "pipe", O_WRONLY | O_NONBLOCK) && !opens(folder / "secret", O_WRONLY);
  });
  ::close(reader);
}

BOOST_AUTO_TEST_CASE(starts_no_program) {
  require({}, true, [] {
    char name[] = "/bin/true";
    char* arguments[] = {name, nullptr};
    return ::execv(name, arguments) == -1 && refused(::fork(), EPERM);
  });
}

BOOST_AUTO_TEST_CASE(starts_programs_where_that_is_needed) {
  confine::Needs needs;
  needs.start_programs = true;
  require(needs, false, [] {
    return std::system("exit 3") == 3 << 8 && !opens("/tmp/confine-must-not-be", O_CREAT);
  });
}

BOOST_AUTO_TEST_CASE(has_threads_clocks_and_sockets) {
  require({}, true, [] {
    int seen = 0;
    std::thread([&] { seen = 1; }).join();
    const int udp = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const int tcp = ::socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const bool sockets = udp >= 0 && (tcp >= 0 || errno == EAFNOSUPPORT);
    return seen == 1 && sockets && std::random_device()() != std::random_device()();
  });
}

BOOST_AUTO_TEST_CASE(lets_nobody_in_and_looks_at_nobody) {
  require({}, true, [] {
    const int tcp = ::socket(AF_INET, SOCK_STREAM, 0);
    char key = 'x';
    return ::listen(tcp, 1) == -1 && ::kill(::getppid(), 0) == -1 &&
           refused(::socket(AF_PACKET, SOCK_RAW, 0), EPERM) &&
           ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == -1 &&
           refused(::ioctl(0, TIOCSTI, &key), ENOTTY);
  });
}

#ifdef __linux__
/// All that no run needs is unknown to it: gaps between what is allowed, and beyond both ends.
BOOST_AUTO_TEST_CASE(knows_only_the_calls_that_are_named) {
  require({}, true, [] {
    const auto unknown = [](long call) {
      errno = 0;
      return ::syscall(call, 0, 0, 0, 0, 0, 0) == -1 && errno == ENOSYS;
    };
    const auto known = [&](long call) { return !unknown(call); };
    return known(SYS_read) && known(SYS_getpid) && known(SYS_getrandom) && known(SYS_getcpu) &&
           unknown(SYS_execve) && unknown(SYS_execveat) && unknown(SYS_listen) &&
           unknown(SYS_accept4) && unknown(SYS_ptrace) && unknown(SYS_mount) && unknown(SYS_bpf) &&
           unknown(SYS_kill) && unknown(SYS_clone3) && unknown(SYS_setuid) && unknown(SYS_chroot) &&
           unknown(400) && unknown(4000) && unknown(0x7fffffff);
  });
}
#endif

BOOST_AUTO_TEST_CASE(runs_nothing_that_was_written) {
  require({}, true, [] {
    void* both = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (both != MAP_FAILED) return false;
    void* page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page != MAP_FAILED && ::mprotect(page, 4096, PROT_READ) == 0 &&
           ::mprotect(page, 4096, PROT_READ | PROT_EXEC) == -1;
  });
}

BOOST_AUTO_TEST_SUITE_END()
