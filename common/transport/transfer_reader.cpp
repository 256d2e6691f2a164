// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "transport/transfer_reader.hpp"

#include <algorithm>

#include "dns/ascii.hpp"
#include "dns/header_bits.hpp"

namespace transport {

using dns::TransferEnd;
using dns::TsigTrouble;

namespace {

constexpr std::size_t soa_numbers_octets = 20;  // RFC 1035 3.3.13: serial first

std::uint32_t soa_serial(dns::ByteView rdata) {
  dns::Cursor numbers(rdata.last(soa_numbers_octets));
  return numbers.u32();
}

bool same_name(dns::ByteView left, dns::ByteView right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](std::uint8_t one, std::uint8_t other) {
                      return dns::ascii_lower(one) == dns::ascii_lower(other);
                    });
}

/// RFC 6895 3.1: types of questions and of messages, which no zone holds.
bool is_meta(dns::Type type) {
  const auto code = static_cast<std::uint16_t>(type);
  return type == dns::Type::opt || type == dns::Type::none || (code >= 249 && code <= 255);
}

std::string plural(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

}  // namespace

TransferReader::TransferReader(dns::Question question, std::uint16_t id, TsigSession* tsig,
                               dns::RecordSink& sink, dns::Transfer& into)
    : question_(std::move(question)), id_(id), tsig_(tsig), sink_(sink), into_(into) {}

bool TransferReader::end(TransferEnd end, std::string words) {
  into_.end = end;
  into_.detail = std::move(words);
  return true;
}

std::string TransferReader::so_far() const {
  return plural(into_.records, "record") + " in " + plural(into_.messages, "message");
}

bool TransferReader::take(dns::ByteView message, dns::UnixTime now) {
  ++into_.messages;
  into_.octets += message.size();
  dns::RecordReader reader(message);
  if (!reader.ok()) {
    return end(TransferEnd::malformed, "not a DNS message: " + reader.problem());
  }
  const dns::MessageHead& head = reader.head();
  if (check_head(head)) {
    return true;
  }
  into_.rcode = static_cast<dns::Rcode>(head.bits & dns::rcode_mask);
  if (check_signature(message, now)) {
    return true;
  }
  if (into_.rcode != dns::Rcode::noerror) {
    return into_.began()
               ? end(TransferEnd::incomplete,
                     "the server gave up with " + to_text(into_.rcode) + " after " + so_far())
               : end(TransferEnd::refused, to_text(into_.rcode));
  }
  return check_questions(reader) || read_answer(reader);
}

/// RFC 5936 2.2.1: every message has the question's id. Over a connection of our own nothing else
/// can come.
bool TransferReader::check_head(const dns::MessageHead& head) {
  if (head.id != id_) {
    return end(TransferEnd::malformed, "a message with another id than the question's");
  }
  if ((head.bits & dns::qr_bit) == 0 ||
      ((head.bits >> dns::opcode_shift) & dns::opcode_mask) != 0) {
    return end(TransferEnd::malformed, "a message that is no answer");
  }
  return false;
}

bool TransferReader::check_signature(dns::ByteView message, dns::UnixTime now) {
  if (tsig_ == nullptr) {
    return false;
  }
  TsigCheck check = tsig_->check(message, now);
  into_.verified = check.verified;
  into_.server_time = check.server_time;
  if (check.trouble == TsigTrouble::none) {
    return false;
  }
  if (check.trouble == TsigTrouble::not_signed && into_.rcode != dns::Rcode::noerror) {
    return false;  // its rcode says more; nobody is helped by a forged refusal
  }
  into_.tsig = check.trouble;
  switch (check.trouble) {
    case TsigTrouble::says_bad_sig:
    case TsigTrouble::says_bad_key:
    case TsigTrouble::says_bad_time:
    case TsigTrouble::says_bad_trunc:
    case TsigTrouble::says_other:
      return end(into_.began() ? TransferEnd::tsig_failed : TransferEnd::refused,
                 to_text(into_.rcode) + ", " + check.detail);
    default:
      break;
  }
  return end(TransferEnd::tsig_failed,
             check.detail + (into_.began() ? ", after " + so_far() : std::string()));
}

/// RFC 5936 2.2.3: the first message has the question, the others have it or none.
bool TransferReader::check_questions(dns::RecordReader& reader) {
  const unsigned count = reader.head().counts[0];
  for (unsigned i = 0; i < count; ++i) {
    dns::RecordView asked;
    if (!reader.question(asked)) {
      return end(TransferEnd::malformed, "not a DNS message: " + reader.problem());
    }
    if (i > 0 || asked.type != question_.type || asked.klass != question_.klass ||
        !same_name(asked.owner, question_.name.wire())) {
      return end(TransferEnd::malformed, "a message that answers another question");
    }
  }
  return false;
}

