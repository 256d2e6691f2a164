// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/options.hpp"

#include <boost/test/unit_test.hpp>
#include <random>
#include <set>

#include "support.hpp"

namespace {

using plugin::State;
using test::accepted;
using test::contains;
using test::is_usage_error;
using test::refused;

std::string refused_value(const std::string& option, const std::string& value) {
  return refused({"-z", "example.com", "--" + option, value});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(command_line)

BOOST_AUTO_TEST_CASE(defaults_are_those_of_the_contract) {
  const auto options = accepted({"-z", "example.com"});
  BOOST_REQUIRE(options.zones.size() == 1U);
  BOOST_TEST(options.zones[0].to_text() == "example.com.");
  BOOST_TEST(!options.warning.has_value());
  BOOST_TEST(!options.critical.has_value());
  BOOST_TEST(options.timeout == 10);
  BOOST_TEST((options.timeout_state == State::unknown));
  BOOST_TEST(options.retries == 2U);
  BOOST_TEST(options.query_timeout == 2);
  BOOST_TEST(options.verbose == 0);
  BOOST_TEST((options.expect == plugin::Expect::secure));
  BOOST_TEST((options.output == plugin::Output::text));
  BOOST_TEST(!options.at.has_value());
}

BOOST_AUTO_TEST_CASE(zones_come_from_z_H_and_plain_arguments) {
  const auto options =
      accepted({"a.example", "-z", "b.example", "--hostname=c.example", "-H", "d.example", "--zone",
                "e.example", "-zf.example", "A.example.", "--", "-g.example"});
  std::string all;
  for (const auto& zone : options.zones) all += zone.to_text() + " ";
  BOOST_TEST(all ==
             "a.example. b.example. c.example. d.example. e.example. f.example. -g.example. ");
}

BOOST_AUTO_TEST_CASE(no_zone_is_a_usage_error_unless_replaying) {
  BOOST_TEST(is_usage_error(refused({})));
  BOOST_TEST(is_usage_error(refused({"-v"})));
  BOOST_TEST(accepted({"--replay", "file"}).replay.value() == "file");
  BOOST_TEST(accepted({"--replay", "file", "-z", "x", "--at", "+1d"}).zones.size() == 1U);
  for (const std::string more : {"--axfr", "--server=192.0.2.1", "--zone-file=z", "--show-state"}) {
    BOOST_TEST(is_usage_error(refused({"--replay", "file", "-z", "x", more})), more);
  }
}

BOOST_AUTO_TEST_CASE(a_bad_zone_is_named) {
  BOOST_TEST(contains(refused({"-z", ""}), "option --zone: \"\""));
  BOOST_TEST(contains(refused({"a..b"}), "option --zone: \"a..b\""));
  BOOST_TEST(is_usage_error(refused({std::string(70, 'x') + ".example"})));
  BOOST_TEST(is_usage_error(refused({"-H", "a|b\n.example\xff"})));
}

BOOST_AUTO_TEST_CASE(v_counts_to_three_however_written) {
  BOOST_TEST(accepted({"x", "-v"}).verbose == 1);
  BOOST_TEST(accepted({"x", "-vv"}).verbose == 2);
  BOOST_TEST(accepted({"x", "-vvv"}).verbose == 3);
  BOOST_TEST(accepted({"x", "-v", "-v", "--verbose"}).verbose == 3);
  BOOST_TEST(accepted({"x", "-vvvvv"}).verbose == 3);
}

BOOST_AUTO_TEST_CASE(a_negative_range_is_a_value) {
  BOOST_TEST(accepted({"x", "-w", "-5:10"}).warning->range.to_text() == "-5:10");
  BOOST_TEST(accepted({"x", "-w-5:10"}).warning->range.to_text() == "-5:10");
  BOOST_TEST(accepted({"x", "--warning=-5:10"}).warning->range.to_text() == "-5:10");
  BOOST_TEST(accepted({"x", "-c", "1h30m:"}).critical->range.to_text() == "5400:");
}

BOOST_AUTO_TEST_CASE(the_last_of_repeated_options_counts) {
  const auto options = accepted({"x", "-w", "1d:", "-t", "5:critical", "-w", "2d:", "-t", "20",
                                 "--output", "json", "--output=text"});
  BOOST_TEST(options.warning->range.to_text() == "172800:");
  BOOST_TEST(options.timeout == 20);
  BOOST_TEST((options.timeout_state == State::unknown));
  BOOST_TEST((options.output == plugin::Output::text));
  BOOST_TEST(accepted({"x", "-4", "-6"}).only_v6);
  BOOST_TEST(!accepted({"x", "-4", "-6"}).only_v4);
  BOOST_TEST(accepted({"x", "-6", "-4"}).only_v4);
}

BOOST_AUTO_TEST_CASE(an_option_is_no_value) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"x", "-w", "-c", "5"},
                                             {"x", "-w", "--critical", "5"},
                                             {"-z", "--verbose"},
                                             {"-z"},
                                             {"x", "--warning="},
                                             {"-z", "-vv"},
                                             {"x", "--record", "--replay"}}) {
    BOOST_TEST(contains(refused(arguments), "needs a value"), arguments.back());
  }
  BOOST_TEST(contains(refused({"x", "--verbose=3"}), "option --verbose takes no value"));
}

