// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/message.hpp"

#include <boost/test/unit_test.hpp>

#include "dns/dns_support.hpp"

namespace {

using dns::Bytes;
using dns::Class;
using dns::Message;
using dns::Rcode;
using dns::Type;
using dns_support::concat;
using dns_support::hex;
using dns_support::name;
using dns_support::same_message;
using dns_support::wire;

/// A header with the given flags and counts, then the rest.
Bytes message(std::string_view flags, std::string_view counts, const Bytes& rest = {}) {
  return concat({hex("1234"), hex(flags), hex(counts), rest});
}

const std::string_view no_counts = "0000 0000 0000 0000";

Bytes opt(std::string_view options_hex, std::string_view ttl = "00000000") {
  const Bytes options = hex(options_hex);
  dns::Writer record;
  record.bytes(hex("00 0029 04d0"));
  record.bytes(hex(ttl));
  record.u16(static_cast<std::uint16_t>(options.size()));
  record.bytes(options);
  return record.take();
}

Bytes a_record() { return concat({wire("a.example"), hex("0001 0001 0000012c 0004 c0000201")}); }

std::string error_of(const Bytes& bytes) {
  const auto parsed = dns::parse_message(bytes);
  return parsed.ok() ? "accepted" : parsed.error().message;
}

/// An answer with everything this suite reads.
Message rich_message() {
  Message rich;
  rich.id = 0xbeef;
  rich.qr = rich.aa = rich.rd = rich.cd = true;
  rich.rcode = static_cast<Rcode>(0x123);
  rich.questions.push_back({name("www.Example.com"), Type::mx, Class::in});
  const auto add = [](std::vector<dns::Record>& section, std::string_view owner, Type type,
                      const Bytes& rdata) {
    section.push_back({name(owner), type, Class::in, 3600, rdata});
  };
  add(rich.answer, "www.example.com", Type::mx, concat({hex("000a"), wire("mail.example.com")}));
  add(rich.answer, "www.example.com", Type::rrsig,
      concat({hex("000f 0d 03 00000e10 60000000 50000000 1234"), wire("example.com"),
              Bytes(64, 0xab)}));
  add(rich.authority, "example.com", Type::soa,
      concat({wire("ns.example.com"), wire("host.example.com"), Bytes(20, 1)}));
  add(rich.authority, "Example.com", Type::nsec, concat({wire("a.example.com"), hex("0001 40")}));
  add(rich.additional, "mail.example.com", Type::srv, concat({Bytes(6, 0), wire("x.example.com")}));
  add(rich.additional, ".", Type::ns, wire("a.root-servers.net"));
  dns::Edns edns;
  edns.udp_size = 1232;
  edns.dnssec_ok = true;
  edns.nsid = hex("6e7331");
  edns.errors = {{7, "expired"}, {22, ""}};
  rich.edns = edns;
  return rich;
}

BOOST_AUTO_TEST_SUITE(dns_parse_message)

BOOST_AUTO_TEST_CASE(reads_the_header) {
  const auto parsed = dns::parse_message(message("8403", no_counts));
  BOOST_REQUIRE(parsed.ok());
  BOOST_TEST(parsed->id == 0x1234);
  BOOST_TEST((parsed->qr && parsed->aa));
  BOOST_TEST(!(parsed->tc || parsed->rd || parsed->ra || parsed->ad || parsed->cd));
  BOOST_CHECK(parsed->rcode == Rcode::nxdomain);
  BOOST_TEST(!parsed->edns.has_value());

  const auto flags = dns::parse_message(message("2bb0", no_counts));
  BOOST_REQUIRE(flags.ok());
  BOOST_TEST((flags->tc && flags->rd && flags->ra && flags->ad && flags->cd));
  BOOST_TEST(!(flags->qr || flags->aa));
  BOOST_TEST(flags->opcode == 5);
}

BOOST_AUTO_TEST_CASE(refuses_less_than_a_header) {
  const Bytes whole = message("8000", no_counts);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    BOOST_TEST(!dns::parse_message(dns::ByteView(whole).first(length)).ok());
  }
  BOOST_TEST(error_of({}) == "not a DNS message: shorter than a header at octet 0");
  // TC does not excuse that.
  BOOST_TEST(!dns::parse_message(hex("1234 8200 0000")).ok());
}

