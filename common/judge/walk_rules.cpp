// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// RFC 4034 4.1.1, RFC 5155 3.1.7: the NSEC and NSEC3 records of a zone are one ring; no span
// reaches over a record of the ring or over a name that exists. And --walk, from the apex to the
// apex.
#include <algorithm>
#include <map>
#include <set>

#include "judge/denials.hpp"
#include "judge/rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Name;
using dns::Type;

bool before(const Name& left, const Name& right) {
  return dns::canonical_compare(left, right) == std::strong_ordering::less;
}

struct NsecSpan {
  Name owner;
  dns::Nsec nsec;
  [[nodiscard]] bool covers(const Name& name, const Name& apex) const {
    return before(owner, name) && (nsec.next == apex || before(name, nsec.next));
  }
  /// RFC 6840 4.1, RFC 6672 5.3.4: below a cut or a DNAME it denies nothing.
  [[nodiscard]] bool may_deny(const Name& name) const {
    const bool cut = nsec.types.has(Type::ns) && !nsec.types.has(Type::soa);
    return !name.is_below(owner) || !(cut || nsec.types.has(Type::dname));
  }
};

struct Nsec3Span {
  dns::Bytes owner;
  dns::Nsec3 nsec3;
  [[nodiscard]] bool covers(const dns::Bytes& hash) const {
    const auto& next = nsec3.next_hash;
    return owner < next ? owner < hash && hash < next
                        : hash != owner && (owner < hash || hash < next);
  }
  /// RFC 5155 6: an Opt-Out span says nothing of unsigned delegations and the empty non-terminals
  /// above them; PowerDNS shows their NSEC3 when asked for them alone.
  [[nodiscard]] bool may_skip(const Nsec3Span& other) const {
    const auto types = other.nsec3.types.types();
    return nsec3.opt_out() &&
           std::all_of(types.begin(), types.end(), [](Type type) { return type == Type::ns; });
  }
};

struct Spans {
  std::vector<NsecSpan> nsec;
  std::vector<Nsec3Span> nsec3;
};

void add_span(Spans& spans, const CheckedRRset& checked, const Name& apex) {
  if (!checked.valid()) {
    return;
  }
  const auto& rdata = checked.set.rdatas.front();
  if (checked.set.type == Type::nsec) {
    auto nsec = dns::parse_nsec(rdata);
    if (nsec && nsec->next.is_at_or_below(apex)) {
      spans.nsec.push_back({checked.set.owner, *std::move(nsec)});
    }
  } else if (checked.set.type == Type::nsec3) {
    auto nsec3 = dns::parse_nsec3(rdata);
    const auto hash = hash_in_owner(checked.set.owner, apex);
    if (nsec3 && hash && nsec3->hash_algorithm == 1 && nsec3->next_hash.size() == hash->size()) {
      spans.nsec3.push_back({*hash, *std::move(nsec3)});
    }
  }
}

using NameSet = std::set<Name, dns::CanonicalLess>;

/// The zone's own names that a server's validly signed data shows.
NameSet names_at(const ServerAnalysis& server) {
  NameSet names;
  for (const auto& checked : server.rrsets) {
    const auto* lasting = checked.lasting();
    if (lasting != nullptr && !lasting->check.wildcard && checked.set.type != Type::nsec &&
        checked.set.type != Type::nsec3) {
      names.insert(checked.set.owner);
    }
  }
  return names;
}

bool is_covered_by_hash(const Analysis& analysis, const Spans& spans, const Name& name) {
  return std::any_of(spans.nsec3.begin(), spans.nsec3.end(), [&](const auto& span) {
    const auto hash = hash_of(analysis, name, parameters_of(span.nsec3));
    return hash && !span.nsec3.opt_out() && span.covers(*hash);
  });
}

bool is_covered(const Analysis& analysis, const Spans& spans, const Name& name) {
  const Name& apex = *analysis.seen->apex;
  const bool by_nsec = std::any_of(spans.nsec.begin(), spans.nsec.end(), [&](const auto& span) {
    return span.covers(name, apex) && span.may_deny(name);
  });
  return by_nsec || is_covered_by_hash(analysis, spans, name);
}

/// The empty non-terminals above those names.
NameSet empty_above(const NameSet& names, const Name& apex) {
  NameSet empty;
  for (const auto& name : names) {
    for (auto above = name.parent(); above.is_below(apex); above = above.parent()) {
      if (!names.contains(above)) {
        empty.insert(above);
      }
    }
  }
  return empty;
}

using LabelsByName = std::map<std::string, std::vector<std::string>>;

