// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "transport/tsig.hpp"

#include <boost/test/unit_test.hpp>

#include "dns/message.hpp"
#include "transport/tsig_server.hpp"
#include "transport/tsig_vectors.hpp"

using dns::TsigTrouble;
using dnssec::HmacHash;
using transfers::key_of;
using transfers::kNow;
using transfers::message_of;
using transfers::octets_of;
using transfers::Signing;
using transfers::TsigServer;
using transport::TsigCheck;
using transport::TsigSession;

namespace {

dns::Bytes axfr_query() {
  dns::QueryOptions options;
  options.id = transfers::kId;
  options.edns = false;
  return dns::write_query(
      {dns::Name::from_text("example.").value(), dns::Type::axfr, dns::Class::in}, options);
}

const dns::Bytes& first_message() {
  static const dns::Bytes wire = message_of({{}}, true);
  return wire;
}
const dns::Bytes& later_message() {
  static const dns::Bytes wire = message_of({{"www.example.", dns::Type::a}});
  return wire;
}

/// A question that was signed, and a server that knows its key.
struct SignedQuestion {
  explicit SignedQuestion(transport::TsigKey key = key_of())
      : session(key), query(session.sign(axfr_query(), kNow)), server(key, query) {}
  TsigCheck check(const dns::Bytes& message, dns::UnixTime now = kNow) {
    return session.check(message, now);
  }
  TsigSession session;
  dns::Bytes query;
  TsigServer server;
};

TsigTrouble trouble_of(const dns::Bytes& message, dns::UnixTime now = kNow) {
  SignedQuestion asked;
  return asked.check(message, now).trouble;
}

/// The first message, signed like that.
TsigCheck answer_signed(const Signing& signing, dns::UnixTime now = kNow) {
  SignedQuestion asked;
  return asked.check(asked.server.sign(first_message(), signing), now);
}

}  // namespace

namespace dns {
static std::ostream& operator<<(std::ostream& out, TsigTrouble trouble) {
  return out << static_cast<int>(trouble);
}
}  // namespace dns

BOOST_AUTO_TEST_SUITE(tsig)

BOOST_AUTO_TEST_CASE(questions_are_signed_as_another_program_signs_them) {
  for (const auto& vector : tsig_vectors::kAll) {
    TsigSession session(key_of(vector.hash));
    BOOST_TEST_REQUIRE(session.usable());
    BOOST_TEST(session.sign(axfr_query(), kNow) == octets_of(vector.question));
  }
}

BOOST_AUTO_TEST_CASE(answers_signed_by_another_program_verify) {
  for (const auto& vector : tsig_vectors::kAll) {
    TsigSession session(key_of(vector.hash));
    session.sign(axfr_query(), kNow);
    const TsigCheck check = session.check(octets_of(vector.answer), kNow);
    BOOST_TEST(check.trouble == TsigTrouble::none);
    BOOST_TEST(check.verified);
    BOOST_TEST((session.finish().trouble == TsigTrouble::none));
  }
}

// RFC 8945 5.3.1
BOOST_AUTO_TEST_CASE(several_messages_signed_by_another_program_verify) {
  SignedQuestion asked;
  BOOST_TEST(asked.check(octets_of(tsig_vectors::kFirst)).verified);
  const TsigCheck middle = asked.check(octets_of(tsig_vectors::kMiddle));
  BOOST_TEST(middle.trouble == TsigTrouble::none);
  BOOST_TEST(!middle.verified);
  BOOST_TEST(asked.session.finish().trouble == TsigTrouble::not_signed);
  BOOST_TEST(asked.check(octets_of(tsig_vectors::kLast)).verified);
  BOOST_TEST(asked.session.finish().trouble == TsigTrouble::none);
}

BOOST_AUTO_TEST_CASE(an_unsigned_message_that_was_changed_is_found_at_the_next_signature) {
  SignedQuestion asked;
  asked.check(octets_of(tsig_vectors::kFirst));
  dns::Bytes middle = octets_of(tsig_vectors::kMiddle);
  middle.back() ^= 1U;
  BOOST_TEST(asked.check(middle).trouble == TsigTrouble::none);
  BOOST_TEST(asked.check(octets_of(tsig_vectors::kLast)).trouble == TsigTrouble::bad_mac);
}

