// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "resolve/anchor_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <memory>
#include <span>

#include "dns/cursor.hpp"
#include "dns/name.hpp"
#include "dns/rdata.hpp"
#include "dns/type.hpp"
#include "dnssec/algorithm.hpp"

namespace resolve {
namespace {

using Words = std::span<const std::string>;

constexpr std::size_t most_file_octets = 1U << 20U;

bool blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// Feeds on characters, yields records.
class Splitter {
 public:
  std::vector<RecordText> split(std::string_view text) {
    for (const char c : text) {
      take(c);
    }
    end_record();
    return std::move(records_);
  }

 private:
  void take(char c) {
    if (c == '\n') {
      in_comment_ = false;
      end_word();
      if (depth_ == 0) {
        end_record();
      }
      ++line_;
    } else if (in_comment_) {
      current_.comment += c;
    } else if (c == ';') {
      end_word();
      in_comment_ = true;
    } else if (c == '(' || c == ')') {
      end_word();
      depth_ = c == '(' ? depth_ + 1 : std::max(depth_ - 1, 0);
    } else if (blank(c)) {
      end_word();
    } else {
      word_ += c;
    }
  }

  void end_word() {
    if (!word_.empty()) {
      if (current_.words.empty()) {
        current_.line = line_;
      }
      current_.words.push_back(std::move(word_));
      word_.clear();
    }
  }

  void end_record() {
    end_word();
    if (!current_.words.empty()) {
      records_.push_back(std::move(current_));
    }
    current_ = RecordText{};
  }

  std::vector<RecordText> records_;
  RecordText current_;
  std::string word_;
  unsigned line_ = 1;
  int depth_ = 0;
  bool in_comment_ = false;
};

template <class Number>
std::optional<Number> number(const std::string& word) {
  Number value = 0;
  const char* const end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, value);
  if (error != std::errc{} || stop != end) {
    return std::nullopt;
  }
  return value;
}

std::string join(Words words) {
  std::string all;
  for (const std::string& word : words) {
    all += word;
  }
  return all;
}

std::string upper(std::string word) {
  std::transform(word.begin(), word.end(), word.begin(), [](char c) {
    return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  });
  return word;
}

/// RFC 5011 4.3 as unbound notes it: only VALID (2) and MISSING (3) keys are trusted.
bool trusted_by_state(const std::string& comment) {
  const std::size_t at = comment.find(";;state=");
  if (at == std::string::npos) {
    return true;
  }
  const char state = at + 8 < comment.size() ? comment[at + 8] : '\0';
  return state == '2' || state == '3';
}

dns::Result<dns::Ds> ds_from(Words rdata) {
  const dns::Error error{"DS needs key tag, algorithm, digest type and digest in hexadecimal"};
  if (rdata.size() < 4) {
    return error;
  }
  const auto tag = number<std::uint16_t>(rdata[0]);
  const auto algorithm = number<std::uint8_t>(rdata[1]);
  const auto type = number<std::uint8_t>(rdata[2]);
  std::optional<dns::Bytes> digest = dns::from_hex(join(rdata.subspan(3)));
  if (!tag || !algorithm || !type || !digest || digest->empty()) {
    return error;
  }
  const dnssec::DigestInfo info = dnssec::digest_info(*type);
  if (!info.verifiable) {
    return dns::Error{"digest type " + dnssec::digest_text(*type) +
                      " cannot be used: 1 (SHA-1), 2 (SHA-256) and 4 (SHA-384) can"};
  }
  if (digest->size() != info.length) {
    return dns::Error{"the digest has " + std::to_string(digest->size()) + " octets, type " +
                      dnssec::digest_text(*type) + " has " + std::to_string(info.length)};
  }
  return dns::Ds{*tag, *algorithm, *type, std::move(*digest)};
}

/// The whole rdata of a DNSKEY.
dns::Result<dns::Bytes> dnskey_from(Words rdata) {
  const dns::Error error{"DNSKEY needs flags, protocol 3, algorithm and key in base64"};
  if (rdata.size() < 4) {
    return error;
  }
  const auto flags = number<std::uint16_t>(rdata[0]);
  const auto protocol = number<std::uint8_t>(rdata[1]);
  const auto algorithm = number<std::uint8_t>(rdata[2]);
  const std::optional<dns::Bytes> key = dns::from_base64(join(rdata.subspan(3)));
  if (!flags || !protocol || *protocol != 3 || !algorithm || !key || key->empty()) {
    return error;
  }
  dns::Writer writer;
  writer.u16(*flags);
  writer.u8(*protocol);
  writer.u8(*algorithm);
  writer.bytes(*key);
  return writer.take();
}

dns::Result<std::optional<dnssec::Anchor>> anchor_from_key(const dns::Name& zone, Words rdata) {
  constexpr std::uint8_t sha256 = 2;
  const dns::Result<dns::Bytes> wire = dnskey_from(rdata);
  if (!wire) {
    return wire.error();
  }
  const std::optional<dns::Dnskey> key = dns::parse_dnskey(*wire);
  if (!key || !key->zone_key()) {
    return dns::Error{"the DNSKEY's Zone bit is off (flags 257 or 256 are accepted)"};
  }
  if (key->revoked()) {
    return std::optional<dnssec::Anchor>{};
  }
  std::optional<dns::Bytes> digest = dnssec::ds_digest(zone, *wire, sha256);
  if (!digest) {
    return dns::Error{"the crypto library refuses SHA-256"};
  }
  return std::optional(dnssec::Anchor{
      zone, dns::Ds{dnssec::key_tag(*wire), key->algorithm, sha256, std::move(*digest)}});
}

/// Behind the owner, TTL and class may stand in either order or not at all (RFC 1035 5.1).
Words without_ttl_and_class(Words words) {
  while (!words.empty() && (upper(words[0]) == "IN" || number<std::uint32_t>(words[0]))) {
    words = words.subspan(1);
  }
  return words;
}

}  // namespace

std::vector<RecordText> split_records(std::string_view text) { return Splitter{}.split(text); }

dns::Result<std::string> read_small_file(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"),
                                                             std::fclose);
  const auto refuse = [&path] {
    return dns::Error{"cannot read " + path + ": " + std::strerror(errno)};
  };
  if (!file) {
    return refuse();
  }
  std::string text;
  std::array<char, 4096> chunk{};
  errno = 0;
  while (const std::size_t size = std::fread(chunk.data(), 1, chunk.size(), file.get())) {
    text.append(chunk.data(), size);
    if (text.size() > most_file_octets) {
      return dns::Error{"cannot use " + path + ": larger than a megabyte"};
    }
  }
  if (std::ferror(file.get()) != 0) {
    return refuse();
  }
  return text;
}

dns::Result<std::optional<dnssec::Anchor>> anchor_of(const RecordText& record) {
  const dns::Result<dns::Name> zone = dns::Name::from_text(record.words.front());
  if (!zone) {
    return zone.error();
  }
  if (!trusted_by_state(record.comment)) {
    return std::optional<dnssec::Anchor>{};
  }
  const Words rest = without_ttl_and_class(Words(record.words).subspan(1));
  const std::string type = rest.empty() ? "" : upper(rest[0]);
  if (type == "DNSKEY") {
    return anchor_from_key(*zone, rest.subspan(1));
  }
  if (type == "DS") {
    dns::Result<dns::Ds> ds = ds_from(rest.subspan(1));
    if (!ds) {
      return ds.error();
    }
    return std::optional(dnssec::Anchor{*zone, std::move(*ds)});
  }
  return dns::Error{"neither a DS nor a DNSKEY record"};
}

}  // namespace resolve
