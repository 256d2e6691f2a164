// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dnssec/work.hpp"

#include "dnssec/nsec3_chain.hpp"

namespace dnssec {

std::optional<dns::Bytes> HashWork::hash(const dns::Name& name, std::uint16_t iterations,
                                         dns::ByteView salt) {
  const auto wire = name.canonical_wire();
  Input input(iterations, dns::Bytes(salt.begin(), salt.end()),
              dns::Bytes(wire.begin(), wire.end()));
  const auto known = known_.find(input);
  if (known != known_.end()) return known->second;
  const std::size_t rounds = std::size_t{iterations} + 1;
  if (rounds > most_ - rounds_) {
    limit_hit_ = true;
    return std::nullopt;
  }
  rounds_ += rounds;
  auto hash = nsec3::NameHasher()(name, iterations, salt);
  if (hash) known_.emplace(std::move(input), *hash);
  return hash;
}

}  // namespace dnssec
