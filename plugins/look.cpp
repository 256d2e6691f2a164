// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "look.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <exception>
#include <memory>
#include <random>

#include "resolve/resolver.hpp"
#include "signals.hpp"
#include "transport/address.hpp"
#include "transport/client.hpp"

namespace plugins {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using observe::ZoneObservation;

/// Between the last answer that is waited for and the deadline: time to judge and to write.
constexpr auto kJudging = std::chrono::milliseconds(250);

std::string random_label() {
  constexpr std::string_view kLetters = "bcdfghjklmnpqrstvwxz";
  std::random_device device;
  std::string label = "dnssec-probe-";
  for (int i = 0; i < 12; ++i) {
    label += kLetters[device() % kLetters.size()];
  }
  return label;
}

dns::Result<resolve::AnchorChoice> choose_anchors(const plugin::Options& options) {
  if (!options.trust_anchor) {
    return resolve::default_anchors();
  }
  auto anchors = resolve::read_anchors(*options.trust_anchor);
  if (!anchors) {
    return dns::Error{"option --trust-anchor: " + anchors.error().message};
  }
  return resolve::AnchorChoice{*std::move(anchors), "--trust-anchor"};
}

std::string words_of(const std::vector<dns::Endpoint>& endpoints) {
  std::string words;
  for (const auto& endpoint : endpoints) {
    words += (words.empty() ? "" : ", ") + endpoint.to_text();
  }
  return words;
}

/// Options to request. Where port 53 is closed, the forwarders stand in for the nameservers.
observe::Request request_for(const plugin::Options& options, const dns::Name& zone,
                             transport::Families families,
                             void (*ask_for)(observe::Request&, const plugin::Options&)) {
  observe::Request request;
  request.name = zone;
  request.names = options.names;
  request.servers = options.servers;
  request.random_label = random_label();
  request.ipv4 = families.v4;
  request.ipv6 = families.v6;
  request.forwarding = !options.forward.empty();
  ask_for(request, options);
  if (request.forwarding && request.servers.empty()) {
    request.recursion = true;
    if (request.apex_rrsets) {
      request.servers = options.forward;
    }
  }
  return request;
}

std::vector<std::string> notes_for(const observe::Request& request,
                                   const plugin::Options& options) {
  std::vector<std::string> notes;
  if (!request.ipv6 && !options.only_v4) {
    notes.emplace_back("IPv6 addresses were not asked: this host has no IPv6 route");
  }
  if (!request.ipv4 && !options.only_v6) {
    notes.emplace_back("IPv4 addresses were not asked: this host has no IPv4 route");
  }
  if (request.forwarding && request.zone_servers) {
    notes.emplace_back(
        "the zone's own nameservers were not asked (--forward): a server that differs from the "
        "others stays unseen");
  }
  return notes;
}

/// Everything that is alive while looking.
class Looking {
 public:
  Looking(const plugin::Options& options,
          void (*ask_for)(observe::Request&, const plugin::Options&), transport::MakeTls make_tls,
          Clock::time_point deadline)
      : options_(options), ask_for_(ask_for), make_tls_(make_tls), deadline_(deadline) {}

  dns::Result<std::vector<ZoneObservation>> run(dns::UnixTime now) {
    if (auto problem = prepare()) {
      return *problem;
    }
    seen_.resize(options_.zones.size());
    requests_.reserve(seen_.size());
    finished_.assign(seen_.size(), false);
    for (std::size_t i = 0; i < seen_.size(); ++i) {
      start(i, now);
    }
    wait();
    if (failure_) {
      std::rethrow_exception(failure_);
    }
    for (std::size_t i = 0; i < seen_.size(); ++i) {
      seen_[i].deadline_hit = seen_[i].deadline_hit || !finished_[i];
      observe::put_in_order(seen_[i]);
    }
    return std::move(seen_);
  }

