// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <utility>  // before Asio: Boost 1.74 forgets it

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dns/answer.hpp"
#include "dns/result.hpp"
#include "dns/serial_time.hpp"
#include "dnssec/key.hpp"

namespace resolve {

using dnssec::Anchor;

/// Root KSK-2017 (20326) and KSK-2024 (38696), IANA root-anchors.
std::vector<Anchor> builtin_anchors();
/// A record ("example. DS 1 13 2 AB…", "… DNSKEY 257 3 13 …", owner first, TTL and class optional),
/// or a file of such records (comments with `;`, as unbound-anchor and dns-root-data write it;
/// DNSKEY with REVOKE is skipped, and so is what unbound's state comment calls not yet or no longer
/// trusted, RFC 5011 4). An error names the file or record, the line and what is accepted; no
/// anchor in it is an error.
dns::Result<std::vector<Anchor>> read_anchors(const std::string& file_or_record);
/// The distribution's root key when readable and good, else the built-in ones. `source` says which,
/// for reports.
struct AnchorChoice {
  std::vector<Anchor> anchors;
  std::string source;
};
AnchorChoice default_anchors();
/// Checks that a root hints file is readable and holds at least one address; the text is for
/// libunbound's file option.
dns::Result<std::string> check_root_hints(const std::string& file);

struct Settings {
  bool validate = true;                   ///< false: iterator only
  std::vector<Anchor> anchors;            ///< must not be empty when validate
  std::optional<std::string> root_hints;  ///< file
  std::vector<dns::Endpoint> forward;     ///< ask these instead of walking from the root
  std::optional<dns::UnixTime> at;        ///< the validator's clock
  bool ipv4 = true, ipv6 = true;
};

/// One libunbound context on the event loop (ub_fd; its work runs in libunbound's own thread). The
/// settings that matter: no local zones, localhost may be asked, no clock skew forgiven, no
/// trust-anchor signalling, silent log. Two contexts (validating and not) are two objects. When it
/// dies, look-ups under way come back as not_looked_up. The event loop outlives it.
class Resolver {
 public:
  static dns::Result<std::unique_ptr<Resolver>> create(boost::asio::io_context& io,
                                                       const Settings& settings);
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  /// Validated look-up; identical questions are asked once and remembered. After `deadline` the
  /// look-up is cancelled and comes back as not_looked_up. Never throws for what the network does.
  boost::asio::awaitable<dns::Lookup> lookup(dns::Question question,
                                             std::chrono::steady_clock::time_point deadline);

  [[nodiscard]] unsigned long lookups() const;

 private:
  struct State;
  explicit Resolver(std::shared_ptr<State> state);
  static boost::asio::awaitable<dns::Lookup> look_up(
      std::shared_ptr<State> state, dns::Question question,
      std::chrono::steady_clock::time_point deadline);
  std::shared_ptr<State> state_;
};

}  // namespace resolve
