// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// A signer's key file: a line with its name, then its text.
#include <array>
#include <cctype>
#include <cstdio>
#include <string>

#include "dns/rdata.hpp"
#include "fuzz.hpp"
#include "input.hpp"
#include "memory/key_file.hpp"

namespace {

constexpr dns::UnixTime kYear10000 = 253402300800;

/// As dnssec-keygen writes a label of a zone: letters, digits, - and _, the rest as %XX.
std::string label_in_file_name(dns::ByteView label) {
  std::string text;
  for (const std::uint8_t octet : label) {
    if (std::isalnum(octet) != 0 || octet == '-' || octet == '_') {
      text += static_cast<char>(octet);
    } else {
      std::array<char, 4> escaped{};
      std::snprintf(escaped.data(), escaped.size(), "%%%02X", octet);
      text += escaped.data();
    }
  }
  return text + '.';
}

std::string zone_in_file_name(const dns::Name& zone) {
  std::string text;
  for (const auto label : zone.labels()) text += label_in_file_name(label);
  return text.empty() ? "." : text;
}

void use_name(const std::string& name) {
  const auto parsed = memory::parse_key_file_name(name);
  if (!parsed) return;
  const auto& times = parsed->times;
  std::array<char, 16> numbers{};
  std::snprintf(numbers.data(), numbers.size(), "+%03u+%05u",
                static_cast<unsigned>(times.algorithm), static_cast<unsigned>(times.tag));
  const auto again = memory::parse_key_file_name(
      "K" + zone_in_file_name(times.zone) + numbers.data() + (parsed->state ? ".state" : ".key"));
  fuzz::require(again.has_value(), "a name is read as dnssec-keygen writes it");
  fuzz::require(again->times == times && again->state == parsed->state, "and says the same");
}

void require_time(const std::optional<dns::UnixTime>& time) {
  if (!time) return;
  fuzz::require(*time < kYear10000, "a year has four digits");
}

void use_text(const std::string& text) {
  memory::KeyTimes times;
  memory::read_key_file(text, times);
  require_time(times.created);
  require_time(times.published);
  require_time(times.active);
  fuzz::require(times.zone.is_root() && times.tag == 0 && times.algorithm == 0,
                "whose key it is says the file's name alone");
  auto twice = times;
  memory::read_key_file(text, twice);
  fuzz::require(twice == times, "what is read again is the same");
  memory::KeyTimes written;
  memory::read_key_file("; a comment\nzone.test. 3600 IN DNSKEY 257 3 13 " +
                            dns::to_base64(times.public_key) + " ; KSK\n",
                        written);
  fuzz::require(written.public_key == times.public_key, "a key is read as it is written");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  use_name(input.text_until('\n'));
  use_text(input.text());
  return 0;
}