BOOST_AUTO_TEST_CASE(nothing_is_guessed) {
  BOOST_TEST(contains(refused({"x", "--warn", "5"}), "unknown option \"--warn\""));
  BOOST_TEST(contains(refused({"x", "--warn", "5"}), "did you mean --warning"));
  BOOST_TEST(contains(refused({"x", "--verbos"}), "did you mean --verbose?"));
  for (const char* word : {"--frobnicate", "-q", "-p", "--port", "-vqx", "-5", "--WARNING", "---",
                           "--=", "--zone-x=1", "-?"}) {
    BOOST_TEST(is_usage_error(refused({"x", word})), word);
  }
  BOOST_TEST(is_usage_error(refused({"x", "--a|b\n=" + std::string(5000, '\x01')})));
}

BOOST_AUTO_TEST_CASE(the_timeout_may_name_a_state) {
  const auto options = accepted({"x", "-t", "30:critical"});
  BOOST_TEST(options.timeout == 30);
  BOOST_TEST((options.timeout_state == State::critical));
  BOOST_TEST((accepted({"x", "-t5:warning"}).timeout_state == State::warning));
  BOOST_TEST(accepted({"x", "--timeout=1m"}).timeout == 60);
  BOOST_TEST(accepted({"x", "--timeout=600"}).timeout == 600);
  BOOST_TEST(refused_value("timeout", "abc") ==
             "DNSSEC SIGS UNKNOWN - option --timeout: \"abc\" is not a number of seconds from 1 to "
             "600\n");
  for (const char* value :
       {"0", "0.5", "601", "-5", "1e1", "0x10", "10s5", "", ":critical", "nan", "inf", "10:ok",
        "10:", "10:CRITICAL", "10:critical:x", "99999999999999"}) {
    BOOST_TEST(is_usage_error(refused({"x", std::string("-t") + value, "--timeout", value})),
               value);
  }
}

BOOST_AUTO_TEST_CASE(numbers_have_limits) {
  BOOST_TEST(accepted({"x", "--retries", "0"}).retries == 0U);
  BOOST_TEST(accepted({"x", "--retries", "10"}).retries == 10U);
  BOOST_TEST(accepted({"x", "--query-timeout", "0.1"}).query_timeout == 0.1);
  BOOST_TEST(accepted({"x", "--max-age", "9d"}).max_age.value() == 777600);
  for (const char* value : {"11", "-1", "1.5", "abc", "4294967297", "02", "+1", " 1"}) {
    BOOST_TEST(is_usage_error(refused_value("retries", value)), value);
  }
  for (const char* value : {"0", "0.05", "61", "abc", "-2"}) {
    BOOST_TEST(is_usage_error(refused_value("query-timeout", value)), value);
  }
  for (const char* value : {"0", "abc", "-1d", "3651d"}) {
    BOOST_TEST(is_usage_error(refused_value("max-age", value)), value);
  }
  BOOST_TEST(contains(refused_value("retries", "99"), "is not a whole number from 0 to 10"));
}

