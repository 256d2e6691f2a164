// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "zone_text.hpp"

#include <arpa/inet.h>

#include <array>
#include <cctype>
#include <ctime>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "dns/bitmap.hpp"
#include "dns/cursor.hpp"
#include "dns/rdata.hpp"

namespace dnssec_test {

namespace {

/// The blank-separated words of a line; "quoted words" keep their quotes off and their blanks.
std::vector<std::string> words(std::string_view line) {
  std::vector<std::string> found;
  std::string word;
  bool quoted = false;
  bool any = false;
  bool escaped = false;
  for (const char c : line) {
    if (escaped || c == '\\') {
      escaped = !escaped;
      word += c;
      any = true;
    } else if (c == '"') {
      quoted = !quoted;
      any = true;
    } else if (!quoted && c == ';') {
      break;
    } else if (!quoted && std::isspace(static_cast<unsigned char>(c)) != 0) {
      if (any) found.push_back(word);
      word.clear();
      any = false;
    } else if (quoted || (c != '(' && c != ')')) {
      word += c;
      any = true;
    }
  }
  if (any) found.push_back(word);
  return found;
}

class RdataWriter {
 public:
  RdataWriter(const std::vector<std::string>& words, std::size_t at) : words_(words), at_(at) {}

  dns::Bytes write(dns::Type type) {
    if (more() && words_[at_] == "\\#") return generic();
    switch (type) {
      case dns::Type::a:
        return address<4>(AF_INET);
      case dns::Type::aaaa:
        return address<16>(AF_INET6);
      case dns::Type::mx:
        number(2);
        target();
        break;
      case dns::Type::ns:
      case dns::Type::cname:
      case dns::Type::dname:
      case dns::Type::ptr:
        target();
        break;
      case dns::Type::soa:
        target();
        target();
        for (int i = 0; i < 5; ++i) number(4);
        break;
      case dns::Type::srv:
        for (int i = 0; i < 3; ++i) number(2);
        target();
        break;
      case dns::Type::txt:
        while (more()) string();
        break;
      case dns::Type::hinfo:
        string();
        string();
        break;
      default:
        write_dnssec(type);
    }
    if (more()) throw std::invalid_argument("words left over");
    return writer_.take();
  }

 private:
  void write_dnssec(dns::Type type) {
    switch (type) {
      case dns::Type::dnskey:
      case dns::Type::cdnskey:
        number(2);
        number(1);
        number(1);
        base64();
        break;
      case dns::Type::ds:
      case dns::Type::cds:
        number(2);
        number(1);
        number(1);
        put(dns::from_hex(joined()));
        break;
      case dns::Type::rrsig:
        writer_.u16(static_cast<std::uint16_t>(rrtype()));
        number(1);
        number(1);
        number(4);
        writer_.u32(time(next()).value());
        writer_.u32(time(next()).value());
        number(2);
        target();
        base64();
        break;
      case dns::Type::nsec:
        target();
        bitmap();
        break;
      case dns::Type::nsec3:
        nsec3_head();
        put_counted(dns::from_base32hex(next()));
        bitmap();
        break;
      case dns::Type::nsec3param:
        nsec3_head();
        break;
      default:
        throw std::invalid_argument("a type this reader does not know");
    }
  }

