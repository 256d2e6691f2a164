// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/rdata.hpp"

#include <boost/test/unit_test.hpp>
#include <functional>

#include "dns/dns_support.hpp"

namespace {

using dns::Bytes;
using dns::Type;
using dns_support::concat;
using dns_support::hex;
using dns_support::wire;

Bytes soa_rdata() {
  return concat({wire("ns.Example"), wire("host.Example"),
                 hex("00000001 00000002 00000003 00000004 00000005")});
}

Bytes rrsig_rdata() {
  return concat(
      {hex("0001 05 03 00015180 3e7c9dd7 3e5510d7 0a52"), wire("Example.com"), hex("deadbeef")});
}

Bytes nsec3_rdata() { return hex("01 01 000c 04 aabbccdd 03 010203 0001 40"); }

/// Every cut of `rdata` shorter than `least` is refused; the whole is accepted.
void check_cuts(const Bytes& rdata, std::size_t least,
                const std::function<bool(dns::ByteView)>& parses) {
  BOOST_TEST(parses(rdata));
  for (std::size_t length = 0; length < least; ++length) {
    BOOST_TEST(!parses(dns::ByteView(rdata).first(length)), "accepted a cut at " << length);
  }
}

BOOST_AUTO_TEST_SUITE(dns_rdata)

BOOST_AUTO_TEST_CASE(parses_soa) {
  const auto soa = dns::parse_soa(soa_rdata());
  BOOST_REQUIRE(soa.has_value());
  BOOST_TEST(soa->mname.to_text() == "ns.Example.");
  BOOST_TEST(soa->rname.to_text() == "host.Example.");
  BOOST_TEST(soa->serial == 1U);
  BOOST_TEST(soa->refresh == 2U);
  BOOST_TEST(soa->retry == 3U);
  BOOST_TEST(soa->expire == 4U);
  BOOST_TEST(soa->minimum == 5U);
  check_cuts(soa_rdata(), soa_rdata().size(),
             [](dns::ByteView rdata) { return dns::parse_soa(rdata).has_value(); });
  BOOST_TEST(!dns::parse_soa(concat({soa_rdata(), hex("00")})).has_value());
}

BOOST_AUTO_TEST_CASE(parses_rrsig) {
  const auto rrsig = dns::parse_rrsig(rrsig_rdata());
  BOOST_REQUIRE(rrsig.has_value());
  BOOST_CHECK(rrsig->covered == Type::a);
  BOOST_TEST(rrsig->algorithm == 5);
  BOOST_TEST(rrsig->labels == 3);
  BOOST_TEST(rrsig->original_ttl == 86'400U);
  BOOST_TEST(rrsig->expiration.value() == 0x3e7c9dd7U);
  BOOST_TEST(rrsig->inception.value() == 0x3e5510d7U);
  BOOST_TEST(rrsig->key_tag == 2642);
  BOOST_TEST(rrsig->signer.to_text() == "Example.com.");
  BOOST_TEST(rrsig->signature == hex("deadbeef"));
  check_cuts(rrsig_rdata(), rrsig_rdata().size() - 4,
             [](dns::ByteView rdata) { return dns::parse_rrsig(rdata).has_value(); });
  // RFC 4034 3.1.7: the signer's name is not compressed.
  BOOST_TEST(!dns::parse_rrsig(concat({Bytes(18, 0), hex("c000")})).has_value());
}

BOOST_AUTO_TEST_CASE(parses_dnskey) {
  const auto key = dns::parse_dnskey(hex("0181 03 0d 010203"));
  BOOST_REQUIRE(key.has_value());
  BOOST_TEST(key->flags == 0x0181);
  BOOST_TEST(key->zone_key());
  BOOST_TEST(key->sep());
  BOOST_TEST(key->revoked());
  BOOST_TEST(key->protocol == 3);
  BOOST_TEST(key->algorithm == 13);
  BOOST_TEST(key->public_key == hex("010203"));
  BOOST_TEST(!dns::parse_dnskey(hex("0000 03 0d"))->zone_key());
  check_cuts(hex("0100 03 08 01"), 4,
             [](dns::ByteView rdata) { return dns::parse_dnskey(rdata).has_value(); });
}

BOOST_AUTO_TEST_CASE(parses_ds) {
  const auto ds = dns::parse_ds(hex("ec45 05 01 2bb183af"));
  BOOST_REQUIRE(ds.has_value());
  BOOST_TEST(ds->key_tag == 60485);
  BOOST_TEST(ds->algorithm == 5);
  BOOST_TEST(ds->digest_type == 1);
  BOOST_TEST(ds->digest == hex("2bb183af"));
  check_cuts(hex("0000 00 00 00"), 4,
             [](dns::ByteView rdata) { return dns::parse_ds(rdata).has_value(); });
}

BOOST_AUTO_TEST_CASE(parses_nsec) {
  const auto nsec = dns::parse_nsec(concat({wire("Host.example"), hex("0001 40")}));
  BOOST_REQUIRE(nsec.has_value());
  BOOST_TEST(nsec->next.to_text() == "Host.example.");
  BOOST_TEST(nsec->types.to_text() == "A");
  BOOST_TEST(dns::parse_nsec(wire("host.example")).has_value());
  BOOST_TEST(!dns::parse_nsec(concat({wire("host.example"), hex("00")})).has_value());
  BOOST_TEST(!dns::parse_nsec(concat({wire("host.example"), hex("00024000")})).has_value());
  BOOST_TEST(!dns::parse_nsec(hex("")).has_value());
  BOOST_TEST(!dns::parse_nsec(hex("0461")).has_value());
}

BOOST_AUTO_TEST_CASE(parses_nsec3) {
  const auto nsec3 = dns::parse_nsec3(nsec3_rdata());
  BOOST_REQUIRE(nsec3.has_value());
  BOOST_TEST(nsec3->hash_algorithm == 1);
  BOOST_TEST(nsec3->opt_out());
  BOOST_TEST(nsec3->iterations == 12);
  BOOST_TEST(nsec3->salt == hex("aabbccdd"));
  BOOST_TEST(nsec3->next_hash == hex("010203"));
  BOOST_TEST(nsec3->types.to_text() == "A");
  check_cuts(nsec3_rdata(), nsec3_rdata().size() - 3,
             [](dns::ByteView rdata) { return dns::parse_nsec3(rdata).has_value(); });
  BOOST_TEST(dns::parse_nsec3(hex("01 00 0000 00 01 ff"))->salt.empty());
  BOOST_TEST(!dns::parse_nsec3(hex("01 00 0000 00 00")).has_value());
  BOOST_TEST(!dns::parse_nsec3(hex("01 00 0000 ff aabb 01 ff")).has_value());
}

BOOST_AUTO_TEST_CASE(parses_nsec3param) {
  const auto param = dns::parse_nsec3param(hex("01 00 000a 02 abcd"));
  BOOST_REQUIRE(param.has_value());
  BOOST_TEST(param->hash_algorithm == 1);
  BOOST_TEST(param->flags == 0);
  BOOST_TEST(param->iterations == 10);
  BOOST_TEST(param->salt == hex("abcd"));
  check_cuts(hex("01 00 000a 02 abcd"), 7,
             [](dns::ByteView rdata) { return dns::parse_nsec3param(rdata).has_value(); });
  BOOST_TEST(!dns::parse_nsec3param(hex("01 00 000a 02 abcdef")).has_value());
}

BOOST_AUTO_TEST_CASE(parses_target) {
  BOOST_TEST(dns::parse_target(wire("ns.example"))->to_text() == "ns.example.");
  BOOST_TEST(!dns::parse_target(concat({wire("ns.example"), hex("00")})).has_value());
  BOOST_TEST(!dns::parse_target(hex("")).has_value());
}

BOOST_AUTO_TEST_CASE(random_bytes_are_parsed_or_refused) {
  dns_support::Random random(1035);
  for (int i = 0; i < 30'000; ++i) {
    const Bytes rdata = random.bytes(random.below(40));
    for (const Type type :
         {Type::a, Type::ns, Type::soa, Type::mx, Type::txt, Type::ds, Type::rrsig, Type::nsec,
          Type::dnskey, Type::nsec3, Type::nsec3param, Type::naptr, Type::a6, Type::px}) {
      BOOST_REQUIRE(!dns::rdata_to_text(type, rdata).empty());
      const Bytes canonical = dns::canonical_rdata(type, rdata);
      BOOST_REQUIRE(canonical.size() == rdata.size());
      BOOST_REQUIRE(dns::canonical_rdata(type, canonical) == canonical);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(dns_read_rdata)

/// "ns.EX." at offset 0, then `rdata`, then octets that belong to something else.
std::optional<Bytes> read_behind_name(Type type, const Bytes& rdata, std::size_t length) {
  const Bytes message = concat({wire("ns.EX"), rdata, Bytes(300, 'x')});
  const std::size_t start = wire("ns.EX").size();
  dns::Cursor cursor(message);
  cursor.seek(start);
  auto read = dns::read_rdata(cursor, type, length);
  BOOST_TEST(cursor.ok());
  BOOST_TEST(cursor.offset() == start + length);
  return read;
}

std::optional<Bytes> read_behind_name(Type type, const Bytes& rdata) {
  return read_behind_name(type, rdata, rdata.size());
}

BOOST_AUTO_TEST_CASE(decompresses_the_well_known_types) {
  const Bytes pointer = hex("c000");
  const Bytes full = wire("ns.EX");
  for (const Type type :
       {Type::ns, Type::md, Type::mf, Type::cname, Type::mb, Type::mg, Type::mr, Type::ptr}) {
    BOOST_CHECK(read_behind_name(type, pointer) == full);
  }
  BOOST_CHECK(read_behind_name(Type::mx, concat({hex("000a"), pointer})) ==
              concat({hex("000a"), full}));
  BOOST_CHECK(read_behind_name(Type::soa, concat({pointer, pointer, Bytes(20, 7)})) ==
              concat({full, full, Bytes(20, 7)}));
  BOOST_CHECK(read_behind_name(Type::minfo, concat({pointer, hex("0161c003")})) ==
              concat({full, wire("a.EX")}));
}

// RFC 3597 4 names these as the later types that a receiver should decompress.
BOOST_AUTO_TEST_CASE(decompresses_the_later_types) {
  const Bytes pointer = hex("c000");
  const Bytes full = wire("ns.EX");
  BOOST_CHECK(read_behind_name(Type::rp, concat({pointer, pointer})) == concat({full, full}));
  BOOST_CHECK(read_behind_name(Type::afsdb, concat({hex("0001"), pointer})) ==
              concat({hex("0001"), full}));
  BOOST_CHECK(read_behind_name(Type::rt, concat({hex("0001"), pointer})) ==
              concat({hex("0001"), full}));
  BOOST_CHECK(read_behind_name(Type::px, concat({hex("0001"), pointer, pointer})) ==
              concat({hex("0001"), full, full}));
  BOOST_CHECK(read_behind_name(Type::srv, concat({hex("000100020003"), pointer})) ==
              concat({hex("000100020003"), full}));
  BOOST_CHECK(read_behind_name(Type::naptr, concat({hex("00010002 0161 00 0162"), pointer})) ==
              concat({hex("00010002 0161 00 0162"), full}));
  BOOST_CHECK(read_behind_name(Type::sig, concat({Bytes(18, 1), pointer, hex("beef")})) ==
              concat({Bytes(18, 1), full, hex("beef")}));
  BOOST_CHECK(read_behind_name(Type::nxt, concat({pointer, hex("40")})) ==
              concat({full, hex("40")}));
}

BOOST_AUTO_TEST_CASE(copies_all_other_types) {
  const Bytes rdata = hex("c000 ffff 0161");
  for (const Type type : {Type::a, Type::txt, Type::dname, Type::kx, Type::rrsig, Type::nsec,
                          Type::a6, Type::hinfo, Type::svcb, static_cast<Type>(65280)}) {
    BOOST_CHECK(read_behind_name(type, rdata) == rdata);
  }
  BOOST_CHECK(read_behind_name(Type::txt, {}) == Bytes{});
}

BOOST_AUTO_TEST_CASE(names_may_not_run_past_the_rdata) {
  const Bytes rdata = wire("long.name.example");
  BOOST_CHECK(read_behind_name(Type::ns, rdata) == rdata);
  for (std::size_t length = 0; length < rdata.size(); ++length) {
    BOOST_TEST(!read_behind_name(Type::ns, rdata, length).has_value());
  }
  BOOST_TEST(!read_behind_name(Type::ns, hex("c000"), 1).has_value());
  BOOST_TEST(!read_behind_name(Type::mx, hex("000a c000"), 3).has_value());
  BOOST_TEST(!read_behind_name(Type::naptr, hex("00010002 ff"), 5).has_value());
}

BOOST_AUTO_TEST_CASE(rdata_may_not_be_longer_than_its_fields) {
  BOOST_TEST(!read_behind_name(Type::ns, hex("c000 00")).has_value());
  BOOST_TEST(!read_behind_name(Type::soa, concat({hex("c000 c000"), Bytes(21, 0)})).has_value());
  BOOST_TEST(!read_behind_name(Type::soa, concat({hex("c000 c000"), Bytes(19, 0)})).has_value());
}

BOOST_AUTO_TEST_CASE(refuses_pointers_into_the_rdata_itself) {
  // The rdata begins at offset 7.
  BOOST_TEST(!read_behind_name(Type::ns, hex("c007")).has_value());
  BOOST_TEST(!read_behind_name(Type::ns, hex("0161 c007")).has_value());
  BOOST_TEST(!read_behind_name(Type::ns, hex("c009")).has_value());
  // The second name may point at the first.
  BOOST_CHECK(read_behind_name(Type::minfo, hex("016100 c007")) == hex("016100 016100"));
}

BOOST_AUTO_TEST_CASE(a_length_past_the_end_fails_the_cursor) {
  const Bytes message = hex("0102 0304");
  dns::Cursor cursor(message);
  BOOST_TEST(!dns::read_rdata(cursor, Type::a, 5).has_value());
  BOOST_TEST(!cursor.ok());
}

BOOST_AUTO_TEST_CASE(rdata_that_grows_over_65535_octets_is_refused) {
  const std::string long_label(63, 'a');
  const Bytes long_name = wire(long_label + '.' + long_label + '.' + long_label);
  const auto read = [&](std::size_t tail) {
    const Bytes message = concat({long_name, Bytes(18, 0), hex("c000"), Bytes(tail, 1)});
    dns::Cursor cursor(message);
    cursor.seek(long_name.size());
    return dns::read_rdata(cursor, Type::sig, cursor.remaining());
  };
  const std::size_t most = 65'535 - 18 - long_name.size();
  BOOST_TEST(read(most)->size() == 65'535U);
  BOOST_TEST(!read(most + 1).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(dns_canonical_rdata)

BOOST_AUTO_TEST_CASE(lowers_the_names_of_the_listed_types) {
  const Bytes upper = wire("HOST.Example");
  const Bytes lower = wire("host.example");
  for (const Type type : {Type::ns, Type::md, Type::mf, Type::cname, Type::mb, Type::mg, Type::mr,
                          Type::ptr, Type::dname}) {
    BOOST_TEST(dns::canonical_rdata(type, upper) == lower);
  }
  for (const Type type : {Type::mx, Type::afsdb, Type::rt, Type::kx}) {
    BOOST_TEST(dns::canonical_rdata(type, concat({hex("4142"), upper})) ==
               concat({hex("4142"), lower}));
  }
  for (const Type type : {Type::minfo, Type::rp}) {
    BOOST_TEST(dns::canonical_rdata(type, concat({upper, upper})) == concat({lower, lower}));
  }
  BOOST_TEST(dns::canonical_rdata(Type::soa, concat({upper, upper, Bytes(20, 'A')})) ==
             concat({lower, lower, Bytes(20, 'A')}));
  BOOST_TEST(dns::canonical_rdata(Type::px, concat({hex("4142"), upper, upper})) ==
             concat({hex("4142"), lower, lower}));
  BOOST_TEST(dns::canonical_rdata(Type::srv, concat({Bytes(6, 'A'), upper})) ==
             concat({Bytes(6, 'A'), lower}));
  BOOST_TEST(
      dns::canonical_rdata(Type::naptr, concat({Bytes(4, 'A'), hex("0141 00 0141"), upper})) ==
      concat({Bytes(4, 'A'), hex("0141 00 0141"), lower}));
  BOOST_TEST(dns::canonical_rdata(Type::nxt, concat({upper, Bytes(4, 'A')})) ==
             concat({lower, Bytes(4, 'A')}));
  for (const Type type : {Type::sig, Type::rrsig}) {
    BOOST_TEST(dns::canonical_rdata(type, concat({Bytes(18, 'A'), upper, Bytes(64, 'A')})) ==
               concat({Bytes(18, 'A'), lower, Bytes(64, 'A')}));
  }
}

// RFC 2874 3.1.
BOOST_AUTO_TEST_CASE(lowers_the_name_of_a6) {
  const Bytes upper = wire("HOST.Example");
  const Bytes lower = wire("host.example");
  BOOST_TEST(dns::canonical_rdata(Type::a6, concat({hex("40"), Bytes(8, 'A'), upper})) ==
             concat({hex("40"), Bytes(8, 'A'), lower}));
  BOOST_TEST(dns::canonical_rdata(Type::a6, concat({hex("7f"), Bytes(1, 'A'), upper})) ==
             concat({hex("7f"), Bytes(1, 'A'), lower}));
  BOOST_TEST(dns::canonical_rdata(Type::a6, concat({hex("80"), upper})) ==
             concat({hex("80"), lower}));
  BOOST_TEST(dns::canonical_rdata(Type::a6, concat({hex("00"), Bytes(16, 'A')})) ==
             concat({hex("00"), Bytes(16, 'A')}));
  const Bytes bad_prefix = concat({hex("81"), upper});
  BOOST_TEST(dns::canonical_rdata(Type::a6, bad_prefix) == bad_prefix);
}

// RFC 6840 5.1 takes NSEC out of the list; HINFO has no names; later types are never lowered.
BOOST_AUTO_TEST_CASE(leaves_all_others_alone) {
  const Bytes upper = concat({wire("HOST.Example"), hex("0001 40")});
  for (const Type type : {Type::nsec, Type::hinfo, Type::txt, Type::svcb, Type::ipseckey, Type::hip,
                          Type::a, static_cast<Type>(65280)}) {
    BOOST_TEST(dns::canonical_rdata(type, upper) == upper);
  }
}

BOOST_AUTO_TEST_CASE(malformed_rdata_is_returned_as_it_is) {
  for (const Bytes& rdata : {hex(""), hex("0341"), hex("c000"), hex("0141 00 41"), hex("41")}) {
    for (const Type type : {Type::ns, Type::mx, Type::soa, Type::srv, Type::naptr, Type::rrsig}) {
      BOOST_TEST(dns::canonical_rdata(type, rdata) == rdata);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