BOOST_AUTO_TEST_CASE(a_count_may_follow_walk) {
  const auto walk = [](const std::vector<std::string>& arguments) {
    return accepted(arguments, plugin::kNsecBinary);
  };
  BOOST_TEST(walk({"x.example", "--walk"}).walk.value() == 0U);
  BOOST_TEST(walk({"x.example", "--walk=5"}).walk.value() == 5U);
  const auto options = walk({"--walk", "5", "x.example"});
  BOOST_TEST(options.walk.value() == 5U);
  BOOST_TEST(options.zones.size() == 1U);
  BOOST_TEST(walk({"--walk", "x.example"}).zones.size() == 1U);
  BOOST_TEST(walk({"--walk=5", "6", "x.example"}).zones.size() == 2U);
  BOOST_TEST(contains(refused({"x.example", "--walk", "9001"}, plugin::kNsecBinary),
                      "option --walk: \"9001\""));
}

BOOST_AUTO_TEST_CASE(ds_options) {
  const auto options = accepted({"x", "--pin", "12345 13 9 ab CD", "--pin=1 8 0 00",
                                 "--max-dangling", "3d", "--cds-max-age", "1h"},
                                plugin::kDsBinary);
  BOOST_TEST(!options.bootstrap);
  BOOST_TEST(accepted({"x", "--bootstrap"}, plugin::kDsBinary).bootstrap);
  BOOST_REQUIRE(options.pins.size() == 2U);
  BOOST_TEST((options.pins[0] == dns::Ds{12345, 13, 9, {0xAB, 0xCD}}));
  BOOST_TEST(options.max_dangling.value() == 259200);
  BOOST_TEST(options.cds_max_age.value() == 3600);
  for (const char* value : {"x", "12345 13 2", "12345 13 2 ABC", "65536 13 2 AB", "1 256 2 AB"}) {
    BOOST_TEST(contains(refused({"x", "--pin", value}, plugin::kDsBinary), "is not a DS record"),
               value);
  }
  BOOST_TEST(contains(refused({"x", "--pin", "1 13 2 AB"}), "unknown option"));
  BOOST_TEST(contains(refused({"x", "--pin", "1 13 2 AB"}, plugin::kDsBinary),
                      "has a digest of 1 octets, digest type 2 has 32"));
  for (const char* value :
       {"example.com. 3600 IN DS 1 8 9 00", "DS 1 8 9 00", "x IN ds 1 8 9 0 0"}) {
    const auto pasted = accepted({"x", "--pin", value}, plugin::kDsBinary);
    BOOST_TEST((pasted.pins.at(0) == dns::Ds{1, 8, 9, {0}}), value);
  }
}

BOOST_AUTO_TEST_CASE(whole_zones) {
  const auto options = accepted({"x", "--zone-file", "-", "--allow-include", "--ds", "1 8 9 00",
                                 "--ds=lookup", "--threads", "3", "--all"});
  BOOST_TEST(options.zone_file.value() == "-");
  BOOST_TEST(options.allow_include);
  BOOST_TEST((options.ds.at(0) == dns::Ds{1, 8, 9, {0}}));
  BOOST_TEST(options.ds.size() == 1U);
  BOOST_TEST(options.ds_lookup);
  BOOST_TEST(options.threads.value() == 3U);
  BOOST_TEST(options.all);
  BOOST_TEST(!accepted({"x"}).threads);
  BOOST_TEST(accepted({"x", "--zone-file", "f"}, plugin::kNsecBinary).zone_file.value() == "f");
  BOOST_TEST(contains(refused({"x", "y", "--zone-file", "f"}), "a file holds one zone, and 2"));
  BOOST_TEST(contains(refused({"x", "--zone-file", ""}), "is empty"));
  BOOST_TEST(contains(refused({"x", "--ds", "look"}), "digest in hex, or lookup"));
  for (const char* value : {"0", "1025", "-1", "x", ""}) {
    BOOST_TEST(
        contains(refused({"x", "--threads", value}), "is not a whole number from 1 to 1024"));
  }
  BOOST_TEST(contains(refused({"x", "--zone-file", "f"}, plugin::kDsBinary), "unknown option"));
}