/// `empty`: RFC 5155 7.1, the empty non-terminals that NSEC3 records deny (NSEC has none for them).
void see_existing_names(const Docket& docket, const ServerAnalysis& server, const Spans& spans,
                        LabelsByName& covered, LabelsByName& empty) {
  const auto& apex = *docket.seen().apex;
  const auto names = names_at(server);
  for (const auto& name : names) {
    if (!(name == apex) && is_covered(docket.analysis, spans, name)) {
      covered[name.to_display()].push_back(server.label);
    }
  }
  for (const auto& name : empty_above(names, apex)) {
    if (is_covered_by_hash(docket.analysis, spans, name)) {
      empty[name.to_display()].push_back(server.label);
    }
  }
}

/// One finding for all those names; `one` and `many` say what is wrong with them.
void add_names(Docket& docket, Fault fault, const LabelsByName& places, const std::string& one,
               const std::string& many) {
  if (places.empty()) {
    return;
  }
  std::vector<std::string> names, labels;
  for (const auto& [name, at] : places) {
    names.push_back(name);
    for (const auto& label : at) {
      add_unique(labels, label);
    }
  }
  auto& finding = docket.add(fault, list_words(names) + (names.size() == 1 ? one : many) + " " +
                                        places_words(labels, docket.analysis.servers.size()));
  finding.servers = std::move(labels);
}

/// Two records of a ring that cannot both be right; nothing when there are none.
std::optional<std::string> contradiction(const Spans& spans, const Name& apex) {
  for (const auto& span : spans.nsec) {
    for (const auto& other : spans.nsec) {
      if (span.covers(other.owner, apex) && span.may_deny(other.owner)) {
        return "the NSEC of " + span.owner.to_display() + " leads to " +
               span.nsec.next.to_display() + ", past " + other.owner.to_display() +
               ", which has an NSEC too";
      }
    }
  }
  for (const auto& span : spans.nsec3) {
    for (const auto& other : spans.nsec3) {
      if (parameters_of(span.nsec3) == parameters_of(other.nsec3) && span.covers(other.owner) &&
          !span.may_skip(other)) {
        return "the NSEC3 of " + dns::to_base32hex(span.owner) + " leads to " +
               dns::to_base32hex(span.nsec3.next_hash) + ", past " +
               dns::to_base32hex(other.owner) + ", which has an NSEC3 too";
      }
    }
  }
  return std::nullopt;
}

void rule_rings(Docket& docket) {
  LabelsByName covered, empty, broken;
  const auto& apex = *docket.seen().apex;
  for (const auto& server : docket.analysis.servers) {
    if (!server.serving() || !is_steady(docket.analysis, server)) {
      continue;
    }
    Spans spans;
    for (const auto& checked : server.rrsets) {
      add_span(spans, checked, apex);
    }
    see_existing_names(docket, server, spans, covered, empty);
    // Records made for each answer are no ring (RFC 4470, RFC 7129 B, RFC 9824).
    const auto form = form_of(denials_of(docket.analysis, server));
    if (form != dnssec::DenialForm::nsec && form != dnssec::DenialForm::nsec3) {
      continue;
    }
    if (auto words = contradiction(spans, apex)) {
      broken[*std::move(words)].push_back(server.label);
    }
  }
  const auto of = docket.analysis.servers.size();
  add_names(docket, Fault::existing_name_covered, covered,
            " exists and is denied by an NSEC or NSEC3",
            " exist and are denied by an NSEC or NSEC3");
  add_names(docket, Fault::nsec3_missing_at_ent, empty,
            " has names below it and no NSEC3 of its own: another one denies it",
            " have names below them and no NSEC3 of their own: others deny them");
  if (!broken.empty() && !docket.has(Fault::existing_name_covered) &&
      !docket.has(Fault::nsec_multiple_at_name)) {
    const auto& [words, labels] = *broken.begin();
    docket.add(Fault::nsec_chain_broken, words + " " + places_words(labels, of)).servers = labels;
  }
}

// ---- --walk

void rule_walk(Docket& docket, const WalkAnalysis& walk) {
  const auto at = " at " + walk.server;
  const auto after = " after " + count_words(walk.chain.size(), "name") + at;
  switch (walk.end) {
    case WalkEnd::closed:
    case WalkEnd::enough:
    case WalkEnd::out_of_time:
    case WalkEnd::flooded:
    case WalkEnd::no_answer:
    case WalkEnd::no_chain:
    case WalkEnd::changed:
      return;  // fine, or said in the details
    case WalkEnd::missing:
      if (!docket.has(Fault::nsec_chain_broken)) {
        docket
            .add(Fault::nsec_chain_broken,
                 "the NSEC chain leads to " + walk.at.to_display() + ", which has no NSEC," + after)
            .servers = {walk.server};
      }
      return;
    case WalkEnd::backwards:
      docket
          .add(Fault::nsec_last_not_apex,
               "the NSEC of " + walk.at.to_display() +
                   " leads back, but not to the apex: the chain is a loop" + after)
          .servers = {walk.server};
      return;
    case WalkEnd::out_of_zone:
      if (!docket.has(Fault::nsec_next_out_of_zone)) {
        docket
            .add(Fault::nsec_next_out_of_zone,
                 "the NSEC of " + walk.at.to_display() + " leads out of the zone" + after)
            .servers = {walk.server};
      }
      return;
  }
}

