// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "judge/zone.hpp"
#include "observe/observation.hpp"

namespace judge_test {

/// The root, test. and zone.test., the latter once per server, all signed and healthy; and what a
/// look at zone.test. sees of them. Change the zones, then observe(); or change the observation.
struct World {
  explicit World(std::size_t servers = 2);

  Zone root, above;          ///< above: test.
  std::vector<Zone> copies;  ///< zone.test. as each of its servers has it
  std::vector<dns::Ds> anchors;
  std::vector<dns::Question> wanted;
  bool denials = false;  ///< every server is asked what check_dnssec_nsec asks
  dns::Security word = dns::Security::secure;  ///< the validator's on the zone and all in it

  Signer key_signer, zone_signer;  ///< of zone.test.

  Zone& zone() { return copies.front(); }
  [[nodiscard]] const dns::Name& apex() const { return copies.front().apex; }
  /// Does the same to every server's copy.
  void everywhere(const std::function<void(Zone&)>& change);
  /// The DS set at test., signed anew; empty removes it.
  void publish_ds(const std::vector<dns::Ds>& set);
  /// New keys in every copy, signed anew, with the DS of each key-signing key.
  void use_keys(const std::vector<Signer>& keys);
  /// Puts an RRset into every copy and signs them anew.
  void add(std::string_view owner, dns::Type type, const dns::Bytes& rdata);
  /// Is to be asked for at every server (--name).
  void ask(std::string_view name, dns::Type type);

  [[nodiscard]] observe::ZoneObservation observe() const;
  /// Asks the servers for the DS of the cuts that they claim in what was seen.
  void ask_about_cuts(observe::ZoneObservation& seen) const;

 private:
  void ask_denials(observe::ZoneObservation& seen) const;
  [[nodiscard]] observe::Server ask_server(const Zone& copy, std::size_t index) const;
  [[nodiscard]] observe::Server ask_parent(std::size_t index) const;
};

/// The label of the zone's server number `index`, from 0.
std::string label(std::size_t index);

/// The answer to that question; throws when it was not asked.
dns::Answer& answer(observe::Server& server, std::string_view name, dns::Type type,
                    bool tcp = false);
/// What an answer or look-up says from now on.
void say(dns::Answer& answer, const dns::Message& message);
void say(dns::Lookup& lookup, const dns::Message& message);
void edit(dns::Answer& answer, const std::function<void(dns::Message&)>& change);
void edit(dns::Lookup& lookup, const std::function<void(dns::Message&)>& change);
/// Every question of the server got that instead of an answer.
void fail(observe::Server& server, dns::Outcome outcome, const std::string& detail = {});
/// Every answer of the server has that code and nothing else.
void refuse(observe::Server& server, dns::Rcode rcode);
/// Removes the records of a section that `which` holds for.
void drop(std::vector<dns::Record>& section, const std::function<bool(const dns::Record&)>& which);
bool is_signature_of(const dns::Record& record, dns::Type covered);

inline constexpr std::string_view kZone = "zone.test";
inline constexpr std::string_view kNobody = "random.zone.test";

}  // namespace judge_test