BOOST_AUTO_TEST_CASE(zone_transfers) {
  const auto anywhere = accepted({"x", "--axfr"});
  BOOST_TEST(anywhere.axfr);
  BOOST_TEST(!anywhere.axfr_server);
  BOOST_TEST(!accepted({"x"}).axfr);
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--axfr", "-z", "x"},
                                                    {"--axfr", "x"},
                                                    {"--axfr", "-v", "x"},
                                                    {"-v", "--axfr", "x", "-v"},
                                                    {"--axfr", "face.de"},
                                                    {"--axfr", "2.0.192.in-addr.arpa"}}) {
    const auto options = accepted(arguments);
    BOOST_TEST(options.axfr);
    BOOST_TEST(!options.axfr_server);
    BOOST_TEST(options.zones.size() == 1U);
  }
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"x", "--axfr=192.0.2.1@5353"},
        {"x", "--axfr", "192.0.2.1@5353"},
        {"--axfr", "192.0.2.1@5353", "x"},
        {"--axfr=192.0.2.1@5353", "-v", "x"}}) {
    const auto options = accepted(arguments);
    BOOST_TEST((options.axfr_server == dns::Endpoint{"192.0.2.1", 5353}));
    BOOST_TEST(options.zones.size() == 1U);
  }
  BOOST_TEST((accepted({"--axfr", "2001:db8::1", "x"}).axfr_server->address == "2001:db8::1"));
  BOOST_TEST(!accepted({"x", "--axfr=192.0.2.1", "--axfr"}).axfr_server);
  BOOST_TEST(accepted({"x", "--axfr", "--tsig-file", "k"}).tsig_file.value() == "k");
  BOOST_TEST(accepted({"x", "--axfr"}, plugin::kNsecBinary).axfr);
  BOOST_TEST(contains(refused({"x", "--tsig-file", "k"}), "nothing is signed without --axfr"));
  BOOST_TEST(contains(refused({"x", "--axfr", "--tsig-file", ""}), "is empty"));
  BOOST_TEST(contains(refused({"x", "--axfr", "192.0.2.999"}), "is not ADDRESS or ADDRESS@PORT"));
  BOOST_TEST(contains(refused({"x", "--axfr=ns.example"}), "is not ADDRESS or ADDRESS@PORT"));
  BOOST_TEST(contains(refused({"x", "--axfr=192.0.2.1@0"}), "from 1 to 65535"));
  BOOST_TEST(contains(refused({"x", "--axfr=192.0.2.1", "-6"}), "192.0.2.1 is an IPv4 address"));
  BOOST_TEST(contains(refused({"x", "--axfr", "--zone-file", "f"}), "from one of them"));
  BOOST_TEST(contains(refused({"x", "--axfr"}, plugin::kDsBinary), "unknown option"));
}

