// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// What stands in options and small files: DS records, addresses, trust anchors, key files.
#include <string>

#include "dnssec/algorithm.hpp"
#include "fuzz.hpp"
#include "input.hpp"
#include "plugin/ds_text.hpp"
#include "plugin/endpoint_text.hpp"
#include "resolve/anchor_text.hpp"
#include "transport/address.hpp"
#include "transport/tsig_key.hpp"

namespace {

std::string text_of(const dns::Ds& ds) {
  return std::to_string(ds.key_tag) + " " + std::to_string(ds.algorithm) + " " +
         std::to_string(ds.digest_type) + " " + dns::to_hex(ds.digest);
}

void use_ds(const std::string& text) {
  const auto ds = plugin::parse_ds_text(text);
  if (!ds) {
    fuzz::require_one_line(ds.error().message);
    return;
  }
  const auto again = plugin::parse_ds_text("example. 3600 IN DS " + text_of(*ds));
  fuzz::require(again.ok() && *again == *ds, "a DS is read as it is written");
}

void use_endpoint(const std::string& text) {
  const auto endpoint = plugin::parse_endpoint_text(text);
  if (!endpoint) {
    fuzz::require_one_line(endpoint.error().message);
    return;
  }
  fuzz::require(endpoint->port != 0, "a port to ask");
  fuzz::require(plugin::looks_like_endpoint(endpoint->to_text()), "an address looks like one");
  const auto again = plugin::parse_endpoint_text(endpoint->to_text());
  fuzz::require(again.ok() && *again == *endpoint, "an address is read as it is written");
  const auto lower = transport::parse_endpoint(endpoint->to_text());
  fuzz::require(lower.ok() && *lower == *endpoint, "and so it is where it is asked");
}

void use_anchors(const std::string& text) {
  unsigned line = 0;
  for (const auto& record : resolve::split_records(text)) {
    fuzz::require(record.line >= line && !record.words.empty(), "records come line by line");
    line = record.line;
    const auto anchor = resolve::anchor_of(record);
    if (!anchor || !*anchor) continue;
    const auto& ds = (**anchor).ds;
    fuzz::require(dnssec::digest_info(ds.digest_type).length == ds.digest.size(),
                  "an anchor can be compared");
    const auto again = resolve::split_records((**anchor).zone.to_text() + " DS " + text_of(ds));
    fuzz::require(again.size() == 1, "one anchor is one record");
    const auto same = resolve::anchor_of(again.front());
    fuzz::require(same.ok() && *same == *anchor, "an anchor is read as it is written");
  }
}

void use_tsig_key(const std::string& text) {
  const auto key = transport::parse_tsig_key(text);
  if (!key) return;
  fuzz::require(!key->secret.empty(), "a key has a secret");
  fuzz::require(key->mac_octets <= dnssec::hmac_octets(key->hash), "no code is longer than whole");
  const auto words = key->to_text();
  fuzz::require_one_line(words);
  const auto again = transport::parse_tsig_key("key \"" + key->name.to_text() + "\" { algorithm " +
                                               key->algorithm_text() + "; secret \"" +
                                               dns::to_base64(key->secret) + "\"; };");
  fuzz::require(again.ok() && again->secret == key->secret && again->name == key->name &&
                    again->hash == key->hash && again->mac_octets == key->mac_octets,
                "a key is read as it is written");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = fuzz::Input(data, size).text();
  use_ds(text);
  use_endpoint(text);
  use_anchors(text);
  use_tsig_key(text);
  return 0;
}