BOOST_AUTO_TEST_CASE(reads_questions_and_records) {
  const Bytes bytes = message(
      "8000", "0001 0001 0000 0001",
      concat({wire("a.example"), hex("0001 0001"), hex("c00c 0001 0001 0000012c 0004 c0000201"),
              hex("c00e 0002 0003 00000001 0004 016e c00e")}));
  const auto parsed = dns::parse_message(bytes);
  BOOST_REQUIRE(parsed.ok());
  BOOST_REQUIRE(parsed->questions.size() == 1U);
  BOOST_CHECK((parsed->questions[0] == dns::Question{name("a.example"), Type::a, Class::in}));
  BOOST_REQUIRE(parsed->answer.size() == 1U);
  BOOST_CHECK(parsed->answer[0].owner == name("a.example"));
  BOOST_TEST(parsed->answer[0].ttl == 300U);
  BOOST_TEST(parsed->answer[0].rdata == hex("c0000201"));
  BOOST_TEST(parsed->authority.empty());
  BOOST_REQUIRE(parsed->additional.size() == 1U);
  BOOST_CHECK(parsed->additional[0].owner == name("example"));
  BOOST_CHECK(parsed->additional[0].klass == Class::ch);
  BOOST_TEST(parsed->additional[0].rdata == wire("n.example"));
}

BOOST_AUTO_TEST_CASE(refuses_counts_that_lie) {
  for (const std::string_view counts :
       {"0001 0000 0000 0000", "0000 0001 0000 0000", "0000 0000 0001 0000", "0000 0000 0000 0001",
        "ffff ffff ffff ffff", "0000 ffff 0000 0000"}) {
    BOOST_TEST(!dns::parse_message(message("8000", counts)).ok());
  }
  BOOST_TEST(!dns::parse_message(message("8000", "0000 0002 0000 0000", a_record())).ok());
  BOOST_TEST(error_of(message("8000", no_counts, a_record())) ==
             "not a DNS message: octets behind the last record at octet 12");
}

BOOST_AUTO_TEST_CASE(refuses_rdlengths_that_lie) {
  const Bytes owner = wire("a");
  for (const std::string_view tail :
       {"0001 0001 00000000 0005 c0000201", "0001 0001 00000000 0003 c0000201",
        "0001 0001 00000000 ffff c0000201", "0001 0001 00000000 00"}) {
    BOOST_TEST(
        !dns::parse_message(message("8000", "0000 0001 0000 0000", concat({owner, hex(tail)})))
             .ok());
  }
  // A name that ends behind the rdata, though inside the message.
  BOOST_TEST(error_of(message("8000", "0000 0001 0000 0000",
                              concat({owner, hex("0002 0001 00000000 0002 0161 00")}))) ==
             "not a DNS message: malformed NS record in the answer section at octet 12");
}

BOOST_AUTO_TEST_CASE(refuses_looping_names) {
  BOOST_TEST(
      !dns::parse_message(message("8000", "0001 0000 0000 0000", hex("c00c 0001 0001"))).ok());
  BOOST_TEST(
      !dns::parse_message(message("8000", "0001 0000 0000 0000", hex("0161 c00c 0001 0001"))).ok());
  BOOST_TEST(
      !dns::parse_message(message("8000", "0001 0000 0000 0000", hex("c010 0001 0001 00"))).ok());
}

BOOST_AUTO_TEST_CASE(every_cut_is_an_error_unless_truncated) {
  const Bytes whole = dns::write_message(rich_message());
  Bytes truncated = whole;
  truncated[2] = static_cast<std::uint8_t>(truncated[2] | 0x02U);
  BOOST_TEST(dns::parse_message(whole).ok());
  BOOST_TEST(dns::parse_message(truncated).ok());
  for (std::size_t length = 12; length < whole.size(); ++length) {
    BOOST_TEST(!dns::parse_message(dns::ByteView(whole).first(length)).ok());
    BOOST_TEST(dns::parse_message(dns::ByteView(truncated).first(length)).ok(),
               "refused a cut at " << length);
  }
}

