// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Files that other users and earlier crashes may have tampered with.
#include "memory/file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <thread>

#include "dns/escape.hpp"

namespace memory {
namespace {

constexpr mode_t kOnlyOwner = 0700;
constexpr mode_t kOwnFile = 0600;

bool others_may_write(const struct stat& status) {
  return (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

std::string mode_words(const struct stat& status) {
  std::string octal;
  for (unsigned bits = status.st_mode & 07777U; bits != 0 || octal.size() < 4; bits /= 8) {
    octal.insert(octal.begin(), static_cast<char>('0' + bits % 8));
  }
  return octal;
}

std::optional<std::string> unfit_folder(const Descriptor& folder) {
  struct stat status {};
  if (fstat(folder.number(), &status) != 0) {
    return last_error();
  }
  if (status.st_uid != geteuid() && status.st_uid != 0) {
    return "it belongs to user " + std::to_string(status.st_uid) + ", not to this one (" +
           std::to_string(geteuid()) + ")";
  }
  if (others_may_write(status)) {
    return "others may write to it (mode " + mode_words(status) + "): set mode 0700";
  }
  return std::nullopt;
}

dns::Result<Descriptor> open_checked(int parent, const std::string& name, const std::string& path) {
  if (mkdirat(parent, name.c_str(), kOnlyOwner) != 0 && errno != EEXIST) {
    return dns::Error{"cannot make the directory " + path + ": " + last_error()};
  }
  Descriptor folder(openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.open()) {
    return dns::Error{"cannot open the directory " + path + ": " + last_error()};
  }
  if (const auto problem = unfit_folder(folder)) {
    return dns::Error{"the directory " + path + " is not used: " + *problem};
  }
  return folder;
}

std::optional<std::string> unfit_file(const Descriptor& file, std::size_t most) {
  struct stat status {};
  if (fstat(file.number(), &status) != 0) {
    return last_error();
  }
  if (!S_ISREG(status.st_mode)) {
    return "it is no regular file";
  }
  if (status.st_uid != geteuid()) {
    return "it belongs to user " + std::to_string(status.st_uid);
  }
  if (others_may_write(status)) {
    return "others may write to it (mode " + mode_words(status) + ")";
  }
  if (static_cast<std::size_t>(status.st_size) > most) {
    return "it is too large (" + std::to_string(status.st_size) + " octets)";
  }
  return std::nullopt;
}

bool write_all(const Descriptor& file, std::string_view text) {
  while (!text.empty()) {
    const auto written = write(file.number(), text.data(), text.size());
    if (written < 0 && errno != EINTR) {
      return false;
    }
    text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Descriptor::~Descriptor() {
  if (open()) {
    close(number_);
  }
}

std::string last_error() { return std::error_code(errno, std::generic_category()).message(); }

std::string path_words(const std::string& path) {
  constexpr std::size_t kMostOfPath = 160;
  return dns::escape_line(path, kMostOfPath);
}

dns::Result<Descriptor> open_folder(const std::string& path) {
  return open_checked(AT_FDCWD, path, path_words(path));
}

dns::Result<Descriptor> open_folder_in(const Descriptor& parent, const std::string& name,
                                       const std::string& path) {
  return open_checked(parent.number(), name, path);
}

dns::Result<Descriptor> lock_file(const Descriptor& folder, const std::string& name,
                                  std::chrono::milliseconds& patience) {
  Descriptor file(openat(folder.number(), name.c_str(),
                         O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, kOwnFile));
  if (!file.open()) {
    return dns::Error{"cannot open the lock file " + name + ": " + last_error()};
  }
  using Clock = std::chrono::steady_clock;
  const auto began = Clock::now();
  const auto given = patience;
  while (flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      return dns::Error{"cannot lock the file " + name + ": " + last_error()};
    }
    if (patience.count() <= 0) {
      return Descriptor();
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began);
    patience = std::max(given - waited, std::chrono::milliseconds::zero());
  }
  return file;
}

dns::Result<std::optional<std::string>> read_own_file(const Descriptor& folder,
                                                      const std::string& name, std::size_t most) {
  const Descriptor file(
      openat(folder.number(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.open()) {
    if (errno == ENOENT) {
      return std::optional<std::string>{};
    }
    return dns::Error{errno == ELOOP ? "it is a symbolic link" : last_error()};
  }
  if (const auto problem = unfit_file(file, most)) {
    return dns::Error{*problem};
  }
  std::string text;
  std::array<char, 16384> part{};
  for (;;) {
    const auto got = read(file.number(), part.data(), part.size());
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return dns::Error{last_error()};
    }
    if (got == 0) {
      return std::optional<std::string>{std::move(text)};
    }
    text.append(part.data(), static_cast<std::size_t>(got));
    if (text.size() > most) {
      return dns::Error{"it is too large"};
    }
  }
}

std::optional<std::string> replace_file(const Descriptor& folder, const std::string& name,
                                        std::string_view text) {
  // One name a file, under its lock: what a killed run left behind is used again.
  const std::string temporary = name + ".new";
  unlinkat(folder.number(), temporary.c_str(), 0);
  const Descriptor file(openat(folder.number(), temporary.c_str(),
                               O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kOwnFile));
  if (!file.open()) {
    return "cannot make " + temporary + ": " + last_error();
  }
  if (!write_all(file, text) || fsync(file.number()) != 0) {
    const auto problem = last_error();
    unlinkat(folder.number(), temporary.c_str(), 0);
    return "cannot write " + temporary + ": " + problem;
  }
  if (auto problem = rename_file(folder, temporary, name)) {
    return problem;
  }
  if (fsync(folder.number()) != 0) {
    return "cannot flush the directory: " + last_error();
  }
  return std::nullopt;
}

std::string free_name(const Descriptor& folder, const std::string& wanted) {
  std::string name = wanted;
  struct stat status {};
  for (int count = 2; fstatat(folder.number(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
       ++count) {
    name = wanted + "-" + std::to_string(count);
  }
  return name;
}

std::optional<std::string> rename_file(const Descriptor& folder, const std::string& from,
                                       const std::string& to) {
  if (renameat(folder.number(), from.c_str(), folder.number(), to.c_str()) != 0) {
    return "cannot rename " + from + " to " + to + ": " + last_error();
  }
  return std::nullopt;
}

}  // namespace memory
