// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "look.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdint>
#include <exception>
#include <list>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "resolve/resolver.hpp"
#include "signals.hpp"
#include "transport/address.hpp"
#include "transport/client.hpp"
#include "transport/pace.hpp"

namespace plugins {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using observe::ZoneObservation;

/// Between the last answer that is waited for and the deadline: time to judge and to write.
constexpr auto kJudging = std::chrono::milliseconds(250);
/// Of many zones: questions that one address is asked in a second, and that wait for an answer.
constexpr unsigned kRatePerServer = 500;
constexpr unsigned kMostInFlight = 800;
/// Questions about a zone that a server above it is asked at most.
constexpr unsigned kAskedOfParent = 4;

/// Open files that one look takes, libunbound's among them; and as many as any number takes.
constexpr rlim_t kFewestFiles = 64;
constexpr rlim_t kFilesEnough = 4096;

/// Files that may be open at once, after raising our own limit as far as is allowed and of use. A
/// lack of them would look like servers that cannot be reached.
rlim_t files_to_open() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return kFilesEnough;
  }
  if (limit.rlim_cur < kFilesEnough && limit.rlim_cur < limit.rlim_max) {
    const rlim_t before = limit.rlim_cur;
    limit.rlim_cur = std::min(limit.rlim_max, kFilesEnough);
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
      return before;
    }
  }
  return limit.rlim_cur;
}

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

/// A zone that is being looked at.
struct UnderWay {
  plugin::ZoneTask task;
  observe::Request request;
  observe::Means means;
  ZoneObservation seen;
  Clock::time_point began;
};

asio::awaitable<void> observe_in_turn(asio::io_context& io, UnderWay& one) {
  if (one.began > Clock::now()) {
    asio::steady_timer turn(io, one.began);
    co_await turn.async_wait(asio::use_awaitable);
  }
  co_await observe::observe_zone(one.request, one.means, one.seen);
}

/// Everything that is alive while looking.
class Looking {
 public:
  Looking(const plugin::Options& options, const Looker& looker, const LookLimits& limits,
          const NextZone& next, const ZoneSeen& seen)
      : options_(options), looker_(looker), limits_(limits), next_(next), seen_(seen) {}

  /// Everything that can go wrong before anybody is asked.
  std::optional<dns::Error> prepare() {
    const auto files = files_to_open();
    if (files < kFewestFiles) {
      return dns::Error{"this process may have only " + std::to_string(files) +
                        " files open, which is too few to look at a zone: raise its limit (ulimit "
                        "-n, LimitNOFILE of its service) to 1024"};
    }
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
    client.deadline = limits_.deadline - kJudging;
    client.most_per_second =
        options_.rate_per_server.value_or(options_.zones_file ? kRatePerServer : 0);
    // The servers above them are asked by libunbound, which keeps no pace, some times for each.
    starts_ = std::make_unique<transport::Pace>(
        client.most_per_second == 0 ? 0 : std::max(1U, client.most_per_second / kAskedOfParent));
    client.remember_silence = limits_.at_once > 1;
    client.most_in_flight = limits_.at_once > 1 ? kMostInFlight : client.most_in_flight;
    client.most_in_flight =
        static_cast<unsigned>(std::min<rlim_t>(client.most_in_flight, files / 2));
    auto tls = tls_for_resolvers();
    if (!tls) {
      return tls.error();
    }
    client.tls = *std::move(tls);
    client_ = std::make_unique<transport::Client>(io_, client);
    return std::nullopt;
  }

  void run() {
    while (under_way_.size() < limits_.at_once && start_next()) {
    }
    if (!under_way_.empty()) {
      wait();
    }
    if (failure_) {
      std::rethrow_exception(failure_);
    }
    for (auto& one : under_way_) {
      one->seen.deadline_hit = true;
      hand_on(*one);
    }
  }

