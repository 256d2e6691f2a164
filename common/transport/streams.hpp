// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "transport/slots.hpp"

namespace transport {

/// RFC 7766 6.2.2: few connections to one server at once, since servers allow a client few. Counted
/// for each zone apart: the thousands of zones of one run must not stand in one queue. Must outlive
/// its places.
class Streams {
  struct Queue {
    Queue(boost::asio::io_context& io, unsigned most) : turns(io, most) {}
    Slots turns;
    unsigned standing = 0;
  };

 public:
  using Server = std::pair<std::uint64_t, std::string>;  ///< the zone asked about, the address

  Streams(boost::asio::io_context& io, unsigned most) : io_(io), most_(most) {}

  /// In a server's queue. One that nobody stands in is forgotten: memory does not grow with the
  /// number of zones.
  class Place {
   public:
    Place(Streams& streams, const Server& server)
        : queues_(streams.queues_),
          queue_(queues_.try_emplace(server, streams.io_, streams.most_).first) {
      ++queue_->second.standing;
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() {
      if (--queue_->second.standing == 0) {
        queues_.erase(queue_);
      }
    }
    [[nodiscard]] Slots& turns() const { return queue_->second.turns; }

   private:
    std::map<Server, Queue>& queues_;
    std::map<Server, Queue>::iterator queue_;
  };

 private:
  boost::asio::io_context& io_;
  unsigned most_;
  std::map<Server, Queue> queues_;
};

}  // namespace transport
