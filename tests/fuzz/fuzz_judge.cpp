// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// A record of a real look at a zone, with answers changed as the input says, judged by any of the
// six binaries and printed in any format. The input: binary, format, words, options, which record,
// then changes of six octets each.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "checks.hpp"
#include "fuzz.hpp"
#include "input.hpp"
#include "observe/json.hpp"
#include "plugin/stream.hpp"
#include "plugin_output.hpp"
#include "policy.hpp"

namespace {

constexpr std::size_t kMostChanges = 64;

std::vector<std::string> read_records() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(FUZZ_DATA_DIR "/observations")) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> records;
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    records.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  fuzz::require(!records.empty(), "there are records");
  return records;
}

std::vector<observe::ZoneObservation> parse_records() {
  std::vector<observe::ZoneObservation> parsed;
  for (const auto& record : read_records()) parsed.push_back(observe::from_json(record).value());
  return parsed;
}

const std::vector<observe::ZoneObservation>& records() {
  static const auto parsed = parse_records();
  return parsed;
}

/// Every message of an observation, whoever gave it.
struct Place {
  dns::Bytes* wire;
  std::optional<dns::Message>* message;
  dns::Answer* answer;  ///< nullptr: a look-up
  dns::Lookup* lookup;
};

void add(std::vector<Place>& places, dns::Answer& answer) {
  places.push_back({&answer.wire, &answer.message, &answer, nullptr});
}
void add(std::vector<Place>& places, dns::Lookup& lookup) {
  places.push_back({&lookup.wire, &lookup.message, nullptr, &lookup});
}
void add(std::vector<Place>& places, std::optional<dns::Lookup>& lookup) {
  if (lookup) add(places, *lookup);
}
template <class Each>
void add_answers(std::vector<Place>& places, std::vector<Each>& all) {
  for (auto& each : all) {
    for (auto& answer : each.answers) add(places, answer);
  }
}

std::vector<Place> places_of(observe::ZoneObservation& seen) {
  std::vector<Place> places;
  add_answers(places, seen.servers);
  for (auto& link : seen.links) {
    add(places, link.ds);
    add(places, link.dnskey);
    add(places, link.raw_ds);
    add(places, link.raw_dnskey);
  }
  add_answers(places, seen.parent_servers);
  add_answers(places, seen.resolvers);
  for (auto& probe : seen.probes) add(places, probe);
  for (auto& lookup : seen.navigation) add(places, lookup);
  for (auto& signal : seen.signals) {
    add(places, signal.cds);
    add(places, signal.cdnskey);
  }
  if (seen.walk) {
    for (auto& answer : seen.walk->answers) add(places, answer);
  }
  return places;
}

void parse_anew(const Place& place) {
  auto parsed = dns::parse_message(*place.wire);
  place.message->reset();
  if (parsed) *place.message = *parsed;
  if (place.answer == nullptr) return;
  place.answer->outcome = parsed ? dns::Outcome::answered : dns::Outcome::malformed;
  place.answer->detail = parsed ? "" : parsed.error().message;
}

/// A place, what is done there, where in it, and with what.
void change(const std::vector<Place>& places, fuzz::Input& input) {
  const auto& place = places[input.u16() % places.size()];
  const unsigned kind = input.u8();
  const std::size_t at = input.u16();
  const auto value = input.u8();
  switch (kind % 8U) {
    case 0:  // somebody else's answer
      *place.wire = *places[at % places.size()].wire;
      break;
    case 1:
      place.wire->resize(std::min(at, place.wire->size()));
      break;
    case 2:
      if (place.answer != nullptr) {
        parse_anew(place);  // a record has a message exactly where there was an answer
        const auto outcome = static_cast<dns::Outcome>(value % 8U);
        if (outcome == dns::Outcome::answered) return;
        place.answer->outcome = outcome;
        place.message->reset();
        return;
      }
      place.lookup->security = static_cast<dns::Security>(value % 5U);
      return;
    case 3:
      if (!place.wire->empty())
        place.wire->insert(
            place.wire->begin() + static_cast<std::ptrdiff_t>(at % place.wire->size()), value);
      break;
    default:
      if (place.wire->empty()) return;
      auto& octet = (*place.wire)[at % place.wire->size()];
      octet = kind % 2U == 0 ? value : static_cast<std::uint8_t>(octet ^ value);
  }
  parse_anew(place);
}

plugin::Options options_of(fuzz::Input& input) {
  constexpr std::array kOutputs{plugin::Output::text,       plugin::Output::json,
                                plugin::Output::jsonl,      plugin::Output::passive,
                                plugin::Output::icinga_api, plugin::Output::openmetrics,
                                plugin::Output::zabbix};
  plugin::Options options;
  options.replay = "record";
  options.output = kOutputs[input.u8() % kOutputs.size()];
  options.verbose = input.u8() % 4;
  const unsigned choice = input.u8();
  options.expect = static_cast<plugin::Expect>(choice & 3U);
  if ((choice & 4U) != 0) options.forecast = 30 * 86400;
  options.bootstrap = (choice & 8U) != 0;
  options.standard_policy = (choice & 16U) != 0;
  if ((choice & 32U) != 0) options.max_age = 3600;
  options.expect_denial = static_cast<judge::ExpectDenial>(choice >> 6U & 3U);
  return options;
}

/// The run's output, as of one zone, or where `many` as of several.
std::string print(const plugin::Binary& binary, const plugin::Options& options,
                  const plugin::Report& report, dns::UnixTime now) {
  if (options.output == plugin::Output::text || options.output == plugin::Output::json) {
    return plugin::render(binary, options, {report});
  }
  std::string text;
  auto stream = plugin::make_stream(binary, options, [&](std::string_view part) {
    text += part;
    return true;
  });
  fuzz::require(stream.ok(), "a stream to memory");
  (*stream)->add(report, now);
  fuzz::require((*stream)->finish().ok(), "nothing is lost");
  return text;
}

/// What is recorded can be replayed.
void use_record(const observe::ZoneObservation& seen) {
  const auto text = observe::to_json(seen);
  const auto again = observe::from_json(text);
  fuzz::require(again.ok() && observe::to_json(*again) == text,
                "a record is read as it is written");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const auto checks = fuzz::all_checks();
  const auto& check = *checks[input.u8() % checks.size()];
  const auto options = options_of(input);
  auto seen = records()[input.u8() % records().size()];
  const auto places = places_of(seen);
  for (std::size_t i = 0; i < kMostChanges && !input.at_end(); ++i) change(places, input);
  if (size % 16 == 0) use_record(seen);

  plugins::PastLimits limits{std::chrono::steady_clock::now() + std::chrono::seconds(60)};
  const auto judged =
      plugins::report_on(check, options, plugins::policy_for(options, {}), seen, 0.5, limits);
  fuzz::require(!judged.trouble, "every observation can be judged");
  const auto state = plugin::state_of(judged.report);
  const auto text = print(check.binary, options, judged.report, seen.taken_at);
  fuzz::require_output(text, options.output, check.binary, state);
  return 0;
}
