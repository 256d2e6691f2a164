// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "observe/json.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace observe {
namespace {

using Json = nlohmann::ordered_json;

/// Raised only inside this file, for what a foreign document lacks; from_json() turns it into an
/// Error.
struct Unreadable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

constexpr int kFormat = 1;
/// A document may hold no more of anything than an observation can: hostile files must stay cheap.
constexpr std::size_t kMostItems = 20000;

// ---- writing

Json question_to_json(const dns::Question& question) {
  return Json{{"name", question.name.to_text()}, {"type", dns::to_text(question.type)}};
}

Json to_json_value(const dns::Answer& answer) {
  Json json = question_to_json(answer.question);
  json["server"] = answer.server.address;
  json["port"] = answer.server.port;
  json["outcome"] = dns::to_text(answer.outcome);
  json["detail"] = answer.detail;
  json["via"] = dns::to_text(answer.via);
  json["edns"] = answer.edns_sent;
  json["cd"] = answer.cd_sent;
  json["truncated_udp"] = answer.truncated_udp;
  json["tcp_requested"] = answer.tcp_requested;
  json["microseconds"] = answer.round_trip.count();
  json["tries"] = answer.tries;
  json["ignored"] = answer.ignored;
  json["wire"] = dns::to_base64(answer.wire);
  return json;
}

Json to_json_value(const dns::Lookup& lookup) {
  Json json = question_to_json(lookup.question);
  json["validated"] = lookup.validated;
  json["security"] = dns::to_text(lookup.security);
  json["rcode"] = static_cast<int>(lookup.rcode);
  json["have_data"] = lookup.have_data;
  json["why_bogus"] = lookup.why_bogus;
  json["microseconds"] = lookup.round_trip.count();
  json["wire"] = dns::to_base64(lookup.wire);
  return json;
}

Json to_json_value(const dns::Name& name) { return name.to_text(); }
Json to_json_value(const std::string& text) { return text; }
Json to_json_value(const dns::Question& question) { return question_to_json(question); }

Json to_json_value(const Server& server);
Json to_json_value(const ResolverView& view);
Json to_json_value(const Nameserver& host);
Json to_json_value(const Link& link);
Json to_json_value(const Signal& signal);
Json to_json_value(const dnssec::Anchor& anchor);

template <class T>
Json list_to_json(const std::vector<T>& list) {
  Json json = Json::array();
  for (const auto& item : list) {
    json.push_back(to_json_value(item));
  }
  return json;
}

template <class T>
Json optional_to_json(const std::optional<T>& value) {
  return value ? to_json_value(*value) : Json(nullptr);
}

Json to_json_value(const Server& server) {
  return Json{{"address", server.endpoint.address},
              {"port", server.endpoint.port},
              {"names", list_to_json(server.names)},
              {"answers", list_to_json(server.answers)},
              {"large", optional_to_json(server.large)}};
}

Json to_json_value(const ResolverView& view) {
  return Json{{"address", view.address.endpoint.address},
              {"port", view.address.endpoint.port},
              {"tls_name", view.address.tls_name},
              {"answers", list_to_json(view.answers)}};
}

Json to_json_value(const Nameserver& host) {
  return Json{{"name", host.name.to_text()},
              {"at_parent", host.at_parent},
              {"at_child", host.at_child},
              {"glue", list_to_json(host.glue)},
              {"addresses", list_to_json(host.addresses)},
              {"lookups", list_to_json(host.lookups)}};
}

Json to_json_value(const Link& link) {
  return Json{{"zone", link.zone.to_text()},
              {"ds", optional_to_json(link.ds)},
              {"dnskey", optional_to_json(link.dnskey)},
              {"raw_ds", optional_to_json(link.raw_ds)},
              {"raw_dnskey", optional_to_json(link.raw_dnskey)}};
}

Json to_json_value(const dnssec::Anchor& anchor) {
  return Json{{"zone", anchor.zone.to_text()},
              {"key_tag", anchor.ds.key_tag},
              {"algorithm", anchor.ds.algorithm},
              {"digest_type", anchor.ds.digest_type},
              {"digest", dns::to_hex(anchor.ds.digest)}};
}

Json to_json_value(const Signal& signal) {
  return Json{{"nameserver", signal.nameserver.to_text()},
              {"name", optional_to_json(signal.name)},
              {"cds", optional_to_json(signal.cds)},
              {"cdnskey", optional_to_json(signal.cdnskey)}};
}

Json walk_to_json(const std::optional<Walk>& walk) {
  if (!walk) {
    return nullptr;
  }
  return Json{{"address", walk->server.address},
              {"port", walk->server.port},
              {"answers", list_to_json(walk->answers)},
              {"most", walk->most},
              {"out_of_time", walk->out_of_time}};
}

struct DescentWord {
  Descent descent;
  std::string_view word;
};
constexpr std::array<DescentWord, 5> kDescents{
    {{Descent::not_done, "not done"},
     {Descent::found, "found"},
     {Descent::root_unreachable, "root unreachable"},
     {Descent::name_not_found, "name not found"},
     {Descent::parent_unreachable, "parent unreachable"}}};

std::string_view word_of(Descent descent) {
  for (const auto& row : kDescents) {
    if (row.descent == descent) {
      return row.word;
    }
  }
  return "not done";
}

// ---- reading

const Json& member(const Json& json, const char* key) {
  if (!json.is_object() || !json.contains(key)) {
    throw Unreadable(std::string("\"") + key + "\" is missing");
  }
  return json.at(key);
}

std::string text_at(const Json& json, const char* key) {
  const auto& value = member(json, key);
  if (!value.is_string()) {
    throw Unreadable(std::string("\"") + key + "\" is not a string");
  }
  return value.get<std::string>();
}

bool flag_at(const Json& json, const char* key) {
  const auto& value = member(json, key);
  if (!value.is_boolean()) {
    throw Unreadable(std::string("\"") + key + "\" is not true or false");
  }
  return value.get<bool>();
}

/// Whole numbers in the range of T only.
template <class T>
T number_at(const Json& json, const char* key) {
  const auto& value = member(json, key);
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    if (number <= static_cast<std::uint64_t>(std::numeric_limits<T>::max())) {
      return static_cast<T>(number);
    }
  } else if (value.is_number_integer()) {
    const auto number = value.get<std::int64_t>();
    if (number >= static_cast<std::int64_t>(std::numeric_limits<T>::min()) &&
        (number < 0 || static_cast<std::uint64_t>(number) <=
                           static_cast<std::uint64_t>(std::numeric_limits<T>::max()))) {
      return static_cast<T>(number);
    }
  }
  throw Unreadable(std::string("\"") + key + "\" is not a number of the expected size");
}