BOOST_AUTO_TEST_CASE(ages_of_keys) {
  const auto& keys = plugin::kKeysBinary;
  BOOST_TEST(accepted({"x", "--zsk-max-age", "90d"}, keys).zsk_max_age.value() == 7776000);
  BOOST_TEST(accepted({"x", "--ksk-max-age", "104w"}, keys).ksk_max_age.value() == 62899200);
  BOOST_TEST(!accepted({"x"}, keys).zsk_max_age);
  BOOST_TEST(accepted({"x"}, keys).notice == 2592000);
  BOOST_TEST(accepted({"x", "--notice", "0"}, keys).notice == 0);
  BOOST_TEST(accepted({"x", "--policy", "standard"}, keys).standard_policy);
  BOOST_TEST(!accepted({"x", "--policy", "standard", "--policy", "none"}, keys).standard_policy);
  BOOST_TEST(accepted({"x", "--key-dir", "/keys"}, keys).key_dir.value() == "/keys");
  BOOST_TEST(contains(refused({"x", "--policy", "strict"}, keys), "is not standard or none"));
  BOOST_TEST(contains(refused({"x", "--zsk-max-age", "0"}, keys), "is not a duration"));
  BOOST_TEST(contains(refused({"x", "--ksk-max-age", "abc"}, keys), "is not a duration"));
  BOOST_TEST(contains(refused({"x", "--notice", "-1d"}, keys), "is not a duration"));
  BOOST_TEST(contains(refused({"x", "--zsk-max-age", "9d"}), "unknown option"));
}

BOOST_AUTO_TEST_CASE(shares_are_for_signatures_only) {
  BOOST_TEST(accepted({"x", "-w", "20%:"}).warning->percent);
  BOOST_TEST(accepted({"x", "--dnskey-critical", "5%:"}).dnskey_critical->percent);
  BOOST_TEST(accepted({"x", "--dnskey-warning", "30d:"}).dnskey_warning->range.to_text() ==
             "2592000:");
  BOOST_TEST(contains(refused({"x", "-w", "20%:"}, plugin::kChainBinary), "is a share"));
  BOOST_TEST(accepted({"x", "-w", "1d:"}, plugin::kChainBinary).warning->range.to_text() ==
             "86400:");
}

BOOST_AUTO_TEST_CASE(each_binary_has_its_own_options) {
  BOOST_TEST(contains(refused({"x", "--max-age", "9d"}, plugin::kChainBinary), "unknown option"));
  BOOST_TEST(
      contains(refused({"x", "--dnskey-warning", "9d:"}, plugin::kChainBinary), "unknown option"));
}

BOOST_AUTO_TEST_CASE(bad_ranges_are_explained) {
  BOOST_TEST(contains(refused_value("warning", "20:10"), "start 20 is above end 10"));
  for (const char* option : {"warning", "critical", "dnskey-warning", "dnskey-critical"}) {
    for (const char* value : {"@", ":", "~", "10:~", "20:10", "010", "1e3", "x", "7d:1d", "5%:6"}) {
      const std::string text = refused_value(option, value);
      BOOST_TEST(is_usage_error(text), option << " " << value);
      BOOST_TEST(contains(text, "option --" + std::string(option) + ": \"" + value + "\""));
    }
  }
}

BOOST_AUTO_TEST_CASE(at_takes_moments) {
  const auto at = [](const std::string& text) { return accepted({"x", "--at", text}).at.value(); };
  BOOST_TEST(at("2026-12-01T00:00Z") == test::kNow);
  BOOST_TEST(at("2026-12-01T00:00:17Z") == test::kNow + 17);
  BOOST_TEST(at("2026-12-01t01:00:00+01:00") == test::kNow);
  BOOST_TEST(at("2026-11-30T19:30-04:30") == test::kNow);
  BOOST_TEST(at("2026-12-01") == test::kNow);
  BOOST_TEST(at("2024-02-29") == 1709164800);
  BOOST_TEST(at("@1796083200") == test::kNow);
  BOOST_TEST(at("1796083200") == test::kNow);
  BOOST_TEST(at("0") == 0);
  BOOST_TEST(at("+2d") == test::kNow + 172800);
  BOOST_TEST(at("+90") == test::kNow + 90);
  for (const char* text : {"2026-12-01T00:00",
                           "2026-02-30",
                           "2026-13-01",
                           "2026-12-01T24:00Z",
                           "2026-12-01T00:60Z",
                           "2026-12-01T00:00:60Z",
                           "2026-12-1",
                           "26-12-01",
                           "2026-12-01Z",
                           "2026-12-01T00:00ZZ",
                           "2026-12-01T00:00+25:00",
                           "@",
                           "@-5",
                           "@1x",
                           "+",
                           "+x",
                           "+999999999999999",
                           "now",
                           "@99999999999999999999",
                           "253402300800",
                           "1969-12-31",
                           "2026-12-01 00:00Z",
                           "2026-12-01T",
                           "1.5"}) {
    BOOST_TEST(is_usage_error(refused_value("at", text)), text);
  }
}

