// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <map>
#include <string>
#include <vector>

#include "judge/denials.hpp"
#include "judge/whole_bitmap.hpp"
#include "judge/whole_rules.hpp"
#include "zone/nsec3_hashes.hpp"

namespace judge {

/// How a zone denies, by what its apex publishes: NSEC3PARAM tells its servers (RFC 5155 4).
enum class WholeForm {
  none,   ///< no NSEC and no NSEC3
  nsec,   ///< perhaps with an NSEC3 chain on its way
  nsec3,  ///< perhaps with NSEC left over
};

/// The NSEC chain, as its names pass by in canonical order (RFC 4034 4, RFC 4035 2.3).
class NsecChain {
 public:
  void see(WholeDocket& docket, const zone::Node& node, RRsetViews sets);
  void finish(WholeDocket& docket);

 private:
  void see_next(WholeDocket& docket, const zone::Node& node, const zone::Entry& entry);
  void see_types(WholeDocket& docket, const zone::Node& node, RRsetViews sets,
                 const zone::Entry& entry);

  TypeLists lists_;
  zone::SortKey room_;
  zone::SortKeyView expected_;        ///< where the last NSEC leads
  const zone::Node* last_ = nullptr;  ///< its owner
  bool through_missing_ = false;      ///< that is a name found without NSEC since
};

/// One NSEC3 record; its views are the zone's.
struct ChainLink {
  zone::Nsec3Hash hash{};  ///< that its owner is
  std::uint8_t flags = 0;
  dns::ByteView next, types;
  const zone::Node* owner = nullptr;
  [[nodiscard]] bool opt_out() const { return (flags & 1U) != 0; }
};
using Nsec3Ring = std::vector<ChainLink>;  ///< in the order of hashes

/// A name that must have an NSEC3, or may.
struct HashedName {
  const zone::Node* node = nullptr;  ///< nullptr: an empty non-terminal
  bool optional = false;             ///< an unsigned delegation, or only such ones are below it
};

/// The NSEC3 records and the names that they are to deny around, as they pass by (RFC 5155 7.1).
class Nsec3Names {
 public:
  void see(WholeDocket& docket, const zone::Node& node, RRsetViews sets);

  std::map<Nsec3Parameters, Nsec3Ring> rings;
  std::vector<zone::SortKeyView> keys;  ///< of the names
  std::vector<HashedName> names;        ///< one for each key
  std::size_t unsigned_delegations = 0;

 private:
  void see_record(WholeDocket& docket, const zone::Node& node, const zone::Entry& entry);
  void see_name(zone::SortKeyView apex, const zone::Node& node, bool optional);

  zone::SortKeyView previous_;
  std::vector<std::size_t> open_;  ///< empty non-terminals that the last name is below
  Nsec3Ring* last_ring_ = nullptr;
  dns::ByteView last_parameters_;  ///< as they are written in the last record
};

/// NSEC3 as it is published at the apex and as it is used (RFC 5155 4, RFC 9276 3.1); the parameter
/// sets whose chains must be whole.
std::vector<Nsec3Parameters> rules_for_whole_parameters(WholeDocket& docket, RRsetViews apex,
                                                        const Nsec3Names& seen, bool nsec_too);
/// One chain against the names.
void rules_for_ring(WholeDocket& docket, const Nsec3Names& seen, const Nsec3Parameters& parameters,
                    const Nsec3Ring& ring);

/// All of it.
class WholeDenial {
 public:
  explicit WholeDenial(const WholeDocket& docket);
  void see(WholeDocket& docket, const zone::Node& node, RRsetViews sets);
  void finish(WholeDocket& docket, RRsetViews apex);
  [[nodiscard]] std::string words() const;

 private:
  WholeForm form_ = WholeForm::none;
  NsecChain nsec_;
  Nsec3Names nsec3_;
  std::size_t nsec_records_ = 0;
  std::vector<Nsec3Parameters> demanded_;
};

}  // namespace judge