dns::Name name_from(const std::string& text, const char* key) {
  auto name = dns::Name::from_text(text);
  if (!name) {
    throw Unreadable(std::string("\"") + key + "\" is not a domain name: " + name.error().message);
  }
  return *std::move(name);
}

dns::Name name_at(const Json& json, const char* key) { return name_from(text_at(json, key), key); }

dns::Bytes bytes_at(const Json& json, const char* key) {
  auto bytes = dns::from_base64(text_at(json, key));
  if (!bytes) {
    throw Unreadable(std::string("\"") + key + "\" is not base64");
  }
  return *std::move(bytes);
}

dns::Question question_from(const Json& json) {
  const auto type = dns::parse_type(text_at(json, "type"));
  if (!type) {
    throw Unreadable("\"type\" is not a record type");
  }
  return {name_at(json, "name"), *type, dns::Class::in};
}

template <class Enum, std::size_t N>
Enum enum_at(const Json& json, const char* key, const std::array<Enum, N>& values) {
  const auto word = text_at(json, key);
  for (const auto value : values) {
    if (dns::to_text(value) == word) {
      return value;
    }
  }
  throw Unreadable(std::string("\"") + key + "\" has an unknown value");
}

constexpr std::array kOutcomes{
    dns::Outcome::answered,    dns::Outcome::not_asked,          dns::Outcome::timeout,
    dns::Outcome::unreachable, dns::Outcome::connection_refused, dns::Outcome::connection_closed,
    dns::Outcome::tls_failed,  dns::Outcome::malformed,          dns::Outcome::flooded};
constexpr std::array kVias{dns::Via::udp, dns::Via::tcp, dns::Via::tls};
constexpr std::array kSecurities{dns::Security::not_looked_up, dns::Security::secure,
                                 dns::Security::insecure, dns::Security::bogus,
                                 dns::Security::failed};

std::optional<dns::Message> parsed(const dns::Bytes& wire) {
  if (wire.empty()) {
    return std::nullopt;
  }
  auto message = dns::parse_message(wire);
  return message ? std::optional(*std::move(message)) : std::nullopt;
}

dns::Answer answer_from(const Json& json) {
  dns::Answer answer;
  answer.question = question_from(json);
  answer.server = {text_at(json, "server"), number_at<std::uint16_t>(json, "port")};
  answer.outcome = enum_at(json, "outcome", kOutcomes);
  answer.detail = text_at(json, "detail");
  answer.via = enum_at(json, "via", kVias);
  answer.edns_sent = flag_at(json, "edns");
  answer.cd_sent = flag_at(json, "cd");
  answer.truncated_udp = flag_at(json, "truncated_udp");
  answer.tcp_requested = flag_at(json, "tcp_requested");
  answer.round_trip = std::chrono::microseconds(number_at<std::int64_t>(json, "microseconds"));
  answer.tries = number_at<unsigned>(json, "tries");
  answer.ignored = number_at<unsigned>(json, "ignored");
  answer.wire = bytes_at(json, "wire");
  if (answer.answered()) {
    answer.message = parsed(answer.wire);
    if (!answer.message) {
      throw Unreadable("\"wire\" of an answered question is not a DNS message");
    }
  }
  return answer;
}