BOOST_AUTO_TEST_CASE(severity_overrides_by_id) {
  const auto& info = judge::info(judge::Fault::rrsig_expired);
  const std::string id(info.id);
  BOOST_TEST((accepted({"x", "--severity", id + "=warning"}).severity.at(info.fault) ==
              judge::Tier::warning));
  BOOST_TEST((accepted({"x", "--severity", id + "=info," + id + "=ok"}).severity.at(info.fault) ==
              judge::Tier::mute));
  BOOST_TEST((accepted({"x", "--severity", id + "=info", "--severity=" + id + "=emergency"})
                  .severity.at(info.fault) == judge::Tier::emergency));
  BOOST_TEST(contains(refused_value("severity", "rrsig-expird=ok"), "did you mean rrsig-expired"));
  for (const std::string& value :
       std::vector<std::string>{id, id + "=", id + "=fatal", "=ok", id + "=ok,", "," + id + "=ok",
                                id + "=ok=ok", id + "=CRITICAL", "x=ok"}) {
    BOOST_TEST(is_usage_error(refused_value("severity", value)), value);
  }
}

BOOST_AUTO_TEST_CASE(names_may_carry_a_type) {
  const auto names = accepted({"x", "--name", "www.example.com", "--name=example.com/mx", "--name",
                               "0/25.2.0.192.in-addr.arpa", "--name", "a/PTR", "--name",
                               "0/25.2.0.192.in-addr.arpa/NS", "--name", "a/TYPE65280"})
                         .names;
  BOOST_REQUIRE(names.size() == 6U);
  BOOST_TEST((names[0].type == dns::Type::a));
  BOOST_TEST((names[1].type == dns::Type::mx));
  BOOST_TEST(names[1].name.to_text() == "example.com.");
  BOOST_TEST((names[2].type == dns::Type::a));
  BOOST_TEST(names[2].name.to_text() == "0/25.2.0.192.in-addr.arpa.");
  BOOST_TEST((names[3].type == dns::Type::ptr));
  BOOST_TEST((names[4].type == dns::Type::ns));
  BOOST_TEST((names[5].type == static_cast<dns::Type>(65280)));
  for (const char* value : {"a/B", "a/", "/A", "a/ANY", "a/AXFR", "a/OPT", "a/RRSIG", "a/TYPE0",
                            "a..b/A", "", "a/TYPE65536"}) {
    BOOST_TEST(is_usage_error(refused_value("name", value)), value);
  }
}

BOOST_AUTO_TEST_CASE(addresses_are_canonical_and_have_ports) {
  const auto options = accepted(
      {"x", "--server", "192.0.2.1", "--server=2001:DB8:0::1@5353", "--forward", "::1@53"});
  BOOST_REQUIRE(options.servers.size() == 2U);
  BOOST_TEST((options.servers[0] == dns::Endpoint{"192.0.2.1", 53}));
  BOOST_TEST((options.servers[1] == dns::Endpoint{"2001:db8::1", 5353}));
  BOOST_TEST((options.forward.at(0) == dns::Endpoint{"::1", 53}));
  for (const char* value :
       {"ns1.example.com", "192.0.2.1:53", "192.0.2.1@", "192.0.2.1@0", "192.0.2.1@65536",
        "192.0.2.1@053", "192.0.2", "", "@53", "fe80::1%eth0", "192.0.2.1@53@53", "192.0.2.01"}) {
    BOOST_TEST(is_usage_error(refused_value("server", value)), value);
    BOOST_TEST(is_usage_error(refused_value("forward", value)), value);
  }
  BOOST_TEST(is_usage_error(refused({"x", "--server", std::string("::1\0x", 5)})));
}

