// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <vector>

#include "dns/bitmap.hpp"
#include "judge/whole_rules.hpp"

namespace judge {

/// What the type list of an NSEC or NSEC3 must be (RFC 4034 4.1.2, RFC 5155 3.2.1, 7.1). Keeps its
/// memory from name to name.
class TypeLists {
 public:
  /// Of the NSEC at the node, as the field is written. The view is good until the next call.
  dns::ByteView of_nsec(const zone::Node& node, RRsetViews sets);
  /// Of the NSEC3 of that name.
  dns::ByteView of_nsec3(const zone::Node& node, RRsetViews sets);
  /// Of the last call.
  [[nodiscard]] const std::vector<dns::Type>& types() const { return types_; }

 private:
  void take(const zone::Node& node, RRsetViews sets);
  dns::ByteView write();

  std::vector<dns::Type> types_;
  dns::Bytes wire_;
};

/// The list `found` (as it is written) is not `expected`: says at whose name, and what that means.
/// `noun` is NSEC or NSEC3.
void see_wrong_types(WholeDocket& docket, const WholePlace& place, const zone::Node* node,
                     dns::ByteView found, const std::vector<dns::Type>& expected, const char* noun);

}  // namespace judge