 private:
  std::optional<dns::Error> prepare() {
    auto anchors = choose_anchors(options_);
    if (!anchors) {
      return anchors.error();
    }
    anchors_ = *std::move(anchors);
    if (options_.root_hints) {
      auto hints = resolve::check_root_hints(*options_.root_hints);
      if (!hints) {
        return dns::Error{"option --root-hints: " + hints.error().message};
      }
    }
    settings_.anchors = anchors_.anchors;
    settings_.root_hints = options_.root_hints;
    settings_.forward = options_.forward;
    settings_.at = options_.at;
    families_ = transport::local_families();
    families_.v4 = families_.v4 && !options_.only_v6;
    families_.v6 = families_.v6 && !options_.only_v4;
    settings_.ipv4 = families_.v4;
    settings_.ipv6 = families_.v6;
    auto validating = resolve::Resolver::create(io_, settings_);
    if (!validating) {
      return validating.error();
    }
    validating_ = *std::move(validating);
    transport::ClientOptions client;
    client.query_timeout =
        std::chrono::milliseconds(static_cast<std::int64_t>(options_.query_timeout * 1000));
    client.retries = options_.retries;
    client.deadline = deadline_ - kJudging;
    auto tls = tls_for_resolvers();
    if (!tls) {
      return tls.error();
    }
    client.tls = *std::move(tls);
    client_ = std::make_unique<transport::Client>(io_, client);
    means_ = std::make_unique<observe::Means>(
        observe::Means{*validating_, [this] { return plain(); }, *client_, deadline_ - kJudging,
                       options_.forward});
    return std::nullopt;
  }

  /// Reading the system's certificates takes a while: only where they are needed.
  dns::Result<std::shared_ptr<transport::TlsExchange>> tls_for_resolvers() const {
    const bool wanted =
        std::any_of(options_.resolvers.begin(), options_.resolvers.end(),
                    [](const dns::ResolverAddress& resolver) { return resolver.over_tls(); });
    if (make_tls_ == nullptr || !wanted) {
      return std::shared_ptr<transport::TlsExchange>();
    }
    auto made = make_tls_(options_.tls_ca);
    if (!made) {
      return dns::Error{"option --tls-ca: " + made.error().message};
    }
    return made;
  }

  /// The unvalidating resolver is made when the first zone needs it.
  resolve::Resolver* plain() {
    if (!plain_) {
      auto settings = settings_;
      settings.validate = false;
      if (auto made = resolve::Resolver::create(io_, settings)) {
        plain_ = *std::move(made);
      }
    }
    return plain_.get();
  }

  void start(std::size_t index, dns::UnixTime now) {
    requests_.push_back(request_for(options_, options_.zones[index], families_, ask_for_));
    auto& seen = seen_[index];
    seen.taken_at = now;
    seen.anchors = anchors_.anchors;
    seen.anchor_source = anchors_.source;
    seen.forwarders = words_of(options_.forward);
    seen.notes = notes_for(requests_.back(), options_);
    asio::co_spawn(io_, observe::observe_zone(requests_.back(), *means_, seen),
                   [this, index](const std::exception_ptr& error) {
                     finished_[index] = !error;
                     if (error && !failure_) {
                       failure_ = error;
                     }
                     if (++done_ == seen_.size()) {
                       io_.stop();
                     }
                   });
  }

  void wait() {
    asio::steady_timer limit(io_, deadline_ - kJudging / 2);
    limit.async_wait([this](const boost::system::error_code&) { io_.stop(); });
    asio::signal_set signals(io_, SIGTERM, SIGINT);
    signals.async_wait([this](const boost::system::error_code& error, int) {
      if (!error) {
        note_end_signal();
      }
      io_.stop();
    });
    heed_end_signals();
    io_.run();
  }

  const plugin::Options& options_;
  void (*ask_for_)(observe::Request&, const plugin::Options&);
  transport::MakeTls make_tls_;
  Clock::time_point deadline_;
  std::vector<ZoneObservation> seen_;
  std::vector<observe::Request> requests_;
  std::vector<bool> finished_;
  std::size_t done_ = 0;
  std::exception_ptr failure_;
  resolve::AnchorChoice anchors_;
  resolve::Settings settings_;
  transport::Families families_;  ///< that this host has and the options allow
  // The loop goes first when this dies: its coroutines refer to everything above and use what is
  // below.
  std::unique_ptr<resolve::Resolver> validating_, plain_;
  std::unique_ptr<transport::Client> client_;
  std::unique_ptr<observe::Means> means_;
  asio::io_context io_{1};
};

}  // namespace

dns::Result<std::vector<ZoneObservation>> look_at_zones(
    const plugin::Options& options, void (*ask_for)(observe::Request&, const plugin::Options&),
    transport::MakeTls make_tls, Clock::time_point deadline, dns::UnixTime now) {
  // Never destroyed: after a deadline libunbound's thread may still wait for a silent server, and
  // joining it would break the promise of --timeout. The process ends right after the report.
  auto* looking = new Looking(options, ask_for, make_tls,
                              deadline);  // NOLINT(cppcoreguidelines-owning-memory): see above
  return looking->run(now);
}

}  // namespace plugins
