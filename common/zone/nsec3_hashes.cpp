// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "zone/nsec3_hashes.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include "dnssec/nsec3_chain.hpp"

namespace zone {
namespace {

static_assert(std::tuple_size_v<Nsec3Hash> == dnssec::nsec3::kHashOctets);

/// Names under which a thread is not worth its start.
constexpr std::size_t kNamesForThread = 2000;

struct HashJob {
  std::uint16_t iterations = 0;
  dns::ByteView salt;
  std::atomic<bool> refused{false};
};

void hash_part(std::span<const SortKeyView> names, std::span<Nsec3Hash> hashes, HashJob& job) {
  dnssec::nsec3::NameHasher hasher;
  dns::Bytes wire;
  for (std::size_t i = 0; i < names.size() && !job.refused.load(std::memory_order_relaxed); ++i) {
    wire.clear();
    append_wire(names[i], wire);
    if (!hasher(wire, job.iterations, job.salt,
                std::span<std::uint8_t, dnssec::nsec3::kHashOctets>(hashes[i]))) {
      job.refused = true;
    }
  }
}

std::size_t parts_of(std::size_t names, unsigned threads) {
  const std::size_t most = threads != 0 ? threads : std::thread::hardware_concurrency();
  return std::max<std::size_t>(1, std::min(most, names / kNamesForThread));
}

}  // namespace

Nsec3Hashes hash_names(std::span<const SortKeyView> names, std::uint16_t iterations,
                       dns::ByteView salt, unsigned threads, std::uint64_t most) {
  Nsec3Hashes result;
  if (names.size() * (std::uint64_t{iterations} + 1) > most) {
    result.outcome = Hashing::too_much;
    return result;
  }
  result.hashes.resize(names.size());
  HashJob job;
  job.iterations = iterations;
  job.salt = salt;
  const std::size_t parts = parts_of(names.size(), threads);
  const std::size_t each = (names.size() + parts - 1) / parts;
  {
    std::vector<std::jthread> crew;
    const std::span<Nsec3Hash> hashes(result.hashes);
    for (std::size_t part = 1; part < parts; ++part) {
      const std::size_t begin = std::min(names.size(), part * each);
      const std::size_t count = std::min(each, names.size() - begin);
      crew.emplace_back([&job, names, hashes, begin, count] {
        hash_part(names.subspan(begin, count), hashes.subspan(begin, count), job);
      });
    }
    hash_part(names.first(std::min(each, names.size())), hashes.first(std::min(each, names.size())),
              job);
  }
  if (job.refused) {
    result = {Hashing::refused, {}};
  }
  return result;
}

}  // namespace zone
