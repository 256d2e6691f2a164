// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "confine/files.hpp"

#ifdef __linux__
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>
#endif

#if defined(__linux__) && defined(SYS_landlock_create_ruleset)

namespace confine {
namespace {

// The kernel's interface (landlock(7)), spelled here since the headers of older systems lack part.
struct RulesetAttribute {
  std::uint64_t files;
  std::uint64_t ports;  // since version 4
};
struct [[gnu::packed]] PathAttribute {
  std::uint64_t allowed;
  std::int32_t parent;
};
constexpr std::uint32_t kAskVersion = 1;
constexpr int kPathBeneath = 1;

constexpr std::uint64_t kExecute = 1U << 0U, kWrite = 1U << 1U, kRead = 1U << 2U,
                        kRemoveDirectory = 1U << 4U, kRemoveFile = 1U << 5U, kMakeDevice = 1U << 6U,
                        kMakeDirectory = 1U << 7U, kMakeFile = 1U << 8U, kMakeSocket = 1U << 9U,
                        kMakeFifo = 1U << 10U, kMakeBlock = 1U << 11U, kMakeLink = 1U << 12U;
constexpr std::uint64_t kTruncate = 1U << 14U;  // since version 3
/// What can be allowed for a file by itself.
constexpr std::uint64_t kOfFile = kExecute | kRead | kWrite | kTruncate;
constexpr std::uint64_t kBindTcp = 1U << 0U;

/// All but the listing of directories: names are no secret, and paths are walked by opening them.
constexpr std::uint64_t kChanges = kWrite | kRemoveDirectory | kRemoveFile | kMakeDevice |
                                   kMakeDirectory | kMakeFile | kMakeSocket | kMakeFifo |
                                   kMakeBlock | kMakeLink;
/// Also what an odd thing in a file's place takes to be renamed.
constexpr std::uint64_t kReplace = kRead | (kChanges & ~(kMakeDevice | kMakeBlock));

/// What the libraries read when they are first used: providers, certificates, time zones. Of /etc
/// only that: monitoring systems keep their passwords there.
constexpr std::array kSystem{"/usr",
                             "/lib",
                             "/lib64",
                             "/nix/store",
                             "/gnu/store",
                             "/etc/ssl",
                             "/etc/pki",
                             "/etc/crypto-policies",
                             "/etc/ca-certificates",
                             "/etc/ld.so.cache",
                             "/etc/localtime",
                             "/etc/resolv.conf",
                             "/etc/hosts",
                             "/dev/null",
                             "/dev/zero",
                             "/dev/random",
                             "/dev/urandom",
                             "/proc/self",
                             "/proc/sys/net",
                             "/sys/devices/system/cpu"};

class Opened {
 public:
  explicit Opened(int number) : number_(number) {}
  Opened(Opened&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  Opened& operator=(Opened&&) = delete;
  ~Opened() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

std::string last_error() { return std::error_code(errno, std::generic_category()).message(); }

Opened create(std::uint64_t files, std::uint64_t ports, std::size_t size) {
  const RulesetAttribute attribute{files, ports};
  return Opened(
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attribute, size, std::uint32_t{0})));
}

class Ruleset {
 public:
  explicit Ruleset(long version)
      : files_(kExecute | kRead | kChanges | (version >= 3 ? kTruncate : 0)),
        set_(create(files_, version >= 4 ? kBindTcp : 0,
                    version >= 4 ? sizeof(RulesetAttribute) : sizeof(std::uint64_t))) {}

  [[nodiscard]] bool made() const { return set_.number() >= 0; }

  /// What is not there needs no rule.
  void allow(const std::string& path, std::uint64_t what) const {
    const Opened place(::open(path.c_str(), O_PATH | O_CLOEXEC));
    if (place.number() < 0) return;
    struct stat status {};
    if ((what & ~kOfFile) != 0 &&
        (::fstat(place.number(), &status) != 0 || !S_ISDIR(status.st_mode))) {
      what &= kOfFile;
    }
    const PathAttribute attribute{what & files_, place.number()};
    ::syscall(SYS_landlock_add_rule, set_.number(), kPathBeneath, &attribute, std::uint32_t{0});
  }

  [[nodiscard]] bool enforce() const {
    return ::syscall(SYS_landlock_restrict_self, set_.number(), std::uint32_t{0}) == 0;
  }

 private:
  std::uint64_t files_;
  Opened set_;
};

/// The directory itself, or the one in which it will be made.
std::string nearest(std::string path) {
  struct stat status {};
  while (::stat(path.empty() ? "." : path.c_str(), &status) != 0) {
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    path.resize(slash == 0 ? 1 : slash);
    if (path == "/") break;
  }
  return path.empty() ? "." : path;
}

}  // namespace

std::string confine_files(const Needs& needs) {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, kAskVersion);
  if (version < 1) return "this kernel has no Landlock for files: " + last_error();
  const Ruleset rules(version);
  if (!rules.made()) return "Landlock for files: " + last_error();
  const std::uint64_t look = kRead | (needs.start_programs ? kExecute : 0);
  for (const char* path : kSystem) rules.allow(path, look);
  for (const auto& path : needs.read) rules.allow(path, kRead);
  if (needs.read_everything || needs.start_programs) rules.allow("/", look);
  for (const auto& path : needs.write) rules.allow(path, kWrite | kTruncate);
  for (const auto& path : needs.replace) rules.allow(nearest(path), kReplace | kTruncate);
  rules.allow("/dev/null", kRead | kWrite | kTruncate);
  return rules.enforce() ? std::string() : "Landlock for files: " + last_error();
}

}  // namespace confine

#else

namespace confine {

std::string confine_files(const Needs&) { return "this system has no Landlock for files"; }

}  // namespace confine

#endif
