// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "observe/parallel.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

namespace observe {
namespace asio = boost::asio;

asio::awaitable<void> all(std::vector<asio::awaitable<void>> tasks) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer finished(executor, asio::steady_timer::time_point::max());
  std::size_t left = tasks.size();
  std::exception_ptr first;
  for (auto& task : tasks) {
    asio::co_spawn(executor, std::move(task), [&](const std::exception_ptr& error) {
      if (error && !first) {
        first = error;
      }
      if (--left == 0) {
        finished.cancel();
      }
    });
  }
  if (left > 0) {
    boost::system::error_code cancelled;
    co_await finished.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
  if (first) {
    std::rethrow_exception(first);
  }
}

}  // namespace observe
