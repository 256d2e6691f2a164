// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "dns/result.hpp"
#include "memory/file.hpp"
#include "memory/memory.hpp"

namespace memory {

/// The state file of one check and zone, locked from open() until this dies, so that concurrent
/// runs take turns: load, judge, save. Files that are not ours are set aside, never overwritten.
class Store {
 public:
  /// `directory` holds one folder a check, which are made when they are missing (mode 0700; the
  /// directory itself too, but not the folders above it). Waits for another run's lock, but not
  /// longer than `patience`, which is less by what was waited then. An error is one line that says
  /// what to do; it may hold foreign bytes.
  static dns::Result<Store> open(const std::string& directory, std::string_view check,
                                 const dns::Name& zone, std::chrono::milliseconds& patience);

  struct Loaded {
    Zone zone;                           ///< empty when there is no file yet, or none of ours
    std::optional<std::string> trouble;  ///< one line; may hold foreign bytes
    bool may_save = true;                ///< false: a file that is not ours is still there
  };
  /// Another run has had the lock for all the time that was given: what is known can be read, not
  /// written.
  [[nodiscard]] bool busy() const { return !lock_.open(); }
  /// What was known, or why the file cannot be used. Nothing is moved.
  [[nodiscard]] dns::Result<Zone> look(dns::UnixTime now) const;
  /// What was known. A file that cannot be used is renamed to NAME.bad-TIME.
  [[nodiscard]] Loaded load(dns::UnixTime now) const;
  /// Writes a temporary file, flushes it to the disk and renames it: at every moment the file is
  /// the old or the new one, whole. Gives what went wrong.
  [[nodiscard]] std::optional<std::string> save(const Zone& zone) const;

  /// The file in words.
  [[nodiscard]] const std::string& file() const { return path_; }

 private:
  Store(Descriptor folder, Descriptor lock, std::string name, std::string path, std::string check,
        dns::Name zone);

  [[nodiscard]] Loaded set_aside(const std::string& why, dns::UnixTime now) const;

  Descriptor folder_, lock_;
  std::string name_;  ///< of the file in the folder
  std::string path_;  ///< for words alone
  std::string check_;
  dns::Name zone_;
};

/// The file's name for a zone: its display name in lower case, what could mean something to a shell
/// or a file system as %XX, and short enough.
std::string file_name_of(const dns::Name& zone);

}  // namespace memory
