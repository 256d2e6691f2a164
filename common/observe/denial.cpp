// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Which questions show how a zone denies: names and types that nobody has, at the apex, below empty
// non-terminals and below wildcards. Pure: no waiting here.
#include <algorithm>
#include <array>

#include "dnssec/denial.hpp"
#include "observe/observation.hpp"

namespace observe {
namespace {

using dns::Name;
using dns::Question;
using dns::Type;

/// A name has rarely more than five labels; a hostile --name has 120.
constexpr std::size_t kMostEnclosers = 8;
/// A hostile bitmap lists every type there is.
constexpr std::size_t kMostListed = 60;
/// Of SHA-1 for one answer (CVE-2023-50868): four chains of 500 iterations.
constexpr std::size_t kMostRounds = 2004;
/// Octets of host names in canonical order. Some servers answer SERVFAIL for names with others
/// (PowerDNS), which says nothing about their denials.
constexpr std::string_view kHostOctets = "-0123456789_abcdefghijklmnopqrstuvwxyz";
/// What users ask for: a bitmap that lacks one of these makes caches deny it (RFC 8198).
constexpr std::array kUsualTypes{Type::a, Type::aaaa, Type::mx, Type::txt, Type::https};

using Questions = std::vector<Question>;

void add(Questions& questions, const Name& name, Type type) {
  Question question{name, type, dns::Class::in};
  if (std::find(questions.begin(), questions.end(), question) == questions.end()) {
    questions.push_back(std::move(question));
  }
}

void add(Questions& questions, const std::optional<Name>& name, Type type) {
  if (name) {
    add(questions, *name, type);
  }
}

std::string random_label(const ZoneObservation& seen) {
  const auto label = seen.random_name->labels().front();
  return {label.begin(), label.end()};
}

void add_random_names(Questions& questions, const ZoneObservation& seen, unsigned probes) {
  const auto label = random_label(seen);
  for (const auto type : {Type::a, kMissingType}) {
    add(questions, seen.random_name, type);  // there may be a wildcard at the apex
  }
  auto deep = seen.apex->prepend(label + "-deep");
  for (const std::string_view more : {"three", "labels", "more"}) {
    deep = deep ? deep->prepend(more) : deep;
  }
  add(questions, deep, Type::a);
  for (unsigned i = 0; i < probes; ++i) {
    // Spread over the alphabet, so that they are in different spans of an NSEC chain.
    const auto first = kHostOctets[1 + i * (kHostOctets.size() - 1) / probes];
    add(questions, seen.apex->prepend(first + ("-" + label) + "-" + std::to_string(i)), Type::a);
  }
}

void add_about_wildcard(Questions& questions, const ZoneObservation& seen, const Question& wanted) {
  const auto below = nobody_below(seen, wanted.name.parent());
  for (const auto type : {wanted.type, kMissingType, Type::a, Type::aaaa}) {
    add(questions, below, type);
  }
}

/// A label that comes before this one, and behind all that anybody is likely to have used there;
/// nothing where it takes unusual octets.
std::optional<std::string> label_before(dns::ByteView label) {
  constexpr std::size_t kMostOctets = 63;
  constexpr std::size_t kEnough = 6;
  std::string before(label.begin(), label.end());
  const bool upper = before.back() >= 'A' && before.back() <= 'Z';
  const auto last = upper ? before.back() + ('a' - 'A') : before.back();
  const auto at = kHostOctets.find(static_cast<char>(last));
  if (at == std::string_view::npos || at == 0) {
    return std::nullopt;
  }
  before.back() = kHostOctets[at - 1];
  return before.append(std::min(kMostOctets - before.size(), kEnough), 'z');
}

/// RFC 4034 6.1: what covers the names on both sides of a name that exists must end there.
void add_about_neighbours(Questions& questions, const ZoneObservation& seen, const Name& name) {
  const auto label = name.labels().front();
  if (const auto before = label_before(label)) {
    add(questions, name.parent().prepend(*before), Type::a);
  }
  if (name.is_wildcard()) {
    return;  // what is behind and below it is made from it
  }
  add(questions, name.parent().prepend(std::string(label.begin(), label.end()) + "-"), Type::a);
  // Below a name that exists nothing may be made from a wildcard further up (RFC 4592 3.3.1); at a
  // zone cut, the answer is a referral.
  add(questions, nobody_below(seen, name), Type::a);
}

/// Empty non-terminals are among the names between a name and the apex.
void add_about_enclosers(Questions& questions, const ZoneObservation& seen, const Name& name) {
  const auto apex_labels = seen.apex->label_count();
  auto encloser = name.parent();
  for (std::size_t i = 0; i < kMostEnclosers && encloser.label_count() > apex_labels; ++i) {
    add(questions, encloser, kMissingType);
    add(questions, nobody_below(seen, encloser), Type::a);
    encloser = encloser.parent();
  }
}

/// The bitmap at that name, from the denial of a type that it does not have.
std::optional<dns::TypeBitmap> bitmap_at(const dns::Message& message, const Name& owner,
                                         const Name& apex) {
  if (auto nsec = nsec_at(message, owner, apex)) {
    return std::move(nsec->types);
  }
  const auto records = dnssec::denial_records(apex, dns::group(message.authority));
  dnssec::HashWork work(kMostRounds);
  for (const auto& entry : records.nsec3) {
    const auto hash = work.hash(owner, entry.nsec3.iterations, entry.nsec3.salt);
    if (hash && *hash == entry.owner_hash) {
      return entry.nsec3.types;
    }
  }
  return std::nullopt;
}

bool can_be_asked(Type type) {
  const auto value = static_cast<std::uint16_t>(type);
  const bool meta = value == 0 || type == Type::opt || (value >= 128 && value <= 255);
  return !meta && type != Type::rrsig && type != Type::nsec && type != Type::nsec3;
}

void add_listed(Questions& questions, const ZoneObservation& seen, const Server& server,
                const Name& asked, const Name& owner) {
  const auto* answer = server.find(asked, kMissingType);
  if (answer == nullptr || !answer->answered()) {
    return;
  }
  const auto bitmap = bitmap_at(*answer->message, owner, *seen.apex);
  if (!bitmap || bitmap->types().size() > kMostListed) {
    return;
  }
  for (const auto type : bitmap->types()) {
    if (can_be_asked(type) && server.find(asked, type) == nullptr) {
      add(questions, asked, type);
    }
  }
}

/// A wildcard at the apex shows itself: users get its types under every name (Slack, 2021).
void add_about_wildcard_at_apex(Questions& questions, const ZoneObservation& seen,
                                const Server& server) {
  const auto wildcard = seen.apex ? seen.apex->wildcard() : std::nullopt;
  const auto* answer =
      wildcard && seen.random_name ? server.find(*seen.random_name, kMissingType) : nullptr;
  if (answer == nullptr || !answer->answered() ||
      !bitmap_at(*answer->message, *wildcard, *seen.apex)) {
    return;
  }
  for (const auto type : kUsualTypes) {
    if (server.find(*seen.random_name, type) == nullptr) {
      add(questions, *seen.random_name, type);
    }
  }
  add_listed(questions, seen, server, *seen.random_name, *wildcard);
}

}  // namespace

std::optional<Name> nobody_below(const ZoneObservation& seen, const Name& parent) {
  return seen.random_name ? parent.prepend(random_label(seen)) : std::nullopt;
}

bool is_of_nobody(const observe::ZoneObservation& seen, const Name& name) {
  if (!seen.random_name || seen.random_name->is_root()) {
    return false;
  }
  const auto label = seen.random_name->labels().front();
  const auto labels = name.labels();
  return std::any_of(labels.begin(), labels.end(), [&](dns::ByteView candidate) {
    return std::search(candidate.begin(), candidate.end(), label.begin(), label.end()) !=
           candidate.end();
  });
}

Questions denial_questions(const ZoneObservation& seen, unsigned probes) {
  Questions questions;
  if (!seen.apex) {
    return questions;
  }
  const auto& apex = *seen.apex;
  for (const auto type : {Type::nsec, Type::nsec3param, Type::ds, Type::caa}) {
    add(questions, apex, type);
  }
  for (const auto type : kUsualTypes) {
    add(questions, apex, type);
  }
  if (seen.random_name) {
    add_random_names(questions, seen, probes);
  }
  for (const auto& wanted : seen.wanted) {
    if (!wanted.name.is_below(apex)) {
      continue;
    }
    for (const auto type : kUsualTypes) {
      add(questions, wanted.name, type);
    }
    add(questions, wanted.name, Type::ds);
    add_about_neighbours(questions, seen, wanted.name);
    add_about_enclosers(questions, seen, wanted.name);
    if (wanted.name.is_wildcard()) {
      add_about_wildcard(questions, seen, wanted);
    }
  }
  return questions;
}

Questions listed_questions(const ZoneObservation& seen, const Server& server) {
  Questions questions;
  add_about_wildcard_at_apex(questions, seen, server);
  for (const auto& wanted : seen.wanted) {
    if (!seen.apex || !wanted.name.is_below(*seen.apex)) {
      continue;
    }
    add_listed(questions, seen, server, wanted.name, wanted.name);
    if (wanted.name.is_wildcard()) {
      if (const auto below = nobody_below(seen, wanted.name.parent())) {
        add_listed(questions, seen, server, *below, wanted.name);
      }
    }
  }
  return questions;
}

std::optional<dns::Nsec> nsec_at(const dns::Message& message, const Name& owner, const Name& apex) {
  for (const auto* section : {&message.answer, &message.authority}) {
    for (const auto& record : *section) {
      if (record.type != Type::nsec || !(record.owner == owner)) {
        continue;
      }
      auto nsec = dns::parse_nsec(record.rdata);
      // The apex of a zone below, which the same server serves, has an NSEC of its own.
      const bool of_zone_below = nsec && nsec->types.has(Type::soa) && !(owner == apex);
      if (nsec && !of_zone_below) {
        return nsec;
      }
    }
  }
  return std::nullopt;
}

bool is_made_up_next(const Name& owner, const Name& next) {
  constexpr std::array<std::uint8_t, 1> kZero{0};
  const auto successor = owner.prepend(dns::ByteView(kZero));
  return successor && next == *successor;
}

std::optional<Name> name_behind(const Name& name) {
  if (name.is_root()) {
    return std::nullopt;
  }
  const auto first = name.labels().front();
  dns::Bytes label(first.begin(), first.end());
  label.push_back(0);
  return name.parent().prepend(dns::ByteView(label));
}

}  // namespace observe
