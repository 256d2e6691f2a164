// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "resolve/resolver.hpp"

#include <unbound.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <string>
#include <vector>

#include "resolve/context.hpp"
#include "resolve/memo.hpp"

#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 inlines half of Asio's frame allocation and takes the rest for a mismatch.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace resolve {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

/// Root, TLDs and the zone in hand: a validated chain takes a dozen.
constexpr std::size_t most_remembered = 64;

}  // namespace

/// Shared with the coroutines under way: libunbound's context goes with the Resolver, the rest with
/// the last of them.
struct Resolver::State : std::enable_shared_from_this<Resolver::State> {
  State(asio::io_context& context, Context unbound, bool validates)
      : io(context), validating(validates), library(std::move(unbound)), pipe(context) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { close(); }

  std::shared_ptr<Entry> entry_for(const dns::Question& question);
  void start(Entry& entry);
  void finish(Entry& entry, const Arrival& arrival);
  void finish_arrived();
  void give_up(Entry& entry);
  void leave(Entry& entry);
  void listen();
  void process();
  void close();
  [[nodiscard]] dns::Lookup blank(const dns::Question& question) const;

  asio::io_context& io;
  bool validating;
  Context library;
  asio::posix::stream_descriptor pipe;  // libunbound's descriptor: released, never closed
  Memo memo{most_remembered};
  std::map<Entry*, std::shared_ptr<Entry>> under_way;
  bool listening = false;
  unsigned long lookups = 0;
};

namespace {

/// A coroutine's place among those who wait for one entry; leaves it when the frame is destroyed.
class Place {
 public:
  Place(Entry& entry, asio::steady_timer& timer)
      : entry_(entry), place_(entry.waiting.insert(entry.waiting.end(), &timer)) {}
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() { entry_.waiting.erase(place_); }

 private:
  Entry& entry_;
  std::list<asio::steady_timer*>::iterator place_;
};

}  // namespace

dns::Lookup Resolver::State::blank(const dns::Question& question) const {
  dns::Lookup lookup;
  lookup.question = question;
  lookup.validated = validating;
  return lookup;
}

std::shared_ptr<Entry> Resolver::State::entry_for(const dns::Question& question) {
  std::shared_ptr<Entry> entry = memo.find(question);
  if (!entry) {
    entry = memo.add(question);
    start(*(under_way[entry.get()] = entry));
  }
  return entry;
}

void Resolver::State::start(Entry& entry) {
  ++lookups;
  // libunbound calls it from process() alone, and never after ub_cancel() or ub_ctx_delete(): the
  // entry is under way, and so alive, whenever it is called.
  const auto callback = [](void* argument, int error, ub_result* result) {
    static_cast<Entry*>(argument)->arrival = Arrival{error, UnboundResult(result)};
  };
  const int error = ub_resolve_async(
      library.get(), entry.question.name.to_text().c_str(), static_cast<int>(entry.question.type),
      static_cast<int>(entry.question.klass), &entry, callback, &entry.async_id);
  if (error != UB_NOERROR) {
    finish(entry, Arrival{error, nullptr});
    return;
  }
  listen();
}

void Resolver::State::finish(Entry& entry, const Arrival& arrival) {
  dns::Lookup lookup = blank(entry.question);
  lookup.round_trip =
      std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - entry.started);
  if (arrival.result) {
    fill(lookup, *arrival.result);
  } else {
    lookup.security = dns::Security::failed;
    lookup.why_bogus = std::string("libunbound: ") + ub_strerror(arrival.error);
  }
  entry.result = std::move(lookup);
  for (asio::steady_timer* const timer : entry.waiting) {
    timer->cancel();
  }
  leave(entry);
  memo.trim();
}

void Resolver::State::finish_arrived() {
  std::vector<std::shared_ptr<Entry>> arrived;
  for (const auto& [key, entry] : under_way) {
    if (entry->arrival) {
      arrived.push_back(entry);
    }
  }
  for (const std::shared_ptr<Entry>& entry : arrived) {
    const Arrival arrival = std::move(*entry->arrival);
    entry->arrival.reset();
    finish(*entry, arrival);
  }
}

/// Nobody waits for it any more.
void Resolver::State::give_up(Entry& entry) {
  if (library) {
    (void)ub_cancel(library.get(), entry.async_id);
  }
  memo.forget(entry.question);
  leave(entry);
}

/// With nothing under way the event loop has nothing to wait for and may end.
void Resolver::State::leave(Entry& entry) {
  under_way.erase(&entry);
  if (under_way.empty() && listening) {
    pipe.cancel();
  }
}

void Resolver::State::listen() {
  if (listening || under_way.empty() || !library) {
    return;
  }
  listening = true;
  pipe.async_wait(asio::posix::stream_descriptor::wait_read,
                  [weak = weak_from_this()](const boost::system::error_code& error) {
                    const std::shared_ptr<State> state = weak.lock();
                    if (!state) {
                      return;
                    }
                    state->listening = false;
                    if (!error) {
                      state->process();
                    }
                    state->listen();
                  });
}

void Resolver::State::process() {
  if (!library) {
    return;
  }
  const int error = ub_process(library.get());
  finish_arrived();
  if (error != UB_NOERROR) {  // its thread is gone: nothing will come of the rest
    for (const auto& [key, entry] : std::map(under_way)) {
      finish(*entry, Arrival{error, nullptr});
    }
  }
}

void Resolver::State::close() {
  if (!library) {
    return;
  }
  if (pipe.is_open()) {
    pipe.release();
  }
  library.reset();
  for (const auto& [key, entry] : under_way) {
    for (asio::steady_timer* const timer : entry->waiting) {
      timer->cancel();
    }
  }
}

asio::awaitable<dns::Lookup> Resolver::look_up(std::shared_ptr<State> state, dns::Question question,
                                               Clock::time_point deadline) {
  if (!state->library || Clock::now() >= deadline) {
    co_return state->blank(question);
  }
  const std::shared_ptr<Entry> entry = state->entry_for(question);
  if (!entry->result) {
    asio::steady_timer timer(state->io, deadline);
    const Place place(*entry, timer);
    boost::system::error_code ignored;  // ends by its time or because there is a result
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  if (!entry->result) {
    if (entry->waiting.empty()) {
      state->give_up(*entry);
    }
    co_return state->blank(question);
  }
  dns::Lookup lookup = *entry->result;
  lookup.question = std::move(question);  // as this caller wrote it
  co_return lookup;
}

dns::Result<std::unique_ptr<Resolver>> Resolver::create(asio::io_context& io,
                                                        const Settings& settings) {
  if (settings.root_hints) {
    const dns::Result<std::string> hints = check_root_hints(*settings.root_hints);
    if (!hints) {
      return hints.error();
    }
  }
  dns::Result<Context> library = make_context(settings);
  if (!library) {
    return library.error();
  }
  auto state = std::make_shared<State>(io, std::move(*library), settings.validate);
  boost::system::error_code error;
  state->pipe.assign(ub_fd(state->library.get()), error);
  if (error) {
    return dns::Error{"cannot watch libunbound: " + error.message()};
  }
  return std::unique_ptr<Resolver>(new Resolver(std::move(state)));
}

Resolver::Resolver(std::shared_ptr<State> state) : state_(std::move(state)) {}

Resolver::~Resolver() { state_->close(); }

asio::awaitable<dns::Lookup> Resolver::lookup(dns::Question question,
                                              std::chrono::steady_clock::time_point deadline) {
  return look_up(state_, std::move(question), deadline);
}

unsigned long Resolver::lookups() const { return state_->lookups; }

}  // namespace resolve