 private:
  /// Reading the system's certificates takes a while: only where they are needed.
  dns::Result<std::shared_ptr<transport::TlsExchange>> tls_for_resolvers() const {
    const bool wanted =
        std::any_of(options_.resolvers.begin(), options_.resolvers.end(),
                    [](const dns::ResolverAddress& resolver) { return resolver.over_tls(); });
    if (looker_.make_tls == nullptr || !wanted) {
      return std::shared_ptr<transport::TlsExchange>();
    }
    auto made = looker_.make_tls(options_.tls_ca);
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

  /// False when there is no zone left.
  bool start_next() {
    auto task = next_();
    if (!task) {
      return false;
    }
    const auto began = starts_->reserve({}, Clock::now()).value();
    auto deadline = limits_.deadline;
    if (limits_.each) {
      deadline = std::min(deadline, began + std::chrono::ceil<Clock::duration>(*limits_.each));
    }
    deadline -= kJudging;
    auto request = request_for(*task->options, task->zone, families_, looker_.ask_for);
    under_way_.push_back(std::make_unique<UnderWay>(
        UnderWay{*std::move(task),
                 std::move(request),
                 {*validating_, [this] { return plain(); }, client_->for_zone(++started_, deadline),
                  deadline, options_.forward},
                 {},
                 began}));
    const auto place = std::prev(under_way_.end());
    auto& seen = (*place)->seen;
    seen.asked = (*place)->request.name;  // a signal may come before anything else is known
    seen.taken_at = limits_.now;
    seen.anchors = anchors_.anchors;
    seen.anchor_source = anchors_.source;
    seen.forwarders = words_of(options_.forward);
    seen.notes = notes_for((*place)->request, options_);
    asio::co_spawn(io_, observe_in_turn(io_, **place),
                   [this, place](const std::exception_ptr& error) { end(place, error); });
    return true;
  }

  void end(std::list<std::unique_ptr<UnderWay>>::iterator place, const std::exception_ptr& error) {
    if (error) {
      failure_ = failure_ ? failure_ : error;
      io_.stop();
      return;
    }
    hand_on(**place);
    under_way_.erase(place);
    start_next();
    if (under_way_.empty()) {
      io_.stop();
    }
  }

  void hand_on(UnderWay& one) const {
    observe::put_in_order(one.seen);
    seen_(one.task, std::move(one.seen),
          std::max(0.0, std::chrono::duration<double>(Clock::now() - one.began).count()));
  }

  void wait() {
    asio::steady_timer limit(io_, limits_.deadline - kJudging / 2);
    limit.async_wait([this](const boost::system::error_code&) { io_.stop(); });
    signals_.emplace(io_, [this] { io_.stop(); });
    io_.run();
  }

  const plugin::Options& options_;
  const Looker& looker_;
  const LookLimits& limits_;
  const NextZone& next_;
  const ZoneSeen& seen_;
  std::list<std::unique_ptr<UnderWay>> under_way_;
  std::uint64_t started_ = 0;
  std::exception_ptr failure_;
  resolve::AnchorChoice anchors_;
  resolve::Settings settings_;
  transport::Families families_;  ///< that this host has and the options allow
  // When this dies the loop goes before what its coroutines refer to, and after what it watches.
  std::unique_ptr<transport::Client> client_;
  std::unique_ptr<transport::Pace> starts_;  ///< of zones
  asio::io_context io_{1};
  std::unique_ptr<resolve::Resolver> validating_, plain_;
  std::optional<EndSignals> signals_;
};

}  // namespace

std::optional<dns::Error> look_at_many(const plugin::Options& options, const Looker& looker,
                                       const LookLimits& limits, const NextZone& next,
                                       const ZoneSeen& seen) {
  auto looking = std::make_unique<Looking>(options, looker, limits, next, seen);
  if (auto problem = looking->prepare()) {
    return problem;
  }
  // Never destroyed: after a deadline libunbound's thread may still wait for a silent server, and
  // joining it would break the promise of --timeout. The process ends right after the report.
  // Until then leak checkers see it here.
  static std::vector<Looking*> kept;
  kept.push_back(looking.release());
  kept.back()->run();
  return std::nullopt;
}

dns::Result<ZoneObservation> look_at_zone(const plugin::Options& options, const Looker& looker,
                                          Clock::time_point deadline, dns::UnixTime now) {
  std::optional<plugin::ZoneTask> task(
      {options.zones.front(), std::make_shared<const plugin::Options>(options)});
  std::optional<ZoneObservation> result;
  LookLimits limits;
  limits.deadline = deadline;
  limits.now = now;
  auto problem = look_at_many(
      options, looker, limits, [&] { return std::exchange(task, std::nullopt); },
      [&](const plugin::ZoneTask&, ZoneObservation&& seen, double) { result = std::move(seen); });
  if (problem) {
    return *std::move(problem);
  }
  return *std::move(result);
}

}  // namespace plugins
