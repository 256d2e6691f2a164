// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "transport/slots.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace transport {

namespace asio = boost::asio;

/// One coroutine in the queue. Leaves it when its frame is destroyed, and passes on a slot that was
/// granted but never taken.
class Slots::Waiter {
 public:
  Waiter(Slots& slots, std::chrono::steady_clock::time_point deadline)
      : timer(slots.io_, deadline),
        slots_(slots),
        place_(slots.waiting_.insert(slots.waiting_.end(), this)) {}
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter() {
    if (!granted_) {
      slots_.waiting_.erase(place_);
    } else if (!taken_) {
      slots_.give_back();
    }
  }

  /// The granter has taken it off the queue.
  void grant() {
    granted_ = true;
    timer.cancel();
  }
  Slots* take() {
    taken_ = granted_;
    return granted_ ? &slots_ : nullptr;
  }

  asio::steady_timer timer;

 private:
  Slots& slots_;
  std::list<Waiter*>::iterator place_;
  bool granted_ = false;
  bool taken_ = false;
};

asio::awaitable<Slots::Hold> Slots::take(std::chrono::steady_clock::time_point deadline) {
  if (free_ > 0) {
    --free_;
    co_return Hold(this);
  }
  Waiter waiter(*this, deadline);
  boost::system::error_code ignored;  // the timer ends by its time or by grant(): take() tells
  co_await waiter.timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  co_return Hold(waiter.take());
}

void Slots::give_back() {
  if (waiting_.empty()) {
    ++free_;
    return;
  }
  Waiter* const next = waiting_.front();
  waiting_.pop_front();
  next->grant();
}

}  // namespace transport
