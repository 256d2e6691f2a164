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
      : timer_(io, limit), guarded_(std::make_shared<Guarded>(Guarded{&socket})) {
    // The handler may be on its way already when the watchdog dies: it must find that out.
    timer_.async_wait(
        [weak = std::weak_ptr<Guarded>(guarded_)](const boost::system::error_code& error) {
          const std::shared_ptr<Guarded> guarded = weak.lock();
          if (error || !guarded) {
            return;
          }
          guarded->bitten = true;
          boost::system::error_code ignored;
          guarded->socket->close(ignored);
        });
  }
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  ~Watchdog() = default;

  [[nodiscard]] bool bitten() const { return guarded_->bitten; }

 private:
  struct Guarded {
    Socket* socket;
    bool bitten = false;
  };
  boost::asio::steady_timer timer_;
  std::shared_ptr<Guarded> guarded_;
};

}  // namespace transport