BOOST_AUTO_TEST_CASE(a_truncated_message_gives_what_was_complete) {
  const Bytes records = concat({a_record(), a_record()});
  const Bytes bytes = message("8200", "0000 0002 0000 0001", records);
  const auto cut = dns::parse_message(dns::ByteView(bytes).first(bytes.size() - 1));
  BOOST_REQUIRE(cut.ok());
  BOOST_TEST(cut->tc);
  BOOST_TEST(cut->answer.size() == 1U);
  const auto no_opt = dns::parse_message(bytes);
  BOOST_REQUIRE(no_opt.ok());
  BOOST_TEST(no_opt->answer.size() == 2U);
  const Bytes half_opt =
      message("8200", "0000 0000 0000 0001", hex("00 0029 04d0 00000000 0004 0003"));
  BOOST_REQUIRE(dns::parse_message(half_opt).ok());
  BOOST_TEST(!dns::parse_message(half_opt)->edns.has_value());
}

BOOST_AUTO_TEST_CASE(truncation_excuses_nothing_else) {
  const std::string_view one_answer = "0000 0001 0000 0000";
  BOOST_TEST(!dns::parse_message(message("8200", no_counts, hex("00"))).ok());
  BOOST_TEST(
      !dns::parse_message(message("8200", one_answer, hex("c00c 0001 0001 00000000 0000"))).ok());
  BOOST_TEST(
      !dns::parse_message(message("8200", one_answer, hex("4061 0001 0001 00000000 0000 00")))
           .ok());
  BOOST_TEST(
      !dns::parse_message(message("8200", one_answer, hex("00 0002 0001 00000000 0002 0161 00")))
           .ok());
  BOOST_TEST(!dns::parse_message(message("8200", one_answer, opt(""))).ok());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(dns_edns)

dns::Result<Message> with_opt(std::string_view options, std::string_view ttl = "00000000") {
  return dns::parse_message(message("8002", "0000 0000 0000 0001", opt(options, ttl)));
}

BOOST_AUTO_TEST_CASE(reads_opt) {
  const auto parsed = with_opt("", "01028000");
  BOOST_REQUIRE(parsed.ok());
  BOOST_REQUIRE(parsed->edns.has_value());
  BOOST_TEST(parsed->edns->udp_size == 1232);
  BOOST_TEST(parsed->edns->version == 2);
  BOOST_TEST(parsed->edns->dnssec_ok);
  BOOST_TEST(!parsed->edns->nsid.has_value());
  BOOST_TEST(static_cast<unsigned>(parsed->rcode) == 0x12U);
  BOOST_TEST(parsed->additional.empty());
  BOOST_CHECK(
      dns::parse_message(message("8000", "0000 0000 0000 0001", opt("", "01000000")))->rcode ==
      Rcode::badvers);
}

BOOST_AUTO_TEST_CASE(reads_options) {
  // COOKIE (10), NSID, two extended errors, an unknown option.
  const auto parsed = with_opt(
      "000a 0008 0102030405060708 0003 0003 6e7331 000f 0009 0007 6578706972 6564"
      "000f 0002 0016 fde9 0001 ff");
  BOOST_REQUIRE(parsed.ok());
  BOOST_REQUIRE(parsed->edns->nsid.has_value());
  BOOST_TEST(*parsed->edns->nsid == hex("6e7331"));
  BOOST_REQUIRE(parsed->edns->errors.size() == 2U);
  BOOST_TEST(parsed->edns->errors[0].code == 7);
  BOOST_TEST(parsed->edns->errors[0].text == "expired");
  BOOST_TEST(parsed->edns->errors[1].code == 22);
  BOOST_TEST(parsed->edns->errors[1].text.empty());
}

BOOST_AUTO_TEST_CASE(odd_options) {
  // RFC 8914 2: a terminating null is allowed; one inside is foreign text.
  BOOST_TEST(with_opt("000f 0005 0006 61 00 00")->edns->errors.at(0).text == "a");
  BOOST_TEST(with_opt("000f 0005 0006 61 00 62")->edns->errors.at(0).text ==
             std::string("a\0b", 3));
  // An extended error too short for its code is passed over, and what follows is still read.
  const auto parsed = with_opt("000f 0001 06 0003 0000");
  BOOST_REQUIRE(parsed.ok());
  BOOST_TEST(parsed->edns->errors.empty());
  BOOST_TEST(parsed->edns->nsid.value().empty());
  BOOST_TEST(with_opt("0003 0001 41 0003 0001 42")->edns->nsid.value() == hex("41"));
}

BOOST_AUTO_TEST_CASE(refuses_malformed_options) {
  for (const std::string_view options :
       {"00", "0003", "000300", "0003 0001", "0003 ffff 41", "0003 0001 41 00"}) {
    BOOST_TEST(!with_opt(options).ok(), "accepted: " << options);
  }
}

BOOST_AUTO_TEST_CASE(refuses_misplaced_opt) {
  const Bytes one = opt("");
  BOOST_TEST(!dns::parse_message(message("8000", "0000 0001 0000 0000", one)).ok());
  BOOST_TEST(!dns::parse_message(message("8000", "0000 0000 0001 0000", one)).ok());
  BOOST_TEST(error_of(message("8000", "0000 0000 0000 0002", concat({one, one}))) ==
             "not a DNS message: a second OPT at octet 23");
  BOOST_TEST(!dns::parse_message(message("8000", "0000 0000 0000 0001",
                                         concat({wire("a"), hex("0029 04d0 00000000 0000")})))
                  .ok());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(dns_write_message)

BOOST_AUTO_TEST_CASE(writes_a_query) {
  dns::QueryOptions options;
  options.id = 0x1234;
  options.rd = true;
  options.cd = true;
  options.nsid = true;
  BOOST_TEST(dns::write_query({name("a.example"), Type::dnskey, Class::in}, options) ==
             concat({hex("1234 0110 0001 0000 0000 0001"), wire("a.example"), hex("0030 0001"),
                     hex("00 0029 04d0 00008000 0004 0003 0000")}));
  options = {};
  options.ad = true;
  options.edns = false;
  BOOST_TEST(dns::write_query({name("."), Type::ns, Class::ch}, options) ==
             hex("0000 0020 0001 0000 0000 0000 00 0002 0003"));
  options = {};
  options.dnssec_ok = false;
  options.udp_size = 512;
  BOOST_TEST(dns::write_query({name("."), Type::ns, Class::in}, options) ==
             hex("0000 0000 0001 0000 0000 0001 00 0002 0001 00 0029 0200 00000000 0000"));
}

BOOST_AUTO_TEST_CASE(compresses_names) {
  Message written;
  written.id = 0x1234;
  written.qr = true;
  written.questions.push_back({name("www.example"), Type::ns, Class::in});
  written.answer.push_back({name("www.example"), Type::ns, Class::in, 1, wire("ns.example")});
  written.answer.push_back(
      {name("example"), Type::mx, Class::in, 1, concat({hex("000a"), wire("mx.ns.example")})});
  BOOST_TEST(dns::write_message(written) ==
             concat({hex("1234 8000 0001 0002 0000 0000"), wire("www.example"), hex("0002 0001"),
                     hex("c00c 0002 0001 00000001 0005 026e73 c010"),
                     hex("c010 000f 0001 00000001 0007 000a 026d78 c029")}));
}

// RFC 3597 4: no compression in rdata but that of the types of RFC 1035.
BOOST_AUTO_TEST_CASE(compresses_no_other_rdata) {
  for (const Type type : {Type::dname, Type::kx, Type::rp, Type::srv, Type::naptr, Type::nsec,
                          Type::rrsig, Type::nxt, Type::sig, static_cast<Type>(65280)}) {
    Message written;
    written.questions.push_back({name("example"), type, Class::in});
    written.answer.push_back({name("example"), type, Class::in, 0, wire("example")});
    const Bytes rdata = wire("example");
    const Bytes bytes = dns::write_message(written);
    BOOST_TEST(std::equal(rdata.rbegin(), rdata.rend(), bytes.rbegin()));
  }
}

BOOST_AUTO_TEST_CASE(keeps_the_case_of_every_name) {
  Message written;
  written.questions.push_back({name("example"), Type::ns, Class::in});
  written.answer.push_back({name("EXAMPLE"), Type::ns, Class::in, 0, wire("NS.Example")});
  const auto parsed = dns::parse_message(dns::write_message(written));
  BOOST_REQUIRE(parsed.ok());
  BOOST_TEST(parsed->answer[0].owner.to_text() == "EXAMPLE.");
  BOOST_TEST(parsed->answer[0].rdata == wire("NS.Example"));
}

BOOST_AUTO_TEST_CASE(reads_back_what_it_wrote) {
  const Message rich = rich_message();
  const auto parsed = dns::parse_message(dns::write_message(rich));
  BOOST_REQUIRE(parsed.ok());
  BOOST_TEST(same_message(*parsed, rich));
}

BOOST_AUTO_TEST_CASE(malformed_rdata_goes_out_as_it_is) {
  Message written;
  written.answer.push_back({name("a"), Type::mx, Class::in, 0, hex("0102 03")});
  BOOST_TEST(dns::write_message(written) ==
             hex("0000 0000 0000 0001 0000 0000 0161 00 000f 0001 00000000 0003 010203"));
}

// Pointers reach the first 16384 octets only.
BOOST_AUTO_TEST_CASE(a_long_message_survives) {
  Message written;
  written.qr = true;
  for (int i = 0; i < 2'000; ++i) {
    const std::string owner =
        "host" + std::to_string(i % 1'500) + ".sub" + std::to_string(i % 7) + ".example";
    written.answer.push_back({name(owner), Type::ns, Class::in, 0, wire("ns." + owner)});
  }
  const Bytes bytes = dns::write_message(written);
  BOOST_TEST(bytes.size() > 30'000U);
  const auto parsed = dns::parse_message(bytes);
  BOOST_REQUIRE(parsed.ok());
  BOOST_TEST(same_message(*parsed, written));
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_left_out_and_said) {
  Message written;
  written.edns.emplace();
  for (int i = 0; i < 3; ++i) {
    written.answer.push_back({name("a"), Type::null, Class::in, 0, Bytes(30'000, 1)});
  }
  written.additional.push_back({name("b"), Type::a, Class::in, 0, hex("c0000201")});
  const Bytes bytes = dns::write_message(written);
  BOOST_TEST(bytes.size() <= 65'535U);
  const auto parsed = dns::parse_message(bytes);
  BOOST_REQUIRE(parsed.ok());
  BOOST_TEST(parsed->tc);
  BOOST_TEST(parsed->answer.size() == 2U);
  BOOST_TEST(parsed->additional.empty());
  BOOST_TEST(parsed->edns.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(dns_hostile_message)

BOOST_AUTO_TEST_CASE(damaged_messages_are_parsed_or_refused) {
  dns_support::Random random(1995);
  const Bytes good = dns::write_message(rich_message());
  int parsed_count = 0;
  for (int i = 0; i < 30'000; ++i) {
    Bytes bad = good;
    const std::size_t damages = 1 + random.below(4);
    for (std::size_t j = 0; j < damages; ++j) bad[random.below(bad.size())] = random.octet();
    if (random.below(8) == 0) bad.resize(random.below(bad.size()));
    const auto parsed = dns::parse_message(bad);
    if (!parsed) continue;
    ++parsed_count;
    for (const auto& section : {parsed->answer, parsed->authority, parsed->additional}) {
      dns::group(section);
      for (const dns::Record& record : section) dns::rdata_to_text(record.type, record.rdata);
    }
    const auto again = dns::parse_message(dns::write_message(*parsed));
    BOOST_REQUIRE(again.ok());
    BOOST_REQUIRE(same_message(*again, *parsed));
  }
  BOOST_TEST(parsed_count > 1'000);
}

// The costliest message there is: every question is a pointer to the longest chain of pointers
// that is followed, each with two octets of label before it.
BOOST_AUTO_TEST_CASE(decompression_is_bounded) {
  dns::Writer bytes;
  bytes.bytes(hex("0000 8000"));
  bytes.u16(0);
  bytes.bytes(hex("0000 0000 0000"));
  unsigned count = 0;
  std::size_t last = bytes.size();
  bytes.bytes(hex("00 0001 0001"));
  ++count;
  for (int i = 0; i < 120; ++i) {
    const std::size_t here = bytes.size();
    bytes.bytes(hex("0161"));
    bytes.u16(static_cast<std::uint16_t>(0xc000U | last));
    bytes.bytes(hex("0001 0001"));
    last = here;
    ++count;
  }
  while (bytes.size() + 6 <= 65'535) {
    bytes.u16(static_cast<std::uint16_t>(0xc000U | last));
    bytes.bytes(hex("0001 0001"));
    ++count;
  }
  bytes.patch_u16(4, static_cast<std::uint16_t>(count));
  const auto parsed = dns::parse_message(bytes.view());
  BOOST_REQUIRE(parsed.ok());
  BOOST_TEST(parsed->questions.size() == count);
  BOOST_TEST(parsed->questions.back().name.label_count() == 120U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
