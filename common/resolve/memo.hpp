// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <utility>  // before Asio: Boost 1.74 forgets it

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <tuple>

#include "dns/answer.hpp"
#include "resolve/context.hpp"

namespace resolve {

/// What libunbound's callback was called with.
struct Arrival {
  int error = 0;
  UnboundResult result;
};

/// One question put to libunbound, and those who wait for its answer.
struct Entry {
  dns::Question question;
  int async_id = 0;
  std::optional<Arrival> arrival;  ///< between the callback and its evaluation
  std::chrono::steady_clock::time_point started;
  std::optional<dns::Lookup> result;  ///< empty while under way
  std::list<boost::asio::steady_timer*> waiting;
  unsigned long used = 0;  ///< larger is later
};

/// Remembers questions under way and the latest answers; forgets the answers least recently used,
/// so that ten thousand zones need no more memory than one while root and TLD stay known.
class Memo {
 public:
  explicit Memo(std::size_t most_answers) : most_answers_(most_answers) {}

  /// The entry of that question, or nullptr.
  std::shared_ptr<Entry> find(const dns::Question& question);
  std::shared_ptr<Entry> add(const dns::Question& question);
  void forget(const dns::Question& question) { entries_.erase(key_of(question)); }
  /// After an entry got its answer.
  void trim();

 private:
  using Key = std::tuple<dns::Bytes, dns::Type, dns::Class>;
  static Key key_of(const dns::Question& question);

  std::size_t most_answers_;
  unsigned long clock_ = 0;
  std::map<Key, std::shared_ptr<Entry>> entries_;
};

}  // namespace resolve