  [[nodiscard]] bool more() const { return at_ < words_.size(); }
  std::string next() { return words_.at(at_++); }
  std::string joined() {
    std::string text;
    while (more()) text += next();
    return text;
  }
  void number(int octets) {
    const unsigned long value = std::stoul(next());
    for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) {
      writer_.u8(static_cast<std::uint8_t>(value >> static_cast<unsigned>(shift)));
    }
  }
  void target() { writer_.bytes(name(next()).wire()); }
  dns::Type rrtype() { return dns::parse_type(next()).value(); }
  void put(const std::optional<dns::Bytes>& bytes) { writer_.bytes(bytes.value()); }
  void base64() { put(dns::from_base64(joined())); }
  void put_counted(const std::optional<dns::Bytes>& bytes) {
    writer_.u8(static_cast<std::uint8_t>(bytes.value().size()));
    put(bytes);
  }
  void string() {
    const std::string text = next();
    put_counted(dns::Bytes(text.begin(), text.end()));
  }
  void nsec3_head() {
    number(1);
    number(1);
    number(2);
    const std::string salt = next();
    put_counted(salt == "-" ? dns::Bytes{} : dns::from_hex(salt));
  }
  void bitmap() {
    std::vector<dns::Type> types;
    while (more()) types.push_back(rrtype());
    writer_.bytes(dns::TypeBitmap(std::move(types)).wire());
  }
  template <std::size_t Octets>
  dns::Bytes address(int family) {
    std::array<std::uint8_t, Octets> octets{};
    if (inet_pton(family, next().c_str(), octets.data()) != 1) {
      throw std::invalid_argument("no address");
    }
    return {octets.begin(), octets.end()};
  }
  dns::Bytes generic() {
    next();
    next();
    return dns::from_hex(joined()).value();
  }

  const std::vector<std::string>& words_;
  std::size_t at_;
  dns::Writer writer_;
};

bool is_number(const std::string& word) {
  return !word.empty() && word.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

dns::Name name(std::string_view text) {
  auto parsed = dns::Name::from_text(text);
  if (!parsed) throw std::invalid_argument(std::string(text) + ": " + parsed.error().message);
  return *std::move(parsed);
}

dns::Record record(std::string_view line) {
  const auto found = words(line);
  try {
    dns::Record record;
    std::size_t at = 0;
    record.owner = name(found.at(at++));
    record.ttl = 3600;
    if (is_number(found.at(at))) {
      record.ttl = static_cast<std::uint32_t>(std::stoul(found.at(at++)));
    }
    if (found.at(at) == "IN") ++at;
    record.type = dns::parse_type(found.at(at++)).value();
    record.rdata = RdataWriter(found, at).write(record.type);
    return record;
  } catch (const std::exception& error) {
    throw std::invalid_argument("\"" + std::string(line) + "\": " + error.what());
  }
}

std::vector<dns::Record> records(std::string_view text) {
  std::vector<dns::Record> found;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    if (!words(line).empty()) found.push_back(record(line));
  }
  return found;
}

std::vector<dns::Record> records_of_file(const std::string& file) {
  const std::string path = std::string(TEST_DATA_DIR) + '/' + file;
  std::ifstream stream(path);
  if (!stream) throw std::invalid_argument("cannot read " + path);
  std::ostringstream text;
  text << stream.rdbuf();
  return records(text.str());
}

dns::SignedRRset signed_set(const std::vector<dns::Record>& zone, std::string_view owner,
                            dns::Type type) {
  const auto sets = dns::group(zone);
  const dns::SignedRRset* found = dns::find(sets, name(owner), type);
  if (found == nullptr) {
    throw std::invalid_argument("no " + std::string(owner) + ' ' + dns::to_text(type));
  }
  return *found;
}

std::vector<dnssec::Key> keys(const std::vector<dns::Record>& zone, std::string_view apex) {
  return dnssec::keys_of(signed_set(zone, apex, dns::Type::dnskey).set);
}

dnssec::DenialRecords denial(std::string_view apex, std::string_view text) {
  const auto found = records(text);
  return dnssec::denial_records(name(apex), dns::group(found));
}

dns::SerialTime time(std::string_view digits) {
  const std::string text(digits);
  const auto field = [&](std::size_t at, std::size_t length) {
    return std::stoi(text.substr(at, length));
  };
  std::tm parts{};
  parts.tm_year = field(0, 4) - 1900;
  parts.tm_mon = field(4, 2) - 1;
  parts.tm_mday = field(6, 2);
  parts.tm_hour = field(8, 2);
  parts.tm_min = field(10, 2);
  parts.tm_sec = field(12, 2);
  return dns::SerialTime::from_unix(timegm(&parts));
}

}  // namespace dnssec_test
