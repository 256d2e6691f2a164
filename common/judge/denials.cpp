// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// What each server's negative answers prove, and by which records.
#include "judge/denials.hpp"

#include <algorithm>
#include <array>

#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Name;
using dns::Type;
using dnssec::DenialForm;
using dnssec::DenialVerdict;

/// Above it a validator would long have given up; one proof must stay cheap (CVE-2023-50868).
constexpr std::uint16_t kMostIterations = 500;
constexpr unsigned kMostHashes = 200;

/// Where the SOA of a negative answer says that it is from.
struct Origin {
  bool missing = true;
  bool ours = false, below = false, above = false;
};

Origin origin_of(const dns::Answer& answer, const observe::ZoneObservation& seen,
                 const ServerAnalysis& server) {
  const auto& apex = *seen.apex;
  Origin origin;
  for (const auto& record : answer.message->authority) {
    if (record.type == Type::soa) {
      origin.missing = false;
      origin.ours = origin.ours || record.owner == apex;
      // No zone begins at a name that nobody has.
      origin.below = origin.below || (server.below.may_answer(answer.question, record.owner) &&
                                      !observe::is_of_nobody(seen, record.owner));
      origin.above = origin.above || apex.is_below(record.owner);
    }
  }
  return origin;
}

/// A delegation in place of a denial: of a zone below, or from a resolver of any. A question for DS
/// may bring the NS as an answer at the apex, where no resolver asks for it.
bool is_referral(const dns::Answer& reply, const ZonesBelow& below, bool ds_at_apex,
                 bool recursion) {
  const auto is_ns = [](const dns::Record& record) { return record.type == Type::ns; };
  const auto& answer = reply.message->answer;
  const auto& authority = reply.message->authority;
  return std::any_of(authority.begin(), authority.end(),
                     [&](const dns::Record& record) {
                       return is_ns(record) && (ds_at_apex || recursion ||
                                                below.may_answer(reply.question, record.owner));
                     }) ||
         (ds_at_apex && std::any_of(answer.begin(), answer.end(), is_ns));
}

bool has_malformed_nsec(const dns::Message& message) {
  return std::any_of(message.authority.begin(), message.authority.end(),
                     [](const dns::Record& record) {
                       return record.type == Type::nsec && !dns::parse_nsec(record.rdata);
                     });
}

/// RFC 4035 3.1.3: the SOA of a denial is signed as all data of the zone is.
void read_soa(Denial& denial, const ServerAnalysis& server, const Name& apex,
              const std::vector<dns::SignedRRset>& authority) {
  const auto* soa = dns::find(authority, apex, Type::soa);
  denial.soa = soa == nullptr ? nullptr : server.sighting(*soa);
  denial.soa_holds = soa == nullptr || (denial.soa != nullptr && denial.soa->valid());
}

std::optional<Denial> read_denial(const Analysis& analysis, const ServerAnalysis& server,
                                  const dns::Answer& answer) {
  const auto& seen = *analysis.seen;
  const bool recursion = asked_resolvers(seen);
  if (!claims_absence(answer, recursion)) {
    return std::nullopt;
  }
  const auto& apex = *seen.apex;
  const auto& question = answer.question;
  const auto origin = origin_of(answer, seen, server);
  Denial denial;
  denial.answer = &answer;
  denial.ds_at_apex = question.type == Type::ds && question.name == apex && !apex.is_root();
  const bool of_zone_below = origin.below && question.name.is_below(apex) && !origin.ours;
  const bool of_parent = denial.ds_at_apex && (origin.above || recursion);
  const bool referred =
      origin.missing && is_referral(answer, server.below, denial.ds_at_apex, recursion);
  if (of_zone_below || of_parent || referred) {
    return std::nullopt;
  }
  denial.soa_missing = origin.missing;
  denial.soa_elsewhere = !origin.missing && !origin.ours;
  denial.of_nobody = observe::is_of_nobody(seen, question.name);
  const auto authority = dns::group(answer.message->authority);
  denial.records = dnssec::denial_records(apex, authority);
  denial.malformed_nsec = has_malformed_nsec(*answer.message);
  denial.signatures_hold = denial_verifies(analysis, server, authority);
  read_soa(denial, server, apex, authority);
  const dnssec::DenialLimits limits{kMostIterations, kMostHashes, &analysis.work->hashing};
  denial.proof = denial.no_name()
                     ? dnssec::prove_name_error(question.name, denial.records, limits)
                     : dnssec::prove_no_data(question.name, question.type, denial.records, limits);
  return denial;
}