BOOST_AUTO_TEST_CASE(words_are_checked) {
  BOOST_TEST((accepted({"x", "--expect", "any"}).expect == plugin::Expect::any));
  BOOST_TEST((accepted({"x", "--expect=insecure"}).expect == plugin::Expect::insecure));
  BOOST_TEST((accepted({"x", "--expect=bogus"}).expect == plugin::Expect::bogus));
  BOOST_TEST((accepted({"x", "--output", "json"}).output == plugin::Output::json));
  BOOST_TEST(is_usage_error(refused_value("expect", "Secure")));
  BOOST_TEST(is_usage_error(refused_value("output", "xml")));
  const auto options = accepted(
      {"x", "--trust-anchor", "/k", "--root-hints", "/h", "--record=/r", "--state-dir=/s"});
  BOOST_TEST(options.trust_anchor.value() == "/k");
  BOOST_TEST(options.root_hints.value() == "/h");
  BOOST_TEST(options.record.value() == "/r");
  BOOST_TEST(options.state_dir.value() == "/s");
  BOOST_TEST(is_usage_error(refused({"x", "--record", ""})));
}

BOOST_AUTO_TEST_CASE(help_beats_everything) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"-h"},
                                             {"--help"},
                                             {"--frob", "-h"},
                                             {"-t", "abc", "-h"},
                                             {"-vh"},
                                             {"-V", "-h"},
                                             {"--extra-opts=@/nowhere", "-h"},
                                             {"-z", "-h"},
                                             {"--list-findings", "--help"}}) {
    const auto parsed = test::parse(arguments);
    const auto& exit = std::get<plugin::EarlyExit>(parsed);
    BOOST_TEST((exit.state == State::unknown));
    BOOST_TEST(exit.text == plugin::help_text(plugin::kSigsBinary));
  }
  BOOST_TEST(is_usage_error(refused({"--frob", "--", "-h"})));
}

BOOST_AUTO_TEST_CASE(version_lists_and_explanations) {
  BOOST_TEST(refused({"-V"}) == "check_dnssec_sigs " CHECK_DNSSEC_VERSION "\n");
  BOOST_TEST((std::get<plugin::EarlyExit>(test::parse({"-V"})).state == State::unknown));
  const auto list = std::get<plugin::EarlyExit>(test::parse({"--list-findings"}));
  BOOST_TEST((list.state == State::ok));
  BOOST_TEST(contains(list.text, "rrsig-expired  CRITICAL  "));
  const auto explained = std::get<plugin::EarlyExit>(test::parse({"--explain", "rrsig-expired"}));
  BOOST_TEST((explained.state == State::ok));
  const auto& info = judge::info(judge::Fault::rrsig_expired);
  BOOST_TEST(contains(explained.text, "rrsig-expired (CRITICAL)\n"));
  BOOST_TEST(contains(explained.text, info.reference));
  std::size_t at = 0;  // in this order, the order of the work
  for (const char* heading : {"\nWhat to verify:\n  ", "\nWhat to do:\n  ", "\nHow to confirm:\n  ",
                              "\nReference: RFC 4035 5.3.1\n", "\nReported by:\n  "}) {
    at = explained.text.find(heading, at);
    BOOST_TEST_REQUIRE(at != std::string::npos, heading);
  }
  BOOST_TEST(
      !contains(plugin::explain_text(judge::info(judge::Fault::deadline_reached)), "Reference"));
  BOOST_TEST(contains(refused({"--explain", "rrsig-expird"}), "did you mean rrsig-expired"));
  BOOST_TEST(is_usage_error(refused({"--explain", "|\n" + std::string(9000, 'z')})));
  BOOST_TEST(is_usage_error(refused({"--explain", ""})));
}

