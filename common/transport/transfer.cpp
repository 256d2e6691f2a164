// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "transport/transfer.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cstring>
#include <memory>
#include <vector>

#include "transport/random.hpp"
#include "transport/transfer_reader.hpp"
#include "transport/watchdog.hpp"

namespace transport {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using dns::TransferEnd;
using SteadyClock = std::chrono::steady_clock;

/// Whole messages at the front of what has arrived, in memory that never grows.
class FrameBuffer {
 public:
  FrameBuffer() : octets_(room) {}

  asio::mutable_buffer free() {
    // What is left of the last message moves to the front, so that the next one fits as a whole.
    std::memmove(octets_.data(), octets_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    return asio::buffer(octets_.data() + end_, octets_.size() - end_);
  }
  void arrived(std::size_t count) { end_ += count; }
  [[nodiscard]] bool empty() const { return begin_ == end_; }

  /// Good until free().
  std::optional<dns::ByteView> next() {
    const dns::ByteView there = dns::ByteView(octets_).subspan(begin_, end_ - begin_);
    if (there.size() < 2) {
      return std::nullopt;
    }
    const std::size_t length = std::size_t{there[0]} << 8U | there[1];
    if (there.size() - 2 < length) {
      return std::nullopt;
    }
    begin_ += 2 + length;
    return there.subspan(2, length);
  }

 private:
  static constexpr std::size_t room = std::size_t{2} * (2 + 0xffff);
  std::vector<std::uint8_t> octets_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

std::string seconds_text(std::chrono::milliseconds time) {
  const auto tenths = time.count() / 100;
  return std::to_string(tenths / 10) + (tenths % 10 != 0 ? "." + std::to_string(tenths % 10) : "") +
         " s";
}

/// One transfer while it runs.
class Transferring {
 public:
  Transferring(asio::io_context& io, const TransferRequest& request, const dns::Endpoint& server,
               dns::RecordSink& sink, dns::Transfer& into)
      : request_(request),
        into_(into),
        question_{request.zone, dns::Type::axfr, dns::Class::in},
        id_(static_cast<std::uint16_t>(request.random ? request.random() : KernelRandom()())),
        session_(request.key ? std::make_unique<TsigSession>(*request.key) : nullptr),
        reader_(question_, id_, session_.get(), sink, into),
        socket_(io),
        watchdog_(io, socket_, limit(request.connect_time)) {
    into_.server = server;
    if (request.key) {
      into_.key = request.key->to_text();
      into_.key_weakness = request.key->weakness().value_or("");
    }
  }

  asio::awaitable<void> run() {
    error_code error;
    const asio::ip::address address = asio::ip::make_address(into_.server.address, error);
    if (error || SteadyClock::now() >= request_.deadline) {
      reader_.cut(error ? TransferEnd::unreachable : TransferEnd::not_asked,
                  error ? "not an address" : "no time was left");
      co_return;
    }
    const dns::Bytes frame = question_frame();
    if (frame.empty()) {
      into_.tsig = dns::TsigTrouble::unusable;
      reader_.cut(TransferEnd::tsig_failed,
                  "this host's OpenSSL refuses " + request_.key->algorithm_text());
      co_return;
    }
    const tcp::endpoint server(address, into_.server.port);
    socket_.open(server.protocol(), error);
    if (!error) {
      co_await socket_.async_connect(server, asio::redirect_error(asio::use_awaitable, error));
    }
    if (!error) {
      socket_.non_blocking(true, error);
    }
    if (error || watchdog_.bitten()) {
      stop(error, "no connection within " + seconds_text(request_.connect_time));
      co_return;
    }
    watchdog_.postpone(limit(request_.idle_time));
    co_await asio::async_write(socket_, asio::buffer(frame),
                               asio::redirect_error(asio::use_awaitable, error));
    while (!error && !watchdog_.bitten()) {
      // One wait for each read: everybody else on this thread has a turn too.
      co_await socket_.async_wait(tcp::socket::wait_read,
                                  asio::redirect_error(asio::use_awaitable, error));
      if (!error && !watchdog_.bitten() && receive(error)) {
        co_return;
      }
    }
    stop(error,
         (into_.began() ? "nothing for " : "no answer within ") + seconds_text(request_.idle_time));
  }

 private:
  [[nodiscard]] SteadyClock::time_point limit(std::chrono::milliseconds time) const {
    return std::min(SteadyClock::now() + time, request_.deadline);
  }
  [[nodiscard]] dns::UnixTime now() const { return request_.clock ? request_.clock() : 0; }

  /// Empty when it cannot be signed.
  dns::Bytes question_frame() {
    dns::QueryOptions options;
    options.id = id_;
    options.edns = false;  // RFC 5936 2.1.5 allows it, and it would bring nothing
    dns::Bytes query = dns::write_query(question_, options);
    if (session_) {
      if (!session_->usable()) {
        return {};
      }
      query = session_->sign(query, now());
    }
    dns::Bytes frame{static_cast<std::uint8_t>(query.size() >> 8U),
                     static_cast<std::uint8_t>(query.size() & 0xffU)};
    frame.insert(frame.end(), query.begin(), query.end());
    return frame;
  }

  /// Reads what is there, once. True when the transfer is over.
  bool receive(error_code& error) {
    const std::size_t size = socket_.read_some(buffer_.free(), error);
    if (error == asio::error::would_block || error == asio::error::try_again) {
      error.clear();
      return false;
    }
    if (error) {
      return false;
    }
    buffer_.arrived(size);
    while (const std::optional<dns::ByteView> message = buffer_.next()) {
      watchdog_.postpone(limit(request_.idle_time));
      if (!reader_.take(*message, now())) {
        continue;
      }
      if (!buffer_.empty()) {
        reader_.surplus();
      }
      return true;
    }
    return false;
  }

  void stop(const error_code& error, const std::string& silence) {
    if (SteadyClock::now() >= request_.deadline) {
      reader_.cut(TransferEnd::timeout, "time was over");
    } else if (watchdog_.bitten() || error == asio::error::timed_out) {
      reader_.cut(TransferEnd::timeout, silence);
    } else if (error == asio::error::eof) {
      reader_.cut(TransferEnd::unreachable, into_.began() ? "the connection was closed"
                                                          : "it closed the connection without an "
                                                            "answer");
    } else {
      reader_.cut(TransferEnd::unreachable, error.message());
    }
  }

  const TransferRequest& request_;
  dns::Transfer& into_;
  dns::Question question_;
  std::uint16_t id_;
  std::unique_ptr<TsigSession> session_;
  TransferReader reader_;
  FrameBuffer buffer_;
  tcp::socket socket_;
  Watchdog<tcp::socket> watchdog_;  // dies before its socket
};

}  // namespace

asio::awaitable<void> transfer(asio::io_context& io, const TransferRequest& request,
                               const dns::Endpoint& server, dns::RecordSink& sink,
                               dns::Transfer& into) {
  const SteadyClock::time_point start = SteadyClock::now();
  Transferring transferring(io, request, server, sink, into);
  co_await transferring.run();
  into.took = std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - start);
}

}  // namespace transport
