// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/record_reader.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "dns/dns_support.hpp"

using dns_support::name;
using dns_support::Random;

namespace {

/// Everything of a message, one item after another; nothing when it is malformed.
std::optional<std::vector<dns::Record>> read_all(const dns::Bytes& wire) {
  dns::RecordReader reader(wire);
  std::vector<dns::Record> records;
  const auto& counts = reader.head().counts;
  dns::RecordView view;
  for (unsigned i = 0; i < counts[0]; ++i) {
    if (!reader.question(view)) return std::nullopt;
  }
  for (unsigned i = 0; i < unsigned{counts[1]} + counts[2] + counts[3]; ++i) {
    if (!reader.record(view)) return std::nullopt;
    records.push_back({dns::Name::from_wire(view.owner).value(), view.type, view.klass, view.ttl,
                       dns::Bytes(view.rdata.begin(), view.rdata.end())});
  }
  if (!reader.ok() || !reader.at_end()) return std::nullopt;
  return records;
}

/// That both readers take the same bytes for the same records: but for OPT, which only the parser
/// of whole messages looks into, and for messages that may stop short.
void compare_readers(const dns::Bytes& wire) {
  const auto parsed = dns::parse_message(wire);
  const auto read = read_all(wire);
  if (!parsed) {
    const bool of_opt = parsed.error().message.find("OPT") != std::string::npos ||
                        parsed.error().message.find("EDNS") != std::string::npos;
    BOOST_TEST((of_opt || !read));
    return;
  }
  if (parsed->tc || parsed->edns) return;
  BOOST_TEST_REQUIRE(read.has_value());
  std::vector<dns::Record> wanted = parsed->answer;
  for (const auto* section : {&parsed->authority, &parsed->additional}) {
    wanted.insert(wanted.end(), section->begin(), section->end());
  }
  BOOST_TEST((*read == wanted));
}

dns::Message compressed_message(Random& random) {
  dns::Message message;
  message.qr = true;
  message.questions.push_back({random.name(), dns::Type::axfr, dns::Class::in});
  for (int i = 0; i < 12; ++i) {
    dns::Writer rdata;
    auto type = dns::Type::txt;
    switch (random.below(4)) {
      case 0:
        type = dns::Type::mx;
        rdata.u16(10);
        rdata.bytes(random.name().wire());
        break;
      case 1:
        type = dns::Type::soa;
        rdata.bytes(random.name().wire());
        rdata.bytes(random.name().wire());
        rdata.bytes(random.bytes(20));
        break;
      case 2:
        type = dns::Type::ns;
        rdata.bytes(random.name().wire());
        break;
      default:
        rdata.bytes(random.bytes(random.below(40)));
    }
    message.answer.push_back(
        {random.name(), type, dns::Class::in, static_cast<std::uint32_t>(i), rdata.take()});
  }
  return message;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(record_reader)

BOOST_AUTO_TEST_CASE(reads_what_the_parser_of_messages_reads) {
  Random random(20261128);
  for (int round = 0; round < 300; ++round) {
    const dns::Bytes wire = dns::write_message(compressed_message(random));
    BOOST_TEST(read_all(wire).has_value());
    compare_readers(wire);
  }
}

BOOST_AUTO_TEST_CASE(refuses_what_the_parser_of_messages_refuses) {
  Random random(8945);
  for (int round = 0; round < 3000; ++round) {
    dns::Bytes wire = dns::write_message(compressed_message(random));
    for (std::size_t changes = 1 + random.below(3); changes > 0; --changes) {
      wire[random.below(wire.size())] = random.octet();
    }
    if (random.below(4) == 0) wire.resize(random.below(wire.size() + 1));
    compare_readers(wire);
  }
}

BOOST_AUTO_TEST_CASE(steps_over_what_it_reads) {
  Random random(5936);
  for (int round = 0; round < 100; ++round) {
    const dns::Bytes wire = dns::write_message(compressed_message(random));
    dns::RecordReader reader(wire);
    dns::RecordReader skipper(wire);
    dns::RecordView view;
    reader.question(view);
    skipper.question(view);
    for (unsigned i = 0; i < reader.head().counts[1]; ++i) {
      BOOST_TEST(reader.record(view));
      BOOST_TEST((skipper.skip_record() == view.type));
      BOOST_TEST(reader.offset() == skipper.offset());
    }
    BOOST_TEST(skipper.at_end());
    BOOST_TEST(!skipper.skip_record());
  }
}

BOOST_AUTO_TEST_CASE(says_what_is_wrong_and_where) {
  BOOST_TEST(dns::RecordReader(dns::Bytes(11)).problem() == "shorter than a header at octet 0");
  dns::Message message;
  message.answer.push_back(
      {name("a."), dns::Type::soa, dns::Class::in, 0, dns::Bytes{0, 0, 1, 2, 3}});
  const dns::Bytes wire = dns::write_message(message);
  dns::RecordReader reader(wire);
  dns::RecordView view;
  BOOST_TEST(!reader.record(view));
  BOOST_TEST(reader.problem() == "malformed SOA record at octet 12");
  BOOST_TEST(!reader.record(view));
}

BOOST_AUTO_TEST_SUITE_END()
