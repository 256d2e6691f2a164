// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/dot.hpp"

#include <array>
#include <utility>
#include <vector>

namespace plugin {
namespace {

using judge::Arrow;
using judge::Picture;
using judge::PictureEdge;
using judge::PictureNode;
using judge::PictureState;
using judge::Shape;

constexpr std::size_t kLabelWidth = 44;
constexpr std::size_t kHeadingWidth = 24;
constexpr std::size_t kCaptionWidth = 110;
constexpr std::size_t kLongestWord = 30;  // over the width: a digest of SHA-256

/// Told apart by colour, and without colours by the line and the arrow's head.
struct Look {
  std::string_view colour, fill, style, head, width;
};

Look look_of(PictureState state) {
  switch (state) {
    case PictureState::secure:
      return {"#1a7f37", "#e6f4ea", "solid", "normal", "1.6"};
    case PictureState::insecure:
      return {"#9a6700", "#fff5d6", "dashed", "onormal", "1.6"};
    case PictureState::bogus:
      return {"#c1121f", "#fde8e8", "bold", "tee", "4"};
    case PictureState::unknown:
      return {"#7b3fa0", "#f3e8fa", "dotted", "odot", "1.6"};
    case PictureState::idle:
      break;
  }
  return {"#808080", "#f4f4f4", "dotted", "vee", "1"};
}

std::string_view shape_of(Shape shape) {
  switch (shape) {
    case Shape::anchor:
      return "house";
    case Shape::key:
      return "ellipse";
    case Shape::missing:
      return "octagon";
    case Shape::set:
      return "box";
    case Shape::data:
      return "note";
  }
  return "box";
}

void add_octet(std::string& quoted, char octet) {
  const auto code = static_cast<unsigned char>(octet);
  if (octet == '"' || octet == '\\') {
    quoted += '\\';
    quoted += octet;
  } else if (octet == '&') {
    quoted += "&amp;";  // entities are read in strings too
  } else if (code < 32 || code > 126) {
    quoted += "\\\\";
    for (const int power : {100, 10, 1}) quoted += static_cast<char>('0' + code / power % 10);
  } else {
    quoted += octet;
  }
}

constexpr std::string_view kNewLine = "\\n";
constexpr std::string_view kBesideLine = "  \\n  ";  // with room between a label and its edge

/// Breaks at spaces, and inside a word that is longer than the line.
std::string broken_text(std::string_view text, std::size_t width, std::string_view new_line) {
  std::string quoted;
  std::size_t column = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto next = text.find(' ', i + 1);
    const auto word = (next == std::string_view::npos ? text.size() : next) - i;
    const bool at_space = width > 0 && text[i] == ' ' && column > 0 && column + word > width;
    if (at_space || (width > 0 && column >= width + kLongestWord)) {
      quoted += new_line;
      column = 0;
    }
    if (!at_space) {
      add_octet(quoted, text[i]);
      ++column;
    }
  }
  return quoted;
}

std::string lines_quoted(const std::vector<std::string>& lines, std::size_t width,
                         std::string_view new_line = kNewLine) {
  std::string text;
  for (const auto& line : lines) {
    if (!text.empty()) text += new_line;
    text += broken_text(line, width, new_line);
  }
  if (new_line == kBesideLine && !text.empty()) text = "  " + text + "  ";
  return "\"" + text + "\"";
}

std::string attribute(std::string_view name, std::string_view value) {
  return std::string(name) + "=\"" + std::string(value) + "\" ";
}

std::string node_line(const std::string& name, const PictureNode& node) {
  const auto look = look_of(node.state);
  const bool heavy = node.state == PictureState::bogus;
  return "    " + name + " [" + attribute("shape", shape_of(node.shape)) +
         attribute("style", "filled," + std::string(look.style)) + attribute("color", look.colour) +
         attribute("fillcolor", look.fill) + attribute("penwidth", heavy ? "2.5" : "1.4") +
         "label=" + lines_quoted(node.lines, kLabelWidth) + "];\n";
}

std::string edge_line(const std::string& from, const std::string& to, const PictureEdge& edge) {
  const auto look = look_of(edge.state);
  auto lines = edge.lines;
  if (!edge.fault.empty()) {
    const bool bogus = edge.state == PictureState::bogus;
    lines.push_back((bogus ? "BROKEN" : std::string(to_text(edge.state))) + ": " + edge.fault);
  }
  const bool thin = edge.arrow == Arrow::holds && edge.state != PictureState::bogus;
  return "  " + from + " -> " + to + " [" + attribute("style", look.style) +
         attribute("color", look.colour) + attribute("fontcolor", look.colour) +
         attribute("arrowhead", look.head) + attribute("penwidth", thin ? "0.8" : look.width) +
         "label=" + lines_quoted(lines, kLabelWidth, kBesideLine) + "];\n";
}

/// Anchors belong to a zone, but stand outside of it.
bool is_inside(const Picture& picture, std::size_t node, std::size_t zone) {
  return picture.nodes[node].zone == zone && picture.nodes[node].shape != Shape::anchor;
}

std::string node_name(std::size_t index) { return "n" + std::to_string(index); }

std::string picture_edge(const PictureEdge& edge) {
  return edge_line(node_name(edge.from), node_name(edge.to), edge);
}

/// Where the zone is entered from above, and its keys that nothing in it leads to.
std::vector<std::size_t> top_nodes(const Picture& picture, std::size_t zone) {
  std::vector<std::size_t> tops;
  for (std::size_t node = 0; node < picture.nodes.size(); ++node) {
    if (!is_inside(picture, node, zone)) continue;
    bool from_inside = false;
    bool from_outside = false;
    for (const auto& edge : picture.edges) {
      if (edge.to != node) continue;
      (is_inside(picture, edge.from, zone) ? from_inside : from_outside) = true;
    }
    const bool root = picture.nodes[node].shape == Shape::key && !from_inside;
    if (tops.empty() || from_outside || root) tops.push_back(node);
  }
  return tops;
}

/// The zone's name is a node beside the first ones: edges keep clear of nodes, not of labels.
std::string zone_heading(const Picture& picture, std::size_t zone) {
  const auto name = "z" + std::to_string(zone);
  const auto tops = top_nodes(picture, zone);
  if (tops.empty()) return {};
  std::string text =
      "    " + name + " [" + attribute("shape", "plaintext") +
      attribute("fontcolor", look_of(picture.zones[zone].state).colour) + "fontsize=15 label=" +
      lines_quoted({picture.zones[zone].name, std::string(to_text(picture.zones[zone].state))},
                   kHeadingWidth) +
      "];\n    {rank=same; " + name + ";";
  for (const auto node : tops) text += " " + node_name(node) + ";";
  text += "}\n";
  for (const auto node : tops) {
    text += "    " + name + " -> " + node_name(node) + " [style=invis];\n";
  }
  return text;
}

std::string zone_cluster(const Picture& picture, std::size_t zone) {
  const auto look = look_of(picture.zones[zone].state);
  std::string text = "  subgraph cluster_" + std::to_string(zone) +
                     " {\n    label=\"\"; style=\"rounded," + std::string(look.style) +
                     "\"; color=\"" + std::string(look.colour) + "\";\n";
  for (std::size_t node = 0; node < picture.nodes.size(); ++node) {
    if (!is_inside(picture, node, zone)) continue;
    text += node_line(node_name(node), picture.nodes[node]);
  }
  text += zone_heading(picture, zone);
  for (const auto& edge : picture.edges) {
    if (is_inside(picture, edge.from, zone) && is_inside(picture, edge.to, zone)) {
      text += picture_edge(edge);
    }
  }
  return text + "  }\n";
}

bool between_zones(const Picture& picture, const PictureEdge& edge) {
  const auto zone = picture.nodes[edge.from].zone;
  return !is_inside(picture, edge.from, zone) || !is_inside(picture, edge.to, zone);
}

/// One row a state and one of shapes, so that the picture explains itself.
std::string legend() {
  constexpr std::array kStates{PictureState::secure, PictureState::insecure, PictureState::bogus,
                               PictureState::unknown, PictureState::idle};
  constexpr std::array<std::pair<Shape, std::string_view>, 5> kShapes{
      {{Shape::anchor, "trust anchor"},
       {Shape::key, "DNSKEY"},
       {Shape::set, "RRset, or proof of none"},
       {Shape::data, "zone data"},
       {Shape::missing, "not there"}}};
  std::string text =
      "  subgraph cluster_legend {\n    label=\"Legend\"; style=\"rounded\"; color=\"#b0b0b0\"; "
      "fontsize=12; labeljust=l;\n";
  std::size_t at = 0;
  std::string edges;
  for (const auto state : kStates) {
    const auto from = "l" + std::to_string(at);
    text += node_line(
        from, {kShapes.at(at).first, 0, PictureState::idle, {std::string(kShapes.at(at).second)}});
    text += node_line(from + "s", {Shape::set, 0, state, {std::string(to_text(state))}});
    edges += edge_line(from, from + "s", {0, 0, Arrow::signs, state, {}, {}});
    ++at;
  }
  return text + "  }\n" + edges;
}

}  // namespace

std::string dot_quoted(std::string_view text, std::size_t width) {
  return "\"" + broken_text(text, width, kNewLine) + "\"";
}

std::string dot_text(const Picture& picture) {
  std::vector<std::string> caption{picture.title};
  caption.insert(caption.end(), picture.findings.begin(), picture.findings.end());
  std::string text =
      "digraph chain {\n"
      "  graph [rankdir=TB labelloc=t fontname=\"Helvetica\" fontsize=16 compound=true label=" +
      lines_quoted(caption, kCaptionWidth) +
      "];\n"
      "  node [fontname=\"Helvetica\" fontsize=11];\n"
      "  edge [fontname=\"Helvetica\" fontsize=10];\n";
  for (std::size_t node = 0; node < picture.nodes.size(); ++node) {
    if (picture.nodes[node].shape == Shape::anchor) {
      text += node_line(node_name(node), picture.nodes[node]);
    }
  }
  for (std::size_t zone = 0; zone < picture.zones.size(); ++zone) {
    text += zone_cluster(picture, zone);
  }
  for (const auto& edge : picture.edges) {
    if (between_zones(picture, edge)) text += picture_edge(edge);
  }
  return text + legend() + "}\n";
}

}  // namespace plugin
