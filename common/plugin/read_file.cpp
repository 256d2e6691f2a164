// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/read_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "plugin/arguments.hpp"
#include "plugin/report.hpp"

namespace plugin {
namespace {

struct Descriptor {
  int number = -1;
  bool owned = false;
  Descriptor(int handle, bool ours) : number(handle), owned(ours) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (owned && number >= 0) ::close(number);
  }
};

std::string system_words(int code) {
  return escape(std::error_code(code, std::generic_category()).message());
}

}  // namespace

dns::Result<std::string> read_file(const std::string& path, std::size_t most,
                                   const std::string& kind) {
  const std::string what = "file " + quote(path);
  const bool standard_input = path == "-";
  const Descriptor file(
      standard_input ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY),
      !standard_input);
  if (file.number < 0) return dns::Error{"cannot read " + what + ": " + system_words(errno)};
  std::string text;
  std::array<char, 1 << 16> buffer{};
  for (;;) {
    const ssize_t count = ::read(file.number, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return dns::Error{"cannot read " + what + ": " + system_words(errno)};
    if (count == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > most) {
      std::string words = what;
      words += " is over " + std::to_string(most >> 20U) + " MiB: no ";
      return dns::Error{words += kind};
    }
  }
}

}  // namespace plugin
