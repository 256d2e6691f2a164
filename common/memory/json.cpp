// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "memory/json.hpp"

#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "dns/rdata.hpp"

namespace memory {
namespace {

using Json = nlohmann::ordered_json;

/// Raised only inside this file; from_json() turns it into an Error.
struct Unreadable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

constexpr int kVersion = 1;
constexpr std::string_view kFormat = "check_dnssec state";
/// Far more than is ever written.
constexpr std::size_t kMostItems = 4096;
/// Another host's clock, or ours before it was set, may have been a little ahead.
constexpr dns::UnixTime kClockSlack = 300;

// ---- writing

Json record_to_json(const SeenRecord& record) {
  Json json{{"type", dns::to_text(record.type)},
            {"rdata", dns::to_base64(record.rdata)},
            {"ttl", record.ttl},
            {"ttl_seen", record.ttl_seen},
            {"first_seen", record.first_seen},
            {"last_seen", record.last_seen}};
  if (record.first_signing && record.last_signing) {
    json["first_signing"] = *record.first_signing;
    json["last_signing"] = *record.last_signing;
  }
  return json;
}

Json signing_to_json(const Signing& signing) {
  return Json{{"seen", signing.seen},
              {"inception", signing.inception},
              {"expiration", signing.expiration},
              {"last_seen", signing.last_seen}};
}

Json lasting_to_json(const Lasting& lasting) {
  return Json{{"fault", lasting.fault},
              {"first_seen", lasting.first_seen},
              {"last_seen", lasting.last_seen}};
}

// ---- reading

const Json& member(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) {
    throw Unreadable(std::string("it lacks \"") + name + "\"");
  }
  return *found;
}

std::string text_in(const Json& object, const char* name) {
  const auto& value = member(object, name);
  if (!value.is_string()) {
    throw Unreadable(std::string("\"") + name + "\" is no text");
  }
  return value.get<std::string>();
}

std::int64_t number_in(const Json& object, const char* name, std::int64_t most) {
  const auto& value = member(object, name);
  const bool fits =
      value.is_number_unsigned() && value.get<std::uint64_t>() <= static_cast<std::uint64_t>(most);
  if (!fits) {
    throw Unreadable(std::string("\"") + name + "\" is no number from 0 to " +
                     std::to_string(most));
  }
  return value.get<std::int64_t>();
}

constexpr std::int64_t kEndOfTime = 253402300799;  // the year 9999

struct Reader {
  dns::UnixTime now;

  /// A moment of a run: never in the future.
  [[nodiscard]] dns::UnixTime past(const Json& object, const char* name) const {
    const auto time = number_in(object, name, kEndOfTime);
    if (time > now + kClockSlack) {
      throw Unreadable(std::string("\"") + name +
                       "\" is in the future: " + dns::to_iso_second(time));
    }
    return time;
  }

  [[nodiscard]] SeenRecord record(const Json& json) const {
    SeenRecord record;
    const auto type = dns::parse_type(text_in(json, "type"));
    auto rdata = dns::from_base64(text_in(json, "rdata"));
    if (!type || !rdata) {
      throw Unreadable("a record's type or rdata is unreadable");
    }
    record.type = *type;
    record.rdata = *std::move(rdata);
    record.ttl = static_cast<std::uint32_t>(
        number_in(json, "ttl", std::numeric_limits<std::uint32_t>::max()));
    record.first_seen = past(json, "first_seen");
    record.last_seen = past(json, "last_seen");
    // The first state files have none.
    record.ttl_seen = json.contains("ttl_seen") ? past(json, "ttl_seen") : record.last_seen;
    if (json.contains("first_signing")) {
      record.first_signing = past(json, "first_signing");
      record.last_signing = past(json, "last_signing");
    }
    return record;
  }

  [[nodiscard]] Signing signing(const Json& json) const {
    return {past(json, "seen"), number_in(json, "inception", kEndOfTime),
            number_in(json, "expiration", kEndOfTime), past(json, "last_seen")};
  }

