// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "judge/rules.hpp"

namespace judge {

/// CDS and CDNSKEY as one server has them.
struct CdsView {
  const ServerAnalysis* server = nullptr;  ///< not owned
  const CheckedRRset* cds = nullptr;       ///< nullptr: it has none
  const CheckedRRset* cdnskey = nullptr;
  std::vector<dns::Ds> ds;        ///< of CDS, without delete requests
  std::vector<dnssec::Key> keys;  ///< of CDNSKEY, without delete requests
  bool delete_cds = false, delete_cdnskey = false;
  std::vector<std::string> malformed;  ///< in words, one for each such RRset
  [[nodiscard]] bool deletes() const { return delete_cds || delete_cdnskey; }
  [[nodiscard]] const std::string& label() const { return server->label; }
};

/// Of the servers that answered about both.
std::vector<CdsView> cds_views(const Analysis& analysis);

/// Sightings at servers; what is said alike of several servers becomes one finding.
class Tally {
 public:
  void add(Fault fault, const std::string& words, const std::string& server) {
    add(fault, words, server, info(fault).tier);
  }
  void add(Fault fault, const std::string& words, const std::string& server, Tier tier) {
    places_[{fault, tier, words}].push_back(server);
  }
  void add_to(Docket& docket) const;

 private:
  std::map<std::tuple<Fault, Tier, std::string>, std::vector<std::string>> places_;
};

}  // namespace judge
