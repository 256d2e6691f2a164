// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "transport/asking.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "transport/exchange.hpp"
#include "transport/random.hpp"
#include "transport/slots.hpp"
#include "transport/tls.hpp"

#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 inlines half of Asio's frame allocation and takes the rest for a mismatch.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace transport {

namespace asio = boost::asio;
using dns::Answer;
using dns::Outcome;
using Clock = std::chrono::steady_clock;

Shared::Shared(asio::io_context& context, ClientOptions wanted)
    : io(context),
      options(std::move(wanted)),
      slots(context, options.most_in_flight),
      streams(context, options.most_streams),
      pace(options.most_per_second) {
  if (!options.random) {
    options.random = KernelRandom{};
  }
  scratch.resize(65535);
}

namespace {

/// A refused port is asked again after a moment: the server may be starting. So does this host
/// where it lacks a file or a port.
constexpr std::chrono::milliseconds kPauseAfterRefusal{100};

bool may_pass(Outcome outcome) {
  return outcome == Outcome::connection_refused || outcome == Outcome::not_asked;
}
/// No try is shorter, unless the whole query timeout is.
constexpr std::chrono::milliseconds kLeastPatience{250};
/// Halvings of the query timeout for a server that others found silent.
constexpr unsigned kBriefly = 1;

asio::awaitable<void> pause(asio::io_context& io, TimePoint until) {
  asio::steady_timer timer(io, until);
  boost::system::error_code ignored;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

/// Which of two failures says more of the server.
int weight(Outcome outcome) {
  switch (outcome) {
    case Outcome::answered:
      return 7;
    case Outcome::malformed:
      return 6;
    case Outcome::tls_failed:
      return 5;
    case Outcome::connection_closed:
      return 4;
    case Outcome::connection_refused:
      return 3;
    case Outcome::unreachable:
      return 2;
    case Outcome::timeout:
      return 1;
    case Outcome::not_asked:
    case Outcome::flooded:
      return 0;
  }
  return 0;
}

/// The system says at once that it cannot: asking again would be told the same.
bool worth_another_try(Outcome outcome) {
  return outcome != Outcome::answered && outcome != Outcome::unreachable &&
         outcome != Outcome::flooded;
}

bool is_turned_away(const Reply& reply) {
  return reply.outcome == Outcome::connection_refused ||
         reply.outcome == Outcome::connection_closed;
}

/// A server may be silent over TCP alone.
std::string way_to(const Answer& answer) {
  return answer.server.to_text() +
         (answer.via == dns::Via::tls || answer.tcp_requested ? "/stream" : "");
}

/// One question on its way to an Answer.
class Asking {
 public:
  Asking(Shared& shared, const AskOptions& options, const std::string& tls_name,
         asio::ip::address address, Purpose purpose, Answer& answer)
      : shared_(shared),
        options_(options),
        tls_name_(tls_name),
        address_(std::move(address)),
        purpose_(std::move(purpose)),
        answer_(answer) {}

  /// One short try instead of all: for a server that others found silent.
  void be_brief() { brief_ = true; }

  asio::awaitable<void> run() {
    if (answer_.via == dns::Via::tcp) {
      co_await over_tcp();
    } else if (answer_.via == dns::Via::tls) {
      co_await over_stream(dns::Via::tls);
    } else {
      co_await over_udp_first();
    }
    if (gave_up() && !may_ask() && !waited_fairly()) {
      answer_.outcome = Outcome::not_asked;
      answer_.detail = "the time was over before an answer could be expected";
    }
    if (!dns::was_asked(answer_.outcome) && purpose_.budget->octets == 0) {
      purpose_.budget->refused = true;
      answer_.outcome = Outcome::flooded;
      answer_.detail.clear();
    }
    remember();
  }

 private:
  void remember() {
    if (!shared_.options.remember_silence || !dns::was_asked(answer_.outcome)) {
      return;
    }
    const auto server = way_to(answer_);
    if (answer_.outcome != Outcome::timeout) {
      shared_.silence.has_answered(server);
      return;
    }
    shared_.silence.was_silent(server, purpose_.zone, brief_ ? std::string() : answer_.detail);
    answer_.detail = shared_.silence.detail(server);
  }

  /// Neither the time nor the budget is over.
  [[nodiscard]] bool may_ask() const {
    return Clock::now() < purpose_.deadline && purpose_.budget->octets > 0;
  }

  /// A server is called silent only when it had the time that the first two tries give it; our own
  /// deadline is no fault of the server.
  [[nodiscard]] bool waited_fairly() const {
    return Clock::now() - began_ - paced_ >= shared_.options.query_timeout * 3 / 4;
  }

  /// Ended by a limit of ours: a handshake is cut short by it too.
  [[nodiscard]] bool gave_up() const {
    return answer_.outcome == Outcome::timeout || answer_.outcome == Outcome::tls_failed;
  }

  asio::awaitable<void> over_udp_first() {
    co_await over_udp();
    if (answer_.answered() && answer_.message->tc) {
      forget_truncated();
      co_await over_tcp();
    } else if (answer_.outcome == Outcome::timeout && options_.tcp_after_silence && may_ask() &&
               !brief_) {
      co_await after_silence();
    }
  }

  [[nodiscard]] TimePoint try_limit() const {
    return std::min(Clock::now() + patience_, purpose_.deadline);
  }

  /// Only the last try waits for the whole query timeout, each earlier one half as long as the
  /// next: most losses are repaired within a second, and a slow server is still waited for.
  void be_patient(unsigned tries_left) {
    const auto whole = shared_.options.query_timeout;
    if (brief_) {
      tries_left = kBriefly;
    }
    patience_ = std::max(whole / (1U << std::min(tries_left, 8U)), std::min(whole, kLeastPatience));
    const auto known = shared_.round_trips.find(answer_.server.address);
    if (known != shared_.round_trips.end()) {
      const auto twice = std::chrono::ceil<std::chrono::milliseconds>(2 * known->second);
      patience_ = std::min(whole, std::max(patience_, twice));
    }
  }

  /// A fresh id for every try (RFC 5452 9.2).
  asio::awaitable<Reply> once(dns::Via via) {
    co_await keep_pace();
    if (purpose_.budget->octets == 0) {
      Reply none;
      none.outcome = Outcome::flooded;
      co_return none;
    }
    const auto id = static_cast<std::uint16_t>(shared_.options.random() & 0xffffU);
    const dns::Bytes query = dns::write_query(answer_.question, {.id = id,
                                                                 .rd = options_.rd,
                                                                 .cd = options_.cd,
                                                                 .edns = options_.edns,
                                                                 .nsid = options_.nsid,
                                                                 .udp_size = options_.udp_size});
    const Exchange exchange{shared_.io, answer_.question,    query,       id,
                            address_,   answer_.server.port, try_limit(), shared_.scratch};
    ++shared_.sent;
    ++answer_.tries;
    Reply reply;  // apart from the two waits: GCC 12 destroys twice what `?:` of them gives
    if (via == dns::Via::udp) {
      reply = co_await exchange_udp(exchange);
    } else if (via == dns::Via::tls) {
      reply = co_await over_tls(exchange);
    } else {
      reply = co_await exchange_tcp(exchange);
    }
    answer_.ignored += reply.ignored;
    purpose_.budget->octets -= std::min(purpose_.budget->octets, reply.wire.size());
    co_return reply;
  }

  /// The first try's turn has come before it took a slot.
  asio::awaitable<void> keep_pace() {
    if (answer_.tries == 0 || shared_.options.most_per_second == 0) {
      co_return;
    }
    const auto now = Clock::now();
    const auto turn = shared_.pace.reserve(answer_.server.address, now, purpose_.deadline)
                          .value_or(purpose_.deadline);
    if (turn > now) {
      co_await pause(shared_.io, turn);
      paced_ += Clock::now() - now;
    }
  }

  asio::awaitable<Reply> over_tls(const Exchange& exchange) {
    Reply reply;
    if (shared_.options.tls) {
      reply = co_await shared_.options.tls->exchange(exchange, tls_name_);
    } else {
      reply.outcome = Outcome::tls_failed;
      reply.detail = "this program has no TLS";
    }
    co_return reply;
  }

  /// Keeps the reply unless an earlier one said more.
  void keep(Reply reply, dns::Via via) {
    if (weight(reply.outcome) < weight(answer_.outcome)) {
      return;
    }
    answer_.outcome = reply.outcome;
    answer_.detail = std::move(reply.detail);
    answer_.wire = std::move(reply.wire);
    answer_.message = std::move(reply.message);
    answer_.round_trip = reply.round_trip;
    answer_.via = via;
    if (reply.outcome == Outcome::answered) {
      auto& longest = shared_.round_trips[answer_.server.address];
      longest = std::max(longest, reply.round_trip);
    }
  }

  asio::awaitable<void> over_udp() {
    for (unsigned round = 0; round <= shared_.options.retries && may_ask(); ++round) {
      be_patient(shared_.options.retries - round);
      Reply reply = co_await once(dns::Via::udp);
      const Outcome outcome = reply.outcome;
      keep(std::move(reply), dns::Via::udp);
      if (!worth_another_try(outcome) || brief_) {
        break;
      }
      if (may_pass(outcome) && round < shared_.options.retries) {
        co_await pause(shared_.io, std::min(Clock::now() + kPauseAfterRefusal, purpose_.deadline));
      }
    }
  }

  /// Waits for a turn, but not for ever: of a server that is slow or silent over TCP all are to
  /// know in time.
  asio::awaitable<void> over_tcp() {
    const Streams::Place place(shared_.streams, {purpose_.zone, answer_.server.to_text()});
    const auto came = Clock::now();
    const Slots::Hold turn = co_await place.turns().take(
        std::min(came + shared_.options.query_timeout / 2, purpose_.deadline));
    paced_ += Clock::now() - came;
    co_await over_stream(dns::Via::tcp);
  }

  /// TCP repairs losses itself; only a connection refused or closed under us (too many clients
  /// there) is worth another one, a little later.
  asio::awaitable<void> over_stream(dns::Via stream) {
    be_patient(0);
    if (!may_ask()) {
      answer_.outcome = answer_.tries == 0 ? Outcome::not_asked : Outcome::timeout;
      co_return;
    }
    Reply reply = co_await once(stream);
    for (unsigned round = 0; round < shared_.options.retries && is_turned_away(reply); ++round) {
      co_await pause(shared_.io, std::min(Clock::now() + kPauseAfterRefusal, purpose_.deadline));
      if (!may_ask()) {
        break;
      }
      reply = co_await once(stream);
    }
    const dns::Via via = reply.outcome == Outcome::answered ? stream : answer_.via;
    keep(std::move(reply), via);
  }

  /// The truncated message is no answer: what TCP says counts.
  void forget_truncated() {
    answer_.truncated_udp = true;
    answer_.outcome = Outcome::not_asked;
    answer_.wire.clear();
    answer_.message.reset();
    answer_.round_trip = std::chrono::microseconds{0};
  }

  /// Silence over UDP is the fault to tell of, whatever else TCP runs into.
  asio::awaitable<void> after_silence() {
    be_patient(0);
    Reply reply = co_await once(dns::Via::tcp);
    if (reply.outcome == Outcome::answered) {
      keep(std::move(reply), dns::Via::tcp);
    } else if (!reply.detail.empty()) {
      answer_.detail = "no answer over UDP; over TCP: " + reply.detail;
    }
  }

  Shared& shared_;
  TimePoint began_ = Clock::now();
  Clock::duration paced_{0};  ///< of that spent waiting for a turn
  std::chrono::milliseconds patience_{shared_.options.query_timeout};
  const AskOptions& options_;
  const std::string& tls_name_;
  asio::ip::address address_;
  Purpose purpose_;
  bool brief_ = false;
  Answer& answer_;
};

/// Waits until the address may be asked once more. False: not before the deadline.
asio::awaitable<bool> wait_for_turn(Shared& shared, const std::string& address,
                                    TimePoint deadline) {
  const auto now = Clock::now();
  const auto turn = shared.pace.reserve(address, now, deadline);
  if (!turn) {
    co_return false;
  }
  if (*turn > now) {
    co_await pause(shared.io, *turn);
  }
  co_return true;
}

Silence::Advice advice_on(Shared& shared, const Answer& answer) {
  return shared.options.remember_silence ? shared.silence.advice(way_to(answer), Clock::now())
                                         : Silence::Advice::ask;
}

}  // namespace

asio::awaitable<Answer> ask_server(std::shared_ptr<Shared> shared, dns::Endpoint server,
                                   dns::Question question, AskOptions options, std::string tls_name,
                                   Purpose purpose) {
  Answer answer;
  answer.question = std::move(question);
  answer.server = std::move(server);
  answer.edns_sent = options.edns;
  answer.tcp_requested = options.tcp;
  answer.cd_sent = options.cd;
  if (!tls_name.empty()) {
    answer.via = dns::Via::tls;
  } else if (options.tcp) {
    answer.via = dns::Via::tcp;
  }
  boost::system::error_code error;
  const auto address = asio::ip::make_address(answer.server.address, error);
  if (error) {
    answer.outcome = Outcome::unreachable;
    answer.detail = "'" + answer.server.address + "' is no IP address";
    co_return answer;
  }
  const auto advice = advice_on(*shared, answer);
  if (advice == Silence::Advice::do_not_ask) {
    answer.outcome = Outcome::timeout;
    answer.detail = shared->silence.detail(way_to(answer));
    co_return answer;
  }
  const bool in_time = co_await wait_for_turn(*shared, answer.server.address, purpose.deadline);
  if (!in_time) {
    co_return answer;
  }
  const Slots::Hold slot = co_await shared->slots.take(purpose.deadline);
  if (slot) {
    Asking asking(*shared, options, tls_name, address, purpose, answer);
    if (advice == Silence::Advice::ask_briefly) {
      asking.be_brief();
    }
    co_await asking.run();
  }
  co_return answer;
}

}  // namespace transport
