// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Each key by itself: its algorithm's standing, its size, its flags, and whether it is a key at
// all.
#include <algorithm>
#include <map>
#include <tuple>

#include "dnssec/algorithm.hpp"
#include "judge/key_rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dnssec::Assignment;

/// One key that shows a fault; keys that show the same become one finding.
struct KeySighting {
  Fault fault{};
  Tier tier{};
  std::string predicate;  ///< "has algorithm 5 (RSASHA1)"
  const RosterKey* key = nullptr;
  std::optional<dns::UnixTime> moment;
};

struct KeyEye {
  const Docket& docket;
  const std::vector<RosterKey>& roster;
  const RosterKey& entry;
  std::vector<KeySighting>& sightings;

  // NOLINTNEXTLINE(modernize-use-nodiscard): most sightings need no more said of them
  KeySighting& saw(Fault fault, std::string predicate) const {
    sightings.push_back({fault, info(fault).tier, std::move(predicate), &entry, std::nullopt});
    return sightings.back();
  }
  [[nodiscard]] std::uint8_t algorithm() const { return entry.key.dnskey.algorithm; }
};

void add_labels(std::vector<std::string>& labels, const std::vector<std::string>& more) {
  for (const auto& label : more) {
    if (std::find(labels.begin(), labels.end(), label) == labels.end()) {
      labels.push_back(label);
    }
  }
}

/// "KSK 12345 has …", "KSK 12345 and ZSK 4711: each has …", with the places where not all servers
/// publish them.
void add_key_findings(Docket& docket, const std::vector<KeySighting>& sightings) {
  std::map<std::tuple<Fault, Tier, std::string>, std::vector<const KeySighting*>> groups;
  for (const auto& sighting : sightings) {
    groups[{sighting.fault, sighting.tier, sighting.predicate}].push_back(&sighting);
  }
  const auto all = docket.analysis.servers.size();
  for (const auto& [cause, group] : groups) {
    std::vector<std::string> names, labels;
    for (const auto* sighting : group) {
      names.push_back(name_of(*sighting->key));
      add_labels(labels, labels_of(docket.analysis, sighting->key->published));
    }
    auto& finding = docket.add(
        std::get<0>(cause),
        list_words(names) + (names.size() == 1 ? " " : ": each ") + std::get<2>(cause) +
            (labels.size() == all || labels.empty() ? "" : " " + places_words(labels, all)));
    finding.tier = std::get<1>(cause);
    finding.moment = group.front()->moment;
    finding.servers = std::move(labels);
    finding.rrsets = {"DNSKEY"};
  }
}

bool is_prohibited(std::uint8_t algorithm) {
  return algorithm == 1 || algorithm == 3 || algorithm == 6 || algorithm == 12;
}

/// Validators can use it, and its use is allowed.
bool is_good(const RosterKey& entry) {
  return dnssec::algorithm_info(entry.key.dnskey.algorithm).verifiable;
}

std::optional<Fault> fault_of(std::uint8_t algorithm) {
  if (is_prohibited(algorithm)) {
    return Fault::dnskey_alg_prohibited;
  }
  switch (dnssec::algorithm_info(algorithm).assignment) {
    case Assignment::unassigned:
      return Fault::dnskey_alg_unassigned;
    case Assignment::reserved:
      return Fault::dnskey_alg_reserved;
    case Assignment::private_use:
      return Fault::dnskey_alg_private;
    case Assignment::not_zone_signing:
      return Fault::dnskey_alg_not_zone_sign;
    case Assignment::zone_signing:
      break;
  }
  return std::nullopt;
}

/// RFC 4035 5.2: with no algorithm that validators know the zone is insecure; the chain says so
/// where a DS leads to it.
void see_unusable_algorithm(const KeyEye& eye, Fault fault, const std::string& words) {
  const bool beside =
      std::any_of(eye.roster.begin(), eye.roster.end(), [](const auto& e) { return is_good(e); });
  if (!beside && told_by_chain(eye.docket)) {
    return;
  }
  const bool fatal = !beside && eye.docket.policy.expect == Expect::secure;
  eye.saw(fault, words).tier = fatal ? Tier::critical : Tier::warning;
}

