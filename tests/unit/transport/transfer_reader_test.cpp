// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "transport/transfer_reader.hpp"

#include <boost/test/unit_test.hpp>
#include <ostream>

#include "transport/tsig_server.hpp"

using dns::TransferEnd;
using dns::Type;
using transfers::CountingSink;
using transfers::message_of;
using transfers::Part;

namespace {

const Part soa{};
const Part www{"www.example.", Type::a};

dns::Question axfr_question() {
  return {dns::Name::from_text("EXAMPLE.").value(), Type::axfr, dns::Class::in};
}

/// One transfer without a network and a signature.
struct Reading {
  bool take(const dns::Bytes& message) { return reader.take(message, 0); }
  CountingSink sink;
  dns::Transfer result;
  transport::TransferReader reader{axfr_question(), transfers::kId, nullptr, sink, result};
};

/// A single message: how that ends.
dns::Transfer only(dns::Bytes message) {
  Reading reading;
  BOOST_TEST(reading.take(message));
  return reading.result;
}

dns::Bytes with_bits(std::vector<Part> parts, std::uint8_t high, std::uint8_t low) {
  dns::Bytes wire = message_of(parts, true);
  wire[2] = high;
  wire[3] = low;
  return wire;
}

}  // namespace

namespace dns {
static std::ostream& operator<<(std::ostream& out, TransferEnd end) { return out << to_text(end); }
}  // namespace dns

BOOST_AUTO_TEST_SUITE(transfer_reader)

BOOST_AUTO_TEST_CASE(a_zone_in_one_message) {
  Reading reading;
  BOOST_TEST(reading.take(message_of({soa, www, www, soa}, true)));
  BOOST_TEST(reading.result.end == TransferEnd::complete);
  BOOST_TEST(reading.result.serial.value() == 7);
  BOOST_TEST(reading.result.records == 3);
  BOOST_TEST(reading.result.messages == 1);
  const std::vector<std::string> poured{"example./SOA", "www.example./A", "www.example./A"};
  BOOST_TEST(reading.sink.seen == poured);
}

BOOST_AUTO_TEST_CASE(one_record_a_message_and_no_questions) {
  Reading reading;
  BOOST_TEST(!reading.take(message_of({soa})));
  BOOST_TEST(!reading.take(message_of({www})));
  BOOST_TEST(!reading.take(message_of({www})));
  BOOST_TEST(reading.take(message_of({soa})));
  BOOST_TEST(reading.result.complete());
  BOOST_TEST(reading.result.messages == 4);
}

BOOST_AUTO_TEST_CASE(questions_in_every_message) {
  Reading reading;
  BOOST_TEST(!reading.take(message_of({soa}, true)));
  BOOST_TEST(reading.take(message_of({www, soa}, true)));
  BOOST_TEST(reading.result.complete());
}

BOOST_AUTO_TEST_CASE(an_empty_zone) {
  const dns::Transfer result = only(message_of({soa, soa}));
  BOOST_TEST(result.end == TransferEnd::complete);
  BOOST_TEST(result.records == 1);
}

BOOST_AUTO_TEST_CASE(an_soa_below_the_apex_ends_nothing) {
  Reading reading;
  BOOST_TEST(!reading.take(message_of({soa, {"sub.example.", Type::soa}, www})));
  BOOST_TEST(reading.result.records == 3);
}

BOOST_AUTO_TEST_CASE(refusals_have_their_rcode) {
  for (const std::uint8_t rcode : dns::Bytes{1, 2, 3, 4, 5, 9}) {
    const dns::Transfer result = only(with_bits({}, 0x84, rcode));
    BOOST_TEST(result.end == TransferEnd::refused);
    BOOST_TEST(static_cast<unsigned>(result.rcode) == rcode);
  }
  BOOST_TEST(only(with_bits({}, 0x84, 9)).detail == "NOTAUTH");
}

BOOST_AUTO_TEST_CASE(an_answer_without_records) {
  const dns::Transfer result = only(message_of({}, true));
  BOOST_TEST(result.end == TransferEnd::refused);
  BOOST_TEST(result.detail == "NOERROR, but no records");
}

BOOST_AUTO_TEST_CASE(another_serial_at_the_end) {
  const dns::Transfer result = only(message_of({soa, www, {"example.", Type::soa, 8}}));
  BOOST_TEST(result.end == TransferEnd::incomplete);
  BOOST_TEST(result.detail ==
             "it began with serial 7 and ends with serial 8, after 2 records in 1 message");
}

BOOST_AUTO_TEST_CASE(differences_instead_of_a_zone) {
  const dns::Transfer result =
      only(message_of({soa, {"example.", Type::soa, 6}, www, soa, www, soa}));
  BOOST_TEST(result.end == TransferEnd::incomplete);
  BOOST_TEST(result.detail == "differences to serial 6 came, as for IXFR, not the zone");
}

BOOST_AUTO_TEST_CASE(the_soa_alone) {
  Reading reading;
  BOOST_TEST(!reading.take(message_of({soa}, true)));
  reading.reader.cut(TransferEnd::timeout, "nothing for 10 s");
  BOOST_TEST(reading.result.end == TransferEnd::timeout);
  BOOST_TEST(reading.result.detail == "nothing for 10 s after the zone's SOA (serial 7) alone");
}

