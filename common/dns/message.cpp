// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/message.hpp"

#include <array>
#include <string_view>

#include "dns/cursor.hpp"
#include "dns/header_bits.hpp"

namespace dns {
namespace {

/// The fields every record begins with. OPT uses class and TTL for other things.
struct RecordHead {
  Name owner;
  Type type = Type::none;
  std::uint16_t klass = 0;
  std::uint32_t ttl = 0;
  std::uint16_t rdlength = 0;
};

RecordHead read_head(Cursor& cursor) {
  RecordHead head;
  head.owner = Name::read(cursor);
  head.type = static_cast<Type>(cursor.u16());
  head.klass = cursor.u16();
  head.ttl = cursor.u32();
  head.rdlength = cursor.u16();
  return head;
}

/// Steps over a name without following pointers; fails the cursor only at the end of the bytes.
void skip_name(Cursor& cursor) {
  while (cursor.ok()) {
    const std::uint8_t length = cursor.u8();
    if (length == 0) return;
    if (length > Name::max_label_octets) {
      cursor.u8();
      return;
    }
    cursor.take(length);
  }
}

class Parser {
 public:
  explicit Parser(ByteView wire) : cursor_(wire) {}

  Result<Message> parse() {
    read_header();
    if (!cursor_.ok()) return error("shorter than a header", 0);
    read_questions();
    read_section("answer", counts_[1], message_.answer);
    read_section("authority", counts_[2], message_.authority);
    read_section("additional", counts_[3], message_.additional);
    if (error_) return *std::move(error_);
    if (!stopped_short_ && !cursor_.at_end()) {
      return error("octets behind the last record", cursor_.offset());
    }
    return std::move(message_);
  }

 private:
  void read_header() {
    message_.id = cursor_.u16();
    const std::uint16_t bits = cursor_.u16();
    message_.qr = (bits & qr_bit) != 0;
    message_.aa = (bits & aa_bit) != 0;
    message_.tc = (bits & tc_bit) != 0;
    message_.rd = (bits & rd_bit) != 0;
    message_.ra = (bits & ra_bit) != 0;
    message_.ad = (bits & ad_bit) != 0;
    message_.cd = (bits & cd_bit) != 0;
    message_.opcode = static_cast<std::uint8_t>((bits >> opcode_shift) & opcode_mask);
    message_.rcode = static_cast<Rcode>(bits & rcode_mask);
    for (std::uint16_t& count : counts_) count = cursor_.u16();
  }

  void read_questions() {
    for (unsigned i = 0; i < counts_[0] && going_on(); ++i) {
      const std::size_t start = cursor_.offset();
      Question question;
      question.name = Name::read(cursor_);
      question.type = static_cast<Type>(cursor_.u16());
      question.klass = static_cast<Class>(cursor_.u16());
      if (cursor_.ok()) {
        message_.questions.push_back(std::move(question));
      } else {
        stop(question_stops_short(start), "malformed question", start);
      }
    }
  }

  void read_section(std::string_view section, std::uint16_t count, std::vector<Record>& records) {
    for (unsigned i = 0; i < count && going_on(); ++i) read_record(section, records);
  }

  void read_record(std::string_view section, std::vector<Record>& records) {
    const std::size_t start = cursor_.offset();
    RecordHead head = read_head(cursor_);
    if (cursor_.ok() && head.type == Type::opt) {
      read_opt(section, head, start);
      return;
    }
    std::optional<Bytes> rdata = read_rdata(cursor_, head.type, head.rdlength);
    if (!cursor_.ok() || !rdata) {
      const std::string what =
          "malformed " + (cursor_.ok() ? to_text(head.type) + " record" : std::string("record"));
      stop(record_stops_short(start), what + " in the " + std::string(section) + " section", start);
      return;
    }
    records.push_back({std::move(head.owner), head.type, static_cast<Class>(head.klass), head.ttl,
                       *std::move(rdata)});
  }

  void read_opt(std::string_view section, const RecordHead& head, std::size_t start) {
    Cursor options(cursor_.take(head.rdlength));
    if (!cursor_.ok()) return stop(record_stops_short(start), "OPT runs past the end", start);
    // RFC 6891 6.1.1 and 6.1.2.
    if (section != "additional") return stop(false, "OPT outside the additional section", start);
    if (message_.edns) return stop(false, "a second OPT", start);
    if (!head.owner.is_root()) return stop(false, "OPT with an owner other than the root", start);
    Edns edns;
    edns.udp_size = head.klass;
    edns.version = static_cast<std::uint8_t>((head.ttl >> edns_version_shift) & 0xffU);
    edns.dnssec_ok = (head.ttl & dnssec_ok_bit) != 0;
    while (!options.at_end()) read_option(options, edns);
    if (!options.ok()) return stop(false, "malformed EDNS options", start);
    const auto high = static_cast<std::uint16_t>((head.ttl >> extended_rcode_shift) << 4U);
    message_.rcode = static_cast<Rcode>(high | static_cast<std::uint16_t>(message_.rcode));
    message_.edns = std::move(edns);
  }

  static void read_option(Cursor& options, Edns& edns) {
    const std::uint16_t code = options.u16();
    Cursor value(options.take(options.u16()));
    if (!options.ok()) return;
    if (code == nsid_option && !edns.nsid) {
      const ByteView nsid = value.rest();
      edns.nsid = Bytes(nsid.begin(), nsid.end());
    } else if (code == extended_error_option) {
      ExtendedError found;
      found.code = value.u16();
      const ByteView text = value.rest();
      // One without a code says nothing, but is no reason to lose the message.
      if (!value.ok()) return;
      found.text.assign(text.begin(), text.end());
      // RFC 8914 2: the text "MAY be null terminated".
      while (!found.text.empty() && found.text.back() == '\0') found.text.pop_back();
      edns.errors.push_back(std::move(found));
    }
  }

  [[nodiscard]] bool going_on() const { return !error_ && !stopped_short_; }

  /// Ends the parsing: with what was complete when a truncated message just stops short, else with
  /// an error.
  void stop(bool at_end_of_bytes, std::string_view what, std::size_t where) {
    if (message_.tc && at_end_of_bytes) {
      stopped_short_ = true;
    } else {
      error_ = error(what, where);
    }
  }

  [[nodiscard]] Cursor reader_at(std::size_t start) const {
    Cursor reader(cursor_.all());
    reader.seek(start);
    return reader;
  }

  [[nodiscard]] bool question_stops_short(std::size_t start) const {
    Cursor reader = reader_at(start);
    skip_name(reader);
    reader.u32();
    return !reader.ok();
  }

  [[nodiscard]] bool record_stops_short(std::size_t start) const {
    Cursor reader = reader_at(start);
    skip_name(reader);
    reader.take(8);
    reader.take(reader.u16());
    return !reader.ok();
  }

  static Error error(std::string_view what, std::size_t where) {
    return {"not a DNS message: " + std::string(what) + " at octet " + std::to_string(where)};
  }

  Cursor cursor_;
  Message message_;
  std::array<std::uint16_t, 4> counts_{};
  bool stopped_short_ = false;
  std::optional<Error> error_;
};

}  // namespace

Result<Message> parse_message(ByteView wire) { return Parser(wire).parse(); }

}  // namespace dns
