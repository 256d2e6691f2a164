// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <utility>  // before Asio: Boost 1.74 forgets it

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>

namespace transport {

/// Closes a socket at a moment, which ends whatever waits on it: Boost 1.74 has no other way to
/// cut a coroutine's wait short. Dies before its socket.
template <class Socket>
class Watchdog {
 public:
  Watchdog(boost::asio::io_context& io, Socket& socket, std::chrono::steady_clock::time_point limit)
      : guarded_(std::make_shared<Guarded>(io, socket, limit)) {
    watch(guarded_);
  }
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  ~Watchdog() = default;

  [[nodiscard]] bool bitten() const { return guarded_->bitten; }
  /// Another moment, not before the last one. Costs next to nothing: the timer is wound up again
  /// when it has run down.
  void postpone(std::chrono::steady_clock::time_point limit) { guarded_->limit = limit; }

 private:
  struct Guarded {
    Guarded(boost::asio::io_context& io, Socket& watched,
            std::chrono::steady_clock::time_point moment)
        : timer(io), socket(watched), limit(moment) {}
    boost::asio::steady_timer timer;
    Socket& socket;
    std::chrono::steady_clock::time_point limit;
    bool bitten = false;
  };

  // The handler may be on its way already when the watchdog dies: it must find that out.
  static void watch(const std::shared_ptr<Guarded>& guarded) {
    guarded->timer.expires_at(guarded->limit);
    guarded->timer.async_wait(
        [weak = std::weak_ptr<Guarded>(guarded)](const boost::system::error_code& error) {
          const std::shared_ptr<Guarded> alive = weak.lock();
          if (error || !alive) {
            return;
          }
          if (std::chrono::steady_clock::now() < alive->limit) {
            watch(alive);
            return;
          }
          alive->bitten = true;
          boost::system::error_code ignored;
          alive->socket.close(ignored);
        });
  }

  std::shared_ptr<Guarded> guarded_;
};

}  // namespace transport