dns::Lookup lookup_from(const Json& json) {
  dns::Lookup lookup;
  lookup.question = question_from(json);
  lookup.validated = flag_at(json, "validated");
  lookup.security = enum_at(json, "security", kSecurities);
  lookup.rcode = static_cast<dns::Rcode>(number_at<std::uint16_t>(json, "rcode"));
  lookup.have_data = flag_at(json, "have_data");
  lookup.why_bogus = text_at(json, "why_bogus");
  lookup.round_trip = std::chrono::microseconds(number_at<std::int64_t>(json, "microseconds"));
  lookup.wire = bytes_at(json, "wire");
  lookup.message = parsed(lookup.wire);
  return lookup;
}

template <class Read>
auto list_at(const Json& json, const char* key, Read read) {
  const auto& array = member(json, key);
  if (!array.is_array() || array.size() > kMostItems) {
    throw Unreadable(std::string("\"") + key + "\" is not a list of sensible length");
  }
  std::vector<decltype(read(array))> list;
  list.reserve(array.size());
  for (const auto& item : array) {
    list.push_back(read(item));
  }
  return list;
}

std::vector<dns::Name> names_at(const Json& json, const char* key) {
  return list_at(json, key, [&](const Json& item) {
    if (!item.is_string()) {
      throw Unreadable(std::string("\"") + key + "\" holds something that is no string");
    }
    return name_from(item.get<std::string>(), key);
  });
}

std::vector<std::string> texts_at(const Json& json, const char* key) {
  return list_at(json, key, [&](const Json& item) {
    if (!item.is_string()) {
      throw Unreadable(std::string("\"") + key + "\" holds something that is no string");
    }
    return item.get<std::string>();
  });
}

std::optional<dns::Lookup> optional_lookup_at(const Json& json, const char* key) {
  const auto& value = member(json, key);
  return value.is_null() ? std::nullopt : std::optional(lookup_from(value));
}

std::optional<dns::Name> optional_name_at(const Json& json, const char* key) {
  return member(json, key).is_null() ? std::nullopt : std::optional(name_at(json, key));
}

Server server_from(const Json& json) {
  const auto& large = member(json, "large");
  return {{text_at(json, "address"), number_at<std::uint16_t>(json, "port")},
          names_at(json, "names"),
          list_at(json, "answers", answer_from),
          large.is_null() ? std::nullopt : std::optional(answer_from(large))};
}

ResolverView resolver_from(const Json& json) {
  return {{{text_at(json, "address"), number_at<std::uint16_t>(json, "port")},
           text_at(json, "tls_name")},
          list_at(json, "answers", answer_from)};
}

Nameserver nameserver_from(const Json& json) {
  return {name_at(json, "name"),       flag_at(json, "at_parent"),
          flag_at(json, "at_child"),   texts_at(json, "glue"),
          texts_at(json, "addresses"), list_at(json, "lookups", lookup_from)};
}

Link link_from(const Json& json) {
  return {name_at(json, "zone"), optional_lookup_at(json, "ds"), optional_lookup_at(json, "dnskey"),
          optional_lookup_at(json, "raw_ds"), optional_lookup_at(json, "raw_dnskey")};
}

dnssec::Anchor anchor_from(const Json& json) {
  auto digest = dns::from_hex(text_at(json, "digest"));
  if (!digest) {
    throw Unreadable("\"digest\" is not hexadecimal");
  }
  return {name_at(json, "zone"),
          {number_at<std::uint16_t>(json, "key_tag"), number_at<std::uint8_t>(json, "algorithm"),
           number_at<std::uint8_t>(json, "digest_type"), *std::move(digest)}};
}

Signal signal_from(const Json& json) {
  return {name_at(json, "nameserver"), optional_name_at(json, "name"),
          optional_lookup_at(json, "cds"), optional_lookup_at(json, "cdnskey")};
}

Walk walk_from(const Json& json) {
  return {{text_at(json, "address"), number_at<std::uint16_t>(json, "port")},
          list_at(json, "answers", answer_from),
          number_at<std::uint32_t>(json, "most"),
          flag_at(json, "out_of_time")};
}

