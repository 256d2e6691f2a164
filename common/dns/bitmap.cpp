// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/bitmap.hpp"

#include <algorithm>
#include <bit>

#include "dns/cursor.hpp"

namespace dns {
namespace {

constexpr std::size_t max_window_octets = 32;

void append_types(std::vector<Type>& types, std::uint8_t window, ByteView octets) {
  for (std::size_t i = 0; i < octets.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      if ((octets[i] & (0x80U >> bit)) == 0) continue;
      types.push_back(static_cast<Type>((std::size_t{window} << 8U) | (i * 8 + bit)));
    }
  }
}

/// Calls `see(window, octets)` for each window of a field that parse() took, until it says false.
template <class See>
void each_window(ByteView wire, const See& see) {
  Cursor cursor(wire);
  while (!cursor.at_end()) {
    const std::uint8_t window = cursor.u8();
    const std::uint8_t length = cursor.u8();
    if (!see(window, cursor.take(length))) return;
  }
}

Bytes wire_of(const std::vector<Type>& types) {
  Writer writer;
  Bytes octets;
  for (std::size_t i = 0; i < types.size(); ++i) {
    const auto number = static_cast<std::uint16_t>(types[i]);
    const unsigned low = number & 0xffU;
    octets.resize(low / 8 + 1);
    octets.back() = static_cast<std::uint8_t>(octets.back() | (0x80U >> (low % 8)));
    const bool last_of_window =
        i + 1 == types.size() || static_cast<std::uint16_t>(types[i + 1]) >> 8U != number >> 8U;
    if (!last_of_window) continue;
    writer.u8(static_cast<std::uint8_t>(number >> 8U));
    writer.u8(static_cast<std::uint8_t>(octets.size()));
    writer.bytes(octets);
    octets.clear();
  }
  return writer.take();
}

}  // namespace

TypeBitmap::TypeBitmap(std::vector<Type> types) {
  std::sort(types.begin(), types.end());
  types.erase(std::unique(types.begin(), types.end()), types.end());
  wire_ = wire_of(types);
}

std::optional<TypeBitmap> TypeBitmap::parse(ByteView wire) {
  Cursor cursor(wire);
  int last_window = -1;
  while (!cursor.at_end()) {
    const std::uint8_t window = cursor.u8();
    const std::uint8_t length = cursor.u8();
    const ByteView octets = cursor.take(length);
    if (!cursor.ok() || window <= last_window) return std::nullopt;
    if (octets.empty() || octets.size() > max_window_octets || octets.back() == 0) {
      return std::nullopt;
    }
    last_window = window;
  }
  TypeBitmap bitmap;
  bitmap.wire_.assign(wire.begin(), wire.end());
  return bitmap;
}

bool TypeBitmap::has(Type type) const {
  const auto number = static_cast<std::uint16_t>(type);
  const unsigned high = number >> 8U;
  const unsigned low = number & 0xffU;
  bool found = false;
  each_window(wire_, [&](std::uint8_t window, ByteView octets) {
    if (window == high && low / 8 < octets.size()) {
      found = (octets[low / 8] & (0x80U >> (low % 8))) != 0;
    }
    return window < high;
  });
  return found;
}

std::size_t TypeBitmap::size() const {
  std::size_t count = 0;
  each_window(wire_, [&](std::uint8_t, ByteView octets) {
    for (const std::uint8_t octet : octets) count += static_cast<std::size_t>(std::popcount(octet));
    return true;
  });
  return count;
}

std::vector<Type> TypeBitmap::types() const {
  std::vector<Type> types;
  each_window(wire_, [&](std::uint8_t window, ByteView octets) {
    append_types(types, window, octets);
    return true;
  });
  return types;
}

std::string TypeBitmap::to_text() const {
  std::string text;
  for (const Type type : types()) {
    if (!text.empty()) text += ' ';
    text += dns::to_text(type);
  }
  return text;
}

}  // namespace dns