bool TransferReader::read_answer(dns::RecordReader& reader) {
  const unsigned count = reader.head().counts[1];
  if (count == 0) {
    return into_.began()
               ? end(TransferEnd::malformed, "a message without records after " + so_far())
               : end(TransferEnd::refused, "NOERROR, but no records");
  }
  for (unsigned i = 0; i < count; ++i) {
    dns::RecordView record;
    if (!reader.record(record)) {
      return end(TransferEnd::malformed,
                 "not a DNS message: " + reader.problem() + ", after " + so_far());
    }
    if (read_record(record)) {
      return !closed_ || finish(reader, count - i - 1);
    }
  }
  return finish(reader, 0);
}

bool TransferReader::read_record(const dns::RecordView& record) {
  const bool soa = is_apex_soa(record);
  if (!into_.began() && !soa) {
    return end(TransferEnd::malformed,
               "it begins with " + to_text(record.type) + " instead of the zone's SOA");
  }
  if (record.klass != question_.klass || is_meta(record.type)) {
    return end(TransferEnd::malformed,
               "a record that no zone holds (" + to_text(record.type) + ", class " +
                   std::to_string(static_cast<unsigned>(record.klass)) + "), after " + so_far());
  }
  if (soa && into_.began()) {
    return close(record);
  }
  if (soa) {
    into_.serial = soa_serial(record.rdata);
  }
  if (auto words = sink_.add(record)) {
    return end(TransferEnd::sink_refused, *std::move(words) + ", after " + so_far());
  }
  ++into_.records;
  return false;
}

/// RFC 5936 2.2: the last record is the SOA that was the first.
bool TransferReader::close(const dns::RecordView& soa) {
  const std::uint32_t serial = soa_serial(soa.rdata);
  if (serial == into_.serial) {
    closed_ = true;
    return true;
  }
  // RFC 1995 4: an IXFR has the SOA of the old version second.
  if (into_.records == 1) {
    return end(TransferEnd::incomplete, "differences to serial " + std::to_string(serial) +
                                            " came, as for IXFR, not the zone");
  }
  return end(TransferEnd::incomplete, "it began with serial " + std::to_string(*into_.serial) +
                                          " and ends with serial " + std::to_string(serial) +
                                          ", after " + so_far());
}

/// The rest of a message. True when the transfer is over.
bool TransferReader::finish(dns::RecordReader& reader, unsigned surplus_records) {
  const auto& counts = reader.head().counts;
  const unsigned rest = surplus_records + counts[2] + counts[3];
  for (unsigned i = 0; i < rest; ++i) {
    if (!reader.skip_record()) {
      return end(TransferEnd::malformed,
                 "not a DNS message: " + reader.problem() + ", after " + so_far());
    }
  }
  if (!reader.at_end()) {
    return end(TransferEnd::malformed, "not a DNS message: octets behind the last record");
  }
  if (!closed_) {
    return false;
  }
  if (surplus_records > 0) {
    return end(TransferEnd::incomplete,
               plural(surplus_records, "record") + " behind the closing SOA, after " + so_far());
  }
  if (tsig_ != nullptr) {
    TsigCheck check = tsig_->finish();
    if (check.trouble != TsigTrouble::none) {
      into_.tsig = check.trouble;
      return end(TransferEnd::tsig_failed, check.detail + ", after " + so_far());
    }
  }
  return end(TransferEnd::complete, "");
}

void TransferReader::cut(TransferEnd end_now, const std::string& how) {
  const TransferEnd ended =
      into_.began() && end_now == TransferEnd::unreachable ? TransferEnd::incomplete : end_now;
  if (!into_.began()) {
    end(ended, how);
  } else if (into_.records == 1) {
    // RFC 1995 2: so does a server answer IXFR that has nothing new.
    end(ended, how + " after the zone's SOA (serial " + std::to_string(*into_.serial) + ") alone");
  } else {
    end(ended, how + " after " + so_far() + ", before the closing SOA");
  }
}

void TransferReader::surplus() {
  if (into_.complete()) {
    end(TransferEnd::incomplete, "octets behind the closing SOA, after " + so_far());
  }
}

bool TransferReader::is_apex_soa(const dns::RecordView& record) const {
  return record.type == dns::Type::soa && same_name(record.owner, question_.name.wire());
}

}  // namespace transport
