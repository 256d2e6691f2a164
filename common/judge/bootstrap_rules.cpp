// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// RFC 9615 4.2: the parent takes CDS and CDNSKEY for the first DS where the names of all
// nameservers outside the zone signal the same, and that is secure.
#include <algorithm>
#include <map>

#include "judge/bootstrap.hpp"
#include "judge/cds_view.hpp"
#include "judge/ds_words.hpp"
#include "judge/rules.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dns::Security;
using dns::Type;

/// What one nameserver's signal is worth; where its two RRsets differ in that, the worse counts.
enum class Worth { good, unknown, missing, different, insecure, failed, bogus, too_long };

/// The servers' own CDS and CDNSKEY; nullptr: none has any.
const CdsView* request_of(const std::vector<CdsView>& views) {
  const auto found = std::find_if(views.begin(), views.end(), [](const CdsView& view) {
    return view.cds != nullptr || view.cdnskey != nullptr;
  });
  return found == views.end() ? nullptr : &*found;
}

const dns::RRset* signalled(const std::vector<dns::SignedRRset>& sets, Type type) {
  for (const auto& one : sets) {
    if (one.set.type == type && !one.set.rdatas.empty()) {
      return &one.set;  // an alias may have led elsewhere
    }
  }
  return nullptr;
}

Worth worth_of(const std::optional<dns::Lookup>& lookup, Type type, const CheckedRRset* own) {
  if (!lookup || lookup->security == Security::not_looked_up) {
    return Worth::unknown;
  }
  switch (lookup->security) {
    case Security::bogus:
      return Worth::bogus;
    case Security::failed:
      return Worth::failed;
    case Security::insecure:
      return lookup->have_data ? Worth::insecure : own == nullptr ? Worth::good : Worth::missing;
    case Security::secure:
    case Security::not_looked_up:
      break;
  }
  const auto sets =
      lookup->message ? dns::group(lookup->message->answer) : std::vector<dns::SignedRRset>{};
  const auto* set = signalled(sets, type);
  if (set == nullptr || own == nullptr) {
    return set == nullptr && own == nullptr ? Worth::good
           : set == nullptr                 ? Worth::missing
                                            : Worth::different;
  }
  return dns::same_rdata(*set, own->set) ? Worth::good : Worth::different;
}

/// The worth of a signal, and which of the two RRsets are so.
using Verdict = std::pair<Worth, std::string>;

Verdict verdict_on(const observe::Signal& signal, const CdsView& request) {
  if (!signal.name) {
    return {Worth::too_long, {}};
  }
  const auto cds = worth_of(signal.cds, Type::cds, request.cds);
  const auto cdnskey = worth_of(signal.cdnskey, Type::cdnskey, request.cdnskey);
  if (cds == cdnskey) {
    return {cds, "CDS and CDNSKEY"};
  }
  return cds > cdnskey ? Verdict{cds, "CDS"} : Verdict{cdnskey, "CDNSKEY"};
}

std::string names_words(const std::vector<std::string>& hosts) {
  return (hosts.size() == 1 ? "the name of " : "the names of ") + list_words(hosts, 4);
}

/// `where` is the first of the names that were asked for.
std::string words_for(const Verdict& verdict, const std::string& names, const std::string& where) {
  const auto& [worth, types] = verdict;
  const std::string what = "what is under " + names + " for bootstrapping (" + types + ")";
  switch (worth) {
    case Worth::missing:
      return "no " + types + " for bootstrapping under " + names + where;
    case Worth::different:
      return "other " + types + " for bootstrapping under " + names + " than in the zone" + where;
    case Worth::insecure:
      return what + " is not secure: no chain of trust leads to it" + where;
    case Worth::failed:
      return "no answer about " + types + " for bootstrapping under " + names + where;
    case Worth::bogus:
      return what + " does not validate" + where;
    case Worth::too_long:
      return "for bootstrapping a name under " + names + " would be too long";
    case Worth::good:
    case Worth::unknown:
      break;
  }
  return {};
}

bool has_data(const observe::Signal& signal) {
  return (signal.cds && signal.cds->have_data) || (signal.cdnskey && signal.cdnskey->have_data);
}

void see_signals(Docket& docket, const CdsView& request) {
  std::map<Verdict, std::vector<const observe::Signal*>> groups;
  for (const auto& signal : docket.seen().signals) {
    const auto verdict = verdict_on(signal, request);
    if (verdict.first != Worth::good && verdict.first != Worth::unknown) {
      groups[verdict].push_back(&signal);
    }
  }
  for (const auto& [verdict, signals] : groups) {
    std::vector<std::string> hosts;
    for (const auto* signal : signals) {
      hosts.push_back(signal->nameserver.to_display());
    }
    const auto& name = signals.front()->name;
    auto& finding = docket.add(
        Fault::dsboot_signal_broken,
        words_for(verdict, names_words(hosts), name ? " (" + name->to_display() + ")" : ""));
    finding.servers = std::move(hosts);
    if (!docket.policy.bootstrap) {
      finding.tier = Tier::info;
    }
  }
}

/// --bootstrap: what keeps the zone from it before any nameserver is asked.
std::string hindrance(const Docket& docket, const CdsView* request) {
  if (request == nullptr) {
    return "the zone has neither CDS nor CDNSKEY: there is nothing to bootstrap it with";
  }
  if (request->deletes()) {
    return "the zone asks its parent for no DS (CDS 0 0 0 00): it is not bootstrapped";
  }
  if (!docket.seen().nameservers.empty() &&
      observe::signalling_nameservers(docket.seen()).empty()) {
    return "the names of all nameservers are in the zone itself: none can vouch for it";
  }
  return {};
}

}  // namespace

void rules_for_bootstrap(Docket& docket) {
  const auto& seen = docket.seen();
  if (!ds_known(docket.analysis) || !published_ds(docket.analysis).empty() ||
      docket.analysis.serving() == 0) {
    return;
  }
  const auto views = cds_views(docket.analysis);
  const auto* request = request_of(views);
  const auto problem = views.empty() ? std::string() : hindrance(docket, request);
  if (!problem.empty() || request == nullptr) {
    if (docket.policy.bootstrap && !problem.empty()) {
      docket.add(Fault::dsboot_signal_broken, problem);
    }
    return;
  }
  // Most zones are signalled nowhere, and need not be.
  if (docket.policy.bootstrap || std::any_of(seen.signals.begin(), seen.signals.end(), has_data)) {
    see_signals(docket, *request);
  }
}

std::optional<std::string> bootstrap_words(const Analysis& analysis) {
  const auto views = cds_views(analysis);
  const auto* request = request_of(views);
  std::vector<std::string> hosts;
  for (const auto& signal : analysis.seen->signals) {
    if (request == nullptr || verdict_on(signal, *request).first != Worth::good) {
      return std::nullopt;
    }
    hosts.push_back(signal.nameserver.to_display());
  }
  return hosts.empty() ? std::nullopt
                       : std::optional("bootstrapping (RFC 9615): CDS and CDNSKEY under " +
                                       names_words(hosts) + " are secure and those of the zone");
}

}  // namespace judge