  [[nodiscard]] Lasting lasting(const Json& json) const {
    return {text_in(json, "fault"), past(json, "first_seen"), past(json, "last_seen")};
  }
};

const Json& list_in(const Json& object, const char* name) {
  const auto& list = member(object, name);
  if (!list.is_array() || list.size() > kMostItems) {
    throw Unreadable(std::string("\"") + name + "\" is no list of at most " +
                     std::to_string(kMostItems));
  }
  for (const auto& item : list) {
    if (!item.is_object()) {
      throw Unreadable(std::string("\"") + name + "\" holds something that is no object");
    }
  }
  return list;
}

void demand_ours(const Json& document, std::string_view check, const dns::Name& zone) {
  if (!document.is_object() || text_in(document, "format") != kFormat) {
    throw Unreadable("it is not a state file of check_dnssec");
  }
  if (const auto version = number_in(document, "version", 1000000); version != kVersion) {
    throw Unreadable("it is of version " + std::to_string(version) + ", this release reads " +
                     std::to_string(kVersion));
  }
  const auto name = dns::Name::from_text(text_in(document, "zone"));
  if (text_in(document, "check") != check || !name || !(*name == zone)) {
    throw Unreadable("it is of another check or zone");
  }
}

Zone read(const Json& document, std::string_view check, const dns::Name& name, dns::UnixTime now) {
  demand_ours(document, check, name);
  const Reader reader{now};
  Zone zone;
  zone.zone = name;
  zone.since = reader.past(document, "since");
  zone.last_run = reader.past(document, "last_run");
  zone.runs = static_cast<std::uint64_t>(
      number_in(document, "runs", std::numeric_limits<std::int64_t>::max() - 1));
  for (const auto& json : list_in(document, "records")) {
    zone.records.push_back(reader.record(json));
  }
  for (const auto& json : list_in(document, "signings")) {
    zone.signings.push_back(reader.signing(json));
  }
  if (document.contains("lasting")) {  // files of version 1.0 have none
    for (const auto& json : list_in(document, "lasting")) {
      zone.lasting.push_back(reader.lasting(json));
    }
  }
  for (const auto& json : list_in(document, "newest")) {
    zone.newest = reader.signing(json);
  }
  if (document.contains("first_to_end")) {  // the first state files have none
    for (const auto& json : list_in(document, "first_to_end")) {
      zone.first_to_end = reader.signing(json);
    }
    for (const auto& json : list_in(document, "renewed")) {
      zone.renewed.push_back(reader.signing(json));
    }
  }
  return zone;
}

}  // namespace

std::string to_json(const Zone& zone, std::string_view check) {
  Json document{
      {"format", kFormat},           {"version", kVersion},      {"check", check},
      {"zone", zone.zone.to_text()}, {"since", zone.since},      {"last_run", zone.last_run},
      {"runs", zone.runs},           {"records", Json::array()}, {"signings", Json::array()},
      {"newest", Json::array()}};
  for (const auto& record : zone.records) {
    document["records"].push_back(record_to_json(record));
  }
  for (const auto& signing : zone.signings) {
    document["signings"].push_back(signing_to_json(signing));
  }
  document["lasting"] = Json::array();
  for (const auto& lasting : zone.lasting) {
    document["lasting"].push_back(lasting_to_json(lasting));
  }
  if (zone.newest) {
    document["newest"].push_back(signing_to_json(*zone.newest));
  }
  document["first_to_end"] = Json::array();
  if (zone.first_to_end) {
    document["first_to_end"].push_back(signing_to_json(*zone.first_to_end));
  }
  document["renewed"] = Json::array();
  for (const auto& signing : zone.renewed) {
    document["renewed"].push_back(signing_to_json(signing));
  }
  return document.dump(1) + "\n";
}

dns::Result<Zone> from_json(std::string_view text, std::string_view check, const dns::Name& zone,
                            dns::UnixTime now) {
  try {
    const auto document = Json::parse(text, nullptr, false);
    if (document.is_discarded()) {
      return dns::Error{"it is not whole JSON"};
    }
    return read(document, check, zone, now);
  } catch (const Unreadable& problem) {
    return dns::Error{problem.what()};
  } catch (const Json::exception& problem) {
    return dns::Error{std::string("it cannot be read: ") + problem.what()};
  }
}

}  // namespace memory
