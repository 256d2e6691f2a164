// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <string>

#include "dns/ascii.hpp"
#include "dns/name.hpp"
#include "dns/text.hpp"

namespace dns {
namespace {

bool is_plain(std::uint8_t octet) {
  return is_ascii_alphanumeric(octet) ||
         std::string_view("-_*/+=:,~").find(static_cast<char>(octet)) != std::string_view::npos;
}

Error bad_name(std::string_view what, std::size_t position) {
  return {"not a domain name: " + std::string(what) + " at character " +
          std::to_string(position + 1)};
}

/// Builds a name from presentation format, one character or escape at a time.
class TextReader {
 public:
  explicit TextReader(std::string_view text) : text_(text) {}

  Result<Bytes> wire() {
    while (position_ < text_.size() && !error_) step();
    if (!error_ && !label_.empty()) end_label();
    if (error_) return *std::move(error_);
    wire_.push_back(0);
    return std::move(wire_);
  }

 private:
  void step() {
    const auto octet = static_cast<std::uint8_t>(text_[position_]);
    if (octet == '.') {
      end_label();
      ++position_;
    } else if (octet == '\\') {
      escape();
    } else if (octet <= ' ' || octet == 0x7f) {
      fail("a blank or control character (write it \\DDD)");
    } else if (octet > 0x7f) {
      fail("a character outside ASCII (write the A-label, xn--...)");
    } else {
      add(octet, 1);
    }
  }

  void escape() {
    const std::string_view escaped = text_.substr(position_ + 1);
    if (escaped.empty() || static_cast<std::uint8_t>(escaped[0]) > 0x7f) {
      fail("a backslash that escapes nothing");
    } else if (!is_digit(escaped, 0)) {
      add(static_cast<std::uint8_t>(escaped[0]), 2);
    } else if (!is_digit(escaped, 1) || !is_digit(escaped, 2)) {
      fail("an escape that is not \\ and three digits");
    } else {
      const int value = (escaped[0] - '0') * 100 + (escaped[1] - '0') * 10 + (escaped[2] - '0');
      if (value > 255) {
        fail("an escape above \\255");
      } else {
        add(static_cast<std::uint8_t>(value), 4);
      }
    }
  }

  static bool is_digit(std::string_view text, std::size_t index) {
    return index < text.size() && is_ascii_digit(static_cast<std::uint8_t>(text[index]));
  }

  void add(std::uint8_t octet, std::size_t characters) {
    if (label_.size() == Name::max_label_octets) {
      fail("a label of more than 63 octets");
      return;
    }
    label_.push_back(octet);
    position_ += characters;
  }

  void end_label() {
    if (label_.empty()) {
      fail("an empty label");
      return;
    }
    // One octet each for this label's length and for the root label.
    if (wire_.size() + label_.size() + 2 > Name::max_octets) {
      fail("more than 255 octets");
      return;
    }
    wire_.push_back(static_cast<std::uint8_t>(label_.size()));
    wire_.insert(wire_.end(), label_.begin(), label_.end());
    label_.clear();
  }

  void fail(std::string_view what) { error_ = bad_name(what, position_); }

  std::string_view text_;
  std::size_t position_ = 0;
  Bytes wire_;
  Bytes label_;
  std::optional<Error> error_;
};

}  // namespace

Result<Name> Name::from_text(std::string_view text) {
  if (text.empty()) return Error{"not a domain name: it is empty (the root is \".\")"};
  if (text == ".") return Name();
  Result<Bytes> wire = TextReader(text).wire();
  if (!wire) return wire.error();
  return Name(*std::move(wire));
}

std::string Name::to_text() const {
  if (is_root()) return ".";
  std::string text;
  text.reserve(wire_.size());
  for (const ByteView label : labels()) {
    for (const std::uint8_t octet : label) {
      if (is_plain(octet)) {
        text += static_cast<char>(octet);
      } else {
        append_escape(text, octet);
      }
    }
    text += '.';
  }
  return text;
}

std::string Name::to_display() const {
  std::string text = to_text();
  if (text.size() > 1) text.pop_back();
  return text;
}

}  // namespace dns
