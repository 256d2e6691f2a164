// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/name.hpp"

#include <boost/test/unit_test.hpp>

#include "dns/dns_support.hpp"

namespace {

using dns::Name;
using dns_support::hex;
using dns_support::name;
using dns_support::octets;

/// A name of `octets` octets on the wire: labels of 63, then what is left.
std::string text_of_length(std::size_t octets) {
  std::string text;
  std::size_t left = octets - 1;
  while (left > 0) {
    const std::size_t label = std::min<std::size_t>(left, 64) - 1;
    text += std::string(label, 'x') + '.';
    left -= label + 1;
  }
  return text;
}

BOOST_AUTO_TEST_SUITE(dns_name)

BOOST_AUTO_TEST_CASE(reads_presentation_format) {
  BOOST_TEST(name("example.com").to_text() == "example.com.");
  BOOST_TEST(name("example.com.").to_text() == "example.com.");
  BOOST_TEST(name("Example.COM").to_text() == "Example.COM.");
  BOOST_TEST(name(".").to_text() == ".");
  BOOST_TEST(name(".").is_root());
  BOOST_TEST(name("a\\.b.c").label_count() == 2U);
  BOOST_TEST(name("a\\.b.c").to_text() == "a\\046b.c.");
  BOOST_TEST(name("\\000\\255").to_text() == "\\000\\255.");
  BOOST_TEST(name("\\097").to_text() == "a.");
  BOOST_TEST(name("a\\ b").to_text() == "a\\032b.");
  BOOST_TEST(name("\\\\").to_text() == "\\092.");
  BOOST_TEST(name("_25._tcp.*.x").to_text() == "_25._tcp.*.x.");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_name) {
  for (const std::string_view text : {"", "..", ".a", "a..b", "a..", "a b", "a\tb", "a\n", "\x7f",
                                      "a\\", "a\\1", "a\\12", "a\\1x2", "\\256", "\\999",
                                      "b\xc3\xbc"
                                      "cher.example",
                                      "\\\xc3"}) {
    const auto parsed = Name::from_text(text);
    BOOST_TEST(!parsed.ok(), "accepted: " << text);
    if (!parsed) BOOST_TEST(parsed.error().message.starts_with("not a domain name: "));
  }
  const std::string with_nul{"a\0b", 3};
  BOOST_TEST(!Name::from_text(with_nul).ok());
}

BOOST_AUTO_TEST_CASE(errors_say_where) {
  BOOST_TEST(Name::from_text("ab..c").error().message ==
             "not a domain name: an empty label at character 4");
}

BOOST_AUTO_TEST_CASE(limits_of_text) {
  BOOST_TEST(name(std::string(63, 'a')).label_count() == 1U);
  BOOST_TEST(!Name::from_text(std::string(64, 'a')).ok());
  BOOST_TEST(name(text_of_length(255)).wire().size() == 255U);
  BOOST_TEST(!Name::from_text(text_of_length(256)).ok());
  std::string most_labels;
  for (int i = 0; i < 127; ++i) most_labels += "a.";
  BOOST_TEST(name(most_labels).label_count() == 127U);
  BOOST_TEST(!Name::from_text(most_labels + "a.").ok());
  BOOST_TEST(!Name::from_text(std::string(100'000, '1')).ok());
}

BOOST_AUTO_TEST_CASE(display_has_no_final_dot) {
  BOOST_TEST(name("example.com").to_display() == "example.com");
  BOOST_TEST(Name().to_display() == ".");
}

BOOST_AUTO_TEST_CASE(text_is_safe_to_print) {
  for (unsigned value = 0; value < 256; ++value) {
    const dns::Bytes label{static_cast<std::uint8_t>(value)};
    const std::string text = Name().prepend(label).value().to_display();
    for (const char character : text) {
      BOOST_TEST((character > ' ' && character < 0x7f));
      BOOST_TEST(std::string_view("|<>&'\"`$;()").find(character) == std::string_view::npos);
    }
    BOOST_TEST(name(text).wire()[1] == value);
  }
}

BOOST_AUTO_TEST_CASE(reads_wire_form) {
  BOOST_TEST(Name::from_wire(hex("03777777 00")).value().to_text() == "www.");
  BOOST_TEST(Name::from_wire(hex("00")).value().is_root());
  BOOST_TEST(!Name::from_wire(hex("")).has_value());
  BOOST_TEST(!Name::from_wire(hex("0377")).has_value());
  BOOST_TEST(!Name::from_wire(hex("0161")).has_value());
  BOOST_TEST(!Name::from_wire(hex("016100 00")).has_value());
  BOOST_TEST(!Name::from_wire(hex("c000")).has_value());
}

BOOST_AUTO_TEST_CASE(limits_of_wire_form) {
  const dns::Bytes longest = dns_support::wire(text_of_length(255));
  BOOST_TEST(Name::from_wire(longest).has_value());
  // 256 octets: the last label grows by one.
  dns::Bytes too_long = longest;
  too_long[192] = static_cast<std::uint8_t>(too_long[192] + 1);
  too_long.insert(too_long.begin() + 193, 'x');
  BOOST_TEST(too_long.size() == 256U);
  BOOST_TEST(!Name::from_wire(too_long).has_value());
}

BOOST_AUTO_TEST_CASE(refuses_other_label_types) {
  for (unsigned length = 64; length < 192; ++length) {
    dns::Bytes wire{static_cast<std::uint8_t>(length)};
    wire.resize(300, 'a');
    dns::Cursor cursor(wire);
    BOOST_TEST(Name::read(cursor).is_root());
    BOOST_TEST(!cursor.ok());
  }
}

// The names F.ISI.ARPA, FOO.F.ISI.ARPA, ARPA and the root as RFC 1035 4.1.4 lays them out.
BOOST_AUTO_TEST_CASE(follows_compression_pointers) {
  dns::Bytes message(20, 0);
  const dns::Bytes first = hex("0146 03495349 0441525041 00");
  message.insert(message.end(), first.begin(), first.end());
  message.resize(40, 0xff);
  const dns::Bytes second = hex("03464f4f c014");
  message.insert(message.end(), second.begin(), second.end());
  message.resize(64, 0xff);
  message.push_back(0xc0);
  message.push_back(26);
  message.resize(92, 0xff);
  message.push_back(0);

  dns::Cursor cursor(message);
  cursor.seek(20);
  BOOST_TEST(Name::read(cursor).to_text() == "F.ISI.ARPA.");
  BOOST_TEST(cursor.offset() == 32U);
  cursor.seek(40);
  BOOST_TEST(Name::read(cursor).to_text() == "FOO.F.ISI.ARPA.");
  BOOST_TEST(cursor.offset() == 46U);
  cursor.seek(64);
  BOOST_TEST(Name::read(cursor).to_text() == "ARPA.");
  BOOST_TEST(cursor.offset() == 66U);
  cursor.seek(92);
  BOOST_TEST(Name::read(cursor).is_root());
  BOOST_TEST(cursor.at_end());
  BOOST_TEST(cursor.ok());

  cursor.seek(40);
  Name::read(cursor, false);
  BOOST_TEST(!cursor.ok());
}

BOOST_AUTO_TEST_CASE(refuses_pointers_that_are_not_strictly_backwards) {
  const auto fails_at = [](const dns::Bytes& bytes, std::size_t offset) {
    dns::Cursor cursor(bytes);
    cursor.seek(offset);
    const Name read = Name::read(cursor);
    return !cursor.ok() && read.is_root();
  };
  BOOST_TEST(fails_at(hex("c000"), 0));                 // to itself
  BOOST_TEST(fails_at(hex("c002 00"), 0));              // forwards
  BOOST_TEST(fails_at(hex("0161 c000"), 0));            // to its own first label: a loop
  BOOST_TEST(fails_at(hex("0161 c004 0162 c000"), 4));  // two names in a circle
  BOOST_TEST(fails_at(hex("00 c0"), 1));                // cut inside the pointer
  BOOST_TEST(fails_at(hex("0361 c000"), 2));            // back onto a label that runs past the end
  BOOST_TEST(fails_at(hex("ff ff"), 0));
}

BOOST_AUTO_TEST_CASE(follows_127_pointers_and_no_more) {
  dns::Bytes message{0};
  std::size_t last = 0;
  for (std::size_t i = 0; i < 128; ++i) {
    const std::size_t here = message.size();
    message.push_back(static_cast<std::uint8_t>(0xc0U | (last >> 8U)));
    message.push_back(static_cast<std::uint8_t>(last & 0xffU));
    last = here;
  }
  dns::Cursor cursor(message);
  cursor.seek(last - 2);
  Name::read(cursor);
  BOOST_TEST(cursor.ok());
  cursor.seek(last);
  Name::read(cursor);
  BOOST_TEST(!cursor.ok());
}

BOOST_AUTO_TEST_CASE(pointers_cannot_make_a_name_too_long) {
  dns::Bytes message = dns_support::wire(text_of_length(254));
  const std::size_t fits = message.size();
  for (const std::uint8_t octet : hex("c000 0161 c000")) message.push_back(octet);
  dns::Cursor cursor(message);
  cursor.seek(fits);
  BOOST_TEST(Name::read(cursor).wire().size() == 254U);
  Name::read(cursor);  // 254 and two more
  BOOST_TEST(!cursor.ok());
}

BOOST_AUTO_TEST_CASE(a_failed_cursor_gives_the_root) {
  dns::Cursor cursor(dns::ByteView{});
  cursor.fail();
  BOOST_TEST(Name::read(cursor).is_root());
  BOOST_TEST(!cursor.ok());
}

BOOST_AUTO_TEST_CASE(equality_ignores_ascii_case_only) {
  BOOST_CHECK(name("Example.COM") == name("eXample.com"));
  BOOST_CHECK(name("a.b") != name("ab"));
  BOOST_CHECK(name("a\\.b") != name("a.b"));
  BOOST_CHECK(name("\\064") != name("\\096"));  // @ and ` differ by the case bit but are no letters
  BOOST_CHECK(name("\\091") != name("\\123"));  // [ and {
  BOOST_CHECK(name("\\193") != name("\\225"));
  BOOST_TEST(dns::NameHash()(name("Example.COM")) == dns::NameHash()(name("example.com")));
  BOOST_TEST(dns::NameHash()(name("a.b")) != dns::NameHash()(name("b.a")));
}

BOOST_AUTO_TEST_CASE(canonical_form_is_lower_case) {
  BOOST_TEST(name("ExAmple.C\\065").canonical_wire() == dns_support::wire("example.ca"));
  BOOST_TEST(name("ExAmple.COM").lowercase().to_text() == "example.com.");
  // A length octet of 63 and the octets around A to Z stay.
  BOOST_TEST(name(std::string(63, 'Z')).canonical_wire()[0] == 63);
  BOOST_TEST(name("\\064\\091\\192").canonical_wire() == dns_support::wire("\\064\\091\\192"));
}

BOOST_AUTO_TEST_CASE(counts_labels) {
  BOOST_TEST(Name().label_count() == 0U);
  BOOST_TEST(name("*.a").label_count() == 2U);
  BOOST_TEST(name("*.a").label_count_without_wildcard() == 1U);
  BOOST_TEST(name("a.*").label_count_without_wildcard() == 2U);
  BOOST_TEST(name("*").is_wildcard());
  BOOST_TEST(name("\\042.a").is_wildcard());
  BOOST_TEST(!name("**.a").is_wildcard());
  BOOST_TEST(!name("a.*").is_wildcard());
  BOOST_TEST(!Name().is_wildcard());
  BOOST_TEST(Name().label_count_without_wildcard() == 0U);
}

BOOST_AUTO_TEST_CASE(lists_labels) {
  const Name three = name("a.bc.def");
  const auto labels = three.labels();
  BOOST_REQUIRE(labels.size() == 3U);
  BOOST_TEST(std::string(labels[0].begin(), labels[0].end()) == "a");
  BOOST_TEST(std::string(labels[2].begin(), labels[2].end()) == "def");
  BOOST_TEST(Name().labels().empty());
}

BOOST_AUTO_TEST_CASE(walks_up) {
  BOOST_TEST(name("a.b.c").parent().to_text() == "b.c.");
  BOOST_TEST(name("c").parent().is_root());
  BOOST_TEST(Name().parent().is_root());
  BOOST_TEST(name("a.b.c").suffix(2).to_text() == "b.c.");
  BOOST_TEST(name("a.b.c").suffix(0).is_root());
  BOOST_TEST(name("a.b.c").suffix(3).to_text() == "a.b.c.");
  BOOST_TEST(name("a.b.c").suffix(99).to_text() == "a.b.c.");
}

BOOST_AUTO_TEST_CASE(prepends_labels) {
  BOOST_TEST(name("b").prepend("a").value().to_text() == "a.b.");
  BOOST_TEST(name("b").prepend("a.c").value().to_text() == "a\\046c.b.");
  BOOST_TEST(name("b").wildcard().value().to_text() == "*.b.");
  BOOST_TEST(!name("b").prepend("").has_value());
  BOOST_TEST(name("b").prepend(std::string(63, 'a')).has_value());
  BOOST_TEST(!name("b").prepend(std::string(64, 'a')).has_value());
  const Name almost = name(text_of_length(253));
  BOOST_TEST(almost.prepend("a").value().wire().size() == 255U);
  BOOST_TEST(!almost.prepend("ab").has_value());
  BOOST_TEST(!name(text_of_length(255)).wildcard().has_value());
}

BOOST_AUTO_TEST_CASE(knows_what_is_below) {
  BOOST_TEST(name("a.example").is_at_or_below(name("EXAMPLE")));
  BOOST_TEST(name("example").is_at_or_below(name("example")));
  BOOST_TEST(!name("example").is_below(name("example")));
  BOOST_TEST(name("a.example").is_below(name("example")));
  BOOST_TEST(name("a.example").is_below(Name()));
  BOOST_TEST(Name().is_at_or_below(Name()));
  BOOST_TEST(!Name().is_below(Name()));
  BOOST_TEST(!name("example").is_at_or_below(name("a.example")));
  BOOST_TEST(!name("badexample").is_at_or_below(name("example")));
  // The label's content looks like the ancestor's wire form.
  BOOST_TEST(!Name::from_wire(hex("03 61 01 62 00")).value().is_at_or_below(name("b")));
}

BOOST_AUTO_TEST_CASE(finds_the_common_ancestor) {
  BOOST_TEST(name("a.b.c").common_ancestor(name("x.B.c")).to_text() == "b.c.");
  BOOST_TEST(name("a.b.c").common_ancestor(name("b.c")).to_text() == "b.c.");
  BOOST_TEST(name("b.c").common_ancestor(name("a.b.c")).to_text() == "b.c.");
  BOOST_TEST(name("a.b").common_ancestor(name("a.c")).is_root());
  BOOST_TEST(name("a.b").common_ancestor(name("a.b")).to_text() == "a.b.");
  BOOST_TEST(Name().common_ancestor(name("a")).is_root());
}

BOOST_AUTO_TEST_CASE(any_name_survives_text_and_wire) {
  dns_support::Random random(4343);
  for (int i = 0; i < 20'000; ++i) {
    const Name original = random.name();
    const Name from_text = name(original.to_text());
    BOOST_REQUIRE(std::equal(from_text.wire().begin(), from_text.wire().end(),
                             original.wire().begin(), original.wire().end()));
    BOOST_REQUIRE(Name::from_wire(original.wire()).value().to_text() == original.to_text());
  }
}

BOOST_AUTO_TEST_CASE(relations_hold_for_any_names) {
  dns_support::Random random(2181);
  for (int i = 0; i < 20'000; ++i) {
    const Name left = random.name();
    const Name right = random.name();
    const Name shared = left.common_ancestor(right);
    BOOST_REQUIRE(left.is_at_or_below(shared));
    BOOST_REQUIRE(right.is_at_or_below(shared));
    BOOST_REQUIRE(left.is_at_or_below(right) == (shared == right));
    if (left == right) BOOST_REQUIRE(dns::NameHash()(left) == dns::NameHash()(right));
    BOOST_REQUIRE(left == dns_support::with_random_case(left, random));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