std::string row_words(DenialForm form, const Nsec3Facts& facts) {
  auto words = form_words(form);
  if (words.empty()) {
    return "nothing that was seen";
  }
  if (form == DenialForm::nsec3 || form == DenialForm::minimal_nsec3) {
    std::vector<std::string> sets;
    for (const auto& parameters : facts.used) {
      sets.push_back(parameter_words(parameters));
    }
    words += ", " + list_words(sets, 2) + (facts.opt_out ? ", opt-out" : "");
  }
  return words;
}

}  // namespace

bool Denial::proof_holds() const {
  return dnssec::is_proven(proof.verdict) ||
         (ds_at_apex && proof.verdict == DenialVerdict::from_child_side);
}

bool brings_data(const dns::Answer& answer) {
  const auto& question = answer.question;
  const auto& records = answer.message->answer;
  return std::any_of(records.begin(), records.end(), [&](const dns::Record& record) {
    const bool alias = record.type == Type::dname && question.name.is_below(record.owner);
    const bool fits = record.type == question.type || record.type == Type::cname;
    return alias || (fits && record.owner == question.name);
  });
}

bool claims_absence(const dns::Answer& answer, bool recursion) {
  if (!answer.answered() || !answer.edns_sent || !(answer.message->aa || recursion)) {
    return false;
  }
  const auto rcode = answer.message->rcode;
  return (rcode == dns::Rcode::nxdomain || rcode == dns::Rcode::noerror) && !brings_data(answer);
}

bool refers_to_nobody(const observe::ZoneObservation& seen, const dns::Answer& answer) {
  if (!answer.answered() || !answer.edns_sent || brings_data(answer)) {
    return false;
  }
  const auto& authority = answer.message->authority;
  return std::any_of(authority.begin(), authority.end(), [&](const dns::Record& record) {
    return record.type == Type::ns && observe::is_of_nobody(seen, record.owner);
  });
}

bool refers_below(const dns::Message& message, const Name& apex) {
  return std::any_of(message.authority.begin(), message.authority.end(),
                     [&](const dns::Record& record) {
                       return record.type == Type::ns && record.owner.is_below(apex);
                     });
}

const dns::Record* referral_without_proof(const dns::Answer& answer, const ServerAnalysis& server,
                                          const Name& apex) {
  if (!answer.answered() || !answer.edns_sent || answer.message->aa || brings_data(answer)) {
    return nullptr;
  }
  const auto& authority = answer.message->authority;
  const auto found =
      std::find_if(authority.begin(), authority.end(), [&](const dns::Record& record) {
        return record.type == Type::ns && record.owner.is_below(apex) &&
               !server.below.may_answer(answer.question, record.owner);
      });
  return found == authority.end() ? nullptr : &*found;
}

std::string asked_words(const observe::ZoneObservation& seen, const dns::Question& question) {
  const auto& apex = *seen.apex;
  if (seen.random_name && question.name == *seen.random_name) {
    return "a name that does not exist";
  }
  if (question.type == observe::kMissingType) {
    return question.name == apex ? "a type that the apex does not have"
                                 : "a type that " + question.name.to_display() + " does not have";
  }
  return rrset_label(question.name, question.type, apex);
}

bool denial_verifies(const Analysis& analysis, const ServerAnalysis& server,
                     const std::vector<dns::SignedRRset>& authority) {
  const auto& apex = *analysis.seen->apex;
  return std::all_of(authority.begin(), authority.end(), [&](const dns::SignedRRset& data) {
    if (!is_nsec_or_nsec3(data.set.type) || data.set.rdatas.empty() ||
        !data.set.owner.is_at_or_below(apex)) {
      return true;
    }
    const auto* checked = server.sighting(data);
    return checked != nullptr && checked->valid();
  });
}

bool is_known_name(const Analysis& analysis, const ServerAnalysis& server, const dns::Name& name) {
  return name == *analysis.seen->apex ||
         std::any_of(server.rrsets.begin(), server.rrsets.end(), [&](const CheckedRRset& checked) {
           const auto* lasting = checked.lasting();
           return checked.set.owner.is_at_or_below(name) && lasting != nullptr &&
                  !lasting->check.wildcard && checked.set.type != Type::nsec &&
                  checked.set.type != Type::nsec3;
         });
}

