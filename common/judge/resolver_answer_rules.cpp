// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// One resolver's answer to one question, held against our own validation of the same question.
#include <algorithm>

#include "dns/rdata.hpp"
#include "judge/resolver_evidence.hpp"
#include "judge/resolver_sightings.hpp"

namespace judge {
namespace {

using dns::Answer;
using dns::Security;
using dns::Type;

/// RFC 8914 4, and the registry's 25 and 27: reasons that have to do with DNSSEC.
constexpr std::initializer_list<std::uint16_t> kDnssecErrors{1, 2,  5,  6,  7,  8,
                                                             9, 10, 11, 12, 25, 27};
constexpr std::initializer_list<std::uint16_t> kTimeErrors{7, 8};
constexpr std::initializer_list<std::uint16_t> kCachedError{13};
constexpr std::initializer_list<std::uint16_t> kStaleErrors{3, 19};

/// What the rules look at.
struct Case {
  const Analysis& analysis;
  const ResolverAnalysis& resolver;
  const AskedQuestion& asked;
  const Answer& plain;                ///< answered
  const Answer* unchecked = nullptr;  ///< with CD; nullptr when not asked
  AnswerKind kind = AnswerKind::none, unchecked_kind = AnswerKind::none;
  Evidence evidence;
  ResolverSightings& sightings;

