// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "judge/analysis.hpp"

namespace judge {

/// In presentation format, as a registrar takes it: "12345 13 2 4ABF...".
std::string ds_text_of(const dns::Ds& ds);
/// The distinct key tags, in the order they come: "12345 and 54321".
std::string tag_words(const std::vector<dns::Ds>& set);

/// A valid signature by that key of the link, or of the server, is on its DNSKEY RRset.
bool signs_dnskey(const LinkAnalysis& link, std::size_t key);
bool signs_dnskey(const ServerAnalysis& server, const dns::Name& apex, std::size_t key);
/// … on the DNSKEY RRset that validators get, or on that of some server: of several signers each
/// signs with its own (RFC 8901 2.1.2).
bool signs_dnskey(const Analysis& analysis, const dnssec::Key& key);
/// All that do, at the link or at some server.
std::vector<dnssec::Key> keys_that_sign(const Analysis& analysis);
/// That DS alone leads to one of these keys of the zone.
bool leads_to_one_of(const dns::Ds& ds, const Analysis& analysis,
                     const std::vector<dnssec::Key>& keys);
/// The keys that validators get, and those of single servers.
std::vector<dnssec::Key> all_keys(const Analysis& analysis);

/// The usable answer of one parent server about the DS: from the parent's side, with authority.
const dns::Answer* parents_ds_answer(const observe::Server& server, const dns::Name& apex);
/// The child's side answers a DS question for its own apex with its own SOA (RFC 4035 3.1.4.1).
bool is_from_child(const dns::Message& message, const dns::Name& apex);
/// Every DS that some parent server (or, where none was asked, the validated look-up) has.
std::vector<dns::Ds> published_ds(const Analysis& analysis);
/// The parent's word on the DS is known at all: whether there are any can be told.
bool ds_known(const Analysis& analysis);

/// Records of one type that earlier runs saw.
std::vector<const memory::SeenRecord*> seen_before(const Analysis& analysis, dns::Type type);

}  // namespace judge
