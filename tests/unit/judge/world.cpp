// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/world.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace judge_test {

using dns::Name;
using dns::Type;

namespace {

std::string host_of(std::size_t index) { return "ns" + std::to_string(index + 1) + ".zone.test"; }

std::string address_of(std::size_t index) { return "192.0.2." + std::to_string(index + 1); }

dns::Lookup look_up(const Zone& zone, const dns::Question& question, dns::Security security) {
  dns::Lookup lookup;
  lookup.question = question;
  lookup.security = security;
  const auto message = zone.answer(question);
  lookup.have_data = !message.answer.empty();
  say(lookup, message);
  return lookup;
}

/// Where the validator is not content it gives no packet, and a raw look-up stands beside.
void look_up_both(const Zone& zone, const dns::Question& question, dns::Security security,
                  std::optional<dns::Lookup>& validated, std::optional<dns::Lookup>& raw) {
  validated = look_up(zone, question, security);
  if (security == dns::Security::secure) {
    return;
  }
  raw = validated;
  raw->validated = false;
  raw->security = dns::Security::insecure;
  if (security == dns::Security::bogus || security == dns::Security::failed) {
    validated->rcode = dns::Rcode::servfail;
    validated->have_data = false;
    validated->why_bogus = security == dns::Security::bogus ? "validation failure" : "";
    validated->wire.clear();
    validated->message.reset();
  }
}

dns::Answer ask(const dns::Endpoint& server, dns::Question question, const dns::Message& message,
                bool tcp = false) {
  dns::Answer answer;
  answer.question = std::move(question);
  answer.server = server;
  answer.tries = 1;
  answer.tcp_requested = tcp;
  answer.via = tcp ? dns::Via::tcp : dns::Via::udp;
  say(answer, message);
  return answer;
}

}  // namespace

World::World(std::size_t servers)
    : root(make_zone(".", {Signer(1, kKeySigningKey)})),
      above(make_zone("test", {Signer(2, kKeySigningKey)})),
      key_signer(3, kKeySigningKey),
      zone_signer(4) {
  auto zone = make_zone(kZone, {key_signer, zone_signer});
  std::vector<dns::Bytes> hosts;
  for (std::size_t i = 0; i < servers; ++i) {
    const auto host = address(static_cast<std::uint8_t>(i + 1));
    hosts.push_back(target(host_of(i)));
    zone.put(name(host_of(i)), Type::a, {host});
    above.put(name(host_of(i)), Type::a, {host});
  }
  zone.put(zone.apex, Type::ns, hosts);
  zone.put(zone.apex, Type::mx, {mx(10, "www.zone.test")});
  zone.put(zone.apex, Type::a, {address(80)});
  zone.put(name("www.zone.test"), Type::a, {address(80)});
  zone.sign();
  copies.assign(servers, zone);
  above.put(above.apex, Type::ns, {target("ns.test")});
  above.put(zone.apex, Type::ns, hosts);
  publish_ds({key_signer.ds(zone.apex)});
  root.put(root.apex, Type::ns, {target("ns.root")});
  root.put(above.apex, Type::ns, {target("ns.test")});
  root.put(above.apex, Type::ds, {ds_rdata(above.keys.front().ds(above.apex))});
  root.sign();
  anchors = {root.keys.front().ds(root.apex)};
}

void World::everywhere(const std::function<void(Zone&)>& change) {
  for (auto& copy : copies) {
    change(copy);
  }
}

void World::publish_ds(const std::vector<dns::Ds>& set) {
  above.remove(apex(), Type::ds);
  std::vector<dns::Bytes> rdatas;
  for (const auto& ds : set) {
    rdatas.push_back(ds_rdata(ds));
  }
  if (!rdatas.empty()) {
    above.put(apex(), Type::ds, std::move(rdatas));
  }
  above.sign();
}

