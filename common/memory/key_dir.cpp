// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "memory/key_dir.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "dns/escape.hpp"
#include "memory/key_file.hpp"

namespace memory {
namespace {

namespace files = std::filesystem;

/// A key of 4096 bits takes 1 KiB, and comments hardly more.
constexpr std::uintmax_t kMostOctets = 64 << 10;
/// A signer of very many zones keeps them in more than one directory.
constexpr std::size_t kMostEntries = 200000;

dns::Error unreadable(const files::path& path, const std::string& why) {
  return dns::Error{"cannot read " + dns::escape(path.string(), 160) + ": " + why};
}

std::string reason(const std::error_code& problem) { return problem.message(); }

std::optional<dns::Error> read_one(const files::path& path, KeyTimes& into) {
  std::error_code problem;
  const auto size = files::file_size(path, problem);
  if (problem) {
    return unreadable(path, reason(problem));
  }
  if (size > kMostOctets) {
    return unreadable(path, "it is too large for a key file");
  }
  std::ifstream input(path, std::ios::binary);
  std::string text(static_cast<std::size_t>(size), '\0');
  if (!input || !input.read(text.data(), static_cast<std::streamsize>(size))) {
    return unreadable(path, "it cannot be opened; may this user read it?");
  }
  read_key_file(text, into);
  return std::nullopt;
}

void take_over(KeyTimes& into, const KeyTimes& from) {
  into.created = from.created ? from.created : into.created;
  into.published = from.published ? from.published : into.published;
  into.active = from.active ? from.active : into.active;
  if (!from.public_key.empty()) {
    into.public_key = from.public_key;
  }
}

/// By zone, algorithm and tag, the .key file before the .state file.
dns::Result<std::vector<std::pair<KeyFileName, files::path>>> wanted_files(
    const std::string& directory, std::span<const dns::Name> zones) {
  std::error_code problem;
  files::directory_iterator at(directory, problem);
  if (problem) {
    return unreadable(directory, reason(problem));
  }
  std::vector<std::pair<KeyFileName, files::path>> found;
  std::size_t entries = 0;
  while (at != files::directory_iterator()) {
    if (++entries > kMostEntries) {
      return unreadable(directory, "it has more than " + std::to_string(kMostEntries) + " entries");
    }
    auto name = parse_key_file_name(at->path().filename().string());
    if (name && std::find(zones.begin(), zones.end(), name->times.zone) != zones.end()) {
      found.emplace_back(*std::move(name), at->path());
    }
    at.increment(problem);
    if (problem) {
      return unreadable(directory, reason(problem));
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& left, const auto& right) {
    return !left.first.state && right.first.state;
  });
  return found;
}

}  // namespace

dns::Result<std::vector<KeyTimes>> read_key_dir(const std::string& directory,
                                                std::span<const dns::Name> zones) {
  const auto wanted = wanted_files(directory, zones);
  if (!wanted) {
    return wanted.error();
  }
  std::vector<KeyTimes> keys;
  for (const auto& [name, path] : *wanted) {
    auto times = name.times;
    if (const auto problem = read_one(path, times)) {
      return *problem;
    }
    const auto known = std::find_if(keys.begin(), keys.end(), [&](const KeyTimes& key) {
      return key.zone == times.zone && key.algorithm == times.algorithm && key.tag == times.tag;
    });
    if (known == keys.end()) {
      keys.push_back(std::move(times));
    } else {
      take_over(*known, times);
    }
  }
  return keys;
}

}  // namespace memory
