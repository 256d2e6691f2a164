// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "transport/tsig.hpp"

#include <algorithm>
#include <array>

#include "dns/cursor.hpp"
#include "dns/header_bits.hpp"
#include "dns/record_reader.hpp"

namespace transport {

using dns::TsigTrouble;
using dns::UnixTime;

namespace {

constexpr std::uint16_t fudge_sent = 300;  // RFC 8945 10: recommended
constexpr std::size_t most_unsigned = 99;  // RFC 8945 5.3.1
constexpr std::size_t least_mac_octets = 10;
constexpr std::size_t additional_count_at = 10;

// RFC 8945 3 and 5.2: error codes of the TSIG record.
enum TsigError : std::uint16_t {
  no_error = 0,
  bad_sig = 16,
  bad_key = 17,
  bad_time = 18,
  bad_trunc = 22,
};

UnixTime u48(dns::Cursor& cursor) {
  const std::uint64_t high = cursor.u16();
  return static_cast<UnixTime>((high << 32U) | cursor.u32());
}

void put_u48(dns::Writer& out, UnixTime time) {
  const auto bits = static_cast<std::uint64_t>(time);
  out.u16(static_cast<std::uint16_t>((bits >> 32U) & 0xffffU));
  out.u32(static_cast<std::uint32_t>(bits & 0xffffffffU));
}

TsigCheck trouble(TsigTrouble what, std::string words) {
  TsigCheck check;
  check.trouble = what;
  check.detail = std::move(words);
  return check;
}

std::string seconds_words(UnixTime seconds) { return std::to_string(seconds) + " s"; }

}  // namespace

/// RFC 8945 4.2, and the owner of the record.
struct TsigSession::Record {
  dns::Name key;
  dns::Name algorithm;
  UnixTime time = 0;
  std::uint16_t fudge = 0;
  dns::ByteView mac;
  std::uint16_t original_id = 0;
  std::uint16_t error = no_error;
  dns::ByteView other;
};

struct TsigSession::Found {
  std::string problem;           ///< why the message can not be looked at
  std::optional<Record> record;  ///< nothing: unsigned
  std::size_t start = 0;         ///< of the record
};

namespace {

/// What the server says of the question's signature; `none` when it has nothing against it.
TsigTrouble said(std::uint16_t error) {
  switch (error) {
    case no_error:
      return TsigTrouble::none;
    case bad_sig:
      return TsigTrouble::says_bad_sig;
    case bad_key:
      return TsigTrouble::says_bad_key;
    case bad_time:
      return TsigTrouble::says_bad_time;
    case bad_trunc:
      return TsigTrouble::says_bad_trunc;
    default:
      return TsigTrouble::says_other;
  }
}

std::string said_words(std::uint16_t error) {
  switch (error) {
    case bad_sig:
      return "BADSIG: the secret is another at the server";
    case bad_key:
      return "BADKEY: the server does not know the key by this name and algorithm";
    case bad_time:
      return "BADTIME: the server's clock and this host's are too far apart";
    case bad_trunc:
      return "BADTRUNC: the server wants a longer code";
    default:
      return "TSIG error " + std::to_string(error);
  }
}

}  // namespace

TsigSession::TsigSession(TsigKey key) : key_(std::move(key)), hmac_(key_.hash, key_.secret) {}

std::size_t TsigSession::wanted_octets() const {
  return key_.mac_octets != 0 ? key_.mac_octets : dnssec::hmac_octets(key_.hash);
}

/// RFC 8945 4.3: each code is over the one before it, with its length.
void TsigSession::begin_digest() {
  hmac_.begin();
  digesting_ = true;
  if (!last_mac_.empty()) {
    dns::Writer prior;
    prior.u16(static_cast<std::uint16_t>(last_mac_.size()));
    prior.bytes(last_mac_);
    hmac_.add(prior.view());
  }
}

/// The message as it was before its TSIG record was added (RFC 8945 4.3.2).
void TsigSession::add_message(dns::ByteView message, std::size_t end, std::uint16_t original_id) {
  constexpr std::size_t head_octets = dns::MessageHead::octets;
  dns::Writer head;
  head.bytes(message.first(head_octets));
  head.patch_u16(0, original_id);
  const auto count = static_cast<std::uint16_t>(
      (std::uint32_t{message[additional_count_at]} << 8U | message[additional_count_at + 1]) - 1U);
  head.patch_u16(additional_count_at, count);
  hmac_.add(head.view());
  hmac_.add(message.subspan(head_octets, end - head_octets));
}

void TsigSession::add_timers(const Record& record) {
  dns::Writer timers;
  put_u48(timers, record.time);
  timers.u16(record.fudge);
  hmac_.add(timers.view());
}

/// RFC 8945 4.3.3.
void TsigSession::add_variables(const Record& record) {
  dns::Writer out;
  out.bytes(record.key.canonical_wire());
  out.u16(static_cast<std::uint16_t>(dns::Class::any));
  out.u32(0);
  out.bytes(record.algorithm.canonical_wire());
  put_u48(out, record.time);
  out.u16(record.fudge);
  out.u16(record.error);
  out.u16(static_cast<std::uint16_t>(record.other.size()));
  out.bytes(record.other);
  hmac_.add(out.view());
}

dns::Bytes TsigSession::sign(dns::ByteView query, UnixTime now) {
  Record record;
  record.key = key_.name;
  record.algorithm = key_.algorithm_name();
  record.time = now;
  record.fudge = fudge_sent;
  last_mac_.clear();
  begin_digest();
  hmac_.add(query);
  add_variables(record);
  const dns::ByteView whole = hmac_.finish();
  digesting_ = false;
  const dns::ByteView mac = whole.first(std::min(wanted_octets(), whole.size()));
  last_mac_.assign(mac.begin(), mac.end());

  dns::Writer rdata;
  rdata.bytes(record.algorithm.wire());
  put_u48(rdata, record.time);
  rdata.u16(record.fudge);
  rdata.u16(static_cast<std::uint16_t>(mac.size()));
  rdata.bytes(mac);
  rdata.bytes(query.first(2));  // the original id
  rdata.u32(0);                 // error and other length
  dns::Writer out;
  out.bytes(query);
  const auto count = static_cast<std::uint16_t>(
      (std::uint32_t{query[additional_count_at]} << 8U | query[additional_count_at + 1]) + 1U);
  out.patch_u16(additional_count_at, count);
  out.bytes(record.key.wire());
  out.u16(static_cast<std::uint16_t>(dns::Type::tsig));
  out.u16(static_cast<std::uint16_t>(dns::Class::any));
  out.u32(0);
  out.u16(static_cast<std::uint16_t>(rdata.size()));
  out.bytes(rdata.view());
  return out.take();
}

/// RFC 8945 5.1: one TSIG record at most, and it is the last of the additional section.
TsigSession::Found TsigSession::find(dns::ByteView message) {
  Found found;
  dns::RecordReader reader(message);
  const auto& counts = reader.head().counts;
  dns::RecordView view;
  for (unsigned i = 0; i < counts[0] && reader.ok(); ++i) {
    reader.question(view);
  }
  const unsigned records = unsigned{counts[1]} + counts[2] + counts[3];
  for (unsigned i = 0; i < records && reader.ok(); ++i) {
    found.start = reader.offset();
    if (reader.skip_record() == dns::Type::tsig && (i + 1 != records || counts[3] == 0)) {
      found.problem = "a TSIG record that is not the last";
      return found;
    }
  }
  if (!reader.ok() || !reader.at_end()) {
    found.problem = reader.ok() ? "octets behind the last record" : reader.problem();
    return found;
  }
  if (counts[3] == 0) {
    return found;
  }
  dns::Cursor cursor(message);
  cursor.seek(found.start);
  Record record;
  record.key = dns::Name::read(cursor);
  const auto type = static_cast<dns::Type>(cursor.u16());
  if (type != dns::Type::tsig) {
    return found;
  }
  const auto klass = static_cast<dns::Class>(cursor.u16());
  const std::uint32_t ttl = cursor.u32();
  cursor.u16();  // to the end of the message, as was seen above
  record.algorithm = dns::Name::read(cursor, false);
  record.time = u48(cursor);
  record.fudge = cursor.u16();
  record.mac = cursor.take(cursor.u16());
  record.original_id = cursor.u16();
  record.error = cursor.u16();
  record.other = cursor.take(cursor.u16());
  if (!cursor.ok() || !cursor.at_end() || klass != dns::Class::any || ttl != 0) {
    found.problem = "a malformed TSIG record";
    return found;
  }
  found.record = std::move(record);
  return found;
}

TsigCheck TsigSession::check(dns::ByteView message, UnixTime now) {
  const Found found = find(message);
  if (!found.problem.empty()) {
    return trouble(TsigTrouble::malformed, found.problem);
  }
  return found.record ? check_signed(message, found.start, *found.record, now)
                      : check_unsigned(message);
}

TsigCheck TsigSession::check_unsigned(dns::ByteView message) {
  if (first_) {
    return trouble(TsigTrouble::not_signed, "the answer is not signed, though the question was");
  }
  if (++unsigned_ > most_unsigned) {
    return trouble(TsigTrouble::not_signed, "more than 99 messages in a row are not signed");
  }
  if (!digesting_) {
    begin_digest();
  }
  hmac_.add(message);
  return {};
}

TsigCheck TsigSession::check_signed(dns::ByteView message, std::size_t start, const Record& record,
                                    UnixTime now) {
  const TsigTrouble server_says = said(record.error);
  TsigCheck result = trouble(
      server_says, server_says == TsigTrouble::none ? std::string() : said_words(record.error));
  if (server_says == TsigTrouble::says_bad_time && record.other.size() == 6) {
    dns::Cursor other(record.other);
    result.server_time = u48(other);
    result.detail += " by " + seconds_words(std::abs(*result.server_time - now));
  }
  // RFC 8945 5.3.2: without a common key the server cannot sign what it says.
  if (server_says != TsigTrouble::none && record.mac.empty()) {
    return result;
  }
  if (record.key != key_.name || record.algorithm != key_.algorithm_name()) {
    return trouble(TsigTrouble::other_key, "the answer is signed with the key " +
                                               record.key.to_display() + " (" +
                                               record.algorithm.to_display() + ")");
  }
  const std::size_t whole = dnssec::hmac_octets(key_.hash);
  if (record.mac.size() > whole || record.mac.size() < std::max(least_mac_octets, whole / 2)) {
    return trouble(TsigTrouble::cut_mac, "a code of " + std::to_string(record.mac.size()) +
                                             " octets, where " + std::to_string(whole) +
                                             " are whole");
  }
  if (!digesting_) {
    begin_digest();
  }
  add_message(message, start, record.original_id);
  if (first_) {
    add_variables(record);
  } else {
    add_timers(record);
  }
  const dns::ByteView code = hmac_.finish();
  digesting_ = false;
  if (code.size() < record.mac.size() ||
      !dnssec::same_codes(code.first(record.mac.size()), record.mac)) {
    return server_says != TsigTrouble::none
               ? result
               : trouble(TsigTrouble::bad_mac,
                         "the answer's signature does not verify: it was changed on the way, or "
                         "signed with another secret");
  }
  last_mac_.assign(record.mac.begin(), record.mac.end());
  first_ = false;
  unsigned_ = 0;
  result.verified = true;
  if (server_says != TsigTrouble::none) {
    return result;
  }
  const UnixTime apart = std::abs(now - record.time);
  if (apart > record.fudge) {
    result.verified = false;
    result.trouble = TsigTrouble::bad_time;
    result.detail = "the answer was signed " + seconds_words(apart) +
                    (record.time < now ? " ago" : " in the future") + " by this host's clock";
  } else if (record.mac.size() < wanted_octets()) {
    result.verified = false;
    result.trouble = TsigTrouble::cut_mac;
    result.detail = "a code of " + std::to_string(record.mac.size()) +
                    " octets, where the key asks for " + std::to_string(wanted_octets());
  }
  return result;
}

TsigCheck TsigSession::finish() const {
  return first_ || unsigned_ != 0
             ? trouble(TsigTrouble::not_signed, "the last message is not signed")
             : TsigCheck{};
}

}  // namespace transport
