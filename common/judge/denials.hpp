// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "dnssec/denial.hpp"
#include "judge/analysis.hpp"

namespace judge {

/// One negative answer of one server about its zone, with the proof that it carries.
struct Denial {
  const dns::Answer* answer = nullptr;  ///< not owned: part of the observation
  dnssec::DenialRecords records;
  dnssec::DenialProof proof;
  bool of_nobody = false;        ///< about a name that nobody has
  bool ds_at_apex = false;       ///< the parent's to prove: here only the apex's own record is due
  bool soa_missing = false;      ///< RFC 2308 3
  bool soa_elsewhere = false;    ///< the SOA of a zone that the name is not in
  bool malformed_nsec = false;   ///< among its NSEC records is one that does not parse
  bool signatures_hold = false;  ///< of all its NSEC and NSEC3 records
  bool soa_holds = false;        ///< the signature of the zone's SOA in it, where there is one
  const CheckedRRset* soa = nullptr;  ///< not owned: that SOA, as the analysis has it
  [[nodiscard]] bool no_name() const { return answer->message->rcode == dns::Rcode::nxdomain; }
  /// Its records prove it, whether or not they are validly signed.
  [[nodiscard]] bool proof_holds() const;
  [[nodiscard]] bool proven() const { return signatures_hold && soa_holds && proof_holds(); }
};

/// RFC 2308 2: it has what was asked for, or an alias in its place. What else stands in the answer
/// section is surplus, which resolvers leave out.
bool brings_data(const dns::Answer& answer);
/// One with authority, or from a resolver, that there is no such name or no such data.
bool claims_absence(const dns::Answer& answer, bool recursion);
[[nodiscard]] inline bool is_nsec_or_nsec3(dns::Type type) {
  return type == dns::Type::nsec || type == dns::Type::nsec3;
}
/// A referral to a zone below has no authority, and needs none (RFC 1034 4.3.2).
bool refers_below(const dns::Message& message, const dns::Name& apex);
/// RFC 4035 3.1.4: a referral has the DS of the zone that it leads to, or the proof of none.
/// The NS record of one that leads, unproven, to a zone that may not answer; nullptr for others.
const dns::Record* referral_without_proof(const dns::Answer& answer, const ServerAnalysis& server,
                                          const dns::Name& apex);
/// What was asked: "a name that does not exist", "www.example.com/A".
std::string asked_words(const observe::ZoneObservation& seen, const dns::Question& question);
/// A delegation of a name that nobody has: nothing can be delegated there.
bool refers_to_nobody(const observe::ZoneObservation& seen, const dns::Answer& answer);
/// All NSEC and NSEC3 records there that are in the zone are validly signed, as they came.
bool denial_verifies(const Analysis& analysis, const ServerAnalysis& server,
                     const std::vector<dns::SignedRRset>& authority);

/// All of them, whichever check asked; those of a zone below are left out.
std::vector<Denial> denials_of(const Analysis& analysis, const ServerAnalysis& server);

/// One server and its denials.
struct DenialView {
  const ServerAnalysis& server;
  std::vector<Denial> denials;
};
/// RFC 8020 2: the name exists, since the server has validly signed data at it or below it.
bool is_known_name(const Analysis& analysis, const ServerAnalysis& server, const dns::Name& name);

/// The server refers what is at that name to a zone below.
bool refers(const ServerAnalysis& server, const dns::Name& name);

/// How a server denies, by its answers about names that nobody has, else by all.
dnssec::DenialForm form_of(const std::vector<Denial>& denials);
/// "NSEC", "minimally covering NSEC", ...; empty for none.
std::string form_words(dnssec::DenialForm form);

/// RFC 5155 8.2: records of one chain have these alike.
struct Nsec3Parameters {
  std::uint8_t hash_algorithm = 0;
  std::uint16_t iterations = 0;
  dns::Bytes salt;
  bool operator==(const Nsec3Parameters&) const = default;
  bool operator<(const Nsec3Parameters& other) const {
    return std::tie(hash_algorithm, iterations, salt) <
           std::tie(other.hash_algorithm, other.iterations, other.salt);
  }
};
/// "no iterations, no salt", "5 iterations, salt AABB".
std::string parameter_words(const Nsec3Parameters& parameters);

/// What so many mean, and how bad that is (RFC 9276 3); at least one.
std::string iteration_words(std::uint16_t iterations);
Tier iteration_tier(std::uint16_t iterations);

/// All NSEC3 and NSEC3PARAM records that a server gave.
struct Nsec3Facts {
  std::set<Nsec3Parameters> used;       ///< by NSEC3 records
  std::set<Nsec3Parameters> published;  ///< by NSEC3PARAM records with flags 0
  std::size_t params = 0;               ///< NSEC3PARAM records
  bool params_denied = false;           ///< it says that there is none
  bool params_flags = false;            ///< RFC 5155 4.1.2: some have flags
  bool opt_out = false;
  bool unknown_flags = false;
  unsigned malformed = 0;
};
Nsec3Facts nsec3_facts(const Analysis& analysis, const ServerAnalysis& server);

/// The zone's data did not change while it was looked at: all SOA records have one serial.
bool is_steady(const Analysis& analysis, const ServerAnalysis& server);
/// The name (RFC 5155 5) hashed, unless that is too much work.
std::optional<dns::Bytes> hash_of(const Analysis& analysis, const dns::Name& name,
                                  const Nsec3Parameters& parameters);
/// The same of an NSEC3 record.
Nsec3Parameters parameters_of(const dns::Nsec3& nsec3);
/// The hash that the owner's first label is; nothing when it is none (RFC 5155 3).
std::optional<dns::Bytes> hash_in_owner(const dns::Name& owner, const dns::Name& apex);

/// What check_dnssec_nsec tells beside findings.
struct DenialSummary {
  struct Row {
    std::string server;
    std::string words;  ///< "NSEC3, no iterations, no salt"
    std::size_t denials = 0, proven = 0;
  };
  std::vector<Row> rows;  ///< of the servers that serve the zone
  std::uint16_t iterations = 0;
  std::size_t salt_octets = 0;
  bool opt_out = false;
};
/// How --walk went, in words.
std::string walk_words(const WalkAnalysis& walk);
DenialSummary summarize_denials(const Analysis& analysis);

}  // namespace judge
