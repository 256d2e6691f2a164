// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "observe/look.hpp"
#include "observe/parallel.hpp"

namespace observe {
namespace asio = boost::asio;
using dns::Type;

namespace {

/// One look-up of the validator, and the raw records beside it where it is not secure: the cause is
/// found in them.
asio::awaitable<void> look_up_both(Look& look, dns::Question question,
                                   std::optional<dns::Lookup>& validated,
                                   std::optional<dns::Lookup>& raw) {
  validated = co_await look.validated(question, look.soon());
  if (validated->security != dns::Security::secure) {
    raw = co_await look.plain(std::move(question), look.soon());
  }
}

}  // namespace

asio::awaitable<void> look_up_links(Look& look) {
  look.seen.stage = "looking up DS and DNSKEY from the root down";
  std::vector<asio::awaitable<void>> tasks;
  for (auto& link : look.seen.links) {
    tasks.push_back(
        look_up_both(look, in_class(link.zone, Type::dnskey), link.dnskey, link.raw_dnskey));
    if (!link.zone.is_root()) {
      tasks.push_back(look_up_both(look, in_class(link.zone, Type::ds), link.ds, link.raw_ds));
    }
  }
  co_await all(std::move(tasks));
}

}  // namespace observe
