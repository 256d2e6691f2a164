// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "judge/analysis.hpp"

namespace judge {

/// What an answer comes to, whatever is in it.
enum class AnswerKind { none, data, no_data, nxdomain, servfail, refused, other };
AnswerKind kind_of(const dns::Answer* answer);
/// The same of what is not an Answer; `data`: there are records of the type asked for.
AnswerKind kind_from(dns::Rcode rcode, bool data);
/// NOERROR or NXDOMAIN.
bool is_resolved(AnswerKind kind);
std::string_view to_text(AnswerKind kind);

/// One question that resolvers were asked, with our own validator's word on it.
struct AskedQuestion {
  dns::Question question;
  std::string words;                                 ///< "SOA", "a name that does not exist"
  dns::Security own = dns::Security::not_looked_up;  ///< for certain, else not_looked_up
  AnswerKind truth = AnswerKind::none;               ///< as the validator has it
  bool is_nobodys = false;                           ///< made up by us: no zone has it
  const dns::Lookup* lookup = nullptr;               ///< our own; not owned
  bool zone_denies_it = false;  ///< though it is there: by the zone's own NSEC or NSEC3 (RFC 8198)
  /// Our own look-up has no answer, and not because it would be bogus.
  [[nodiscard]] bool unanswered() const;
};

/// Whether a resolver can be judged by its answers.
enum class ResolverUse {
  usable,
  not_asked,
  flooded,  ///< not asked, since so much had come by then
  silent,
  tls_failed,
  tcp_failed,
  no_recursion,
  no_edns
};

/// What the name that ought to be bogus shows.
enum class CanaryWord { not_asked, refused, answered, unclear, cd_ignored };

/// What a resolver's answers about what is secure say of its validation.
struct ShownValidation {
  bool gives_ad = false;         ///< on something secure, in this zone or at the root
  bool ad_in_zone = false;       ///< on something in this zone
  bool heeds_cd = false;         ///< an error went away with CD
  std::uint16_t iterations = 0;  ///< of NSEC3 in its answers, the most (RFC 9276)
};

struct ResolverAnalysis {
  const observe::ResolverView* view = nullptr;  ///< not owned
  std::string label;
  ResolverUse use = ResolverUse::not_asked;
  std::string trouble = "resolver not judged, no time was left";  ///< words for what is not usable
  ShownValidation shown;
  CanaryWord canary = CanaryWord::not_asked;
  std::string canary_trouble;  ///< why the canary is unclear
  std::optional<std::chrono::microseconds> slowest;
  [[nodiscard]] bool usable() const { return use == ResolverUse::usable; }
  /// Whether it validates, as far as can be told.
  [[nodiscard]] bool validates() const;
};

std::vector<AskedQuestion> asked_questions(const Analysis& analysis);
std::vector<ResolverAnalysis> analyse_resolvers(const Analysis& analysis);

/// Extended errors (RFC 8914 4 and the registry), by what they say to the rules of this check.
/// No server was reached.
inline constexpr std::initializer_list<std::uint16_t> kReachabilityErrors{22, 23};
/// The resolver's owner does not want it answered.
inline constexpr std::initializer_list<std::uint16_t> kFilterErrors{15, 16, 17, 18};
inline constexpr std::uint16_t kNegativeTrustAnchor = 33;

/// The codes of RFC 8914 in an answer; none without an answer.
std::vector<std::uint16_t> extended_errors_of(const dns::Answer* answer);
bool has_extended_error(const dns::Answer* answer, std::initializer_list<std::uint16_t> codes);
/// "Signature Expired, No Reachable Authority"; also for codes that came later than RFC 8914.
std::string extended_error_words(const std::vector<std::uint16_t>& codes);

}  // namespace judge