bool refers(const ServerAnalysis& server, const dns::Name& name) {
  const auto& answers = server.server->answers;
  return std::any_of(answers.begin(), answers.end(), [&](const dns::Answer& answer) {
    return answer.answered() && !answer.message->aa && answer.message->answer.empty() &&
           std::any_of(answer.message->authority.begin(), answer.message->authority.end(),
                       [&](const dns::Record& record) {
                         return record.type == Type::ns && record.owner == name;
                       });
  });
}

std::vector<Denial> denials_of(const Analysis& analysis, const ServerAnalysis& server) {
  std::vector<Denial> denials;
  if (!server.serving() || !analysis.seen->apex) {
    return denials;
  }
  for (const auto& answer : server.server->answers) {
    if (auto denial = read_denial(analysis, server, answer)) {
      denials.push_back(*std::move(denial));
    }
  }
  return denials;
}

DenialForm form_of(const std::vector<Denial>& denials) {
  // What is made for each answer shows at names that nobody has; a record at a name that exists is
  // alike in several forms.
  constexpr std::array kTelling{DenialForm::minimal_nsec, DenialForm::minimal_nsec3,
                                DenialForm::compact, DenialForm::nsec3, DenialForm::nsec};
  for (const bool of_nobody : {true, false}) {
    for (const auto form : kTelling) {
      const bool seen = std::any_of(denials.begin(), denials.end(), [&](const Denial& denial) {
        return (denial.of_nobody || !of_nobody) && denial.proof.form == form &&
               !(denial.records.nsec.empty() && denial.records.nsec3.empty());
      });
      if (seen) {
        return form;
      }
    }
  }
  return DenialForm::none;
}

std::string form_words(DenialForm form) {
  switch (form) {
    case DenialForm::none:
      return {};
    case DenialForm::nsec:
      return "NSEC";
    case DenialForm::nsec3:
      return "NSEC3";
    case DenialForm::minimal_nsec:
      return "minimally covering NSEC";
    case DenialForm::minimal_nsec3:
      return "minimally covering NSEC3";
    case DenialForm::compact:
      return "compact denial";
  }
  return {};
}

std::string parameter_words(const Nsec3Parameters& parameters) {
  std::string words;
  if (parameters.hash_algorithm != 1) {
    words += "hash algorithm " + std::to_string(parameters.hash_algorithm) + ", ";
  }
  words += parameters.iterations == 0 ? "no iterations"
                                      : count_words(parameters.iterations, "iteration");
  if (parameters.salt.empty()) {
    return words + ", no salt";
  }
  const auto salt = dns::to_hex(parameters.salt);
  return words + ", salt " + (salt.size() > 32 ? salt.substr(0, 32) + "..." : salt);
}

bool is_steady(const Analysis& analysis, const ServerAnalysis& server) {
  std::set<std::uint32_t> serials;
  for (const auto& answer : server.server->answers) {
    if (!answer.answered()) {
      continue;
    }
    for (const auto* section : {&answer.message->answer, &answer.message->authority}) {
      for (const auto& record : *section) {
        const bool ours = record.type == Type::soa && record.owner == *analysis.seen->apex;
        if (const auto soa = ours ? dns::parse_soa(record.rdata) : std::nullopt) {
          serials.insert(soa->serial);
        }
      }
    }
  }
  return serials.size() < 2;
}

DenialSummary summarize_denials(const Analysis& analysis) {
  DenialSummary summary;
  for (const auto& server : analysis.servers) {
    if (!server.serving()) {
      continue;
    }
    const auto denials = denials_of(analysis, server);
    const auto facts = nsec3_facts(analysis, server);
    DenialSummary::Row row;
    row.server = server.label;
    row.words = row_words(form_of(denials), facts);
    row.denials = denials.size();
    row.proven = static_cast<std::size_t>(std::count_if(
        denials.begin(), denials.end(), [](const Denial& denial) { return denial.proven(); }));
    for (const auto& used : facts.used) {
      summary.iterations = std::max(summary.iterations, used.iterations);
      summary.salt_octets = std::max(summary.salt_octets, used.salt.size());
    }
    summary.opt_out = summary.opt_out || facts.opt_out;
    summary.rows.push_back(std::move(row));
  }
  return summary;
}

}  // namespace judge