void World::use_keys(const std::vector<Signer>& keys) {
  everywhere([&](Zone& copy) {
    copy.keys = keys;
    copy.sign();
  });
  std::vector<dns::Ds> set;
  for (const auto& key : keys) {
    if (key.is_sep() && !key.is_revoked()) {
      set.push_back(key.ds(apex()));
    }
  }
  publish_ds(set);
}

void World::add(std::string_view owner, Type type, const dns::Bytes& rdata) {
  everywhere([&](Zone& copy) {
    copy.put(name(owner), type, {rdata});
    copy.sign();
  });
}

void World::ask(std::string_view asked, Type type) {
  wanted.push_back({name(asked), type, dns::Class::in});
}

observe::Server World::ask_server(const Zone& copy, std::size_t index) const {
  observe::Server server;
  server.endpoint = {address_of(index), 53};
  server.names = {name(host_of(index))};
  const auto put = [&](const Name& asked, Type type, bool tcp = false) {
    const dns::Question question{asked, type, dns::Class::in};
    server.answers.push_back(
        judge_test::ask(server.endpoint, question, copy.answer(question), tcp));
  };
  put(copy.apex, Type::soa);
  put(copy.apex, observe::kMissingType);
  put(name(kNobody), Type::a);
  put(copy.apex, Type::ns);
  put(copy.apex, Type::dnskey);
  put(copy.apex, Type::dnskey, true);
  for (const auto& question : wanted) {
    put(question.name, question.type);
    put(question.name, observe::kMissingType);
    for (auto at = question.name.parent(); at.is_below(copy.apex); at = at.parent()) {
      put(at, Type::a);
    }
  }
  for (const auto& data : copy.sets) {
    const auto type = data.set.type;
    const bool asked = type == Type::soa || type == Type::ns || type == Type::dnskey ||
                       type == Type::nsec || type == Type::nsec3;
    if (data.set.owner == copy.apex && !asked) {
      put(copy.apex, type);
    }
  }
  return server;
}

observe::Server World::ask_parent(std::size_t index) const {
  observe::Server server;
  server.endpoint = {"198.51.100." + std::to_string(index + 1), 53};
  server.names = {name("ns.test")};
  const dns::Question ns{apex(), Type::ns, dns::Class::in};
  const dns::Question ds{apex(), Type::ds, dns::Class::in};
  server.answers.push_back(judge_test::ask(server.endpoint, ns, above.referral(ns, apex())));
  server.answers.push_back(judge_test::ask(server.endpoint, ds, above.answer(ds)));
  return server;
}

observe::ZoneObservation World::observe() const {
  observe::ZoneObservation seen;
  seen.asked = apex();
  seen.descent = observe::Descent::found;
  seen.apex = apex();
  seen.parent = above.apex;
  seen.taken_at = kNow;
  seen.anchor_source = "a test";
  for (const auto& ds : anchors) {
    seen.anchors.push_back({root.apex, ds});
  }
  seen.random_name = name(kNobody);
  seen.wanted = wanted;
  const auto& seen_zone = copies.front();
  const auto about = [&](const Name& asked, Type type) {
    return dns::Question{asked, type, dns::Class::in};
  };
  const auto secure = dns::Security::secure;
  seen.links.resize(3);
  seen.links[0].zone = root.apex;
  seen.links[0].dnskey = look_up(root, about(root.apex, Type::dnskey), secure);
  seen.links[1].zone = above.apex;
  seen.links[1].ds = look_up(root, about(above.apex, Type::ds), secure);
  seen.links[1].dnskey = look_up(above, about(above.apex, Type::dnskey), secure);
  auto& last = seen.links[2];
  last.zone = apex();
  look_up_both(above, about(apex(), Type::ds), word, last.ds, last.raw_ds);
  look_up_both(seen_zone, about(apex(), Type::dnskey), word, last.dnskey, last.raw_dnskey);
  seen.probes = {look_up(seen_zone, about(apex(), Type::soa), word),
                 look_up(seen_zone, about(name(kNobody), Type::a), word),
                 look_up(seen_zone, about(apex(), observe::kMissingType), word)};
  for (const auto& question : wanted) {
    seen.probes.push_back(look_up(seen_zone, question, word));
  }
  for (std::size_t i = 0; i < copies.size(); ++i) {
    observe::Nameserver host;
    host.name = name(host_of(i));
    host.at_parent = host.at_child = true;
    host.glue = host.addresses = {address_of(i)};
    host.lookups = {look_up(seen_zone, about(host.name, Type::a), word),
                    look_up(seen_zone, about(host.name, Type::aaaa), word)};
    seen.nameservers.push_back(std::move(host));
    seen.servers.push_back(ask_server(copies[i], i));
  }
  seen.parent_servers = {ask_parent(0), ask_parent(1)};
  if (denials) {
    ask_denials(seen);
  }
  return seen;
}

