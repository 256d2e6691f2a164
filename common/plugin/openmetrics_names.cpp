// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/openmetrics_names.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace plugin {
namespace {

struct KnownSample {
  std::string_view label, name, help;
  int moment = 0;
};

constexpr std::array kKnownSamples{
    KnownSample{"remaining", "signature_expiry_timestamp_seconds",
                "When the first signature that the check looked at ends.", 1},
    KnownSample{"newest_age", "newest_signature_timestamp_seconds",
                "When the zone's newest signature was made.", -1},
    KnownSample{"ksk_age", "oldest_ksk_timestamp_seconds",
                "Since when the oldest key-signing key is in use, as far as that is known.", -1},
    KnownSample{"zsk_age", "oldest_zsk_timestamp_seconds",
                "Since when the oldest zone-signing key is in use, as far as that is known.", -1},
    KnownSample{"time", "check_duration_seconds", "How long the check took."},
    KnownSample{"questions", "questions", "Questions that the check asked."},
    KnownSample{"servers", "servers", "Addresses of nameservers that were asked."},
    KnownSample{"servers_failing", "servers_failing",
                "Addresses of nameservers that gave no usable answer."},
    KnownSample{"parent_servers", "parent_servers",
                "Addresses of the parent's nameservers that were asked for the DS."},
    KnownSample{"parent_servers_failing", "parent_servers_failing",
                "Addresses of the parent's nameservers that gave no usable answer."},
    KnownSample{"links", "chain_links",
                "Zones on the chain of trust, the trust anchor's included."},
    KnownSample{"rrsets", "rrsets", "RRsets that were looked at, on all servers."},
    KnownSample{"signatures", "signatures", "Signatures that were looked at, on all servers."},
    KnownSample{"ds", "ds_records", "DS records at the parent."},
    KnownSample{"ds_matching", "ds_records_matching",
                "DS records that match a key which signs the DNSKEY RRset."},
    KnownSample{"keys", "keys", "Keys of the zone."},
    KnownSample{"dnskey_size", "dnskey_answer_bytes", "The largest answer with the zone's keys."},
    KnownSample{"iterations", "nsec3_iterations", "Iterations of NSEC3; 0 is right (RFC 9276)."},
    KnownSample{"salt", "nsec3_salt_bytes", "Length of NSEC3's salt; 0 is right (RFC 9276)."},
    KnownSample{"optout", "nsec3_optout", "1 where NSEC3's opt-out flag is set."},
    KnownSample{"denials", "denials_proven", "Denials that were verified, on all servers."},
    KnownSample{"walked", "names_walked", "Names of the NSEC chain that were followed."},
    KnownSample{"slowest", "slowest_answer_seconds", "The slowest answer of any resolver."},
    KnownSample{"resolvers", "resolvers", "Resolvers that were asked."},
    KnownSample{"resolvers_validating", "resolvers_validating",
                "Resolvers that were seen to validate."},
    KnownSample{
        "tier", "check_tier",
        "How bad it is: 0 OK, 1 INFO, 2 WARNING, 3 CRITICAL, 4 EMERGENCY. Missing while the "
        "check could not tell."}};

std::string_view unit_suffix(std::string_view unit) {
  if (unit == "s") return "_seconds";
  if (unit == "B") return "_bytes";
  if (unit == "%") return "_percent";
  return "";
}

}  // namespace

SampleName sample_name(const Metric& metric) {
  const auto* const known =
      std::find_if(kKnownSamples.begin(), kKnownSamples.end(),
                   [&](const KnownSample& one) { return one.label == metric.label; });
  if (known != kKnownSamples.end()) {
    return {"dnssec_" + std::string(known->name), std::string(known->help), known->moment};
  }
  // Beside the names above, whatever a check's label is.
  return {"dnssec_perfdata_" + metric.label + std::string(unit_suffix(metric.unit)),
          "The check's performance data " + metric.label + "."};
}

}  // namespace plugin