/// RFC 9904 2 (use for signing), RFC 9905 2 (SHA-1), RFC 9906 2 (GOST R 34.10-2001).
void see_algorithm(const KeyEye& eye) {
  const std::string words = "has algorithm " + dnssec::algorithm_text(eye.algorithm());
  if (const auto fault = fault_of(eye.algorithm())) {
    see_unusable_algorithm(eye, *fault, words);
    return;
  }
  const auto row = dnssec::algorithm_info(eye.algorithm());
  if (row.sha1) {
    eye.saw(Fault::dnskey_alg_sha1, words + ", whose signatures use SHA-1");
  } else if (row.use_signing == dnssec::Standing::not_recommended) {
    eye.saw(Fault::dnskey_alg_not_recommended, words + ", which RFC 9904 does not recommend");
  }
}

/// RFC 5155 2: algorithms that older signers and validators know without NSEC3.
void see_denial(const KeyEye& eye) {
  const bool incapable = eye.algorithm() == 1 || eye.algorithm() == 3 || eye.algorithm() == 5;
  const auto& servers = eye.docket.analysis.servers;
  const bool has_nsec3 = std::any_of(servers.begin(), servers.end(), [](const auto& server) {
    return std::any_of(server.rrsets.begin(), server.rrsets.end(), [](const auto& checked) {
      return checked.set.type == dns::Type::nsec3 || checked.set.type == dns::Type::nsec3param;
    });
  });
  if (incapable && has_nsec3) {
    eye.saw(Fault::dnskey_nsec3_incapable, "has algorithm " +
                                               dnssec::algorithm_text(eye.algorithm()) +
                                               ", which must not be used with NSEC3");
  }
}

/// RFC 3110 2: leading zero octets are forbidden; what the exponent must be follows from RSA.
void see_exponent(const KeyEye& eye, const dnssec::RsaFacts& facts) {
  if (facts.exponent_even || facts.exponent == 1) {
    eye.saw(Fault::rsa_exponent_bad,
            std::string("has the RSA exponent ") +
                (facts.exponent == 0 ? "of an even number" : std::to_string(facts.exponent)) +
                ", with which nothing can be verified")
        .tier = Tier::critical;
  } else if (facts.exponent_padded) {
    eye.saw(Fault::rsa_exponent_bad, "has an RSA exponent with leading zero octets").tier =
        Tier::critical;
  } else if (facts.exponent == 3) {
    eye.saw(Fault::rsa_exponent_bad,
            "has the RSA exponent 3, which forgeries against careless "
            "validators need");
  } else if (facts.exponent_bits > 33 || facts.exponent > 0x100000001U) {
    eye.saw(Fault::rsa_exponent_bad, "has an RSA exponent of " +
                                         count_words(facts.exponent_bits, "bit") +
                                         ", over 2^32: some libraries refuse it");
  }
}

/// RFC 3110 2, RFC 5702 2: 512 to 4096 bits; today's libraries and policies want 2048.
void see_rsa(const KeyEye& eye, const dnssec::RsaFacts& facts) {
  const std::string size = "has an RSA modulus of " + std::to_string(facts.modulus_bits) + " bits";
  if (facts.modulus_bits < 1024) {
    eye.saw(Fault::rsa_key_too_small, size + ", under 1024").tier = Tier::critical;
  } else if (facts.modulus_bits < 2048) {
    eye.saw(Fault::rsa_key_too_small, size + ", under 2048");
  } else if (facts.modulus_bits > 4096) {
    eye.saw(Fault::rsa_key_too_large, size + ", over 4096: validators refuse it");
  }
  see_exponent(eye, facts);
  if (facts.roca) {
    eye.saw(Fault::rsa_modulus_weak,
            "has an RSA modulus with the fingerprint of ROCA: its private key can be computed")
        .tier = Tier::critical;
  } else if (facts.modulus_padded) {
    eye.saw(Fault::rsa_modulus_weak, "has an RSA modulus with leading zero octets");
  }
}

/// Two keys made with too little randomness may have a prime in common.
void see_primes(const Docket& docket, const std::vector<RosterKey>& roster,
                std::vector<KeySighting>& sightings) {
  std::vector<dnssec::Key> keys;
  keys.reserve(roster.size());
  for (const auto& entry : roster) {
    keys.push_back(entry.key);
  }
  for (const auto index : dnssec::keys_sharing_primes(keys)) {
    KeyEye{docket, roster, roster[index], sightings}
        .saw(Fault::rsa_modulus_weak,
             "shares a prime of its RSA modulus with another key of the zone: anybody can compute "
             "its private key")
        .tier = Tier::critical;
  }
}

