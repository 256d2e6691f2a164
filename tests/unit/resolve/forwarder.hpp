// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <utility>  // before Asio: Boost 1.74 forgets it

#include <boost/asio.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dns/answer.hpp"
#include "resolve/resolver.hpp"
#include "resolve/tree.hpp"

namespace forwarder {

/// Answers over UDP on a port of loopback; a script may say otherwise.
class Forwarder {
 public:
  /// Nothing: silence.
  using Script = std::function<std::optional<dns::Bytes>(const dns::Bytes& query)>;
  Forwarder(boost::asio::io_context& io, Script script);

  [[nodiscard]] dns::Endpoint endpoint() const;
  /// How often that question has come.
  [[nodiscard]] long asked(const std::string& name, dns::Type type) const;

 private:
  void receive();
  boost::asio::ip::udp::socket socket_;
  Script script_;
  std::vector<std::uint8_t> buffer_;
  boost::asio::ip::udp::endpoint from_;
  std::vector<dns::Question> questions_;
};

/// A tree behind a forwarder, and resolvers that ask it.
struct Fixture {
  boost::asio::io_context io;
  tree::Tree zones;
  Forwarder server{io, [this](const dns::Bytes& query) { return script(query); }};
  Forwarder::Script script = [this](const dns::Bytes& query) { return zones.answer(query); };

  [[nodiscard]] resolve::Settings settings() const;
  std::unique_ptr<resolve::Resolver> resolver() { return resolver(settings()); }
  std::unique_ptr<resolve::Resolver> resolver(const resolve::Settings& settings);
  /// One look-up that has five seconds.
  dns::Lookup look_up(resolve::Resolver& resolver, const std::string& name,
                      dns::Type type = dns::Type::a);
  dns::Lookup look_up(const std::string& name, dns::Type type = dns::Type::a);
};

dns::Lookup run(boost::asio::io_context& io, boost::asio::awaitable<dns::Lookup> lookup);

}  // namespace forwarder

namespace dns {
std::ostream& operator<<(std::ostream& out, Security security);
std::ostream& operator<<(std::ostream& out, Rcode rcode);
}  // namespace dns
