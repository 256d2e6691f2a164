// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "transport/tsig_key.hpp"

namespace transport {
namespace {

constexpr std::size_t most_file_octets = 65536;

/// Closes what it holds.
class OpenFile {
 public:
  // Not blocking: a pipe that nobody writes to must not hold the run up.
  explicit OpenFile(const std::string& path)
      : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)) {}
  ~OpenFile() {
    if (number_ >= 0) {
      ::close(number_);
    }
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

std::string errno_words() { return std::error_code(errno, std::generic_category()).message(); }

std::string mode_text(mode_t mode) {
  std::string octal;
  for (unsigned bits = mode & 07777U; octal.size() < 4; bits /= 8) {
    octal.insert(octal.begin(), static_cast<char>('0' + bits % 8));
  }
  return octal;
}

/// Asked of the open file: nobody can put another in its place.
std::optional<std::string> unfit(const OpenFile& file) {
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) {
    return errno_words();
  }
  if (!S_ISREG(status.st_mode)) {
    return "it is no regular file";
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return "group or others may use it (mode " + mode_text(status.st_mode) +
           "): chmod 600 it, and make a new key if others have read it";
  }
  if (status.st_size > static_cast<off_t>(most_file_octets)) {
    return "it is over 64 KiB: no key file";
  }
  return std::nullopt;
}

dns::Result<std::string> contents(const OpenFile& file) {
  std::string text;
  std::array<char, 4096> part{};
  for (;;) {
    const ssize_t count = ::read(file.number(), part.data(), part.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return dns::Error{errno_words()};
    }
    if (count == 0) {
      return text;
    }
    text.append(part.data(), static_cast<std::size_t>(count));
    if (text.size() > most_file_octets) {
      return dns::Error{"it is over 64 KiB: no key file"};
    }
  }
}

}  // namespace

dns::Result<TsigKey> read_tsig_file(const std::string& path) {
  const auto refuse = [&path](const std::string& why) {
    return dns::Error{"TSIG key file " + path + ": " + why};
  };
  const OpenFile file(path);
  if (file.number() < 0) {
    return refuse(errno_words());
  }
  if (const auto problem = unfit(file)) {
    return refuse(*problem);
  }
  const auto text = contents(file);
  if (!text) {
    return refuse(text.error().message);
  }
  auto key = parse_tsig_key(*text);
  if (!key) {
    return refuse(key.error().message);
  }
  return key;
}

}  // namespace transport