void rule_walked_signatures(Docket& docket, const WalkAnalysis& walk) {
  if (docket.has(Fault::nsec_rrsig_invalid) || docket.has(Fault::nsec_rrsig_missing) ||
      docket.has(Fault::nsec_rrsig_expired)) {
    return;
  }
  std::map<Fault, std::vector<std::string>> names;
  for (const auto& record : walk.chain) {
    if (!record.valid()) {
      const bool expired = std::any_of(
          record.signatures.begin(), record.signatures.end(), [](const auto& signature) {
            return signature.check.verdict == dnssec::SignatureVerdict::expired;
          });
      names[record.signatures.empty() ? Fault::nsec_rrsig_missing
            : expired                 ? Fault::nsec_rrsig_expired
                                      : Fault::nsec_rrsig_invalid]
          .push_back(record.set.owner.to_display());
    }
  }
  for (const auto& [fault, owners] : names) {
    const auto* what = fault == Fault::nsec_rrsig_missing   ? " has no signature at "
                       : fault == Fault::nsec_rrsig_expired ? " has an expired signature at "
                                                            : " has no valid signature at ";
    docket.add(fault, "the NSEC of " + list_words(owners) + what + walk.server).servers = {
        walk.server};
  }
}

/// A chain that was walked to its end has every name; what a server has beside it is a hole.
void rule_off_chain(Docket& docket, const WalkAnalysis& walk) {
  if (walk.end != WalkEnd::closed || docket.has(Fault::existing_name_covered)) {
    return;
  }
  Spans spans;
  for (const auto& record : walk.chain) {
    add_span(spans, record, *docket.seen().apex);
  }
  NameSet owners;
  for (const auto& span : spans.nsec) {
    owners.insert(span.owner);
  }
  for (const auto& server : docket.analysis.servers) {
    if (server.label != walk.server || !is_steady(docket.analysis, server)) {
      continue;
    }
    for (const auto& name : names_at(server)) {
      // A name below a wildcard's expansion or a cut is on no chain; a covered one is a hole.
      if (!owners.contains(name) && is_covered(docket.analysis, spans, name)) {
        docket.add(Fault::existing_name_covered,
                   name.to_display() + " exists and is not on the NSEC chain at " + walk.server);
        return;
      }
    }
  }
}

}  // namespace

void rules_for_spans(Docket& docket) {
  if (!docket.seen().apex) {
    return;
  }
  rule_rings(docket);
  if (docket.analysis.walk) {
    rule_walk(docket, *docket.analysis.walk);
    rule_walked_signatures(docket, *docket.analysis.walk);
    rule_off_chain(docket, *docket.analysis.walk);
  }
}

std::string walk_words(const WalkAnalysis& walk) {
  const auto names = count_words(walk.chain.size(), "name");
  const auto at = walk.at.to_display();
  switch (walk.end) {
    case WalkEnd::closed:
      return "the NSEC chain of " + names + " is closed at " + walk.server;
    case WalkEnd::enough:
      return "the NSEC chain was followed for " + names + " at " + walk.server +
             ", as far as asked";
    case WalkEnd::out_of_time:
      return "the NSEC chain was followed only for " + names + " at " + walk.server +
             ": no time left (--timeout)";
    case WalkEnd::flooded:
      return "the NSEC chain was followed only for " + names + " at " + walk.server +
             ": so much had come that no more was asked";
    case WalkEnd::no_answer:
      return "the NSEC chain was followed only for " + names + " at " + walk.server +
             ": no NSEC of " + at + " (" + walk.detail + ")";
    case WalkEnd::no_chain:
      return "there was no NSEC chain to follow at " + walk.server;
    case WalkEnd::changed:
      return "the NSEC chain was followed only for " + names + " at " + walk.server +
             ": the zone was changed meanwhile, and " + at + " is no longer there";
    case WalkEnd::missing:
    case WalkEnd::backwards:
    case WalkEnd::out_of_zone:
      return "the NSEC chain was followed for " + names + " at " + walk.server + ", to " + at;
  }
  return {};
}

}  // namespace judge
