// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "judge/picture.hpp"

namespace plugin {

struct TreeLine {
  std::string text;
  judge::PictureState state{};
};

/// The picture as a tree, zone below zone, with line-drawing characters or without.
std::vector<TreeLine> draw_tree(const judge::Picture& picture, bool utf8);

/// The ECMA-48 sequence that begins that state's colour; empty where there is none.
std::string_view colour_of(judge::PictureState state);

}  // namespace plugin
