// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// RFC 4035 2.2, 5.3: every authoritative RRset of the zone has a signature that verifies now, and
// nothing else has one.
#include <algorithm>

#include "judge/whole_rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Type;
using dnssec::SignatureVerdict;
using zone::Entry;

bool is_record_of_denial(Type type) {
  return type == Type::nsec || type == Type::nsec3 || type == Type::nsec3param;
}

/// check_dnssec_nsec has names of its own for the records that deny.
Fault named_for(const WholeDocket& docket, Type type, Fault fault) {
  if (docket.check != kNsec || !is_record_of_denial(type)) {
    return fault;
  }
  switch (fault) {
    case Fault::rrsig_missing:
      return Fault::nsec_rrsig_missing;
    case Fault::rrsig_expired:
      return Fault::nsec_rrsig_expired;
    case Fault::sig_algorithm_unverifiable:
    case Fault::work_limit:
      return fault;
    default:
      return Fault::nsec_rrsig_invalid;
  }
}

/// Causes of one fault that are told apart.
enum Cause : std::uint32_t { kAny = 0, kSlight = 1, kBeside = 2, kVerdicts = 16 };

void see_missing(WholeDocket& docket, const WeighedRRset& weighed) {
  if (weighed.set.type == Type::dnskey) {
    docket.tally.see(Fault::dnskey_rrsig_missing, kAny, weighed.place, [] {
      return WholeWords{"has no signature: validators reject every key of the zone", ""};
    });
    return;
  }
  docket.tally
      .see(named_for(docket, weighed.set.type, Fault::rrsig_missing), kAny, weighed.place,
           [] {
             return WholeWords{"has no signature", "have no signature"};
           })
      .of_rrsets = true;
}

/// Which of several rejected signatures tells the cause: the one that came nearest to being valid;
/// among equals the one that lasts longest.
const Entry* telling_entry(const WeighedRRset& weighed) {
  const Entry* nearest = nullptr;
  std::optional<dns::RrsigView> its;
  for (const auto* entry : weighed.set.signatures) {
    auto view = dns::view_rrsig(entry->rdata());
    if (nearest == nullptr || nearest->verdict < entry->verdict ||
        (nearest->verdict == entry->verdict && view && its &&
         view->expiration.after(its->expiration))) {
      nearest = entry;
      its = view;
    }
  }
  return nearest;
}

std::string plural_of(SignatureVerdict verdict) {
  switch (verdict) {
    case SignatureVerdict::expired:
      return "expired";
    case SignatureVerdict::not_yet_valid:
      return "are not valid yet";
    case SignatureVerdict::does_not_verify:
      return "have signatures that do not verify";
    case SignatureVerdict::no_such_key:
      return "have only signatures by keys that the zone does not publish";
    default:
      return "have only signatures each of which " + verdict_words(verdict, 0, 0);
  }
}

/// The moment that matters to the verdict.
std::optional<dns::UnixTime> moment_of(SignatureVerdict verdict, const dns::RrsigView& view,
                                       dns::UnixTime now) {
  if (verdict == SignatureVerdict::expired) {
    return view.expiration.unix_near(now);
  }
  if (verdict == SignatureVerdict::not_yet_valid) {
    return view.inception.unix_near(now);
  }
  return std::nullopt;
}

void see_rejected(WholeDocket& docket, const WeighedRRset& weighed) {
  const auto* entry = telling_entry(weighed);
  const auto verdict = entry->verdict;
  if (verdict == SignatureVerdict::work_limit && docket.whole.zone.left() > 0) {
    return;  // time ran out, which is said once
  }
  const auto view = dns::view_rrsig(entry->rdata());
  const auto now = docket.whole.now;
  const auto moment = view ? moment_of(verdict, *view, now) : std::nullopt;
  const bool slight =
      verdict == SignatureVerdict::not_yet_valid && moment && *moment - now <= kSlightlyAhead;
  const std::uint32_t cause = slight ? static_cast<std::uint32_t>(kSlight)
                                     : kVerdicts + static_cast<std::uint32_t>(verdict);
  auto& group = docket.tally.see(
      named_for(docket, weighed.set.type, fault_of_verdict(verdict)), cause, weighed.place, [&] {
        const auto away = moment.value_or(now) - now;
        return WholeWords{"has a signature that " + verdict_words(verdict, away, away),
                          plural_of(verdict), "RRset",
                          verdict == SignatureVerdict::expired ? "ended" : "begins"};
      });
  group.of_rrsets = true;
  if (slight) {
    group.tier = Tier::warning;
  }
  if (view) {
    group.add_key(view->key_tag);
  }
  if (moment) {
    group.add_moment(*moment);
  }
}

