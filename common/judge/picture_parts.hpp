// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "judge/picture.hpp"

/// For the sources that make a picture.
namespace judge {

/// Hostile zones have hundreds of keys and signatures; a picture of them helps nobody.
constexpr std::size_t kMostDrawn = 16;

/// The nodes of one zone.
struct ZoneNodes {
  std::vector<std::pair<dnssec::Key, std::size_t>> keys;
  std::optional<std::size_t> dnskey_set;
  std::optional<std::size_t> entry;  ///< the DS set, the proof of none, or the anchor: leads here
  std::optional<std::size_t> first;  ///< of any
  [[nodiscard]] std::optional<std::size_t> node_of(const dnssec::Key& key) const;
};

/// A picture in the making.
struct Canvas {
  const Analysis& analysis;
  Picture picture;
  std::vector<ZoneNodes> zones;

  std::size_t add(PictureNode node);
  PictureEdge& connect(std::size_t from, std::size_t to, Arrow arrow, PictureState state,
                       std::vector<std::string> lines = {});
};

PictureState picture_state(LinkState state);
/// "until 2026-12-01T00:00Z", "expired 3h ago", "is by a key that the zone does not publish".
std::string signature_end_words(const CheckedSignature& signature, dns::UnixTime now);

/// The zone under test: what its servers have, and what the signatures on it are worth.
void draw_data(Canvas& canvas);

}  // namespace judge
