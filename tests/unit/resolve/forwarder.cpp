// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "resolve/forwarder.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <ostream>

namespace forwarder {

namespace asio = boost::asio;
using asio::ip::udp;

Forwarder::Forwarder(asio::io_context& io, Script script)
    : socket_(io, udp::endpoint(asio::ip::address_v4::loopback(), 0)),
      script_(std::move(script)),
      buffer_(4096) {
  receive();
}

void Forwarder::receive() {
  socket_.async_receive_from(
      asio::buffer(buffer_), from_,
      [this](const boost::system::error_code& error, std::size_t size) {
        if (error == asio::error::operation_aborted) {
          return;
        }
        if (!error) {
          const dns::Bytes query(buffer_.begin(), buffer_.begin() + static_cast<long>(size));
          questions_.push_back(dns::parse_message(query).value().questions.at(0));
          if (const std::optional<dns::Bytes> answer = script_(query)) {
            boost::system::error_code ignored;
            socket_.send_to(asio::buffer(*answer), from_, 0, ignored);
          }
        }
        receive();
      });
}

dns::Endpoint Forwarder::endpoint() const { return {"127.0.0.1", socket_.local_endpoint().port()}; }

long Forwarder::asked(const std::string& name, dns::Type type) const {
  return std::count_if(questions_.begin(), questions_.end(), [&](const dns::Question& question) {
    return question.name == tree::name(name) && question.type == type;
  });
}

resolve::Settings Fixture::settings() const {
  resolve::Settings settings;
  settings.anchors = {zones.root_anchor()};
  settings.forward = {server.endpoint()};
  settings.ipv6 = false;
  return settings;
}

std::unique_ptr<resolve::Resolver> Fixture::resolver(const resolve::Settings& settings) {
  auto made = resolve::Resolver::create(io, settings);
  BOOST_REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error().message));
  return std::move(*made);
}

dns::Lookup Fixture::look_up(resolve::Resolver& resolver, const std::string& name, dns::Type type) {
  return run(io, resolver.lookup({tree::name(name), type, dns::Class::in},
                                 std::chrono::steady_clock::now() + std::chrono::seconds(5)));
}

dns::Lookup Fixture::look_up(const std::string& name, dns::Type type) {
  return look_up(*resolver(), name, type);
}

dns::Lookup run(asio::io_context& io, asio::awaitable<dns::Lookup> lookup) {
  std::optional<dns::Lookup> result;
  asio::co_spawn(io, std::move(lookup), [&](const std::exception_ptr& error, dns::Lookup one) {
    if (!error) {
      result = std::move(one);
    }
    io.stop();
  });
  io.restart();
  io.run_for(std::chrono::seconds(15));
  BOOST_REQUIRE(result.has_value());
  return std::move(*result);
}

}  // namespace forwarder

namespace dns {

std::ostream& operator<<(std::ostream& out, Security security) { return out << to_text(security); }

std::ostream& operator<<(std::ostream& out, Rcode rcode) { return out << to_text(rcode); }

}  // namespace dns
