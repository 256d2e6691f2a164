// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "memory/store.hpp"

#include <cstdint>

#include "memory/json.hpp"

namespace memory {
namespace {

/// What is kept is bounded (see remember()): a larger file is not ours.
constexpr std::size_t kMostStored = 4 << 20;
/// With the endings .json, .json.new and .json.bad within the 255 octets of a file name.
constexpr std::size_t kLongestName = 200;
/// A few lock files for all zones: removing one that others may wait for cannot be done safely.
constexpr std::uint64_t kLocks = 64;

bool is_plain(char octet) {
  return (octet >= 'a' && octet <= 'z') || (octet >= '0' && octet <= '9') || octet == '-' ||
         octet == '_' || octet == '.';
}

std::string hex_of(std::uint64_t number, int digits) {
  std::string text;
  for (int i = 0; i < digits; ++i, number >>= 4U) {
    text.insert(text.begin(), "0123456789ABCDEF"[number & 15U]);
  }
  return text;
}

/// FNV-1a: only to tell long names apart; the file itself names its zone.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char octet : text) {
    hash = (hash ^ static_cast<unsigned char>(octet)) * 1099511628211U;
  }
  return hash;
}

}  // namespace

std::string file_name_of(const dns::Name& zone) {
  std::string name;
  for (const char octet : zone.to_display()) {
    const char lower = octet >= 'A' && octet <= 'Z' ? static_cast<char>(octet + 32) : octet;
    if (is_plain(lower) && !(lower == '.' && name.empty())) {
      name += lower;
    } else {
      name += '%' + hex_of(static_cast<unsigned char>(octet), 2);
    }
  }
  if (name.size() > kLongestName) {
    const auto hash = hex_of(hash_of(name), 16);
    name.resize(kLongestName - hash.size() - 1);
    name += '%' + hash;
  }
  return name + ".json";
}

Store::Store(Descriptor folder, Descriptor lock, std::string name, std::string path,
             std::string check, dns::Name zone)
    : folder_(std::move(folder)),
      lock_(std::move(lock)),
      name_(std::move(name)),
      path_(std::move(path)),
      check_(std::move(check)),
      zone_(std::move(zone)) {}

dns::Result<Store> Store::open(const std::string& directory, std::string_view check,
                               const dns::Name& zone, std::chrono::milliseconds& patience) {
  auto top = open_folder(directory);
  if (!top) {
    return top.error();
  }
  const std::string path = path_words(directory) + "/" + std::string(check);
  auto folder = open_folder_in(*top, std::string(check), path);
  if (!folder) {
    return folder.error();
  }
  auto name = file_name_of(zone);
  auto lock = lock_file(*folder, ".lock-" + hex_of(hash_of(name) % kLocks, 2), patience);
  if (!lock) {
    return dns::Error{lock.error().message + " in " + path};
  }
  auto whole = path + "/" + name;
  return Store(*std::move(folder), *std::move(lock), std::move(name), std::move(whole),
               std::string(check), zone);
}

Store::Loaded Store::set_aside(const std::string& why, dns::UnixTime now) const {
  Loaded loaded;
  loaded.zone.zone = zone_;
  const auto aside = free_name(folder_, name_ + ".bad-" + std::to_string(now));
  const auto problem = busy() ? std::optional<std::string>("another run is at it")
                              : rename_file(folder_, name_, aside);
  loaded.may_save = !problem;
  loaded.trouble =
      "the state file " + path_ + " cannot be used: " + why + "; " +
      (problem ? *problem : "it was set aside as " + aside + ", and learning begins anew");
  return loaded;
}

dns::Result<Zone> Store::look(dns::UnixTime now) const {
  const auto text = read_own_file(folder_, name_, kMostStored);
  if (!text) {
    return text.error();
  }
  if (text.value()) {
    return from_json(*text.value(), check_, zone_, now);
  }
  Zone none;
  none.zone = zone_;
  return none;
}

Store::Loaded Store::load(dns::UnixTime now) const {
  auto zone = look(now);
  if (!zone) {
    return set_aside(zone.error().message, now);
  }
  Loaded loaded;
  loaded.zone = *std::move(zone);
  loaded.may_save = !busy();
  return loaded;
}

std::optional<std::string> Store::save(const Zone& zone) const {
  auto problem = replace_file(folder_, name_, to_json(zone, check_));
  if (problem) {
    return "the state of " + zone_.to_display() + " could not be saved in " + path_ + ": " +
           *problem;
  }
  return std::nullopt;
}

}  // namespace memory
