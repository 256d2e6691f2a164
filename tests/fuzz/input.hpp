// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "dns/bytes.hpp"

namespace fuzz {

/// An input taken apart from its front. Past its end there are zeroes and empty texts.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

  std::uint8_t u8() {
    const auto octets = bytes(1);
    return octets.empty() ? std::uint8_t{0} : octets.front();
  }
  std::uint16_t u16() {
    const auto high = static_cast<unsigned>(u8());
    return static_cast<std::uint16_t>(high << 8U | u8());
  }
  /// At most that many octets.
  dns::ByteView bytes(std::size_t most) {
    const auto taken = rest_.first(std::min(most, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }
  /// Up to the next `mark`, which is dropped, or to the end.
  std::string text_until(char mark) {
    const auto end = std::find(rest_.begin(), rest_.end(), static_cast<std::uint8_t>(mark));
    const auto taken = bytes(static_cast<std::size_t>(end - rest_.begin()));
    u8();
    return {taken.begin(), taken.end()};
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] dns::ByteView rest() const { return rest_; }
  [[nodiscard]] std::string text() const { return {rest_.begin(), rest_.end()}; }

 private:
  dns::ByteView rest_;
};

}  // namespace fuzz
