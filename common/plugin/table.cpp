// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <array>

#include "plugin/options.hpp"

namespace plugin {

using judge::kChain;
using judge::kDs;
using judge::kEvery;
using judge::kKeys;
using judge::kNsec;
using judge::kResolvers;
using judge::kSigs;
using judge::kStateful;
using judge::kZone;

const Binary kChainBinary{
    "check_dnssec_chain", "DNSSEC CHAIN",
    "Does the zone validate from the root, link by link, for positive and negative answers?",
    kChain};
const Binary kSigsBinary{"check_dnssec_sigs", "DNSSEC SIGS",
                         "Are all signatures there, valid, and fresh, on every nameserver?", kSigs};
const Binary kDsBinary{
    "check_dnssec_ds", "DNSSEC DS",
    "Does the parent's DS point at keys the zone really uses, on both sides and on every server?",
    kDs};
const Binary kNsecBinary{"check_dnssec_nsec", "DNSSEC NSEC",
                         "Are denials complete and valid, and is the zone as closed to enumeration "
                         "as its owner thinks?",
                         kNsec};
const Binary kKeysBinary{"check_dnssec_keys", "DNSSEC KEYS",
                         "Are the right keys published, strong enough, and rotated in time?",
                         kKeys};
const Binary kResolversBinary{"check_dnssec_resolvers", "DNSSEC RESOLVERS",
                              "Do the world's resolvers agree that it works?", kResolvers};

namespace {

constexpr std::string_view kWhat = "What to check";
constexpr std::string_view kLimits = kLimitsGroup;
constexpr std::string_view kHow = "How to look";
constexpr std::string_view kWhole = "Whole zones";
constexpr std::string_view kMany = "Many zones";
constexpr std::string_view kOutput = "Output";
constexpr std::string_view kAbout = "About";

constexpr std::array kTable{
    OptionRow{"zone", 'z', "ZONE", Unit::text, true, "", 0, 0, kEvery,
              "The zone to check. A plain argument means the same.", kWhat},
    OptionRow{"hostname", 'H', "ZONE", Unit::text, true, "", 0, 0, kEvery,
              "The same as --zone, for monitoring systems that pass the host's name.", kWhat},
    OptionRow{"zones", 0, "FILE", Unit::file, false, "", 0, 0, kEvery,
              "Check the zones of this file, one a line, in one process; - is standard input. "
              "Thresholds, severities and what is expected may follow a zone, as warning=3d:.",
              kMany},
    OptionRow{"concurrency", 0, "COUNT", Unit::count, false, "64", 1, 1000, kEvery,
              "How many zones are looked at at once.", kMany},
    OptionRow{"rate-per-server", 0, "COUNT", Unit::count, false, "500 with --zones", 1, 1000000,
              kEvery, "How many questions one server address is asked within any second at most.",
              kMany},
    OptionRow{"zone-timeout", 0, "SECONDS", Unit::seconds, false, "10", 1, 600, kEvery,
              "How long the look at one zone of --zones may take; --timeout is for all of them.",
              kMany},
    OptionRow{"name", 0, "NAME[/TYPE]", Unit::text, true, "", 0, 0,
              kChain | kSigs | kNsec | kResolvers,
              "Look at this RRset of the zone too; TYPE is A when it is not given.", kWhat},
    OptionRow{"canary-bogus", 0, "NAME", Unit::text, false, "", 0, 0, kResolvers,
              "A name with an address in a zone that is broken on purpose, like "
              "www.dnssec-failed.org: who answers it does not validate.",
              kWhat},
    OptionRow{"canary-algorithm", 0, "NAME", Unit::text, true, "", 0, 0, kResolvers,
              "A name in a zone that is known to be secure, signed with an algorithm that all "
              "resolvers should validate.",
              kWhat},
    OptionRow{"expect", 0, "STATE", Unit::word, false, "secure", 0, 0, kEvery,
              "What validation should find: secure, insecure, bogus or any.", kWhat},
    OptionRow{
        "expect-denial", 0, "FORM", Unit::word, false, "", 0, 0, kNsec,
        "How the zone is meant to deny: nsec, nsec3 or minimal (made for each answer, so that "
        "nobody can list the zone).",
        kWhat},
    OptionRow{"at", 0, "TIME|+DURATION", Unit::time, false, "now", 0, 0, kEvery,
              "Judge as of this time: 2026-12-01T00:00Z, 2026-12-01, seconds since 1970 "
              "(@1796083200) or +DURATION from now.",
              kWhat},

    OptionRow{"warning", 'w', "RANGE", Unit::threshold, false, "1d:", 0, 0, kChain,
              "WARNING when the soonest expiry of a signature on the chain is outside this range, "
              "so 1d: warns below one day.",
              kLimits},
    OptionRow{"critical", 'c', "RANGE", Unit::threshold, false, "1h:", 0, 0, kChain,
              "CRITICAL when the soonest expiry of a signature on the chain is outside this range.",
              kLimits},
    OptionRow{"warning", 'w', "RANGE", Unit::threshold, false,
              "7d: for signatures that live 28d or more, a tenth of the lifetime for shorter ones",
              0, 0, kSigs,
              "WARNING when a signature's remaining validity is outside this range, so 7d: warns "
              "below seven days and 20%: below a fifth of the signature's lifetime.",
              kLimits},
    OptionRow{"critical", 'c', "RANGE", Unit::threshold, false,
              "1d: for signatures that live 28d or more, a twentieth of the lifetime for shorter "
              "ones",
              0, 0, kSigs, "CRITICAL when a signature's remaining validity is outside this range.",
              kLimits},
    OptionRow{"warning", 'w', "RANGE", Unit::threshold, false, "", 0, 0, kDs | kNsec | kKeys,
              "WARNING when the remaining validity of a signature that this check looks at is "
              "outside this range, so 3d: warns below three days. check_dnssec_sigs judges them "
              "all.",
              kLimits},
    OptionRow{"critical", 'c', "RANGE", Unit::threshold, false, "", 0, 0, kDs | kNsec | kKeys,
              "CRITICAL when the remaining validity of a signature that this check looks at is "
              "outside this range.",
              kLimits},
    OptionRow{"warning", 'w', "RANGE", Unit::threshold, false, "", 0, 0, kResolvers,
              "WARNING when a resolver's slowest answer takes a time outside this range, so 1s "
              "warns above one second.",
              kLimits},
    OptionRow{"critical", 'c', "RANGE", Unit::threshold, false, "", 0, 0, kResolvers,
              "CRITICAL when a resolver's slowest answer takes a time outside this range.",
              kLimits},
    OptionRow{"dnskey-warning", 0, "RANGE", Unit::threshold, false, "as --warning", 0, 0, kSigs,
              "As --warning, for the signatures of the DNSKEY, CDS and CDNSKEY RRsets: for "
              "key-signing keys that are kept offline.",
              kLimits},
    OptionRow{"dnskey-critical", 0, "RANGE", Unit::threshold, false, "as --critical", 0, 0, kSigs,
              "As --critical, for the signatures of the DNSKEY, CDS and CDNSKEY RRsets.", kLimits},
    OptionRow{"max-age", 0, "DURATION", Unit::duration, false, "", 1, 315360000, kSigs,
              "The newest signature must not be older than this: else signing has stopped.",
              kLimits},
    OptionRow{"stall-slack", 0, "DURATION", Unit::duration, false,
              "a day, but at most a quarter of the habit and half of the time that it leaves", 0,
              315360000, kSigs,
              "How much later than its learned habit (--state-dir) the signer may renew the "
              "signatures before it counts as stalled.",
              kLimits},
    OptionRow{
        "bootstrap", 0, "", Unit::none, false, "", 0, 0, kDs,
        "WARNING while the zone has no DS and not every nameserver whose name is outside the "
        "zone vouches for its CDS and CDNSKEY (RFC 9615), so that the parent cannot take them.",
        kLimits},
    OptionRow{"pin", 0, "DS", Unit::text, true, "", 0, 0, kDs,
              "A DS record that the parent must have, as \"TAG ALGORITHM DIGESTTYPE HEX\"; given "
              "once or more, the DS set must be exactly that.",
              kLimits},
    OptionRow{"max-dangling", 0, "DURATION", Unit::duration, false, "14d", 1, 315360000, kDs,
              "WARNING when a DS has had no key in the zone for longer than this, beside one that "
              "works. Needs --state-dir.",
              kLimits},
    OptionRow{"cds-max-age", 0, "DURATION", Unit::duration, false, "7d", 1, 315360000, kDs,
              "WARNING when the parent has not acted on CDS or CDNSKEY for longer than this. Needs "
              "--state-dir.",
              kLimits},
    OptionRow{"zsk-max-age", 0, "DURATION", Unit::duration, false, "", 1, 3153600000, kKeys,
              "WARNING when a zone-signing key is older than this; 90d is usual.", kLimits},
    OptionRow{"ksk-max-age", 0, "DURATION", Unit::duration, false, "", 1, 3153600000, kKeys,
              "WARNING when a key-signing key or a combined signing key is older than this; 730d "
              "is usual.",
              kLimits},
    OptionRow{"policy", 0, "NAME", Unit::word, false, "none", 0, 0, kKeys,
              "Ages that are not given by themselves: standard is --zsk-max-age 90d and "
              "--ksk-max-age 730d, none has no limits.",
              kLimits},
    OptionRow{"notice", 0, "DURATION", Unit::duration, false, "30d", 0, 315360000, kKeys,
              "How long before a key is too old to say that it will be.", kLimits},
    OptionRow{"quorum", 0, "COUNT", Unit::count, false, "", 1, 64, kResolvers,
              "What is wrong with single resolvers is WARNING while at least so many have nothing "
              "wrong, and CRITICAL when fewer have.",
              kLimits},
    OptionRow{"severity", 0, "ID=STATE[,...]", Unit::text, true, "", 0, 0, kEvery,
              "Report a finding as mute, info, unknown, warning, critical or emergency instead of "
              "its usual state; ok means mute.",
              kLimits},

    OptionRow{
        "timeout", 't', "SECONDS[:STATE]", Unit::seconds, false, "10:unknown", 1, 600, kEvery,
        "Answer by then with what has been seen. STATE (warning, critical or unknown) is "
        "reported when that is not enough to tell. With --zones it is 600 unless given, and a "
        "day at most.",
        kHow},
    OptionRow{"query-timeout", 0, "SECONDS", Unit::seconds, false, "2", 0.1, 60, kEvery,
              "How long to wait for the answer to one question to one server.", kHow},
    OptionRow{"retries", 0, "COUNT", Unit::count, false, "2", 0, 10, kEvery,
              "How often to ask a silent server again.", kHow},
    OptionRow{"sandbox", 0, "WHEN", Unit::word, false, "auto", 0, 0, kEvery,
              "Give up files, system calls and privileges that the run does not need, before it "
              "reads what others wrote: auto: as far as the kernel can; require: UNKNOWN where it "
              "cannot; off.",
              kHow},
    OptionRow{"probes", 0, "COUNT", Unit::count, false, "4", 0, 200, kNsec,
              "How many more random names to ask each server for.", kHow},
    OptionRow{"walk", 0, "[COUNT]", Unit::count, false, "", 1, 9000, kNsec,
              "Follow the NSEC chain at one server from name to name, all of it or COUNT names, "
              "and prove that it is whole; write it as --walk=COUNT.",
              kHow},
    OptionRow{"use-ipv4", '4', "", Unit::none, false, "", 0, 0, kEvery,
              "Ask over IPv4 only. Of -4 and -6 the last one counts.", kHow},
    OptionRow{"use-ipv6", '6', "", Unit::none, false, "", 0, 0, kEvery, "Ask over IPv6 only.",
              kHow},
    OptionRow{"resolver", 0, "ADDRESS[@PORT][#NAME]", Unit::address, true, "", 0, 0, kResolvers,
              "Ask this resolver; at least one is needed. With #NAME over TLS (port 853 unless "
              "given), with a certificate for that name.",
              kHow},
    OptionRow{"tls-ca", 0, "FILE", Unit::file, false, "the system's store", 0, 0, kResolvers,
              "Trust the certificates of this file for resolvers that are asked over TLS.", kHow},
    OptionRow{"server", 0, "ADDRESS[@PORT]", Unit::address, true, "", 0, 0, kZone,
              "Ask this server instead of the delegated nameservers.", kHow},
    OptionRow{"forward", 0, "ADDRESS[@PORT]", Unit::address, true, "", 0, 0, kEvery,
              "Validate through this resolver, where port 53 is closed.", kHow},
    OptionRow{"trust-anchor", 0, "FILE|RECORD", Unit::file, false,
              "the distribution's root key, else the built-in one", 0, 0, kEvery,
              "Validate from these DS or DNSKEY records.", kHow},
    OptionRow{"root-hints", 0, "FILE", Unit::file, false, "built in", 0, 0, kEvery,
              "Start resolving at the servers of this file.", kHow},
    OptionRow{"record", 0, "FILE", Unit::file, false, "", 0, 0, kEvery,
              "Write what was seen to this file.", kHow},
    OptionRow{"replay", 0, "FILE", Unit::file, false, "", 0, 0, kEvery,
              "Judge what --record wrote, without a network.", kHow},
    OptionRow{"key-dir", 0, "DIR", Unit::file, false, "", 0, 0, kKeys,
              "Take the ages of keys from the K*.key and K*.state files of this directory, as "
              "dnssec-keygen and named write them; private keys are not read.",
              kHow},
    OptionRow{
        "state-dir", 0, "DIR", Unit::file, false,
        "$MP_STATE_PATH/UID; without either nothing is remembered", 0, 0, kStateful,
        "Remember in this directory what runs saw, one small file a check and zone: since when "
        "keys and DS are there, and how the signer works.",
        kHow},
    OptionRow{"show-state", 0, "", Unit::none, false, "", 0, 0, kStateful,
              "Print what is remembered of the zone, and exit 0.", kHow},
    OptionRow{"state-dir", 0, "DIR", Unit::file, false, "", 0, 0, kEvery & ~kStateful,
              "Accepted, so that all checks can be configured alike: this check needs no memory of "
              "earlier runs.",
              kHow},
    OptionRow{"extra-opts", 0, "[SECTION][@FILE]", Unit::text, true,
              "section of the plugin's name in the first monitoring-plugins.ini found", 0, 0,
              kEvery,
              "Read options from a section of an ini file, as if they stood before all others; "
              "write it as --extra-opts=SECTION@FILE.",
              kHow},

    OptionRow{"zone-file", 0, "FILE", Unit::file, false, "", 0, 0, kSigs | kNsec,
              "Check the zone in this master file instead of asking nameservers; - is standard "
              "input. Nothing is asked of the network unless --ds lookup is given.",
              kWhole},
    OptionRow{"allow-include", 0, "", Unit::none, false, "", 0, 0, kSigs | kNsec,
              "Follow $INCLUDE in the zone file, relative to the file that it stands in.", kWhole},
    OptionRow{"axfr", 0, "[ADDRESS[@PORT]]", Unit::address, false, "", 0, 0, kSigs | kNsec,
              "Check the whole zone too, by zone transfer from this address or from the first "
              "nameserver that allows it; write it as --axfr=ADDRESS.",
              kWhole},
    OptionRow{"tsig-file", 0, "FILE", Unit::file, false, "", 0, 0, kSigs | kNsec,
              "Sign the zone transfer with the TSIG key in this file, as tsig-keygen writes it. "
              "Only its owner may be able to read it.",
              kWhole},
    OptionRow{"ds", 0, "DS|lookup", Unit::text, true, "", 0, 0, kSigs | kNsec,
              "A DS record that the parent has for the zone file's zone, as \"TAG ALGORITHM "
              "DIGESTTYPE HEX\": the keys must fit one of them. With lookup the parent is asked.",
              kWhole},
    OptionRow{"threads", 0, "COUNT", Unit::count, false, "as many as processors may be used", 1,
              1024, kSigs | kNsec, "How many threads verify a whole zone's signatures.", kWhole},
    OptionRow{"all", 0, "", Unit::none, false, "", 0, 0, kSigs | kNsec,
              "With --output json list every RRset of a whole zone that a finding is about, not "
              "the first 10.",
              kWhole},

    OptionRow{"verbose", 'v', "", Unit::none, true, "", 0, 0, kEvery,
              "More in the long output: details, servers and keys; -vv and -vvv add every question "
              "asked.",
              kOutput},
    OptionRow{"output", 0, "FORMAT", Unit::word, false, "text", 0, 0, kEvery,
              "text for monitoring plugins; json: one document, with --help the options and "
              "findings; jsonl: one for each zone, on a line; passive, spool or icinga-api: what "
              "Nagios and Icinga take as passive results; openmetrics for node_exporter; zabbix: "
              "one line for its template of many zones.",
              kOutput},
    OptionRow{"output-file", 0, "FILE", Unit::file, false, "standard output", 0, 0, kEvery,
              "Write the output to this file, which is replaced when all of it is there.", kOutput},
    OptionRow{"command-file", 0, "FILE", Unit::file, false, "standard output", 0, 0, kEvery,
              "With --output passive: the external command file, a FIFO or a plain file.", kOutput},
    OptionRow{"spool-dir", 0, "DIR", Unit::file, false, "", 0, 0, kEvery,
              "With --output spool: the directory of Nagios check results "
              "(check_result_path).",
              kOutput},
    OptionRow{"host-template", 0, "TEXT", Unit::text, false, "{zone}", 0, 0, kEvery,
              "With passive results: the name of the zone's host.", kOutput},
    OptionRow{"service-template", 0, "TEXT", Unit::text, false,
              "the check's name, like dnssec-sigs", 0, 0, kEvery,
              "With passive results: the name of the zone's service.", kOutput},
    OptionRow{"forecast", 0, "DURATION", Unit::duration, false, "", 1, 315360000, kChain | kSigs,
              "Say too what will happen within this time if nothing is signed anew, soonest first, "
              "and when the zone goes dark.",
              kOutput},
    OptionRow{
        "graph", 0, "FILE", Unit::file, false, "", 0, 0, kChain,
        "Draw the chain of trust: Graphviz text, or SVG or PNG by the file's ending where dot "
        "is installed.",
        kOutput},

    OptionRow{"list-findings", 0, "", Unit::none, false, "", 0, 0, kEvery,
              "List everything that can be found, with ids and states, and exit 0.", kAbout},
    OptionRow{"explain", 0, "ID", Unit::word, false, "", 0, 0, kEvery,
              "Explain one finding and what to do about it, and exit 0.", kAbout},
    OptionRow{"version", 'V', "", Unit::none, false, "", 0, 0, kEvery,
              "Print name and version, and exit 3.", kAbout},
    OptionRow{"help", 'h', "", Unit::none, false, "", 0, 0, kEvery, "Print this help, and exit 3.",
              kAbout},
};

}  // namespace

std::span<const Binary* const> all_binaries() {
  static constexpr std::array<const Binary*, 6> kAll{
      &kChainBinary, &kSigsBinary, &kDsBinary, &kNsecBinary, &kKeysBinary, &kResolversBinary};
  return kAll;
}

std::span<const OptionRow> option_table() { return kTable; }

const OptionRow* find_option(const Binary& binary, std::string_view name) {
  for (const OptionRow& row : kTable) {
    if (row.name == name && (row.checks & binary.check) != 0) return &row;
  }
  return nullptr;
}

}  // namespace plugin
