// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// --walk: from the apex along the NSEC chain, one question at a time, at one server.
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "observe/look.hpp"

namespace observe {
namespace asio = boost::asio;
using dns::Name;
using dns::Type;

namespace {

/// Between two questions: a walk is a guest at someone's server.
constexpr auto kPause = std::chrono::milliseconds(4);
/// Names of one walk; what a zone has beyond is for tools that read whole zones.
constexpr std::uint32_t kMostWalked = 9000;

const Server* first_serving(const ZoneObservation& seen) {
  for (const auto& server : seen.servers) {
    const auto* answer = server.find(*seen.apex, kMissingType);
    if (answer != nullptr && answer->answered()) {
      return &server;
    }
  }
  return nullptr;
}

class Walker {
 public:
  Walker(Look& look, Walk& walk) : look_(look), walk_(walk) {}

  [[nodiscard]] bool out_of_time() const { return out_of_time_; }

  asio::awaitable<void> run() {
    Name at = *look_.seen.apex;
    const std::uint32_t most = walk_.most == 0 ? kMostWalked : walk_.most;
    for (std::uint32_t names = 0; names < most; ++names) {
      auto nsec = co_await find(at);
      if (!nsec || !goes_on(at, nsec->next)) {
        co_return;
      }
      at = nsec->next;
    }
  }

 private:
  /// Strictly forward inside the zone: whatever else happens, the walk ends. And not along what is
  /// made up for each answer ("\000.name"), which would lead on and on.
  [[nodiscard]] bool goes_on(const Name& at, const Name& next) const {
    return next.is_below(*look_.seen.apex) && !is_made_up_next(at, next) &&
           dns::canonical_compare(at, next) == std::strong_ordering::less;
  }

  asio::awaitable<std::optional<dns::Nsec>> find(const Name& at) {
    auto nsec = co_await ask_for(at, at, Type::nsec);
    if (nsec || at == *look_.seen.apex) {
      co_return nsec;
    }
    // At a zone cut the answer is a referral: the name right behind all that is below it is denied
    // by the NSEC at the cut.
    const auto behind = name_behind(at);
    if (!behind) {
      co_return std::nullopt;
    }
    nsec = co_await ask_for(at, *behind, Type::a);
    co_return nsec;
  }

  asio::awaitable<std::optional<dns::Nsec>> ask_for(const Name& owner, const Name& asked,
                                                    Type type) {
    if (!look_.time_left_for(kPause)) {
      out_of_time_ = true;
      co_return std::nullopt;
    }
    asio::steady_timer pause(co_await asio::this_coro::executor, kPause);
    boost::system::error_code ignored;
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    auto question = in_class(asked, type);
    auto answer = co_await look_.means.client.ask(walk_.server, std::move(question), {});
    out_of_time_ = answer.outcome == dns::Outcome::not_asked;
    walk_.answers.push_back(std::move(answer));
    const auto& message = walk_.answers.back().message;
    co_return message ? nsec_at(*message, owner, *look_.seen.apex) : std::nullopt;
  }

  Look& look_;
  Walk& walk_;
  bool out_of_time_ = false;
};

}  // namespace

asio::awaitable<void> walk_chain(Look& look) {
  const auto* server = first_serving(look.seen);
  if (server == nullptr) {
    co_return;
  }
  auto& walk = look.seen.walk.emplace();
  walk.server = server->endpoint;
  walk.most = *look.request.walk;
  walk.out_of_time = true;  // until it has ended by itself
  look.seen.stage = "walking along the NSEC chain at " + server->label();
  Walker walker(look, walk);
  co_await walker.run();
  walk.out_of_time = walker.out_of_time();
}

}  // namespace observe
