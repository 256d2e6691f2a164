// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "dns/result.hpp"

namespace memory {

/// Owns a file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool open() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

/// Words for errno.
std::string last_error();

/// Opens a folder of ours, made with mode 0700 when it is missing. It must be a directory that
/// belongs to this user (or root) and that nobody else may write to.
dns::Result<Descriptor> open_folder(const std::string& path);
/// The same for a folder in an open one; `path` is only for words.
dns::Result<Descriptor> open_folder_in(const Descriptor& parent, const std::string& name,
                                       const std::string& path);
/// A path in words: the beginning of one that leaves no room for what is wrong with it.
std::string path_words(const std::string& path);
/// Takes an exclusive lock on that file in the folder, made when it is missing. Not open when
/// another process kept it for all of `patience`, which is less by what was waited then.
dns::Result<Descriptor> lock_file(const Descriptor& folder, const std::string& name,
                                  std::chrono::milliseconds& patience);
/// The whole of a regular file of at most `most` octets that belongs to this user and that nobody
/// else may write to; links are not followed. Nothing when it does not exist.
dns::Result<std::optional<std::string>> read_own_file(const Descriptor& folder,
                                                      const std::string& name, std::size_t most);
/// Writes, flushes, renames over `name`, flushes the folder. Gives what went wrong.
std::optional<std::string> replace_file(const Descriptor& folder, const std::string& name,
                                        std::string_view text);
/// `wanted`, or where the folder has something of that name, the first of wanted-2, wanted-3...
std::string free_name(const Descriptor& folder, const std::string& wanted);
/// Renames within the folder, over what has that name. Gives what went wrong.
std::optional<std::string> rename_file(const Descriptor& folder, const std::string& from,
                                       const std::string& to);

}  // namespace memory
