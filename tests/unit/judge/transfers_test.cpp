// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/transfers.hpp"

#include <boost/test/unit_test.hpp>

#include "judge/outcome.hpp"

namespace judge_test {
namespace {

using dns::Rcode;
using dns::Transfer;
using dns::TransferEnd;
using dns::TsigTrouble;
using judge::Fault;
using judge::Finding;

Transfer attempt(const std::string& address, TransferEnd end, const std::string& detail,
                 Rcode rcode = Rcode::noerror) {
  Transfer one;
  one.server.address = address;
  one.end = end;
  one.detail = detail;
  one.rcode = rcode;
  return one;
}

Transfer whole_zone() {
  Transfer one = attempt("192.0.2.3", TransferEnd::complete, "");
  one.records = 5;
  return one;
}

std::vector<Finding> judged(std::vector<Transfer> tries) {
  dns::TransferLook look;
  look.tries = std::move(tries);
  return judge::judge_transfers(look);
}

Finding only_finding(std::vector<Transfer> tries, Fault fault) {
  return expect_only(held(judged(std::move(tries)), judge::kSigs), fault, judge::info(fault).tier,
                     {});
}

bool says(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_transfers)

BOOST_AUTO_TEST_CASE(a_whole_zone_is_no_finding) {
  BOOST_TEST(judged({whole_zone()}).empty());
  // A server that refuses is none of our business where another one gives the zone.
  BOOST_TEST(
      judged({attempt("192.0.2.1", TransferEnd::refused, "REFUSED", Rcode::refused), whole_zone()})
          .empty());
}

BOOST_AUTO_TEST_CASE(refused_without_a_key) {
  const auto finding = only_finding(
      {attempt("192.0.2.1", TransferEnd::refused, "REFUSED", Rcode::refused)}, Fault::axfr_refused);
  BOOST_TEST((finding.tier == judge::Tier::unknown));
  BOOST_TEST(finding.text == "192.0.2.1 does not give the zone, asked without a TSIG key: REFUSED");
  BOOST_TEST(says(finding.remedy, "allow-transfer"));
  BOOST_TEST(says(finding.remedy, "--tsig-file"));
}

BOOST_AUTO_TEST_CASE(a_key_that_is_not_allowed) {
  auto one = attempt("192.0.2.1", TransferEnd::refused, "REFUSED", Rcode::refused);
  one.key = "k.example (hmac-sha256)";
  one.verified = true;
  const auto finding = only_finding({one}, Fault::axfr_refused);
  BOOST_TEST(says(finding.text, "asked with the TSIG key k.example (hmac-sha256): REFUSED"));
  BOOST_TEST(says(finding.remedy, "Allow the key at the server"));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_the_key) {
  const auto remedy_of = [](TsigTrouble trouble) {
    auto one = attempt("192.0.2.1", TransferEnd::refused, "NOTAUTH, BAD", Rcode::notauth);
    one.key = "k.example (hmac-sha256)";
    one.tsig = trouble;
    return only_finding({one}, Fault::axfr_refused).remedy;
  };
  BOOST_TEST(says(remedy_of(TsigTrouble::says_bad_key), "Make the key k.example (hmac-sha256)"));
  BOOST_TEST(says(remedy_of(TsigTrouble::says_bad_sig), "the same secret"));
  BOOST_TEST(says(remedy_of(TsigTrouble::says_bad_time), "clocks"));
  BOOST_TEST(says(remedy_of(TsigTrouble::says_bad_trunc), "whole codes"));
  BOOST_TEST(says(remedy_of(TsigTrouble::bad_mac), "the same secret"));
  BOOST_TEST(says(remedy_of(TsigTrouble::not_signed), "in the server's place"));
  BOOST_TEST(says(remedy_of(TsigTrouble::unusable), "tsig-keygen"));
  BOOST_TEST(says(remedy_of(TsigTrouble::says_other), "allow-transfer"));
}

BOOST_AUTO_TEST_CASE(servers_that_say_the_same_are_named_together) {
  const auto finding =
      only_finding({attempt("192.0.2.1", TransferEnd::refused, "REFUSED", Rcode::refused),
                    attempt("192.0.2.2", TransferEnd::timeout, "no answer within 10 s"),
                    attempt("192.0.2.3", TransferEnd::refused, "REFUSED", Rcode::refused)},
                   Fault::axfr_refused);
  BOOST_TEST(finding.text ==
             "none of 3 servers gives the zone, asked without a TSIG key: REFUSED (192.0.2.1 and "
             "192.0.2.3); timeout, no answer within 10 s (192.0.2.2)");
  BOOST_TEST(finding.servers.size() == 3U);
}

BOOST_AUTO_TEST_CASE(no_address_is_known) {
  BOOST_TEST(says(only_finding({}, Fault::axfr_refused).text, "no address of a nameserver"));
}

BOOST_AUTO_TEST_CASE(servers_that_do_no_transfers_or_are_not_there) {
  BOOST_TEST(
      says(only_finding({attempt("192.0.2.1", TransferEnd::refused, "NOTIMP", Rcode::notimp)},
                        Fault::axfr_refused)
               .remedy,
           "--axfr=ADDRESS"));
  BOOST_TEST(
      says(only_finding({attempt("192.0.2.1", TransferEnd::unreachable, "Connection refused")},
                        Fault::axfr_refused)
               .remedy,
           "TCP"));
}

BOOST_AUTO_TEST_CASE(a_transfer_that_stops) {
  auto one = whole_zone();
  one.end = TransferEnd::incomplete;
  one.detail = "the connection was closed after 5 records in 1 message, before the closing SOA";
  const auto finding = only_finding({one}, Fault::axfr_incomplete);
  BOOST_TEST((finding.tier == judge::Tier::unknown));
  BOOST_TEST(
      finding.text ==
      "the transfer from 192.0.2.3 did not end as it must: the connection was closed after 5 "
      "records in 1 message, before the closing SOA");
  for (const auto end : {TransferEnd::malformed, TransferEnd::timeout, TransferEnd::tsig_failed,
                         TransferEnd::sink_refused}) {
    one.end = end;
    only_finding({one}, Fault::axfr_incomplete);
  }
}

BOOST_AUTO_TEST_CASE(servers_have_their_names) {
  observe::ZoneObservation seen;
  observe::Server server;
  server.endpoint.address = "192.0.2.1";
  server.names = {dns::Name::from_text("ns1.example.").value()};
  seen.servers.push_back(server);
  dns::TransferLook look;
  look.tries = {attempt("192.0.2.1", TransferEnd::refused, "REFUSED", Rcode::refused)};
  BOOST_TEST(
      says(judge::judge_transfers(look, &seen).front().text, "ns1.example (192.0.2.1) does"));
}

BOOST_AUTO_TEST_CASE(an_old_algorithm_is_a_warning) {
  auto one = whole_zone();
  one.key_weakness = "the TSIG key k.example is for hmac-md5";
  const auto finding = only_finding({one}, Fault::tsig_key_weak);
  BOOST_TEST((finding.tier == judge::Tier::warning));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace judge_test
