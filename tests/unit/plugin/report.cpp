// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/report.hpp"

#include <boost/test/unit_test.hpp>

#include "support.hpp"

namespace {

using judge::Tier;
using plugin::Report;
using plugin::State;
using test::contains;
using test::finding;
using test::fine_report;
using test::lines_of;

std::string rendered(const std::vector<Report>& reports, int verbose = 0) {
  plugin::Options options;
  options.verbose = verbose;
  return plugin::render(plugin::kSigsBinary, options, reports);
}

std::string first_line(const std::vector<Report>& reports) {
  return lines_of(rendered(reports))[0];
}

plugin::Metric remaining(double seconds) {
  return {"remaining",
          seconds,
          "s",
          judge::parse_duration_range("7d:").value(),
          judge::parse_duration_range("1d:").value(),
          {},
          {}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(text_reports)

BOOST_AUTO_TEST_CASE(ok_is_one_line) {
  Report one = fine_report();
  one.metrics = {remaining(864000), {"servers", 4, "", {}, {}, 0, {}}};
  BOOST_TEST(rendered({one}) ==
             "DNSSEC SIGS OK - example.com is secure: 3 links from the root | "
             "remaining=864000s;604800:;86400:;; servers=4;;;0; tier=0;;;0;4\n");
}

BOOST_AUTO_TEST_CASE(the_worst_finding_leads) {
  Report one = fine_report();
  one.findings = {finding(Tier::info, "old"), finding(Tier::warning, "thin"),
                  finding(Tier::critical, "MX signature expired"),
                  finding(Tier::critical, "second"), finding(Tier::unknown, "dark")};
  one.metrics = {remaining(-10800)};
  one.notes = {"no second server to compare with"};
  const auto lines = lines_of(rendered({one}));
  BOOST_REQUIRE(lines.size() == 7U);
  BOOST_TEST(lines[0] ==
             "DNSSEC SIGS CRITICAL - example.com: MX signature expired [rrsig-expired], and 3 more "
             "| remaining=-10800s;604800:;86400:;; tier=3;;;0;4");
  BOOST_TEST(lines[1] == "[CRITICAL] rrsig-expired: MX signature expired. sign it again");
  BOOST_TEST(lines[2] == "[CRITICAL] rrsig-expired: second. sign it again");
  BOOST_TEST(lines[3] == "[WARNING] rrsig-expired: thin. sign it again");
  BOOST_TEST(lines[4] == "[UNKNOWN] rrsig-expired: dark. sign it again");
  BOOST_TEST(lines[5] == "[INFO] rrsig-expired: old. sign it again");
  BOOST_TEST(lines[6] == "[INFO] no second server to compare with");
  BOOST_TEST((plugin::state_of(one) == State::critical));
}

BOOST_AUTO_TEST_CASE(emergency_leads_the_text) {
  Report one = fine_report();
  one.findings = {finding(Tier::emergency, "all expired")};
  BOOST_TEST(first_line({one}) ==
             "DNSSEC SIGS CRITICAL - EMERGENCY: example.com: all expired [rrsig-expired] | "
             "tier=4;;;0;4");
}

BOOST_AUTO_TEST_CASE(info_is_long_output_only) {
  Report one = fine_report();
  one.findings = {finding(Tier::info, "thin")};
  const auto lines = lines_of(rendered({one}));
  BOOST_TEST(lines[0] ==
             "DNSSEC SIGS OK - example.com is secure: 3 links from the root | tier=1;;;0;4");
  BOOST_TEST(lines.at(1) == "[INFO] rrsig-expired: thin. sign it again");
}

BOOST_AUTO_TEST_CASE(unknown_has_no_tier) {
  Report one = fine_report();
  one.findings = {finding(Tier::unknown, "could not look: none of 13 root servers answered")};
  BOOST_TEST(first_line({one}) ==
             "DNSSEC SIGS UNKNOWN - example.com: could not look: none of 13 root servers answered "
             "[rrsig-expired]");
}

BOOST_AUTO_TEST_CASE(state_and_first_line_never_disagree) {
  std::mt19937 random(5);
  const Tier tiers[] = {Tier::info, Tier::unknown, Tier::warning, Tier::critical, Tier::emergency};
  for (int i = 0; i < 300; ++i) {
    Report one = fine_report();
    for (auto count = random() % 5; count > 0; --count) {
      one.findings.push_back(finding(tiers[random() % 5], "text"));
    }
    const std::string start =
        "DNSSEC SIGS " + std::string(plugin::to_text(plugin::state_of(one))) + " - ";
    BOOST_REQUIRE(first_line({one}).rfind(start, 0) == 0);
  }
}

BOOST_AUTO_TEST_CASE(what_failed_leads_where_nothing_else_is_known) {
  Report one = fine_report();
  one.findings = {finding(Tier::unknown, "nobody answers")};
  one.trouble = "a file fails";
  BOOST_TEST(first_line({one}).rfind("DNSSEC SIGS UNKNOWN - a file fails; but for that: "
                                     "example.com: nobody answers [",
                                     0) == 0);
  one.findings.clear();
  one.ok_summary.clear();
  BOOST_TEST(
      first_line({one}) ==
      "DNSSEC SIGS UNKNOWN - a file fails; but for that: example.com: nothing was looked at");
}

BOOST_AUTO_TEST_CASE(nothing_looked_at_is_unknown) {
  Report one = fine_report();
  one.ok_summary.clear();
  BOOST_TEST((plugin::state_of(one) == State::unknown));
  BOOST_TEST(first_line({one}) == "DNSSEC SIGS UNKNOWN - example.com: nothing was looked at");
  BOOST_TEST(first_line({}).rfind("DNSSEC SIGS UNKNOWN - no zone was looked at", 0) == 0);
  one.findings = {finding(Tier::warning, "thin")};
  BOOST_TEST((plugin::state_of(one) == State::warning));
}

BOOST_AUTO_TEST_CASE(settle_sorts_mutes_and_overrides) {
  const auto settled = plugin::settle(
      {finding(Tier::info, "a"), finding(Tier::critical, "b"), finding(Tier::mute, "c"),
       finding(Tier::emergency, "d"), finding(Tier::critical, "e")},
      {});
  std::string order;
  for (const auto& one : settled) order += one.text;
  BOOST_TEST(order == "dbea");
  const judge::Fault fault = judge::Fault::rrsig_expired;
  BOOST_TEST(plugin::settle({finding(Tier::emergency, "a")}, {{fault, Tier::mute}}).empty());
  BOOST_TEST((plugin::settle({finding(Tier::info, "a")}, {{fault, Tier::critical}})[0].tier ==
              Tier::critical));
}

BOOST_AUTO_TEST_CASE(the_catalogue_lends_its_remedy) {
  Report one = fine_report();
  one.findings = {finding(Tier::critical, "expired")};
  one.findings[0].remedy.clear();
  BOOST_TEST(
      contains(rendered({one}),
               std::string("expired. ").append(judge::info(judge::Fault::rrsig_expired).remedy)));
}

BOOST_AUTO_TEST_CASE(verbosity_adds) {
  Report one = fine_report();
  one.findings = {finding(Tier::critical, "expired")};
  one.findings[0].servers = {"ns1 (192.0.2.1)", "ns2 (192.0.2.2)"};
  one.findings[0].rrsets = {"MX"};
  one.findings[0].moment = test::kNow;
  one.findings[0].detail = "key 12345";
  one.details = {"|. root", "chain"};
  one.debug = {"asked MX"};
  one.servers = {{"ns1", "192.0.2.1", "ok", 12.34, 7, test::kNow, "a1"},
                 {"", "2001:db8::1", "timeout", {}, {}, {}, ""}};
  one.keys = {{12345, 13, 257, 256, true, true, false}};
  one.judged_at = test::kNow;
  const std::string quiet = rendered({one}, 0);
  BOOST_TEST(lines_of(quiet).size() == 2U);
  const std::string verbose = rendered({one}, 1);
  BOOST_TEST(contains(verbose, "    time: 2026-12-01T00:00:00Z\n"));
  BOOST_TEST(contains(verbose, "    servers: ns1 (192.0.2.1), ns2 (192.0.2.2)\n"));
  BOOST_TEST(contains(verbose, "    RRsets: MX\n    detail: key 12345\n"));
  BOOST_TEST(contains(verbose, "\\124. root\nchain\n"));
  BOOST_TEST(contains(verbose,
                      "server ns1 (192.0.2.1): ok, 12.3 ms, serial 7, soonest expiry "
                      "2026-12-01T00:00Z, NSID a1\nserver 2001:db8::1: timeout\n"));
  BOOST_TEST(contains(verbose,
                      "key 12345: algorithm 13, flags 257, 256 bits, DS at the parent, signs "
                      "DNSKEY\n"));
  BOOST_TEST(!contains(verbose, "asked MX"));
  BOOST_TEST(contains(rendered({one}, 2), "asked MX\n"));
}

BOOST_AUTO_TEST_CASE(of_a_whole_zone_the_first_ten_are_named) {
  Report one = fine_report();
  one.findings = {finding(Tier::critical, "1,204 RRsets expired")};
  one.findings[0].count = 1204;
  for (int i = 0; i < 12; ++i) one.findings[0].rrsets.push_back("n" + std::to_string(i) + "/A");
  const std::string named =
      "\n    n0/A, n1/A, n2/A, n3/A, n4/A, n5/A, n6/A, n7/A, n8/A, n9/A and 1,194 more\n";
  BOOST_TEST(contains(rendered({one}, 0), named));
  BOOST_TEST(contains(rendered({one}, 1), named));
  one.findings[0].count = 1;
  one.findings[0].rrsets.resize(1);
  BOOST_TEST(!contains(rendered({one}, 0), "n0/A"));
}

BOOST_AUTO_TEST_CASE(several_zones_are_counted_and_the_worst_is_named) {
  Report bad = fine_report("bad.example");
  bad.findings = {finding(Tier::emergency, "expired")};
  Report thin = fine_report("thin.example");
  thin.findings = {finding(Tier::warning, "thin")};
  Report dark = fine_report("dark.example");
  dark.findings = {finding(Tier::unknown, "dark")};
  const auto lines =
      lines_of(rendered({fine_report("a.example"), dark, thin, bad, fine_report("b.example")}));
  BOOST_TEST(lines[0] ==
             "DNSSEC SIGS CRITICAL - EMERGENCY: 5 zones: 1 CRITICAL, 1 WARNING, 1 UNKNOWN, 2 OK; "
             "bad.example: expired [rrsig-expired]; then thin.example [rrsig-expired], "
             "dark.example [rrsig-expired] | zones=5;;;0; ok=2;;;0; warning=1;;;0; "
             "critical=1;;;0; unknown=1;;;0; tier=4;;;0;4");
  BOOST_REQUIRE(lines.size() == 7U);
  BOOST_TEST(lines[1] == "[EMERGENCY] rrsig-expired: bad.example: expired. sign it again");
  BOOST_TEST(lines[4] == "CRITICAL - EMERGENCY: bad.example: expired [rrsig-expired]");
  BOOST_TEST(lines[5] == "WARNING - thin.example: thin [rrsig-expired]");
  BOOST_TEST(lines[6] == "UNKNOWN - dark.example: dark [rrsig-expired]");
  const auto fine = lines_of(rendered({fine_report("a.example"), fine_report("b.example")}));
  BOOST_TEST(fine[0].rfind("DNSSEC SIGS OK - 2 zones: 2 OK | ", 0) == 0);
}

BOOST_AUTO_TEST_CASE(long_output_is_cut_at_a_line) {
  Report one = fine_report();
  one.metrics = {remaining(1)};
  for (int i = 0; i < 400; ++i) {
    one.findings.push_back(finding(Tier::warning, "number " + std::to_string(i)));
  }
  const std::string text = rendered({one});
  const auto lines = lines_of(text);
  BOOST_TEST(text.size() <= 8191U);
  BOOST_TEST(text.size() > 7900U);
  BOOST_TEST(text.back() == '\n');
  BOOST_TEST(contains(lines[0], " | remaining=1s;604800:;86400:;; tier=2;;;0;4"));
  BOOST_TEST(lines.back() == "[INFO] " + std::to_string(400 - (lines.size() - 2)) +
                                 " more lines left out; --output json has everything");
}

BOOST_AUTO_TEST_CASE(whole_output_that_just_fits_is_not_cut) {
  for (std::size_t size = 7000; size < 8300; size += 7) {
    Report one = fine_report();
    std::size_t left = size;
    while (left > 0) {
      const std::size_t part = std::min<std::size_t>(left, 90);
      one.notes.emplace_back(part, 'n');
      left -= part;
    }
    std::size_t whole = first_line({one}).size() + 1;
    for (const std::string& note : one.notes) whole += note.size() + 8;
    const std::string text = rendered({one});
    BOOST_TEST(text.size() <= 8191U);
    if (whole <= 8191 - 80) BOOST_TEST(text.size() == whole);
    if (whole > 8191) BOOST_TEST(contains(text, "more lines left out"));
  }
}

BOOST_AUTO_TEST_CASE(a_huge_text_leaves_room_for_numbers) {
  Report one = fine_report();
  one.metrics = {remaining(1)};
  one.findings = {finding(Tier::critical, std::string(20000, 'x'))};
  const auto lines = lines_of(rendered({one}));
  BOOST_TEST(lines[0].size() < 1300U);
  BOOST_TEST(contains(lines[0], "... [rrsig-expired] | remaining=1s"));
  one.ok_summary.assign(20000, 'y');
  one.findings.clear();
  BOOST_TEST(contains(first_line({one}), "... | remaining=1s"));
}

BOOST_AUTO_TEST_CASE(foreign_bytes_forge_nothing) {
  std::mt19937 random(2026);
  for (int i = 0; i < 2000; ++i) {
    Report one = fine_report();
    const bool escaped = random() % 2 == 0;  // the renderers do not rely on it for lines and bars
    const auto foreign = [&] {
      const std::string bytes =
          test::random_bytes(random, 60) + "\n[OK] dns-fine: all is well | x=1";
      return escaped ? plugin::escape(bytes) : bytes;
    };
    one.findings = {finding(Tier::critical, "TXT says " + foreign()),
                    finding(Tier::warning, foreign())};
    one.findings[0].servers = {foreign()};
    one.findings[0].detail = foreign();
    one.findings[1].remedy = foreign();
    one.notes = {foreign()};
    one.servers = {{"ns1", "192.0.2.1", foreign(), {}, {}, {}, foreign()}};
    const std::string text = rendered({one}, 3);
    const auto lines = lines_of(text);
    const std::size_t see = judge::info(judge::Fault::rrsig_expired).reference.empty() ? 0 : 2;
    BOOST_REQUIRE(lines.size() == 7 + see);
    BOOST_REQUIRE(std::count(text.begin(), text.end(), '|') == 1);
    BOOST_REQUIRE(lines[0].rfind("DNSSEC SIGS CRITICAL - example.com: TXT says ", 0) == 0);
    BOOST_REQUIRE(contains(lines[0], " [rrsig-expired], and 1 more | tier=3;;;0;4"));
    for (const char octet : text) BOOST_REQUIRE((octet == '\n' || (octet & 0xff) >= 32));
    if (escaped) {
      BOOST_REQUIRE(std::count(lines[0].begin(), lines[0].end(), '[') == 1);
      BOOST_REQUIRE(!contains(text, "\n[OK]"));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