BOOST_AUTO_TEST_CASE(a_message_that_was_left_out_is_found_at_the_next_signature) {
  SignedQuestion asked;
  asked.check(octets_of(tsig_vectors::kFirst));
  BOOST_TEST(asked.check(octets_of(tsig_vectors::kLast)).trouble == TsigTrouble::bad_mac);
}

BOOST_AUTO_TEST_CASE(every_changed_octet_is_found) {
  const dns::Bytes good = octets_of(tsig_vectors::kFirst);
  for (std::size_t i = 0; i < good.size(); ++i) {
    dns::Bytes changed = good;
    changed[i] ^= 0x10U;
    SignedQuestion asked;
    // The id of the message is none of TSIG's business: its own copy is what was signed.
    BOOST_TEST(asked.check(changed).verified == (i < 2), "octet " << i);
  }
}

BOOST_AUTO_TEST_CASE(every_cut_message_is_found) {
  const dns::Bytes good = octets_of(tsig_vectors::kFirst);
  for (std::size_t i = dns::Bytes::size_type{12}; i < good.size(); ++i) {
    SignedQuestion asked;
    BOOST_TEST(asked.check(dns::Bytes(good.begin(), good.begin() + static_cast<long>(i))).trouble ==
               TsigTrouble::malformed);
  }
}

BOOST_AUTO_TEST_CASE(the_first_message_must_be_signed) {
  BOOST_TEST(trouble_of(first_message()) == TsigTrouble::not_signed);
}

BOOST_AUTO_TEST_CASE(another_secret_is_told_apart) {
  SignedQuestion asked;
  TsigServer stranger(key_of(HmacHash::sha256, "another secret"), asked.query);
  BOOST_TEST(asked.check(stranger.sign(first_message())).trouble == TsigTrouble::bad_mac);
}

BOOST_AUTO_TEST_CASE(another_key_or_algorithm_is_told_apart) {
  Signing signing;
  signing.key_name = dns::Name::from_text("other.example.").value();
  const TsigCheck check = answer_signed(signing);
  BOOST_TEST(check.trouble == TsigTrouble::other_key);
  BOOST_TEST(check.detail.find("other.example (hmac-sha256)") != std::string::npos);

  SignedQuestion asked;
  TsigServer other(key_of(HmacHash::sha512), asked.query);
  BOOST_TEST(asked.check(other.sign(first_message())).trouble == TsigTrouble::other_key);
}

BOOST_AUTO_TEST_CASE(the_case_of_the_keys_name_does_not_count) {
  Signing signing;
  signing.key_name = dns::Name::from_text("tRANSFER.eXAMPLE.").value();
  BOOST_TEST(answer_signed(signing).verified);
}

// RFC 8945 5.2.3
BOOST_AUTO_TEST_CASE(time_is_good_up_to_the_fudge) {
  Signing signing;
  signing.fudge = 60;
  BOOST_TEST(answer_signed(signing, kNow + 60).verified);
  BOOST_TEST(answer_signed(signing, kNow - 60).verified);
  BOOST_TEST(answer_signed(signing, kNow + 61).trouble == TsigTrouble::bad_time);
  const TsigCheck check = answer_signed(signing, kNow - 61);
  BOOST_TEST(check.trouble == TsigTrouble::bad_time);
  BOOST_TEST(check.detail == "the answer was signed 61 s in the future by this host's clock");
  BOOST_TEST(!check.verified);
}

// RFC 8945 5.2.2.1
BOOST_AUTO_TEST_CASE(codes_that_are_cut) {
  const auto cut_to = [](std::size_t octets, std::size_t asked_octets) {
    transport::TsigKey key = key_of();
    key.mac_octets = asked_octets;
    SignedQuestion asked(key);
    Signing signing;
    signing.mac_octets = octets;
    return asked.check(asked.server.sign(first_message(), signing)).trouble;
  };
  BOOST_TEST(cut_to(16, 16) == TsigTrouble::none);
  BOOST_TEST(cut_to(32, 16) == TsigTrouble::none);
  BOOST_TEST(cut_to(16, 0) == TsigTrouble::cut_mac);
  BOOST_TEST(cut_to(31, 0) == TsigTrouble::cut_mac);
  BOOST_TEST(cut_to(15, 16) == TsigTrouble::cut_mac);
  BOOST_TEST(cut_to(1, 16) == TsigTrouble::cut_mac);
  BOOST_TEST(cut_to(0, 16) == TsigTrouble::cut_mac);
}

