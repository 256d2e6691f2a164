// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/tree.hpp"

#include <algorithm>

namespace plugin {
namespace {

using judge::Arrow;
using judge::Picture;
using judge::PictureEdge;
using judge::PictureState;
using judge::Shape;

struct Strokes {
  std::string_view branch, last, bar, gap, broken;
};
constexpr Strokes kDrawn{"├─ ", "└─ ", "│  ", "   ", "✗ "};
constexpr Strokes kPlain{"+- ", "`- ", "|  ", "   ", "x "};

/// One line of the tree, and what hangs below it.
struct Twig {
  TreeLine line;
  std::vector<Twig> below;
};

std::string commas(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string in_words(const Picture& picture, const PictureEdge& edge) {
  const auto& from = picture.nodes[edge.from];
  const auto name = from.lines.empty() ? std::string() : from.lines.front();
  const auto end = edge.lines.empty() ? "" : " (" + commas(edge.lines) + ")";
  switch (edge.arrow) {
    case Arrow::leads_to:
      return commas(edge.lines) + (edge.lines.empty() ? "leads here" : " leads here");
    case Arrow::signs:
      if (from.shape != Shape::key) return {};
      return (edge.state == PictureState::secure || edge.state == PictureState::insecure
                  ? "signed by "
                  : "signature by ") +
             name + end;
    case Arrow::holds:
      return {};
    case Arrow::denies:
      return edge.lines.empty() ? "" : "proven";
  }
  return {};
}

Twig twig_of(const Picture& picture, std::size_t node, const Strokes& strokes) {
  Twig twig{{commas(picture.nodes[node].lines), picture.nodes[node].state}, {}};
  for (const auto& edge : picture.edges) {
    if (edge.to != node) continue;
    if (const auto words = in_words(picture, edge); !words.empty()) twig.line.text += "; " + words;
    if (!edge.fault.empty()) {
      twig.below.push_back({{std::string(strokes.broken) + edge.fault, edge.state}, {}});
    }
  }
  return twig;
}

Twig twig_of_zone(const Picture& picture, std::size_t zone, const Strokes& strokes) {
  Twig twig{{picture.zones[zone].name + " " + std::string(to_text(picture.zones[zone].state)),
             picture.zones[zone].state},
            {}};
  for (const bool anchors : {true, false}) {
    for (std::size_t node = 0; node < picture.nodes.size(); ++node) {
      const auto& one = picture.nodes[node];
      if (one.zone == zone && (one.shape == Shape::anchor) == anchors) {
        twig.below.push_back(twig_of(picture, node, strokes));
      }
    }
  }
  if (zone + 1 < picture.zones.size()) {
    twig.below.push_back(twig_of_zone(picture, zone + 1, strokes));
  }
  return twig;
}

void print_below(const Twig& twig, const std::string& indent, const Strokes& strokes,
                 std::vector<TreeLine>& lines) {
  for (std::size_t i = 0; i < twig.below.size(); ++i) {
    const bool last = i + 1 == twig.below.size();
    const auto& one = twig.below[i];
    lines.push_back({indent + std::string(last ? strokes.last : strokes.branch) + one.line.text,
                     one.line.state});
    print_below(one, indent + std::string(last ? strokes.gap : strokes.bar), strokes, lines);
  }
}

}  // namespace

std::vector<TreeLine> draw_tree(const Picture& picture, bool utf8) {
  std::vector<TreeLine> lines;
  if (picture.zones.empty()) return lines;
  const auto& strokes = utf8 ? kDrawn : kPlain;
  const auto root = twig_of_zone(picture, 0, strokes);
  lines.push_back(root.line);
  print_below(root, {}, strokes, lines);
  return lines;
}

std::string_view colour_of(PictureState state) {
  switch (state) {
    case PictureState::secure:
      return "\033[32m";
    case PictureState::insecure:
      return "\033[33m";
    case PictureState::bogus:
      return "\033[1;31m";
    case PictureState::unknown:
      return "\033[35m";
    case PictureState::idle:
      break;
  }
  return {};
}

}  // namespace plugin
