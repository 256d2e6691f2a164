// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// RFC 5155 7.1: the hash of every name that must be denied around owns an NSEC3, each of those
// leads to the next hash and the last to the first, and none is left over. Under Opt-Out unsigned
// delegations may be passed over (RFC 5155 6).
#include <algorithm>
#include <numeric>

#include "judge/whole_denial.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using zone::Nsec3Hash;

/// Hash computations for one zone: minutes on one processor.
constexpr std::uint64_t kMostWholeHashes = 500'000'000;
constexpr std::uint16_t kMostWholeIterations = 2500;

std::string hash_words(dns::ByteView hash) { return dns::to_base32hex(hash); }

/// One chain beside the names in the order of their hashes.
class RingWalk {
 public:
  RingWalk(WholeDocket& docket, const Nsec3Names& seen, const std::vector<Nsec3Hash>& hashes,
           const Nsec3Ring& ring)
      : docket_(docket), seen_(seen), hashes_(hashes), ring_(ring), order_(hashes.size()) {
    std::iota(order_.begin(), order_.end(), 0U);
    std::sort(order_.begin(), order_.end(), [&](std::uint32_t left, std::uint32_t right) {
      return hashes_[left] < hashes_[right];
    });
  }

  void run() {
    // What comes before the first NSEC3 is covered by the last.
    std::size_t at = 0;
    for (; at < order_.size() && hashes_[order_[at]] < ring_.front().hash; ++at) {
      early_.push_back(order_[at]);
    }
    for (std::size_t i = 0; i < ring_.size(); ++i) {
      bool through_missing = false;
      if (at < order_.size() && hashes_[order_[at]] == ring_[i].hash) {
        see_matched(ring_[i], order_[at]);
        ++at;
      } else {
        see_orphan(ring_[i]);
      }
      const bool last = i + 1 == ring_.size();
      for (; at < order_.size() && (last || hashes_[order_[at]] < ring_[i + 1].hash); ++at) {
        through_missing = see_covered(ring_[i], order_[at]) || through_missing;
      }
      if (last) {
        for (const auto name : early_) {
          through_missing = see_covered(ring_[i], name) || through_missing;
        }
      }
      see_next(ring_[i], ring_[last ? 0 : i + 1], through_missing);
    }
  }

 private:
  void see_matched(const ChainLink& link, std::uint32_t name) {
    const auto* node = seen_.names[name].node;
    dns::ByteView expected;
    if (node != nullptr) {
      expected = lists_.of_nsec3(*node, split_(*node));
    }
    if (std::ranges::equal(expected, link.types)) {
      return;
    }
    static const std::vector<dns::Type> none;
    see_wrong_types(docket_, {seen_.keys[name]}, node, link.types,
                    node == nullptr ? none : lists_.types(), "NSEC3");
  }

  void see_orphan(const ChainLink& link) {
    docket_.tally.see(Fault::nsec3_owner_hash_wrong, 0, {link.owner->key()}, [] {
      return WholeWords{"is the hash of no name of the zone", "are hashes of no name of the zone",
                        "NSEC3 record"};
    });
  }

  /// True: the NSEC3 before it ends at that name, which has none.
  bool see_covered(const ChainLink& link, std::uint32_t name) {
    const auto& hashed = seen_.names[name];
    const bool leads_here = std::ranges::equal(link.next, hashes_[name]);
    if (hashed.optional && link.opt_out() && !leads_here) {
      return false;
    }
    const WholePlace place{seen_.keys[name]};
    const auto say = [&](Fault fault, std::uint32_t cause, const char* single, const char* plural) {
      docket_.tally.see(fault, cause, place, [&] { return WholeWords{single, plural, "name"}; });
    };
    if (hashed.node == nullptr) {
      say(Fault::nsec3_missing_at_ent, 0, "is an empty non-terminal without NSEC3",
          "are empty non-terminals without NSEC3");
    } else if (hashed.optional) {
      say(Fault::nsec3_missing_insecure_delegation, 0,
          "is an unsigned delegation without NSEC3, and what covers it has no Opt-Out",
          "are unsigned delegations without NSEC3, and what covers them has no Opt-Out");
    } else if (hashed.node->standing == zone::Standing::delegation) {
      say(Fault::nsec3_missing_at_name, 1, "is a delegation with DS and without NSEC3",
          "are delegations with DS and without NSEC3");
    } else {
      say(Fault::nsec3_missing_at_name, 0, "has no NSEC3", "have no NSEC3");
    }
    return leads_here;
  }

  void see_next(const ChainLink& link, const ChainLink& next, bool through_missing) {
    if (through_missing || std::ranges::equal(link.next, next.hash)) {
      return;
    }
    docket_.tally.see(Fault::nsec_chain_broken, 2, {link.owner->key()}, [&] {
      return WholeWords{"has the next hash " + hash_words(link.next) + ", but " +
                            hash_words(next.hash) + " comes next",
                        "have another next hash than the one that comes next", "NSEC3 record"};
    });
  }

  WholeDocket& docket_;
  const Nsec3Names& seen_;
  const std::vector<Nsec3Hash>& hashes_;
  const Nsec3Ring& ring_;
  std::vector<std::uint32_t> order_;  ///< of names, by hash
  std::vector<std::uint32_t> early_;
  zone::Splitter split_;
  TypeLists lists_;
};

}  // namespace

void rules_for_ring(WholeDocket& docket, const Nsec3Names& seen, const Nsec3Parameters& parameters,
                    const Nsec3Ring& ring) {
  const std::uint64_t most = parameters.iterations > kMostWholeIterations ? 0 : kMostWholeHashes;
  const auto hashed = zone::hash_names(seen.keys, parameters.iterations, parameters.salt,
                                       docket.whole.threads, most);
  switch (hashed.outcome) {
    case zone::Hashing::refused:
      docket.add(Fault::sig_algorithm_unverifiable,
                 "NSEC3 hashes cannot be computed here: the cryptographic library refuses SHA-1");
      return;
    case zone::Hashing::too_much:
      docket.add(Fault::verify_budget_exceeded,
                 "the NSEC3 chain was not compared with the names: " + thousands(seen.keys.size()) +
                     " names with " + count_words(parameters.iterations, "iteration") +
                     " are too much work");
      return;
    case zone::Hashing::done:
      break;
  }
  RingWalk(docket, seen, hashed.hashes, ring).run();
}

}  // namespace judge
