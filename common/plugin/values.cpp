// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <algorithm>
#include <array>
#include <charconv>

#include "plugin/arguments.hpp"
#include "plugin/ds_text.hpp"
#include "plugin/endpoint_text.hpp"
#include "plugin/moment.hpp"
#include "plugin/numbers.hpp"
#include "plugin/report.hpp"
#include "plugin/setting.hpp"

namespace plugin {
namespace {

/// " (too large)", from an error that may hold foreign bytes. Its quotes would come out as `\034`.
std::string because(const dns::Error& error) {
  std::string words = error.message;
  words.erase(std::remove(words.begin(), words.end(), '"'), words.end());
  return " (" + escape(words, 160) + ")";
}

Problem set_zone(const Setting& set) {
  auto name = dns::Name::from_text(set.given.value);
  if (!name) return "cannot be a zone" + because(name.error());
  const auto same = std::find(set.options.zones.begin(), set.options.zones.end(), *name);
  if (same == set.options.zones.end()) set.options.zones.push_back(*std::move(name));
  return std::nullopt;
}

/// RFC 6895 3.1: data types, not those of questions and of the message itself.
bool has_signatures(dns::Type type) {
  const auto code = static_cast<std::uint16_t>(type);
  const bool meta = code == 0 || type == dns::Type::opt || (code >= 128 && code <= 255);
  return !meta && type != dns::Type::rrsig && type != dns::Type::sig;
}

Problem set_name(const Setting& set) {
  std::string_view owner = set.given.value;
  dns::Type type = dns::Type::a;
  // Names may hold a slash too ("0/25.2.0.192.in-addr.arpa", RFC 2317): no type has a dot.
  const std::size_t slash = owner.rfind('/');
  if (slash != std::string_view::npos && owner.find('.', slash) == std::string_view::npos) {
    const auto parsed = dns::parse_type(owner.substr(slash + 1));
    if (!parsed) return "does not end in a record type: NAME or NAME/TYPE is accepted";
    if (!has_signatures(*parsed)) return "names a type that is never signed";
    type = *parsed;
    owner = owner.substr(0, slash);
  }
  auto name = dns::Name::from_text(owner);
  if (!name) return "is not NAME or NAME/TYPE" + because(name.error());
  set.options.names.push_back({*std::move(name), type, dns::Class::in});
  return std::nullopt;
}

Problem set_sandbox(const Setting& set) {
  if (set.given.value == "auto") {
    set.options.sandbox = Sandbox::automatic;
  } else if (set.given.value == "require") {
    set.options.sandbox = Sandbox::require;
  } else if (set.given.value == "off") {
    set.options.sandbox = Sandbox::off;
  } else {
    return "is not auto, require or off";
  }
  return std::nullopt;
}

Problem set_expect(const Setting& set) {
  if (set.given.value == "secure") {
    set.options.expect = Expect::secure;
  } else if (set.given.value == "insecure") {
    set.options.expect = Expect::insecure;
  } else if (set.given.value == "bogus") {
    set.options.expect = Expect::bogus;
  } else if (set.given.value == "any") {
    set.options.expect = Expect::any;
  } else {
    return "is not secure, insecure, bogus or any";
  }
  return std::nullopt;
}

Problem set_at(const Setting& set) {
  const auto moment = parse_moment(set.given.value, set.environment.now);
  if (!moment) {
    return "is not a time like 2026-12-01T00:00Z, 2026-12-01, @1796083200 or +2d" +
           because(moment.error());
  }
  set.options.at = *moment;
  return std::nullopt;
}

Problem read_threshold(const Given& given, std::optional<judge::Threshold>& into) {
  const auto threshold = judge::parse_threshold(given.value);
  if (!threshold) {
    return "is not a range [@][START:]END of durations like 7d: or 1h30m:" +
           because(threshold.error());
  }
  // Only a signature has a lifetime to take a share of.
  if (threshold->percent && (given.row->checks & (judge::kChain | judge::kResolvers)) != 0) {
    return "is a share: a range of durations like 1d: is accepted here";
  }
  into = *threshold;
  return std::nullopt;
}

Problem set_warning(const Setting& set) { return read_threshold(set.given, set.options.warning); }
Problem set_critical(const Setting& set) { return read_threshold(set.given, set.options.critical); }
Problem set_dnskey_warning(const Setting& set) {
  return read_threshold(set.given, set.options.dnskey_warning);
}
Problem set_dnskey_critical(const Setting& set) {
  return read_threshold(set.given, set.options.dnskey_critical);
}

Problem read_duration(const Given& given, std::optional<double>& into) {
  const auto duration = judge::parse_duration(given.value);
  if (!duration || *duration < given.row->least || *duration > given.row->most) {
    return "is not a duration from 1s to 3650d, like 9d or 1h30m";
  }
  into = *duration;
  return std::nullopt;
}

Problem set_max_age(const Setting& set) { return read_duration(set.given, set.options.max_age); }
Problem set_max_dangling(const Setting& set) {
  return read_duration(set.given, set.options.max_dangling);
}
Problem set_cds_max_age(const Setting& set) {
  return read_duration(set.given, set.options.cds_max_age);
}

Problem set_bootstrap(const Setting& set) {
  set.options.bootstrap = true;
  return std::nullopt;
}

Problem add_ds(const Given& given, std::vector<dns::Ds>& into) {
  auto ds = parse_ds_text(given.value);
  if (!ds) return ds.error().message;
  into.push_back(*std::move(ds));
  return std::nullopt;
}

Problem set_pin(const Setting& set) { return add_ds(set.given, set.options.pins); }

Problem set_ds(const Setting& set) {
  if (set.given.value != "lookup") {
    const auto problem = add_ds(set.given, set.options.ds);
    return problem ? *problem + ", or lookup" : problem;
  }
  set.options.ds_lookup = true;
  return std::nullopt;
}

Problem set_stall_slack(const Setting& set) {
  const auto slack = judge::parse_duration(set.given.value);
  if (!slack || *slack < set.given.row->least || *slack > set.given.row->most) {
    return "is not a duration of at most 3650d, like 12h or 1d";
  }
  set.options.stall_slack = *slack;
  return std::nullopt;
}

Problem read_key_age(const Given& given, std::optional<double>& into) {
  const auto age = judge::parse_duration(given.value);
  if (!age || *age < given.row->least || *age > given.row->most) {
    return "is not a duration from 1s to 36500d, like 90d or 1w";
  }
  into = *age;
  return std::nullopt;
}
Problem set_zsk_max_age(const Setting& set) {
  return read_key_age(set.given, set.options.zsk_max_age);
}
Problem set_ksk_max_age(const Setting& set) {
  return read_key_age(set.given, set.options.ksk_max_age);
}

Problem set_notice(const Setting& set) {
  const auto notice = judge::parse_duration(set.given.value);
  if (!notice || *notice < 0 || *notice > set.given.row->most) {
    return "is not a duration from 0s to 3650d, like 30d or 2w";
  }
  set.options.notice = *notice;
  return std::nullopt;
}

Problem set_policy(const Setting& set) {
  if (set.given.value != "standard" && set.given.value != "none") {
    return "is not standard or none";
  }
  set.options.standard_policy = set.given.value == "standard";
  return std::nullopt;
}

Problem set_severity(const Setting& set) {
  std::string_view rest = set.given.value;
  for (;;) {
    const std::string_view one = rest.substr(0, rest.find(','));
    const std::size_t equals = one.find('=');
    if (equals == std::string_view::npos) return "is not ID=STATE[,ID=STATE]";
    const std::string_view id = one.substr(0, equals);
    const auto fault = judge::find_fault(id);
    if (!fault) {
      std::vector<std::string_view> ids;
      for (const judge::FaultInfo& info : judge::catalogue()) ids.push_back(info.id);
      const auto close = nearest(id, ids);
      return "names no finding: " + quote(id) +
             (close.empty() ? "; see --list-findings" : "; did you mean " + any_of(close) + "?");
    }
    const auto tier = judge::parse_tier(one.substr(equals + 1));
    if (!tier) {
      return "has a state that is not ok, mute, info, unknown, warning, critical or emergency";
    }
    set.options.severity[*fault] = *tier;
    if (one.size() == rest.size()) return std::nullopt;
    rest.remove_prefix(one.size() + 1);
  }
}

constexpr double kLongestOfMany = 86400;  // seconds

Problem set_timeout(const Setting& set) {
  const std::string_view value = set.given.value;
  const std::size_t colon = value.find(':');
  double seconds = 0;
  State state = State::unknown;
  OptionRow row = *set.given.row;
  if (set.options.zones_file) row.most = kLongestOfMany;
  if (auto problem = read_seconds(row, value.substr(0, colon), seconds)) return problem;
  if (colon != std::string_view::npos) {
    const std::string_view word = value.substr(colon + 1);
    if (word == "warning") {
      state = State::warning;
    } else if (word == "critical") {
      state = State::critical;
    } else if (word != "unknown") {
      return "has a state that is not warning, critical or unknown";
    }
  }
  set.options.timeout = seconds;
  set.options.timeout_state = state;
  return std::nullopt;
}

Problem set_query_timeout(const Setting& set) {
  return read_seconds(*set.given.row, set.given.value, set.options.query_timeout);
}

Problem set_retries(const Setting& set) {
  const auto count =
      parse_whole<unsigned>(set.given.value, static_cast<unsigned>(set.given.row->most));
  if (!count) return "is not a whole number" + limits(*set.given.row);
  set.options.retries = *count;
  return std::nullopt;
}

Problem set_expect_denial(const Setting& set) {
  using judge::ExpectDenial;
  if (set.given.value == "nsec") {
    set.options.expect_denial = ExpectDenial::nsec;
  } else if (set.given.value == "nsec3") {
    set.options.expect_denial = ExpectDenial::nsec3;
  } else if (set.given.value == "minimal") {
    set.options.expect_denial = ExpectDenial::minimal;
  } else {
    return "is not nsec, nsec3 or minimal";
  }
  return std::nullopt;
}

Problem set_probes(const Setting& set) {
  const auto count =
      parse_whole<unsigned>(set.given.value, static_cast<unsigned>(set.given.row->most));
  if (!count) return "is not a whole number" + limits(*set.given.row);
  set.options.probes = *count;
  return std::nullopt;
}

Problem set_walk(const Setting& set) {
  if (set.given.value.empty()) {
    set.options.walk = 0;
    return std::nullopt;
  }
  const auto count =
      parse_whole<std::uint32_t>(set.given.value, static_cast<std::uint32_t>(set.given.row->most));
  if (!count || *count == 0) return "is not a number of names from 1 to 9000";
  set.options.walk = *count;
  return std::nullopt;
}

Problem set_ipv4(const Setting& set) {
  set.options.only_v4 = true;
  set.options.only_v6 = false;
  return std::nullopt;
}
Problem set_ipv6(const Setting& set) {
  set.options.only_v6 = true;
  set.options.only_v4 = false;
  return std::nullopt;
}

/// The port that is there already is meant where none is given.
Problem read_endpoint(std::string_view value, dns::Endpoint& endpoint) {
  auto parsed = parse_endpoint_text(value, endpoint.port);
  if (!parsed) return parsed.error().message;
  endpoint = *std::move(parsed);
  return std::nullopt;
}

Problem add_endpoint(const Given& given, std::vector<dns::Endpoint>& into) {
  dns::Endpoint endpoint;
  if (auto problem = read_endpoint(given.value, endpoint)) return problem;
  into.push_back(endpoint);
  return std::nullopt;
}

/// A certificate's name: a host name or an address.
bool can_be_tls_name(const std::string& name) {
  constexpr std::size_t kMost = 253;
  const auto fits = [](char octet) {
    const bool letter = (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
    return letter || (octet >= '0' && octet <= '9') || octet == '.' || octet == '-' ||
           octet == '_' || octet == ':';
  };
  return !name.empty() && name.size() <= kMost && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), fits);
}

Problem set_resolver(const Setting& set) {
  const std::string_view value = set.given.value;
  const std::size_t hash = value.find('#');
  dns::ResolverAddress resolver;
  if (hash != std::string_view::npos) {
    resolver.endpoint.port = dns::kTlsPort;
    resolver.tls_name = value.substr(hash + 1);
    if (resolver.tls_name.size() > 1 && resolver.tls_name.back() == '.') {
      resolver.tls_name.pop_back();  // certificates name hosts without the root's dot
    }
    if (!can_be_tls_name(resolver.tls_name)) {
      return "has no name after the #: the one of the resolver's certificate, like dns.example";
    }
  }
  if (auto problem = read_endpoint(value.substr(0, hash), resolver.endpoint)) return problem;
  auto& resolvers = set.options.resolvers;
  if (std::find(resolvers.begin(), resolvers.end(), resolver) == resolvers.end()) {
    resolvers.push_back(std::move(resolver));
  }
  return std::nullopt;
}

Problem set_canary_bogus(const Setting& set) {
  auto name = dns::Name::from_text(set.given.value);
  if (!name) return "is not a domain name" + because(name.error());
  set.options.canary_bogus = *std::move(name);
  return std::nullopt;
}

Problem set_canary_algorithm(const Setting& set) {
  constexpr std::size_t kMost = 32;
  auto name = dns::Name::from_text(set.given.value);
  if (!name) return "is not a domain name" + because(name.error());
  auto& names = set.options.canary_algorithms;
  if (std::find(names.begin(), names.end(), *name) == names.end()) {
    if (names.size() == kMost) return "is given more than 32 times";
    names.push_back(*std::move(name));
  }
  return std::nullopt;
}

Problem set_quorum(const Setting& set) { return read_count(set.given, set.options.quorum); }

Problem set_server(const Setting& set) { return add_endpoint(set.given, set.options.servers); }
Problem set_forward(const Setting& set) { return add_endpoint(set.given, set.options.forward); }

Problem set_trust_anchor(const Setting& set) {
  return read_path(set.given, set.options.trust_anchor);
}
Problem set_tls_ca(const Setting& set) { return read_path(set.given, set.options.tls_ca); }
Problem set_root_hints(const Setting& set) { return read_path(set.given, set.options.root_hints); }
Problem set_record(const Setting& set) { return read_path(set.given, set.options.record); }
Problem set_replay(const Setting& set) { return read_path(set.given, set.options.replay); }
Problem set_key_dir(const Setting& set) { return read_path(set.given, set.options.key_dir); }
Problem set_state_dir(const Setting& set) { return read_path(set.given, set.options.state_dir); }

Problem set_zone_file(const Setting& set) { return read_path(set.given, set.options.zone_file); }

Problem set_axfr(const Setting& set) {
  set.options.axfr = true;
  set.options.axfr_server.reset();
  if (set.given.value.empty()) return std::nullopt;
  return read_endpoint(set.given.value, set.options.axfr_server.emplace());
}
Problem set_tsig_file(const Setting& set) { return read_path(set.given, set.options.tsig_file); }

Problem set_allow_include(const Setting& set) {
  set.options.allow_include = true;
  return std::nullopt;
}

Problem set_threads(const Setting& set) { return read_count(set.given, set.options.threads); }

Problem set_all(const Setting& set) {
  set.options.all = true;
  return std::nullopt;
}

Problem set_show_state(const Setting& set) {
  set.options.show_state = true;
  return std::nullopt;
}

Problem set_verbose(const Setting& set) {
  set.options.verbose = std::min(set.options.verbose + 1, 3);
  return std::nullopt;
}

/// Those that end the run at once are handled before any value is looked at.
Problem already_handled(const Setting& /*set*/) { return std::nullopt; }

constexpr std::array kHandlers{SettingHandler{"zone", set_zone},
                               SettingHandler{"hostname", set_zone},
                               SettingHandler{"name", set_name},
                               SettingHandler{"expect", set_expect},
                               SettingHandler{"at", set_at},
                               SettingHandler{"warning", set_warning},
                               SettingHandler{"critical", set_critical},
                               SettingHandler{"dnskey-warning", set_dnskey_warning},
                               SettingHandler{"dnskey-critical", set_dnskey_critical},
                               SettingHandler{"max-age", set_max_age},
                               SettingHandler{"stall-slack", set_stall_slack},
                               SettingHandler{"bootstrap", set_bootstrap},
                               SettingHandler{"pin", set_pin},
                               SettingHandler{"max-dangling", set_max_dangling},
                               SettingHandler{"cds-max-age", set_cds_max_age},
                               SettingHandler{"zsk-max-age", set_zsk_max_age},
                               SettingHandler{"ksk-max-age", set_ksk_max_age},
                               SettingHandler{"policy", set_policy},
                               SettingHandler{"notice", set_notice},
                               SettingHandler{"key-dir", set_key_dir},
                               SettingHandler{"severity", set_severity},
                               SettingHandler{"timeout", set_timeout},
                               SettingHandler{"query-timeout", set_query_timeout},
                               SettingHandler{"retries", set_retries},
                               SettingHandler{"sandbox", set_sandbox},
                               SettingHandler{"expect-denial", set_expect_denial},
                               SettingHandler{"probes", set_probes},
                               SettingHandler{"walk", set_walk},
                               SettingHandler{"use-ipv4", set_ipv4},
                               SettingHandler{"use-ipv6", set_ipv6},
                               SettingHandler{"canary-bogus", set_canary_bogus},
                               SettingHandler{"canary-algorithm", set_canary_algorithm},
                               SettingHandler{"quorum", set_quorum},
                               SettingHandler{"resolver", set_resolver},
                               SettingHandler{"tls-ca", set_tls_ca},
                               SettingHandler{"server", set_server},
                               SettingHandler{"forward", set_forward},
                               SettingHandler{"trust-anchor", set_trust_anchor},
                               SettingHandler{"root-hints", set_root_hints},
                               SettingHandler{"record", set_record},
                               SettingHandler{"replay", set_replay},
                               SettingHandler{"zone-file", set_zone_file},
                               SettingHandler{"axfr", set_axfr},
                               SettingHandler{"tsig-file", set_tsig_file},
                               SettingHandler{"allow-include", set_allow_include},
                               SettingHandler{"ds", set_ds},
                               SettingHandler{"threads", set_threads},
                               SettingHandler{"all", set_all},
                               SettingHandler{"state-dir", set_state_dir},
                               SettingHandler{"show-state", set_show_state},
                               SettingHandler{"extra-opts", already_handled},
                               SettingHandler{"verbose", set_verbose},
                               SettingHandler{"list-findings", already_handled},
                               SettingHandler{"explain", already_handled},
                               SettingHandler{"version", already_handled},
                               SettingHandler{"help", already_handled}};

}  // namespace

std::optional<std::string> apply_option(const Given& given, const Environment& environment,
                                        Options& options) {
  for (const auto handlers : {std::span<const SettingHandler>(kHandlers), run_handlers()}) {
    for (const SettingHandler& handler : handlers) {
      if (handler.name != given.row->name) continue;
      const Problem problem = handler.apply({given, environment, options});
      if (!problem) return std::nullopt;
      const std::string where = given.source.empty() ? "" : given.source + ": ";
      return where + "option --" + std::string(given.row->name) + ": " + quote(given.value) + " " +
             *problem;
    }
  }
  return "option --" + std::string(given.row->name) + " cannot be set";
}

}  // namespace plugin