BOOST_AUTO_TEST_CASE(every_row_can_be_set_and_is_in_the_help) {
  for (const plugin::Binary* binary : plugin::all_binaries()) {
    const std::string help = plugin::help_text(*binary);
    std::set<std::string> names;
    std::string letters;
    for (const plugin::OptionRow& row : plugin::option_table()) {
      if ((row.checks & binary->check) == 0) continue;
      const std::string name(row.name);
      BOOST_TEST(names.insert(name).second, name);
      BOOST_TEST((row.letter == 0 || letters.find(row.letter) == std::string::npos), name);
      if (row.letter != 0) letters += row.letter;
      BOOST_TEST(contains(help, "--" + name), name);
      BOOST_TEST(row.sentence.back() == '.', name);
      BOOST_TEST(!row.group.empty(), name);
      std::vector<std::string> arguments{"x", "--" + name};
      if (!row.argument.empty()) arguments.back() += "=\x01";
      BOOST_TEST(!contains(refused(arguments, *binary), "cannot be set"), name);
      BOOST_TEST(!contains(refused(arguments, *binary), "unknown option"), name);
    }
  }
}

BOOST_AUTO_TEST_CASE(help_is_at_most_80_columns) {
  for (const plugin::Binary* binary : plugin::all_binaries()) {
    for (const std::string& line : test::lines_of(plugin::help_text(*binary))) {
      BOOST_TEST(line.size() <= 80U, line);
      BOOST_TEST((line.empty() || line.back() != ' '), line);
    }
  }
  for (const judge::FaultInfo& info : judge::catalogue()) {
    for (const std::string& line : test::lines_of(plugin::explain_text(info))) {
      BOOST_TEST(line.size() <= 80U, line);
      BOOST_TEST((line.empty() || line.back() != ' '), line);
    }
  }
}

BOOST_AUTO_TEST_CASE(help_says_which_values_may_be_left_out) {
  const std::string help = plugin::help_text(plugin::kNsecBinary);
  BOOST_TEST(contains(help, "      --walk[=COUNT]\n"));
  BOOST_TEST(contains(help, "      --extra-opts[=[SECTION][@FILE]]\n"));
  BOOST_TEST(contains(help, "From 1 to 9000."));  // 0 is refused
}

BOOST_AUTO_TEST_CASE(lists_are_those_of_the_binary) {
  for (const plugin::Binary* binary : plugin::all_binaries()) {
    std::size_t expected = 0;
    for (const judge::FaultInfo& info : judge::catalogue()) {
      if ((info.checks & binary->check) != 0) ++expected;
    }
    BOOST_TEST(test::lines_of(plugin::findings_text(*binary)).size() == expected);
  }
}

BOOST_AUTO_TEST_CASE(arbitrary_arguments_are_options_or_one_line) {
  std::mt19937 random(4711);
  std::vector<std::string> likely{"-z", "x",   "-v",   "--",  "-w", "-c", "-t",
                                  "5",  "7d:", "--at", "+1d", "=",  "-"};
  for (const plugin::OptionRow& row : plugin::option_table()) {
    const std::string name(row.name);
    if (name == "extra-opts" || name == "help") continue;  // files; and help is many lines
    likely.push_back("--" + name);
    likely.push_back("--" + name + "=");
  }
  int fine = 0;
  for (int i = 0; i < 6000; ++i) {
    std::vector<std::string> arguments;
    for (auto count = random() % 6; count > 0; --count) {
      std::string one = random() % 4 == 0 ? "" : likely[random() % likely.size()];
      if (random() % 3 == 0) one += test::random_bytes(random, 6);
      arguments.push_back(one);
    }
    const auto parsed = test::parse(arguments);
    const auto* exit = std::get_if<plugin::EarlyExit>(&parsed);
    if (exit == nullptr) {
      ++fine;
      continue;
    }
    const bool words = exit->text == plugin::findings_text(plugin::kSigsBinary) ||
                       exit->text == plugin::version_text(plugin::kSigsBinary) + "\n" ||
                       exit->text == plugin::help_text(plugin::kSigsBinary);
    BOOST_REQUIRE_MESSAGE(words || is_usage_error(exit->text), exit->text);
  }
  BOOST_TEST(fine > 30);
}

BOOST_AUTO_TEST_SUITE_END()
