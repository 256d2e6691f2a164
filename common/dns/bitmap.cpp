// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/bitmap.hpp"

#include <algorithm>

#include "dns/cursor.hpp"

namespace dns {
namespace {

constexpr std::size_t max_window_octets = 32;

void append_window(std::vector<Type>& types, std::uint8_t window, ByteView octets) {
  for (std::size_t i = 0; i < octets.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      if ((octets[i] & (0x80U >> bit)) == 0) continue;
      types.push_back(static_cast<Type>((std::size_t{window} << 8U) | (i * 8 + bit)));
    }
  }
}

}  // namespace

TypeBitmap::TypeBitmap(std::vector<Type> types) : types_(std::move(types)) {
  std::sort(types_.begin(), types_.end());
  types_.erase(std::unique(types_.begin(), types_.end()), types_.end());
}

std::optional<TypeBitmap> TypeBitmap::parse(ByteView wire) {
  TypeBitmap bitmap;
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
    append_window(bitmap.types_, window, octets);
    last_window = window;
  }
  return bitmap;
}

bool TypeBitmap::has(Type type) const {
  return std::binary_search(types_.begin(), types_.end(), type);
}

Bytes TypeBitmap::wire() const {
  Writer writer;
  Bytes octets;
  for (std::size_t i = 0; i < types_.size(); ++i) {
    const auto number = static_cast<std::uint16_t>(types_[i]);
    const unsigned low = number & 0xffU;
    octets.resize(low / 8 + 1);
    octets.back() = static_cast<std::uint8_t>(octets.back() | (0x80U >> (low % 8)));
    const bool last_of_window =
        i + 1 == types_.size() || static_cast<std::uint16_t>(types_[i + 1]) >> 8U != number >> 8U;
    if (!last_of_window) continue;
    writer.u8(static_cast<std::uint8_t>(number >> 8U));
    writer.u8(static_cast<std::uint8_t>(octets.size()));
    writer.bytes(octets);
    octets.clear();
  }
  return writer.take();
}

std::string TypeBitmap::to_text() const {
  std::string text;
  for (const Type type : types_) {
    if (!text.empty()) text += ' ';
    text += dns::to_text(type);
  }
  return text;
}

}  // namespace dns
