// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// An octet of choices, a name's length and its wire form, then an answer: what its NSEC and NSEC3
// records prove of that name, and what the slow way round says of it.
#include "dnssec/denial.hpp"

#include <algorithm>

#include "dns/message.hpp"
#include "dnssec/nsec3_chain.hpp"
#include "fuzz.hpp"
#include "input.hpp"
#include "reference.hpp"

namespace {

using dnssec::DenialVerdict;
using Order = std::strong_ordering;

/// RFC 4034 4.1.1: between owner and next, or behind the last, whose next is the apex.
bool covers(const dnssec::DenialRecords::NsecEntry& entry, const dns::Name& name) {
  const bool behind = fuzz::slow_name_order(entry.owner, name) == Order::less;
  const bool before = fuzz::slow_name_order(name, entry.nsec.next) == Order::less;
  const bool last = fuzz::slow_name_order(entry.nsec.next, entry.owner) != Order::greater;
  return last ? behind || before : behind && before;
}

bool some_nsec(const dns::Name& name, const dnssec::DenialRecords& records) {
  return std::any_of(records.nsec.begin(), records.nsec.end(),
                     [&](const auto& entry) { return entry.owner == name || covers(entry, name); });
}

/// RFC 5155 8.3: a record whose owner is the hash, or stands before it as its next stands behind.
bool some_nsec3(const dns::Name& name, const dnssec::DenialRecords& records) {
  return std::any_of(records.nsec3.begin(), records.nsec3.end(), [&](const auto& entry) {
    const auto hash = fuzz::slow_nsec3_hash(name, entry.nsec3.iterations, entry.nsec3.salt);
    const auto& from = entry.owner_hash;
    const auto& to = entry.nsec3.next_hash;
    return hash == from || (from < to ? from < hash && hash < to : hash > from || hash < to);
  });
}

/// Nothing is proven of a name that no record speaks of: itself, an encloser, or the wildcard
/// there.
void require_ground(const dnssec::DenialProof& proof, const dns::Name& name,
                    const dnssec::DenialRecords& records) {
  fuzz::require(!dnssec::to_text(proof.verdict).empty(), "every verdict has words");
  if (!dnssec::is_proven(proof.verdict)) return;
  fuzz::require(name.is_at_or_below(records.apex), "a zone proves nothing of other zones");
  fuzz::require(records.nsec.empty() != records.nsec3.empty(), "one kind of record");
  bool ground = false;
  for (auto at = name; at.is_at_or_below(records.apex) && !ground; at = at.parent()) {
    ground = records.nsec3.empty() ? some_nsec(at, records) : some_nsec3(at, records);
    if (const auto wildcard = at.wildcard(); wildcard && !ground) {
      ground =
          records.nsec3.empty() ? some_nsec(*wildcard, records) : some_nsec3(*wildcard, records);
    }
    if (at.is_root()) break;
  }
  fuzz::require(ground, "what is proven has a record that says so");
  if (proof.closest_encloser) {
    fuzz::require(name.is_at_or_below(*proof.closest_encloser), "an encloser is above the name");
  }
}

/// RFC 4035 5.4: a name that does not exist has an NSEC over it (or, RFC 9824, at it).
void require_denied(const dnssec::DenialProof& proof, const dns::Name& name,
                    const dnssec::DenialRecords& records) {
  if (!dnssec::is_proven(proof.verdict) || records.nsec.empty()) return;
  fuzz::require(some_nsec(name, records), "a name that is denied is covered");
}

void use_hash(const dns::Name& name, const dnssec::DenialRecords& records) {
  for (const auto& entry : records.nsec3) {
    const auto hash = dnssec::nsec3_hash(name, 1, entry.nsec3.iterations, entry.nsec3.salt, 150);
    fuzz::require(hash.has_value() == (entry.nsec3.iterations <= 150), "iterations have a limit");
    if (hash) {
      fuzz::require(*hash == fuzz::slow_nsec3_hash(name, entry.nsec3.iterations, entry.nsec3.salt),
                    "the same hash");
    }
  }
}

/// CVE-2023-50868: no proof hashes more than it may.
bool too_much(const dnssec::DenialRecords& records) {
  return std::any_of(records.nsec3.begin(), records.nsec3.end(),
                     [](const auto& entry) { return entry.nsec3.iterations > 150; });
}

dns::Name name_of(fuzz::Input& input) {
  const auto name = dns::Name::from_wire(input.bytes(input.u8()));
  return name.value_or(dns::Name());
}

dns::Name apex_of(const dns::Message& message, const dns::Name& fallback) {
  for (const auto& record : message.authority) {
    if (record.type == dns::Type::soa) return record.owner;
  }
  return fallback;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const auto choice = input.u8();
  const auto given = name_of(input);
  const auto message = dns::parse_message(input.rest());
  if (!message) return 0;
  const auto name =
      given.is_root() && !message->questions.empty() ? message->questions.front().name : given;
  const auto type = message->questions.empty() ? dns::Type::a : message->questions.front().type;
  const auto sets = dns::group(message->authority);
  const auto apex = apex_of(*message, name.suffix(choice % 4U));
  const auto records = dnssec::denial_records(apex, sets);
  dnssec::DenialLimits limits;
  limits.most_hashes = choice % 32U;
  for (const auto& bounds : {dnssec::DenialLimits{}, limits}) {
    const auto name_error = dnssec::prove_name_error(name, records, bounds);
    require_ground(name_error, name, records);
    require_denied(name_error, name, records);
    require_ground(dnssec::prove_no_data(name, type, records, bounds), name, records);
    const auto labels = static_cast<std::uint8_t>(choice % 8U);
    require_ground(dnssec::prove_wildcard_answer(name, labels, records, bounds), name, records);
    require_ground(dnssec::prove_insecure_delegation(name, records, bounds), name, records);
  }
  if (!too_much(records)) use_hash(name, records);
  return 0;
}
