// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// What is remembered, in words.
#include <algorithm>
#include <filesystem>

#include "dns/escape.hpp"
#include "dnssec/algorithm.hpp"
#include "dnssec/key.hpp"
#include "judge/rhythm.hpp"
#include "judge/words.hpp"
#include "memory/json.hpp"
#include "past.hpp"
#include "plugin/report.hpp"
#include "plugin/run.hpp"
#include "session.hpp"

namespace plugins {
namespace {

using namespace std::chrono_literals;
using plugin::State;

std::string when(dns::UnixTime time) { return dns::to_iso_minute(time); }

std::string subject_of(const memory::SeenRecord& record) {
  const std::string type = dns::to_text(record.type);
  if (record.type == dns::Type::dnskey || record.type == dns::Type::cdnskey) {
    if (const auto key = dns::parse_dnskey(record.rdata)) {
      return type + " " + std::to_string(dnssec::key_tag(record.rdata)) + " (flags " +
             std::to_string(key->flags) + ", algorithm " + dnssec::algorithm_text(key->algorithm) +
             ")";
    }
  } else if (const auto ds = dns::parse_ds(record.rdata)) {
    return type + " " + std::to_string(ds->key_tag) + " (algorithm " +
           dnssec::algorithm_text(ds->algorithm) + ", digest " +
           dnssec::digest_text(ds->digest_type) + ")";
  }
  return type + " that cannot be read";
}

std::string line_of(const memory::SeenRecord& record, const memory::Zone& zone) {
  std::string line = "  " + subject_of(record) + ": ";
  line += record.first_seen == zone.since ? "there at the first run, " : "first seen ";
  line += when(record.first_seen);
  if (record.last_seen < zone.last_run) {
    line += ", gone after " + when(record.last_seen);
  }
  if (record.first_signing && record.last_signing) {
    line +=
        ", seen signing from " + when(*record.first_signing) + " to " + when(*record.last_signing);
  }
  return line + ", TTL " + dns::to_human_duration(record.ttl) + "\n";
}

std::string rhythm_text(const memory::Zone& zone) {
  std::string text;
  if (zone.newest) {
    text += "  the newest signatures began " + when(zone.newest->inception) + ", end " +
            when(zone.newest->expiration) + " and were first seen " + when(zone.newest->seen) +
            "\n";
  }
  const auto count = zone.signings.size();
  text += "  " + judge::count_words(count == 0 ? 0 : count - 1, "re-signing") + " seen: ";
  if (const auto rhythm = judge::rhythm_of(zone)) {
    text += "the signer renews signatures by an age of " + dns::to_human_duration(rhythm->habit) +
            "; they live " + dns::to_human_duration(rhythm->lifetime);
  } else {
    text += "its habit is not known yet (three at a like age are needed)";
  }
  if (const auto margin = judge::margin_of(zone)) {
    text += "\n  what ends first was renewed with at least " +
            dns::to_human_duration(margin->rest) + " left (seen " +
            std::to_string(margin->renewals) + " times)";
  }
  return text + "\n";
}

std::string line_of(const memory::Lasting& lasting) {
  return "  " + dns::escape_line(lasting.fault) + ": from " + when(lasting.first_seen) + " to " +
         when(lasting.last_seen) + "\n";
}

std::string zone_text(const plugin::Binary& binary, const memory::Zone& zone,
                      const std::string& file) {
  if (zone.empty()) {
    return zone.zone.to_display() + ": nothing is remembered (" + dns::escape_line(file) + ")\n";
  }
  std::string text = zone.zone.to_display() + ": " +
                     judge::count_words(static_cast<std::size_t>(zone.runs), "run") + " from " +
                     when(zone.since) + " to " + when(zone.last_run) + " (" +
                     dns::escape_line(file) + ")\n";
  for (const auto& record : zone.records) {
    text += line_of(record, zone);
  }
  for (const auto& lasting : zone.lasting) {
    text += line_of(lasting);
  }
  const bool has_rhythm = binary.check == judge::kSigs || !zone.signings.empty();
  return text + (has_rhythm ? rhythm_text(zone) : std::string());
}

/// Looking must not leave directories behind.
bool is_missing(const std::string& folder) {
  std::error_code ignored;
  return std::filesystem::status(folder, ignored).type() == std::filesystem::file_type::not_found;
}

}  // namespace

int show_state(const plugin::Binary& binary, const plugin::Options& options, dns::UnixTime now) {
  if (!options.state_dir) {
    return fail(binary, options,
                "option --show-state: nothing is remembered: give --state-dir DIR");
  }
  std::string text;
  auto patience = 1000ms;
  const auto folder = *options.state_dir + "/" + std::string(binary.name);
  for (const auto& zone : options.zones) {
    if (is_missing(folder)) {
      memory::Zone empty;
      empty.zone = zone;
      text += options.output == plugin::Output::json
                  ? memory::to_json(empty, binary.name)
                  : zone_text(binary, empty, memory::path_words(folder) + " is not there");
      continue;
    }
    const auto store = memory::Store::open(*options.state_dir, binary.name, zone, patience);
    if (!store) {
      return fail(binary, options, store.error().message);
    }
    const auto known = store->look(now);
    if (!known) {
      return fail(binary, options,
                  "the state file " + store->file() + " cannot be used: " + known.error().message +
                      "; the next run sets it aside");
    }
    text += options.output == plugin::Output::json ? memory::to_json(*known, binary.name)
                                                   : zone_text(binary, *known, store->file());
  }
  return plugin::emit(State::ok, text);
}

}  // namespace plugins
