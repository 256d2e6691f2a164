// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "judge/analysis.hpp"
#include "judge/finding.hpp"

namespace judge {

/// What validators make of a part of the picture. `idle`: it takes no part, and need not.
enum class PictureState { secure, insecure, bogus, unknown, idle };
std::string_view to_text(PictureState state);

enum class Shape {
  anchor,   ///< a trust anchor
  key,      ///< a DNSKEY
  missing,  ///< what a DS or a signature names and is not there
  set,      ///< a DS or DNSKEY RRset, or the proof that there is no DS
  data,     ///< RRsets of the zone
};

/// Every text of a picture is safe for a terminal; whoever draws it must make it safe for his own
/// language.
struct PictureNode {
  Shape shape{};
  std::size_t zone = 0;  ///< index
  PictureState state{};
  std::vector<std::string> lines;
};

enum class Arrow {
  leads_to,  ///< a DS or an anchor, to a key
  signs,     ///< a key, to an RRset
  holds,     ///< an RRset, to a key in it that signs other data
  denies,    ///< proves that there is no DS
};

struct PictureEdge {
  std::size_t from = 0, to = 0;  ///< indexes of nodes
  Arrow arrow{};
  PictureState state{};
  std::vector<std::string> lines;
  std::string fault;  ///< why the chain breaks here
};

struct PictureZone {
  std::string name;
  PictureState state{};
};

/// The chain of trust from its anchor to the zone's data, to be drawn.
struct Picture {
  std::string title;
  std::vector<std::string> findings;  ///< WARNING and above, worst first as they come
  std::vector<PictureZone> zones;     ///< from the anchor down
  std::vector<PictureNode> nodes;     ///< in the order of the chain
  std::vector<PictureEdge> edges;
};

/// Pure. `findings` as they are to be shown, severities applied.
Picture picture_of(const Analysis& analysis, const std::vector<Finding>& findings);

}  // namespace judge