void World::ask_denials(observe::ZoneObservation& seen) const {
  for (std::size_t i = 0; i < copies.size(); ++i) {
    auto& server = seen.servers[i];
    const auto put = [&](const std::vector<dns::Question>& questions) {
      for (const auto& question : questions) {
        if (server.find(question.name, question.type) == nullptr) {
          server.answers.push_back(
              judge_test::ask(server.endpoint, question, copies[i].answer(question)));
        }
      }
    };
    put(observe::denial_questions(seen, 2));
    put(observe::listed_questions(seen, server));
  }
}

void World::ask_about_cuts(observe::ZoneObservation& seen) const {
  for (std::size_t i = 0; i < copies.size(); ++i) {
    for (const auto& question : observe::cut_questions(seen, seen.servers[i])) {
      seen.servers[i].answers.push_back(
          judge_test::ask(seen.servers[i].endpoint, question, copies[i].answer(question)));
    }
  }
}

std::string label(std::size_t index) { return host_of(index) + " (" + address_of(index) + ")"; }

dns::Answer& answer(observe::Server& server, std::string_view asked, Type type, bool tcp) {
  for (auto& answer : server.answers) {
    if (answer.question.type == type && answer.tcp_requested == tcp &&
        answer.question.name == name(asked)) {
      return answer;
    }
  }
  throw std::runtime_error("not asked: " + std::string(asked) + " " + dns::to_text(type));
}

void say(dns::Answer& answer, const dns::Message& message) {
  answer.outcome = dns::Outcome::answered;
  answer.wire = dns::write_message(message);
  answer.message = dns::parse_message(answer.wire).value();
}

void say(dns::Lookup& lookup, const dns::Message& message) {
  lookup.wire = dns::write_message(message);
  lookup.message = dns::parse_message(lookup.wire).value();
  lookup.rcode = lookup.message->rcode;
}

void edit(dns::Answer& answer, const std::function<void(dns::Message&)>& change) {
  auto message = answer.message.value();
  change(message);
  say(answer, message);
}

void edit(dns::Lookup& lookup, const std::function<void(dns::Message&)>& change) {
  auto message = lookup.message.value();
  change(message);
  say(lookup, message);
}

void fail(observe::Server& server, dns::Outcome outcome, const std::string& detail) {
  for (auto& answer : server.answers) {
    answer.outcome = outcome;
    answer.detail = detail;
    answer.wire.clear();
    answer.message.reset();
  }
}

void refuse(observe::Server& server, dns::Rcode rcode) {
  for (auto& answer : server.answers) {
    edit(answer, [rcode](dns::Message& message) {
      message.rcode = rcode;
      message.answer.clear();
      message.authority.clear();
    });
  }
}

void drop(std::vector<dns::Record>& section, const std::function<bool(const dns::Record&)>& which) {
  section.erase(std::remove_if(section.begin(), section.end(), which), section.end());
}

bool is_signature_of(const dns::Record& record, Type covered) {
  const auto rrsig = record.type == Type::rrsig ? dns::parse_rrsig(record.rdata) : std::nullopt;
  return rrsig && rrsig->covered == covered;
}

}  // namespace judge_test