Descent descent_from(const std::string& word) {
  for (const auto& row : kDescents) {
    if (row.word == word) {
      return row.descent;
    }
  }
  throw Unreadable("\"descent\" has an unknown value");
}

ZoneObservation observation_from(const Json& json) {
  if (number_at<int>(json, "format") != kFormat) {
    throw Unreadable("\"format\" is not " + std::to_string(kFormat));
  }
  ZoneObservation seen;
  seen.asked = name_at(json, "asked");
  seen.descent = descent_from(text_at(json, "descent"));
  seen.apex = optional_name_at(json, "apex");
  seen.parent = optional_name_at(json, "parent");
  seen.taken_at = number_at<std::int64_t>(json, "taken_at");
  seen.anchors = list_at(json, "anchors", anchor_from);
  seen.anchor_source = text_at(json, "anchor_source");
  seen.forwarders = text_at(json, "forwarders");
  seen.servers_given = text_at(json, "servers_given");
  seen.links = list_at(json, "links", link_from);
  seen.probes = list_at(json, "probes", lookup_from);
  seen.navigation = list_at(json, "navigation", lookup_from);
  seen.nameservers = list_at(json, "nameservers", nameserver_from);
  seen.servers = list_at(json, "servers", server_from);
  seen.parent_servers = list_at(json, "parent_servers", server_from);
  seen.family_probes = list_at(json, "family_probes", server_from);
  seen.resolvers = list_at(json, "resolvers", resolver_from);
  seen.canary = optional_lookup_at(json, "canary");
  seen.algorithm_canaries = list_at(json, "algorithm_canaries", lookup_from);
  seen.wanted = list_at(json, "wanted", question_from);
  seen.random_name = optional_name_at(json, "random_name");
  seen.ipv4 = flag_at(json, "ipv4");
  seen.ipv6 = flag_at(json, "ipv6");
  seen.notes = texts_at(json, "notes");
  // Earlier records lack what was not looked at then: signals and walks.
  if (json.contains("signals")) {
    seen.signals = list_at(json, "signals", signal_from);
  }
  const auto walk = json.find("walk");
  if (walk != json.end() && !walk->is_null()) {
    seen.walk = walk_from(*walk);
  }
  seen.deadline_hit = flag_at(json, "deadline_hit");
  seen.flooded = json.contains("flooded") && flag_at(json, "flooded");
  seen.stage = text_at(json, "stage");
  if (seen.descent == Descent::found && (!seen.apex || seen.links.empty())) {
    throw Unreadable("\"descent\" is found, but \"apex\" or \"links\" is missing");
  }
  return seen;
}

}  // namespace

std::string to_json(const ZoneObservation& seen) {
  Json json{{"format", kFormat},
            {"check_dnssec", CHECK_DNSSEC_VERSION},
            {"asked", seen.asked.to_text()},
            {"descent", word_of(seen.descent)},
            {"apex", optional_to_json(seen.apex)},
            {"parent", optional_to_json(seen.parent)},
            {"taken_at", seen.taken_at},
            {"anchors", list_to_json(seen.anchors)},
            {"anchor_source", seen.anchor_source},
            {"forwarders", seen.forwarders},
            {"servers_given", seen.servers_given},
            {"links", list_to_json(seen.links)},
            {"probes", list_to_json(seen.probes)},
            {"navigation", list_to_json(seen.navigation)},
            {"nameservers", list_to_json(seen.nameservers)},
            {"servers", list_to_json(seen.servers)},
            {"parent_servers", list_to_json(seen.parent_servers)},
            {"family_probes", list_to_json(seen.family_probes)},
            {"resolvers", list_to_json(seen.resolvers)},
            {"canary", optional_to_json(seen.canary)},
            {"algorithm_canaries", list_to_json(seen.algorithm_canaries)},
            {"wanted", list_to_json(seen.wanted)},
            {"random_name", optional_to_json(seen.random_name)},
            {"ipv4", seen.ipv4},
            {"ipv6", seen.ipv6},
            {"notes", list_to_json(seen.notes)},
            {"signals", list_to_json(seen.signals)},
            {"walk", walk_to_json(seen.walk)},
            {"deadline_hit", seen.deadline_hit},
            {"flooded", seen.flooded},
            {"stage", seen.stage}};
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

dns::Result<ZoneObservation> from_json(std::string_view text) {
  try {
    return observation_from(Json::parse(text));
  } catch (const Unreadable& problem) {
    return dns::Error{problem.what()};
  } catch (const Json::parse_error& problem) {
    return dns::Error{"not JSON (at octet " + std::to_string(problem.byte) + ")"};
  } catch (const Json::exception& problem) {
    return dns::Error{std::string("not JSON: ") + problem.what()};
  }
}

}  // namespace observe
