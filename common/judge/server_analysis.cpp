// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <algorithm>

#include "dns/escape.hpp"
#include "dnssec/denial.hpp"
#include "judge/analysis.hpp"
#include "judge/cuts.hpp"

namespace judge {
namespace {

using dns::Name;
using dns::Outcome;
using dns::Rcode;
using dns::Type;

// ---- how the server did

std::string extended_errors(const dns::Message& message) {
  std::string words;
  if (message.edns) {
    for (const auto& error : message.edns->errors) {
      words += " (" + dns::extended_error_name(error.code);
      words += error.text.empty() ? ")" : ": " + dns::escape(error.text, 80) + ")";
      if (words.size() > 200) {
        break;
      }
    }
  }
  return words;
}

bool has_soa(const dns::Message& message, const Name& apex) {
  return std::any_of(message.answer.begin(), message.answer.end(), [&](const dns::Record& record) {
    return record.type == Type::soa && record.owner == apex;
  });
}

bool refers_upward(const dns::Message& message, const Name& apex) {
  return std::any_of(message.authority.begin(), message.authority.end(),
                     [&](const dns::Record& record) {
                       return record.type == Type::ns && apex.is_below(record.owner);
                     });
}

void judge_silence(ServerAnalysis& analysis, const dns::Answer& soa) {
  switch (soa.outcome) {
    case Outcome::answered:
    case Outcome::not_asked:
      analysis.service = Service::not_asked;
      analysis.trouble = "was not asked: no time left";
      return;
    case Outcome::flooded:
      analysis.service = Service::flooded;
      analysis.trouble = "was not asked: too much had come before";
      return;
    case Outcome::timeout:
      analysis.service = Service::silent;
      analysis.trouble = "does not answer";
      return;
    case Outcome::unreachable:
      analysis.service = Service::unreachable;
      analysis.trouble = "cannot be reached from here";
      if (!soa.detail.empty()) {
        analysis.trouble += " (" + dns::escape(soa.detail, 80) + ")";
      }
      return;
    case Outcome::connection_refused:
      analysis.service = Service::silent;
      analysis.trouble = "refuses connections";
      return;
    case Outcome::connection_closed:
      analysis.service = Service::silent;
      analysis.trouble = soa.truncated_udp ? "answers truncated over UDP and closes TCP connections"
                                           : "closes connections without an answer";
      return;
    case Outcome::tls_failed:
    case Outcome::malformed:
      analysis.service = Service::malformed;
      analysis.trouble = "sends malformed answers (" + dns::escape(soa.detail, 80) + ")";
      return;
  }
}

/// The answer without EDNS that was tried after one with it had failed.
const dns::Answer* bare_answer(const observe::Server& server, const Name& apex) {
  for (const auto& answer : server.answers) {
    if (!answer.edns_sent && answer.question.type == Type::soa && answer.question.name == apex) {
      return &answer;
    }
  }
  return nullptr;
}

bool works_without_edns(const observe::Server& server, const Name& apex) {
  const auto* bare = bare_answer(server, apex);
  return bare != nullptr && bare->answered() && bare->message->rcode == Rcode::noerror &&
         has_soa(*bare->message, apex);
}

void judge_answer(ServerAnalysis& analysis, const dns::Message& message, const Name& apex,
                  bool recursion) {
  if (message.rcode != Rcode::noerror) {
    analysis.service = Service::lame;
    analysis.trouble = "answers " + dns::to_text(message.rcode) + extended_errors(message);
    return;
  }
  if (!has_soa(message, apex)) {
    analysis.service = Service::lame;
    analysis.trouble =
        refers_upward(message, apex) ? "refers to the zones above" : "has no SOA for the zone";
    return;
  }
  if (!message.aa && !recursion) {
    analysis.service = Service::lame;
    analysis.trouble = "answers without authority (no AA)";
    return;
  }
  analysis.service = Service::serving;
}

/// RFC 9499 "lame delegation", and EDNS trouble told apart from it.
void judge_service(ServerAnalysis& analysis, const observe::Server& server, const Name& apex,
                   bool recursion) {
  const auto* soa = server.find(apex, Type::soa);
  if (soa == nullptr) {
    analysis.trouble = "was not asked: no time left";
    return;
  }
  const bool bare_only = works_without_edns(server, apex) && soa->outcome != Outcome::malformed &&
                         !(soa->answered() && soa->edns_sent && soa->message->edns &&
                           soa->message->rcode == Rcode::noerror);
  if (bare_only) {
    analysis.service = Service::no_edns;
    const bool ignored = soa->edns_sent && soa->answered() && soa->message->rcode == Rcode::noerror;
    analysis.trouble = ignored ? "ignores EDNS and so DNSSEC" : "answers only without EDNS";
    return;
  }
  if (soa->answered()) {
    judge_answer(analysis, *soa->message, apex, recursion);
  } else {
    judge_silence(analysis, *soa);
  }
}

// ---- what it said

/// A CNAME that the server made from a DNAME has no signature of its own (RFC 6672 5.3.1).
bool made_from_dname(const dns::SignedRRset& data, const std::vector<dns::SignedRRset>& section) {
  return data.set.type == Type::cname && data.signatures.empty() &&
         std::any_of(section.begin(), section.end(), [&](const dns::SignedRRset& other) {
           return other.set.type == Type::dname && data.set.owner.is_below(other.set.owner);
         });
}

/// Data of a zone below ours that the same server serves is not our matter. A signature's signer
/// tells whose it is, else the cut above it; at the cut only the DS RRset is ours (RFC
/// 4035 3.1.4.1).
bool belongs_to_child(const dns::SignedRRset& data, const Name& apex, const ZonesBelow& below) {
  if (data.set.owner == apex) {
    return false;
  }
  // Whoever signed a DS RRset, it is of the zone above the one that begins at its owner.
  const auto place = data.set.type == Type::ds ? data.set.owner.parent() : data.set.owner;
  bool ours = false;
  for (const auto& signature : data.signatures) {
    if (signature.rrsig && place.is_at_or_below(signature.rrsig->signer)) {
      if (below.begins_at(signature.rrsig->signer)) {
        return true;
      }
      ours = ours || signature.rrsig->signer == apex;
    }
  }
  return !ours && below.has(place);
}

/// A server of both zones answers a DS question at our apex from the parent's side (RFC
/// 4035 3.1.4.1).
bool belongs_to_parent(const dns::SignedRRset& data, const Name& apex) {
  return data.set.type == Type::ds && data.set.owner == apex &&
         std::none_of(data.signatures.begin(), data.signatures.end(),
                      [&](const dns::Signature& signature) {
                        return signature.rrsig && signature.rrsig->signer == apex;
                      });
}

struct Reading {
  const observe::ZoneObservation& seen;
  ServerAnalysis& analysis;
  const Name& apex;
  const std::vector<dnssec::Key>& keys;
  dns::UnixTime now;
  Work& work;
};

void demand_wildcard_proof(CheckedRRset& checked, const std::vector<dns::SignedRRset>& authority,
                           const Reading& reading) {
  const auto* lasting = checked.lasting();
  if (lasting == nullptr || !lasting->check.wildcard) {
    return;
  }
  const auto records = dnssec::denial_records(reading.apex, authority);
  const auto proof = dnssec::prove_wildcard_answer(checked.set.owner, lasting->rrsig->labels,
                                                   records, {.work = &reading.work.hashing});
  checked.wildcard_unproven = !dnssec::is_proven(proof.verdict);
}

bool is_denial_type(Type type) {
  return type == Type::nsec || type == Type::nsec3 || type == Type::soa;
}

/// Told of as the SOA of another zone, not as data of ours that has no signature.
bool is_soa_of_nobody(const dns::RRset& set, const observe::ZoneObservation& seen) {
  return set.type == Type::soa && observe::is_of_nobody(seen, set.owner);
}

/// The one that this is a further sighting of. Online signers give one name several NSEC records,
/// each right for its answer: they are RRsets of their own.
const CheckedRRset* first_of(const ServerAnalysis& analysis, const dns::RRset& set) {
  if (set.type != Type::nsec && set.type != Type::nsec3) {
    return analysis.find(set.owner, set.type);
  }
  for (const auto place : analysis.places.find(set.owner, set.type)) {
    if (dns::same_rdata(analysis.rrsets[place].set, set)) return &analysis.rrsets[place];
  }
  return nullptr;
}

/// The same where there is no DS: the NSEC at our apex is the parent's then.
bool is_denied_by_parent(const dns::Answer& answer, const Name& apex) {
  if (answer.question.type != Type::ds || !(answer.question.name == apex)) {
    return false;
  }
  const auto& authority = answer.message->authority;
  return std::any_of(authority.begin(), authority.end(), [&](const dns::Record& record) {
    return record.type == Type::soa && apex.is_below(record.owner);
  });
}

/// Whether one more RRset fits into the budget, and takes it from there. A server that is asked for
/// a hundred types and fifty denials shows three hundred.
bool may_look(Reading& reading) {
  constexpr std::size_t most_of_server = 1000;
  constexpr std::size_t most_of_zone = 10000;
  const auto& analysis = reading.analysis;
  auto& work = reading.work;
  if (analysis.rrsets.size() + analysis.repeats.size() >= most_of_server ||
      work.rrsets >= most_of_zone) {
    work.rrsets_left = true;
    return false;
  }
  ++work.rrsets;
  return true;
}

void read_section(Reading& reading, const std::vector<dns::SignedRRset>& section,
                  const std::vector<dns::SignedRRset>& authority, bool is_authority, bool aa) {
  for (const auto& data : section) {
    const bool ours = data.set.owner.is_at_or_below(reading.apex) &&
                      (!is_authority || is_denial_type(data.set.type)) &&
                      !made_from_dname(data, section) &&
                      !is_soa_of_nobody(data.set, reading.seen) &&
                      !belongs_to_child(data, reading.apex, reading.analysis.below) &&
                      !belongs_to_parent(data, reading.apex);
    if (!ours) {
      continue;
    }
    reading.analysis.any_signature = reading.analysis.any_signature || !data.signatures.empty();
    const auto* first = first_of(reading.analysis, data.set);
    const bool nothing = data.set.rdatas.empty() && (first != nullptr || data.signatures.empty());
    if (nothing || reading.analysis.sighting(data) != nullptr) {
      continue;
    }
    if (!may_look(reading)) {
      return;
    }
    auto checked =
        check_rrset(data, reading.apex, reading.keys, reading.now, reading.work.verifier);
    checked.aa = aa;
    demand_wildcard_proof(checked, authority, reading);
    // What comes signed in one answer may come unsigned in the next (RFC 4035 3.1).
    if (first == nullptr || (first->valid() && !checked.valid())) {
      reading.analysis.add(std::move(checked));
    } else {
      reading.analysis.add_repeat(std::move(checked));
    }
  }
}

void read_answer(Reading& reading, const dns::Answer& answer, bool recursion) {
  if (!answer.answered() || !answer.edns_sent || (!answer.message->aa && !recursion) ||
      is_denied_by_parent(answer, reading.apex)) {
    return;
  }
  const auto authority = dns::group(answer.message->authority);
  read_section(reading, dns::group(answer.message->answer), authority, false, answer.message->aa);
  read_section(reading, authority, authority, true, answer.message->aa);
}

const dns::Answer* dnskey_answer(const observe::Server& server, const Name& apex) {
  for (const bool tcp : {false, true}) {
    const auto* answer = server.find(apex, Type::dnskey, tcp);
    if (answer != nullptr && answer->answered() && answer->message->rcode == Rcode::noerror) {
      return answer;
    }
  }
  return nullptr;
}

}  // namespace

std::optional<std::vector<dnssec::Key>> keys_of_server(const observe::Server& server,
                                                       const Name& apex) {
  const auto* answer = dnskey_answer(server, apex);
  if (answer == nullptr) {
    return std::nullopt;
  }
  const auto sets = dns::group(answer->message->answer);
  const auto* data = dns::find(sets, apex, Type::dnskey);
  return data == nullptr ? std::vector<dnssec::Key>{} : dnssec::keys_of(data->set);
}

ServerAnalysis analyse_server(const observe::ZoneObservation& seen, const observe::Server& server,
                              const std::vector<dnssec::Key>& fallback_keys, const KnownCuts& known,
                              dns::UnixTime now, Work& work) {
  ServerAnalysis analysis;
  analysis.server = &server;
  analysis.label = server.label();
  if (!seen.apex) {
    return analysis;
  }
  const Name& apex = *seen.apex;
  const bool recursion = asked_resolvers(seen);
  judge_service(analysis, server, apex, recursion);
  if (!analysis.serving()) {
    return analysis;
  }
  auto keys = keys_of_server(server, apex);
  analysis.keys_seen = keys.has_value();
  analysis.keys = std::move(keys).value_or(std::vector<dnssec::Key>{});
  analysis.below = zones_below(seen, server, known);
  Reading reading{seen, analysis, apex, analysis.keys_seen ? analysis.keys : fallback_keys,
                  now,  work};
  analysis.keys_unknown = !analysis.keys_seen && fallback_keys.empty();
  for (const auto& answer : server.answers) {
    read_answer(reading, answer, recursion);
  }
  if (const auto* soa = analysis.find(apex, Type::soa);
      soa != nullptr && !soa->set.rdatas.empty()) {
    analysis.soa = dns::parse_soa(soa->set.rdatas.front());
  }
  return analysis;
}

}  // namespace judge