/// RFC 4034 2.1.4: what the key field must hold.
void see_form(const KeyEye& eye) {
  const auto facts = dnssec::rsa_facts(eye.entry.key);
  if (facts) {
    see_rsa(eye, *facts);
  }
  const bool told =
      facts && (facts->modulus_bits < 1024 || facts->modulus_bits > 4096 || facts->exponent_even);
  if (!told && dnssec::form_of(eye.entry.key) == dnssec::KeyForm::malformed) {
    eye.saw(
        Fault::dnskey_malformed,
        "is no key of algorithm " + dnssec::algorithm_text(eye.algorithm()) + ": its " +
            count_words(eye.entry.key.dnskey.public_key.size(), "octet") +
            (eye.entry.key.bits() == 0 ? " have the wrong length" : " are no valid public key"));
  }
}

/// A DS names it, or signatures that nothing else covers do.
bool is_meant_to_sign(const KeyEye& eye) {
  const auto& key = eye.entry.key;
  for (const auto& server : eye.docket.analysis.servers) {
    for (const auto& checked : server.rrsets) {
      const bool by_it = std::any_of(
          checked.signatures.begin(), checked.signatures.end(), [&](const auto& signature) {
            return signature.rrsig && signature.rrsig->key_tag == key.tag &&
                   signature.rrsig->algorithm == key.dnskey.algorithm;
          });
      if (by_it && !checked.valid()) {
        return true;
      }
    }
  }
  return false;
}

/// RFC 4034 2.1.1: without the Zone Key bit it must not be used to verify. RFC 4034 2.1.2: nor with
/// another protocol than 3.
void see_flags(const KeyEye& eye) {
  const auto& dnskey = eye.entry.key.dnskey;
  if (dnskey.protocol != 3) {
    eye.saw(Fault::dnskey_protocol_not_3,
            "has protocol " + std::to_string(dnskey.protocol) + ", not 3: no validator uses it");
  }
  if (dnskey.zone_key()) {
    return;
  }
  const bool needed = is_meant_to_sign(eye);
  eye.saw(Fault::dnskey_zone_flag_unset,
          "has flags " + std::to_string(dnskey.flags) + ", without the Zone Key bit" +
              (needed ? ", and zone data is signed by it alone" : ": no validator uses it"))
      .tier = needed ? Tier::critical : Tier::warning;
}

/// RFC 5011 2.1: a revocation counts only when the revoked key itself signs the key set.
void see_revoked(const KeyEye& eye) {
  constexpr std::int64_t kLinger = 60 * dns::kDay;
  if (eye.entry.role != KeyRole::revoked) {
    return;
  }
  if (!eye.entry.signs_dnskey) {
    eye.saw(Fault::dnskey_revoked_not_signed,
            "does not sign the DNSKEY RRset: trust anchors do not learn of the revocation");
  }
  const auto* record = remembered(eye.docket.analysis, eye.entry.key);
  if (record == nullptr) {
    return;
  }
  const auto age = eye.docket.analysis.now - record->first_seen;
  if (age > kLinger) {
    const bool longer = record->first_seen <= eye.docket.analysis.past->since;
    eye.saw(Fault::dnskey_revoked_lingering,
            "has been revoked for " + std::string(longer ? "at least " : "") +
                dns::to_human_duration(age) + " and is still published")
        .moment = record->first_seen;
  }
}

}  // namespace

void rules_for_key_form(Docket& docket, const std::vector<RosterKey>& roster) {
  // A hostile key set must not fill the report: the rest is told by its number.
  constexpr std::size_t kMostJudged = 24;
  std::vector<KeySighting> sightings;
  for (std::size_t i = 0; i < roster.size() && i < kMostJudged; ++i) {
    const KeyEye eye{docket, roster, roster[i], sightings};
    see_algorithm(eye);
    see_denial(eye);
    see_form(eye);
    see_flags(eye);
    see_revoked(eye);
  }
  see_primes(docket, roster, sightings);
  add_key_findings(docket, sightings);
}

}  // namespace judge