// ---- beside a valid one

bool by_same_key_valid(const WeighedRRset& weighed, const dns::RrsigView& view) {
  return std::any_of(
      weighed.set.signatures.begin(), weighed.set.signatures.end(), [&](const Entry* other) {
        if (other->verdict != SignatureVerdict::valid) {
          return false;
        }
        const auto its = dns::view_rrsig(other->rdata());
        return its && its->key_tag == view.key_tag && its->algorithm == view.algorithm;
      });
}

void see_beside(WholeDocket& docket, const WeighedRRset& weighed, const Entry& entry) {
  const auto view = dns::view_rrsig(entry.rdata());
  const auto say = [&](Fault fault, const char* single, const char* plural) {
    auto& group = docket.tally.see(fault, kBeside, weighed.place, [&] {
      return WholeWords{single, plural};
    });
    if (view) {
      group.add_key(view->key_tag);
    }
  };
  switch (entry.verdict) {
    case SignatureVerdict::does_not_verify:
    case SignatureVerdict::bad_length:
    case SignatureVerdict::malformed:
      say(Fault::rrsig_invalid_beside_valid,
          "has a signature that does not verify beside a valid one",
          "have a signature that does not verify beside a valid one");
      return;
    case SignatureVerdict::expired:
      if (view && by_same_key_valid(weighed, *view)) {
        say(Fault::rrsig_expired_beside_valid,
            "has an expired signature beside a valid one of the same key",
            "have an expired signature beside a valid one of the same key");
      }
      return;
    case SignatureVerdict::no_such_key:
      say(Fault::rrsig_unknown_key_beside_valid,
          "also has a signature by a key that the zone does not publish",
          "also have a signature by a key that the zone does not publish");
      return;
    default:
      return;  // validators pass over it, and it comes and goes in rollovers
  }
}

/// RFC 4035 5.3.2: fewer labels say that a wildcard was expanded, which the zone itself never does.
void see_shortened(WholeDocket& docket, const WeighedRRset& weighed) {
  const bool alone = weighed.best == nullptr;
  auto& group = docket.tally.see(Fault::rrsig_labels_too_low, alone ? kAny : kBeside, weighed.place,
                                 [&] {
                                   return alone ? WholeWords{"has a signature as of a wildcard that it is not made from",
                                  "have signatures as of a wildcard that they are not made from"}
                     : WholeWords{"also has a signature as of a wildcard",
                                  "also have signatures as of a wildcard"};
                                 });
  group.of_rrsets = alone;
  if (!alone) {
    group.tier = Tier::warning;
  }
}

}  // namespace

void see_whole_signatures(WholeDocket& docket, const WeighedRRset& weighed) {
  if (weighed.set.signatures.empty()) {
    see_missing(docket, weighed);
    return;
  }
  if (weighed.shortened) {
    see_shortened(docket, weighed);
  }
  if (weighed.best == nullptr) {
    if (!weighed.shortened) {
      see_rejected(docket, weighed);
    }
    return;
  }
  if (weighed.set.signatures.size() > 1) {
    for (const auto* entry : weighed.set.signatures) {
      see_beside(docket, weighed, *entry);
    }
  }
}

void see_whole_stray(WholeDocket& docket, const zone::Node& node, const zone::RRsetView& set) {
  const WholePlace place{node.key(), set.type};
  const auto say = [&](Fault fault, const char* single, const char* plural) {
    docket.tally.see(fault, kAny, place, [&] { return WholeWords{single, plural}; });
  };
  if (set.records.empty() && set.type == Type::none) {
    docket.tally.see(Fault::rrsig_malformed, kAny, {node.key()}, [] {
      return WholeWords{"has an RRSIG that cannot be read", "have an RRSIG that cannot be read",
                        "name"};
    });
  } else if (set.records.empty() && set.type == Type::rrsig) {
    say(Fault::rrsig_over_rrsig, "records are signed themselves", "are of type RRSIG and signed");
  } else if (set.records.empty()) {
    say(Fault::rrsig_for_absent_type, "has a signature, but no records",
        "have a signature, but no records");
  } else if (node.standing == zone::Standing::delegation && set.type == Type::ns) {
    say(Fault::rrsig_on_delegation_ns, "is of a delegation and signed",
        "are of delegations and signed");
  } else {
    say(Fault::rrsig_on_glue_or_occluded, "is glue or below a zone cut or DNAME, and signed",
        "are glue or below a zone cut or DNAME, and signed");
  }
}

}  // namespace judge