  void add(Fault fault, std::string words, std::optional<Tier> tier = {}) const {
    sightings.push_back(
        {fault, std::move(words), asked.words, resolver.label, extended_errors_of(&plain), tier});
  }
  [[nodiscard]] const ShownValidation& shown() const { return resolver.shown; }
  [[nodiscard]] bool ad() const { return plain.message->ad; }
};

/// SERVFAIL, REFUSED and so on.
std::string error_words(const Case& seen) { return dns::to_text(seen.plain.message->rcode); }

/// RFC 8914 4.16-4.19: the resolver's owner does not want it answered.
bool rule_filtered(const Case& seen) {
  if (!has_extended_error(&seen.plain, kFilterErrors)) {
    return false;
  }
  seen.add(Fault::resolver_filtered, "filtered");
  return true;
}

/// RFC 8767 4, RFC 8914 4.4 and 4.20.
void rule_stale(const Case& seen) {
  if (is_resolved(seen.kind) && has_extended_error(&seen.plain, kStaleErrors)) {
    seen.add(Fault::resolver_ede_stale, "answered from what should have left the cache");
  }
}

/// RFC 4035 3.2.3: AD speaks of the data in the answer and authority sections.
void rule_ad_on_error(const Case& seen) {
  if (!is_resolved(seen.kind) && seen.plain.message->ad) {
    seen.add(Fault::resolver_ad_on_error, error_words(seen) + " with AD");
  }
}

/// RFC 4035 3.2.2: "must copy the setting of the CD bit from a query to the corresponding
/// response".
void rule_cd_copied(const Case& seen) {
  if (is_resolved(seen.unchecked_kind) && !seen.unchecked->message->cd) {
    seen.sightings.push_back({Fault::resolver_ignores_cd,
                              "the CD bit of a question is not copied to the answer",
                              "",
                              seen.resolver.label,
                              {},
                              {}});
  }
}

/// SERVFAIL (or worse) for what our own validation finds secure: validation at the resolver fails
/// when CD makes it go away, the way to the zone's servers when it does not.
void rule_fails_secure(const Case& seen) {
  const std::string error = error_words(seen);
  if (is_resolved(seen.unchecked_kind)) {
    if (has_extended_error(&seen.plain, kTimeErrors)) {
      seen.add(Fault::resolver_clock_wrong,
               error +
                   " that goes away with CD: signatures out of time for the resolver, in time "
                   "by this host's clock");
    } else {
      seen.add(Fault::resolver_fails_secure_name,
               error +
                   " that goes away with CD: bogus for the resolver, secure in our own "
                   "validation");
    }
  } else if (has_extended_error(&seen.plain, kReachabilityErrors)) {
    seen.add(Fault::resolver_ede_reachability,
             error + ", since the resolver cannot reach the zone's servers; our own look-up can");
  } else if (has_extended_error(&seen.plain, kCachedError)) {
    seen.add(Fault::resolver_ede_cached_error, error + " from the resolver's cache");
  } else {
    seen.add(Fault::resolver_fails_secure_name,
             error + ", with CD too, though our own look-up finds it secure");
  }
}

/// Our own validation has no verdict: what the resolver says is all there is. What fails with CD
/// too is not refused for its signatures alone, whatever reason is given.
void rule_fails_unjudged(const Case& seen) {
  const bool fails_with_cd = seen.unchecked_kind == AnswerKind::servfail;
  if (has_extended_error(&seen.plain, kDnssecErrors) && !fails_with_cd) {
    seen.add(Fault::resolver_ede_dnssec, "SERVFAIL, for a reason that has to do with DNSSEC");
  } else if (has_extended_error(&seen.plain, kReachabilityErrors)) {
    seen.add(Fault::resolver_ede_reachability,
             "SERVFAIL, since the resolver cannot reach the zone's servers");
  } else if (has_extended_error(&seen.plain, kCachedError)) {
    seen.add(Fault::resolver_ede_cached_error, "SERVFAIL from the resolver's cache");
  } else if (is_resolved(seen.asked.truth)) {
    seen.add(Fault::resolvers_disagree,
             error_words(seen) + ", though our own look-up has an answer");
  }
}

/// RFC 4035 3.2.1: with DO the signatures must come along, and with a denial its NSEC or NSEC3.
bool lacks_proof(const Case& seen) {
  return !is_signed(seen.evidence) ||
         (seen.kind != AnswerKind::data && lacks_denial(seen.evidence));
}

/// Nobody behind the resolver can tell whether it is right.
void rule_proof_is_there(const Case& seen) {
  if (!is_signed(seen.evidence)) {
    seen.add(Fault::resolver_strips_rrsig, seen.ad() ? "answered with AD, but without signatures"
                                                     : "answered without signatures");
  } else if (lacks_proof(seen)) {
    seen.add(Fault::resolver_strips_rrsig, std::string("denied ") +
                                               (seen.ad() ? "with AD, but " : "") +
                                               "without the NSEC or NSEC3 records that prove it");
  }
}

/// RFC 4035 3.2.3, 5.4: AD vouches for a denial only when the records that came along prove it.
/// Without AD nothing is claimed.
void rule_proof_holds(const Case& seen) {
  if (seen.kind == AnswerKind::data || !seen.ad() || lacks_proof(seen)) {
    return;
  }
  const std::string denied = "denied (" + std::string(to_text(seen.kind)) + ") with AD, ";
  switch (denial_word(seen.analysis, seen.asked, seen.kind, seen.evidence)) {
    case DenialWord::as_answered:
    case DenialWord::unclear:
      break;
    case DenialWord::name_error:
      seen.add(Fault::resolver_denial_not_validated,
               denied +
                   "where the records that came along prove that the name does not exist "
                   "(NXDOMAIN): who validates behind it refuses that",
               Tier::warning);
      break;
    case DenialWord::nothing:
      seen.add(Fault::resolver_denial_not_validated,
               denied + "by NSEC or NSEC3 records that do not prove it");
      break;
  }
}

/// What came along proves something else.
bool is_unproven(const Case& seen) {
  const auto word = denial_word(seen.analysis, seen.asked, seen.kind, seen.evidence);
  return word == DenialWord::name_error || word == DenialWord::nothing;
}

/// It denies what we find. Only a zone can sign a denial, so one with signatures is from another
/// time or place than ours, or made from NSEC or NSEC3 records that deny too much.
void see_denied(const Case& seen) {
  const std::string denied = "denied (" + std::string(to_text(seen.kind)) + ")";
  if (seen.asked.own != Security::secure) {
    seen.add(Fault::resolvers_disagree,
             denied +
                 ", though our own look-up finds it: an older cache, an answer by location, "
                 "or a filter");
  } else if (lacks_proof(seen)) {
    seen.add(Fault::resolver_denial_not_validated,
             denied +
                 " without proof, though it is there: forged, filtered, or from a "
                 "zone of the resolver's own");
  } else if (is_unproven(seen)) {
    seen.add(Fault::resolver_denial_not_validated,
             denied +
                 ", though it is there, by NSEC or NSEC3 records that do not prove it: forged, or "
                 "not validated");
  } else if (seen.asked.zone_denies_it) {
    seen.add(Fault::resolver_nsec_deny,
             denied + ", though it is there: the zone's own NSEC or NSEC3 records deny it");
  } else {
    seen.add(Fault::resolvers_disagree,
             denied +
                 " with the zone's signatures, though our own look-up finds it: a cache from "
                 "before it was added, or an answer by location");
  }
}

/// RFC 6147, with the prefixes of RFC 6052 2.1 and RFC 8215: made from addresses of IPv4. Networks
/// with a prefix of their own cannot be told.
bool is_from_ipv4(const Case& seen) {
  const auto starts = [](const dns::Bytes& rdata, std::initializer_list<std::uint8_t> prefix) {
    return rdata.size() == 16 && std::equal(prefix.begin(), prefix.end(), rdata.begin());
  };
  const auto& answer = seen.plain.message->answer;
  return seen.asked.question.type == Type::aaaa &&
         std::all_of(answer.begin(), answer.end(), [&](const dns::Record& record) {
           return record.type != Type::aaaa ||
                  starts(record.rdata, {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}) ||
                  starts(record.rdata, {0, 0x64, 0xff, 0x9b, 0, 1});
         });
}

/// It finds what we do not. Names and types that we made up nobody can have.
void see_made_up(const Case& seen) {
  const bool secure = seen.asked.own == Security::secure;
  if (is_from_ipv4(seen)) {
    seen.add(Fault::resolvers_disagree, "answered with addresses made from IPv4 ones (DNS64)",
             Tier::info);
  } else if (seen.asked.is_nobodys || (secure && !seen.ad())) {
    seen.add(Fault::resolver_nxdomain_rewrite, "answered with records");
  } else {
    seen.add(Fault::resolvers_disagree,
             "answered with records that our own look-up does not find: an older cache, or an "
             "answer by location",
             Tier::info);
  }
}

/// Is what it says there, and is not there what it denies? True: there is nothing more to see.
bool rule_same_as_truth(const Case& seen) {
  if (!is_resolved(seen.asked.truth)) {
    return false;
  }
  const bool there = seen.asked.truth == AnswerKind::data;
  if (there == (seen.kind == AnswerKind::data)) {
    return false;
  }
  there ? see_denied(seen) : see_made_up(seen);
  return true;
}

/// RFC 5155 9.2: a denial from an Opt-Out span is not secure.
bool is_opt_out_denial(const Case& seen) {
  const auto& authority = seen.plain.message->authority;
  return seen.kind == AnswerKind::nxdomain &&
         std::any_of(authority.begin(), authority.end(), [](const dns::Record& record) {
           const auto nsec3 =
               record.type == Type::nsec3 ? dns::parse_nsec3(record.rdata) : std::nullopt;
           return nsec3 && nsec3->opt_out();
         });
}

/// RFC 9276 3.2: with iterations a denial need not be taken for secure.
void see_iterations(const Case& seen) {
  const auto words = "NSEC3 with " + std::to_string(seen.shown().iterations) +
                     " iterations, which is more than it validates";
  if (seen.kind == AnswerKind::data) {
    seen.add(Fault::resolver_no_ad, "answered without AD; the zone has " + words, Tier::warning);
  } else {
    seen.add(Fault::resolver_nsec3_limit, "denied without AD, from " + words);
  }
}

/// RFC 6840 5.8: a validating resolver says AD on secure answers to questions with DO.
void rule_ad_on_secure(const Case& seen) {
  if (has_extended_error(&seen.plain, {kNegativeTrustAnchor})) {
    seen.add(Fault::resolver_nta, "not validated, because of a negative trust anchor");
    return;
  }
  if (seen.ad() || seen.resolver.canary == CanaryWord::answered || is_opt_out_denial(seen)) {
    return;
  }
  if (seen.shown().gives_ad && seen.shown().iterations > 0) {
    see_iterations(seen);
  } else if (seen.shown().ad_in_zone && seen.kind != AnswerKind::data) {
    seen.add(Fault::resolver_denial_not_validated,
             "denied without AD, though the denial is secure in our own validation");
  } else if (seen.shown().ad_in_zone) {
    seen.add(Fault::resolver_no_ad, "answered without AD, though other secure answers have it");
  } else if (seen.shown().gives_ad) {
    seen.add(Fault::resolver_no_ad,
             "answered without AD, though the resolver validates the root: a negative trust "
             "anchor, or a cache from before the zone had its DS");
  } else {
    seen.add(Fault::resolver_no_ad, "answered without AD, though secure in our own validation");
  }
}

void rule_secure(const Case& seen) {
  if (!is_resolved(seen.kind)) {
    rule_fails_secure(seen);
    return;
  }
  if (rule_same_as_truth(seen)) {
    return;
  }
  rule_ad_on_secure(seen);
  rule_proof_is_there(seen);
  rule_proof_holds(seen);
}

/// RFC 4035 3.2.3: AD only on what was found authentic.
void rule_insecure(const Case& seen) {
  if (!is_resolved(seen.kind)) {
    rule_fails_unjudged(seen);
    return;
  }
  if (!rule_same_as_truth(seen) && seen.plain.message->ad) {
    seen.add(Fault::resolver_ad_on_insecure, "answered with AD, though insecure");
  }
}

/// With CD bogus data is to be had.
void see_refused(const Case& seen) {
  if (seen.unchecked_kind == AnswerKind::servfail && !seen.shown().heeds_cd &&
      seen.resolver.canary != CanaryWord::refused &&
      !has_extended_error(seen.unchecked, kReachabilityErrors)) {
    seen.add(Fault::resolver_ignores_cd, "SERVFAIL for what is bogus, with CD too");
  }
}

/// RFC 4035 5.5: bogus data must not be given to those who did not set CD. But validators differ
/// where a zone is nearly right, some allow for wrong clocks, and caches remember better days.
void rule_bogus(const Case& seen) {
  if (!is_resolved(seen.kind)) {
    see_refused(seen);
  } else if (seen.resolver.canary == CanaryWord::answered) {
    return;  // not validating: the canary says so
  } else if (seen.ad()) {
    seen.add(Fault::resolvers_disagree,
             "answered with AD, though bogus in our own validation: from a cache, with an "
             "allowance for clocks, or by other rules",
             Tier::info);
  } else if (seen.shown().ad_in_zone) {
    seen.add(Fault::resolvers_disagree,
             "answered without AD, though bogus in our own validation, by a resolver that "
             "validates other answers of the zone",
             Tier::info);
  } else if (seen.shown().gives_ad || seen.resolver.canary == CanaryWord::refused) {
    seen.add(Fault::resolver_nta, "answered, though bogus, by a resolver that validates");
  } else {
    seen.add(Fault::resolver_not_validating, "answered, though bogus");
  }
}

}  // namespace

void see_resolver_answer(const Analysis& analysis, const ResolverAnalysis& resolver,
                         const AskedQuestion& asked, ResolverSightings& sightings) {
  const auto* plain = resolver.view->find(asked.question, false);
  if (plain == nullptr || !plain->answered()) {
    return;
  }
  const auto* unchecked = resolver.view->find(asked.question, true);
  const Case seen{analysis,
                  resolver,
                  asked,
                  *plain,
                  unchecked,
                  kind_of(plain),
                  kind_of(unchecked),
                  evidence_in(*plain->message, asked.question),
                  sightings};
  rule_cd_copied(seen);
  rule_ad_on_error(seen);
  if (rule_filtered(seen)) {
    return;
  }
  rule_stale(seen);
  switch (asked.own) {
    case Security::secure:
      rule_secure(seen);
      break;
    case Security::insecure:
      rule_insecure(seen);
      break;
    case Security::bogus:
      rule_bogus(seen);
      break;
    case Security::failed:
    case Security::not_looked_up:
      if (!is_resolved(seen.kind)) {
        rule_fails_unjudged(seen);
      }
      break;
  }
}

}  // namespace judge