BOOST_AUTO_TEST_CASE(a_question_with_a_cut_code_has_the_first_octets_of_the_whole) {
  transport::TsigKey key = key_of();
  key.mac_octets = 16;
  TsigSession cut(key);
  TsigSession whole(key_of());
  const dns::Bytes shorter = cut.sign(axfr_query(), kNow);
  const dns::Bytes longer = whole.sign(axfr_query(), kNow);
  BOOST_TEST(shorter.size() + 16 == longer.size());
  BOOST_TEST(dns::Bytes(shorter.end() - 22, shorter.end() - 6) ==
             dns::Bytes(longer.end() - 38, longer.end() - 22));
}

BOOST_AUTO_TEST_CASE(what_the_server_says_of_the_question) {
  const auto says = [](std::uint16_t error) {
    Signing signing;
    signing.error = error;
    signing.mac_octets = 0;  // RFC 8945 5.3.2: not signed
    return answer_signed(signing).trouble;
  };
  BOOST_TEST(says(16) == TsigTrouble::says_bad_sig);
  BOOST_TEST(says(17) == TsigTrouble::says_bad_key);
  BOOST_TEST(says(18) == TsigTrouble::says_bad_time);
  BOOST_TEST(says(22) == TsigTrouble::says_bad_trunc);
  BOOST_TEST(says(4711) == TsigTrouble::says_other);
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_know_the_key_names_it_all_the_same) {
  Signing signing;
  signing.error = 17;
  signing.mac_octets = 0;
  signing.key_name = dns::Name::from_text("who.example.").value();
  BOOST_TEST(answer_signed(signing).trouble == TsigTrouble::says_bad_key);
}

BOOST_AUTO_TEST_CASE(a_bad_time_is_signed_and_has_the_servers_clock) {
  SignedQuestion asked;
  const TsigCheck check = asked.check(octets_of(tsig_vectors::kBadTime));
  BOOST_TEST(check.trouble == TsigTrouble::says_bad_time);
  BOOST_TEST(check.verified);
  BOOST_TEST((check.server_time == kNow + 5000));
  BOOST_TEST(check.detail ==
             "BADTIME: the server's clock and this host's are too far apart by 5000 s");
}

BOOST_AUTO_TEST_CASE(ninety_nine_messages_in_a_row_may_be_unsigned) {
  SignedQuestion asked;
  asked.check(asked.server.sign(first_message()));
  for (int i = 0; i < 99; ++i) {
    BOOST_TEST(asked.check(asked.server.pass(later_message())).trouble == TsigTrouble::none);
  }
  BOOST_TEST(asked.check(asked.server.sign(later_message())).verified);
  for (int i = 0; i < 99; ++i) {
    asked.check(asked.server.pass(later_message()));
  }
  BOOST_TEST(asked.check(asked.server.pass(later_message())).trouble == TsigTrouble::not_signed);
}

// RFC 8945 4.3.3.1: only the time and the fudge of later messages are digested.
BOOST_AUTO_TEST_CASE(later_messages_digest_the_timers_alone) {
  SignedQuestion asked;
  asked.check(asked.server.sign(first_message()));
  Signing signing;
  signing.whole_variables = true;
  BOOST_TEST(asked.check(asked.server.sign(later_message(), signing)).trouble ==
             TsigTrouble::bad_mac);
}

// RFC 8945 5.1
BOOST_AUTO_TEST_CASE(a_signature_that_is_not_the_last_record) {
  SignedQuestion asked;
  dns::Bytes twice = asked.server.sign(asked.server.sign(first_message()));
  BOOST_TEST(asked.check(twice).trouble == TsigTrouble::malformed);
}

BOOST_AUTO_TEST_SUITE_END()