BOOST_AUTO_TEST_CASE(a_connection_that_closes) {
  Reading reading;
  BOOST_TEST(!reading.take(message_of({soa, www}, true)));
  reading.reader.cut(TransferEnd::unreachable, "the connection was closed");
  BOOST_TEST(reading.result.end == TransferEnd::incomplete);
  BOOST_TEST(reading.result.detail ==
             "the connection was closed after 2 records in 1 message, before the closing SOA");

  Reading nothing;
  nothing.reader.cut(TransferEnd::unreachable, "Connection refused");
  BOOST_TEST(nothing.result.end == TransferEnd::unreachable);
}

BOOST_AUTO_TEST_CASE(records_and_octets_behind_the_end) {
  BOOST_TEST(only(message_of({soa, www, soa, www})).end == TransferEnd::incomplete);
  Reading reading;
  BOOST_TEST(reading.take(message_of({soa, soa})));
  reading.reader.surplus();
  BOOST_TEST(reading.result.end == TransferEnd::incomplete);
}

BOOST_AUTO_TEST_CASE(a_server_that_gives_up) {
  Reading reading;
  BOOST_TEST(!reading.take(message_of({soa, www})));
  BOOST_TEST(reading.take(with_bits({}, 0x84, 2)));
  BOOST_TEST(reading.result.end == TransferEnd::incomplete);
  BOOST_TEST(reading.result.detail ==
             "the server gave up with SERVFAIL after 2 records in 2 messages");
}

BOOST_AUTO_TEST_CASE(what_is_no_transfer) {
  BOOST_TEST(only(message_of({www, soa})).detail == "it begins with A instead of the zone's SOA");
  BOOST_TEST(only(message_of({{"other.", Type::soa}})).end == TransferEnd::malformed);
  BOOST_TEST(only(dns::Bytes(5, 1)).end == TransferEnd::malformed);
  BOOST_TEST(only(dns::Bytes{}).end == TransferEnd::malformed);
  BOOST_TEST(only(with_bits({soa}, 0x04, 0)).detail == "a message that is no answer");
  BOOST_TEST(only(with_bits({soa}, 0xa4, 0)).detail == "a message that is no answer");
  dns::Bytes other_id = message_of({soa, soa});
  other_id[0] ^= 1U;
  BOOST_TEST(only(other_id).end == TransferEnd::malformed);
  dns::Bytes other_question = message_of({soa, soa}, true);
  other_question[13] = 'x';
  BOOST_TEST(only(other_question).detail == "a message that answers another question");
  dns::Bytes other_class = message_of({soa, www});
  other_class[other_class.size() - 11] = 3;
  BOOST_TEST(only(other_class).end == TransferEnd::malformed);
  dns::Bytes longer = message_of({soa, soa});
  longer.push_back(0);
  BOOST_TEST(only(longer).end == TransferEnd::malformed);
  Reading reading;
  BOOST_TEST(!reading.take(message_of({soa})));
  BOOST_TEST(reading.take(message_of({})));
  BOOST_TEST(reading.result.end == TransferEnd::malformed);
}

BOOST_AUTO_TEST_CASE(every_cut_message_ends_it_or_is_no_end) {
  const dns::Bytes whole = message_of({soa, www, soa}, true);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    BOOST_TEST(only(dns::Bytes(whole.begin(), whole.begin() + static_cast<long>(size))).end ==
               TransferEnd::malformed);
  }
}

BOOST_AUTO_TEST_CASE(a_sink_that_takes_no_more) {
  Reading reading;
  reading.sink.most = 2;
  BOOST_TEST(reading.take(message_of({soa, www, www, soa})));
  BOOST_TEST(reading.result.end == TransferEnd::sink_refused);
  BOOST_TEST(reading.result.detail ==
             "no more than 2 records are taken, after 2 records in 1 message");
  BOOST_TEST(reading.result.records == 2);
}

BOOST_AUTO_TEST_CASE(signed_transfers) {
  transport::TsigSession session(transfers::key_of());
  dns::QueryOptions options;
  options.edns = false;
  options.id = transfers::kId;
  const dns::Bytes query =
      session.sign(dns::write_query(axfr_question(), options), transfers::kNow);
  transfers::TsigServer server(transfers::key_of(), query);
  CountingSink sink;
  dns::Transfer result;
  transport::TransferReader reader(axfr_question(), transfers::kId, &session, sink, result);
  BOOST_TEST(!reader.take(server.sign(message_of({soa}, true)), transfers::kNow));
  BOOST_TEST(result.verified);
  BOOST_TEST(!reader.take(server.pass(message_of({www})), transfers::kNow));
  BOOST_TEST(!result.verified);
  BOOST_TEST(reader.take(server.pass(message_of({soa})), transfers::kNow));
  BOOST_TEST(result.end == TransferEnd::tsig_failed);
  BOOST_TEST(result.detail == "the last message is not signed, after 2 records in 3 messages");
}

BOOST_AUTO_TEST_CASE(an_unsigned_refusal_of_a_signed_question_keeps_its_rcode) {
  transport::TsigSession session(transfers::key_of());
  session.sign(message_of({}, true), transfers::kNow);
  CountingSink sink;
  dns::Transfer result;
  transport::TransferReader reader(axfr_question(), transfers::kId, &session, sink, result);
  BOOST_TEST(reader.take(with_bits({}, 0x80, 5), transfers::kNow));
  BOOST_TEST(result.end == TransferEnd::refused);
  BOOST_TEST(!result.verified);
}

BOOST_AUTO_TEST_SUITE_END()
