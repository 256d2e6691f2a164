// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dns/message.hpp"
#include "dnssec/key.hpp"

namespace fuzz {

/// An answer with its signatures and, somewhere in it, the DNSKEY records that may have made them.
struct SignedAnswer {
  std::vector<dns::SignedRRset> sets;  ///< of class IN, with records
  std::vector<dnssec::Key> keys;
  dns::Name apex;  ///< the first DNSKEY's owner
};
SignedAnswer signed_answer(const dns::Message& message);

/// The input's first octet names one of the real answers of data/verify, and octets of it that are
/// changed follow; or it names none, and a whole message follows.
dns::Bytes mutated_answer(const std::uint8_t* data, std::size_t size);

/// What the signatures of those real answers sign, each with its RRSIG's first 18 octets and
/// signer.
const std::vector<dns::Bytes>& really_signed();

}  // namespace fuzz
