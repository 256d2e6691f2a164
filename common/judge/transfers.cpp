// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "judge/transfers.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Rcode;
using dns::Transfer;
using dns::TransferEnd;
using dns::TsigTrouble;

std::string server_words(const Transfer& one, const observe::ZoneObservation* seen) {
  if (seen != nullptr) {
    for (const auto& server : seen->servers) {
      if (server.endpoint == one.server) {
        return server.label();
      }
    }
  }
  return one.server.to_text();
}

/// "REFUSED", "NOTAUTH, BADKEY: the server does not know ...", "timeout: no answer within 10 s".
std::string how_it_ended(const Transfer& one) {
  switch (one.end) {
    case TransferEnd::refused:
    case TransferEnd::incomplete:
    case TransferEnd::sink_refused:
      break;
    case TransferEnd::malformed:
      return "malformed answer, " + one.detail;
    case TransferEnd::tsig_failed:
      return "TSIG, " + one.detail;
    case TransferEnd::complete:
    case TransferEnd::not_asked:
    case TransferEnd::timeout:
    case TransferEnd::unreachable:
      return std::string(to_text(one.end)) + ", " + one.detail;
  }
  return one.detail;
}

std::string key_words(const Transfer& one) {
  return one.key.empty() ? "asked without a TSIG key" : "asked with the TSIG key " + one.key;
}

std::string key_remedy(const Transfer& one) {
  switch (one.tsig) {
    case TsigTrouble::says_bad_key:
    case TsigTrouble::other_key:
      return "Make the key " + one.key +
             " known to the server: name, algorithm and secret must be the same on both sides.";
    case TsigTrouble::says_bad_sig:
    case TsigTrouble::bad_mac:
      return "Give the key " + one.key + " the same secret in the --tsig-file and at the server.";
    case TsigTrouble::says_bad_time:
    case TsigTrouble::bad_time:
      return "Set the clocks of this host and of the server (NTP): TSIG allows 5 minutes.";
    case TsigTrouble::says_bad_trunc:
    case TsigTrouble::cut_mac:
      return "Let both sides use whole codes: an algorithm without a number of bits behind it.";
    case TsigTrouble::unusable:
      return "Make a key of an algorithm that this host allows: 'tsig-keygen -a hmac-sha256'.";
    case TsigTrouble::not_signed:
      return "Find out what answers in the server's place: a server that has the key signs.";
    case TsigTrouble::none:
    case TsigTrouble::malformed:
    case TsigTrouble::says_other:
      break;
  }
  return {};
}

/// What to do; empty where the catalogue's is all that can be said.
std::string remedy(const Transfer& one) {
  if (one.tsig != TsigTrouble::none) {
    return key_remedy(one);
  }
  if (one.end == TransferEnd::timeout || one.end == TransferEnd::unreachable) {
    return "See that the server listens on TCP and that nothing on the way stops it: zone "
           "transfers "
           "need TCP.";
  }
  if (one.end != TransferEnd::refused) {
    return {};
  }
  if (one.rcode == Rcode::notimp || one.rcode == Rcode::formerr) {
    return "Ask a server that does zone transfers: --axfr=ADDRESS.";
  }
  if (one.rcode != Rcode::refused && one.rcode != Rcode::notauth) {
    return {};
  }
  if (!one.key.empty()) {
    return "Allow the key at the server (BIND: allow-transfer { key NAME; }; NSD: provide-xfr; "
           "Knot: "
           "acl), for this host's address.";
  }
  const std::string allow =
      "llow this host at the server (BIND: allow-transfer; NSD: provide-xfr; Knot: acl), or give "
      "the key that it wants by --tsig-file.";
  // RFC 5936 2.2.1 has it for a zone that the server has not; Knot says it of what is not allowed.
  return one.rcode == Rcode::notauth
             ? "See that the server has loaded the zone, under just this name; if so, a" + allow
             : "A" + allow;
}

Finding finding_of(Fault fault, std::string text, const Transfer* cause) {
  Finding finding;
  finding.fault = fault;
  finding.tier = info(fault).tier;
  finding.text = std::move(text);
  finding.remedy = cause != nullptr ? remedy(*cause) : std::string();
  if (finding.remedy.empty()) {
    finding.remedy = info(fault).remedy;
  }
  return finding;
}

/// Servers that say the same are named together.
std::string reasons_words(const std::vector<Transfer>& tries,
                          const observe::ZoneObservation* seen) {
  std::vector<std::pair<std::string, std::vector<std::string>>> reasons;
  for (const Transfer& one : tries) {
    const std::string words = how_it_ended(one);
    auto known = std::find_if(reasons.begin(), reasons.end(),
                              [&](const auto& reason) { return reason.first == words; });
    if (known == reasons.end()) {
      known = reasons.insert(known, {words, {}});
    }
    known->second.push_back(server_words(one, seen));
  }
  std::string text;
  for (const auto& [words, servers] : reasons) {
    text += (text.empty() ? "" : "; ") + words + " (" + list_words(servers) + ")";
  }
  return text;
}

Finding refused(const dns::TransferLook& look, const observe::ZoneObservation* seen) {
  if (look.tries.empty()) {
    return finding_of(Fault::axfr_refused, "no address of a nameserver is known to transfer from",
                      nullptr);
  }
  const Transfer& first = look.tries.front();
  const std::string text = look.tries.size() == 1
                               ? server_words(first, seen) + " does not give the zone, " +
                                     key_words(first) + ": " + how_it_ended(first)
                               : "none of " + count_words(look.tries.size(), "server") +
                                     " gives the zone, " + key_words(first) + ": " +
                                     reasons_words(look.tries, seen);
  Finding finding = finding_of(Fault::axfr_refused, text, &first);
  for (const Transfer& one : look.tries) {
    add_unique(finding.servers, server_words(one, seen));
  }
  return finding;
}

/// RFC 8945 6.
void judge_key(const Transfer& one, std::vector<Finding>& findings) {
  if (!one.key_weakness.empty()) {
    findings.push_back(finding_of(Fault::tsig_key_weak, one.key_weakness, nullptr));
  }
}

}  // namespace

std::vector<Finding> judge_transfers(const dns::TransferLook& look,
                                     const observe::ZoneObservation* seen) {
  std::vector<Finding> findings;
  const Transfer* taken = look.taken();
  if (taken == nullptr) {
    findings.push_back(refused(look, seen));
  } else if (!taken->complete()) {
    Finding finding = finding_of(Fault::axfr_incomplete,
                                 "the transfer from " + server_words(*taken, seen) +
                                     " did not end as it must: " + how_it_ended(*taken),
                                 taken);
    finding.servers.push_back(server_words(*taken, seen));
    findings.push_back(std::move(finding));
  }
  if (!look.tries.empty()) {
    judge_key(look.tries.back(), findings);
  }
  return findings;
}

}  // namespace judge
