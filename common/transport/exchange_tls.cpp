// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fstream>

#include "transport/tls.hpp"
#include "transport/watchdog.hpp"

#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 inlines half of Asio's frame allocation and takes the rest for a mismatch.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace transport {
namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Stream = ssl::stream<tcp::socket>;

/// Frames of other questions looked at before the server is given up.
constexpr unsigned most_foreign = 16;

dns::Outcome failure_of(const error_code& error) {
  if (error == asio::error::connection_refused) {
    return dns::Outcome::connection_refused;
  }
  if (error == asio::error::eof || error == asio::error::connection_reset ||
      error == asio::error::broken_pipe || error == asio::error::connection_aborted ||
      error == ssl::error::stream_truncated) {
    return dns::Outcome::connection_closed;
  }
  if (error == asio::error::timed_out) {
    return dns::Outcome::timeout;
  }
  return error.category() == asio::error::get_ssl_category() ? dns::Outcome::tls_failed
                                                             : dns::Outcome::unreachable;
}

void fail(Reply& reply, const error_code& error) {
  reply.outcome = failure_of(error);
  reply.detail = error.message();
}

/// RFC 8310 8.1: the certificate must be for the name we were given, or for the address.
bool want_name(Stream& stream, const std::string& name) {
  error_code no_address;
  asio::ip::make_address(name, no_address);
  SSL* handle = stream.native_handle();
  if (!no_address) {
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(handle), name.c_str()) == 1;
  }
  // The macro SSL_set_tlsext_host_name() has an old-style cast. OpenSSL copies the name.
  std::string copy = name;
  return SSL_ctrl(handle, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, copy.data()) ==
             1 &&
         SSL_set1_host(handle, name.c_str()) == 1;
}

/// Why the certificate does not count, else what the handshake stumbled over.
std::string handshake_words(Stream& stream, const error_code& error) {
  const long verdict = SSL_get_verify_result(stream.native_handle());
  if (verdict != X509_V_OK) {
    return std::string("certificate: ") + X509_verify_cert_error_string(verdict);
  }
  return "handshake: " + error.message();
}

asio::awaitable<error_code> open(const Exchange& exchange, Stream& stream) {
  error_code error;
  const tcp::endpoint server(exchange.address, exchange.port);
  co_await stream.next_layer().async_connect(server,
                                             asio::redirect_error(asio::use_awaitable, error));
  co_return error;
}

asio::awaitable<error_code> send(const Exchange& exchange, Stream& stream) {
  // RFC 7766 8: length and message in one piece.
  const std::size_t size = exchange.query.size();
  dns::Bytes frame{static_cast<std::uint8_t>(size >> 8U), static_cast<std::uint8_t>(size & 0xffU)};
  frame.insert(frame.end(), exchange.query.begin(), exchange.query.end());
  error_code error;
  co_await asio::async_write(stream, asio::buffer(frame),
                             asio::redirect_error(asio::use_awaitable, error));
  co_return error;
}

/// One whole frame; empty when `error` says why.
asio::awaitable<dns::Bytes> read_frame(Stream& stream, error_code& error) {
  std::array<std::uint8_t, 2> length{};
  co_await asio::async_read(stream, asio::buffer(length),
                            asio::redirect_error(asio::use_awaitable, error));
  dns::Bytes frame;
  if (!error) {
    frame.resize(std::size_t{length[0]} << 8U | length[1]);
    co_await asio::async_read(stream, asio::buffer(frame),
                              asio::redirect_error(asio::use_awaitable, error));
  }
  co_return frame;
}

asio::awaitable<void> receive(const Exchange& exchange, Stream& stream, Reply& reply,
                              error_code& error) {
  for (;;) {
    const dns::Bytes frame = co_await read_frame(stream, error);
    if (error || fit(exchange, frame, reply) != Fit::foreign) {
      co_return;
    }
    if (++reply.ignored >= most_foreign) {
      reply.outcome = dns::Outcome::malformed;
      reply.detail = "only messages that answer another question";
      co_return;
    }
  }
}

class OpenSslExchange : public TlsExchange {
 public:
  explicit OpenSslExchange(ssl::context context) : context_(std::move(context)) {}

  asio::awaitable<Reply> exchange(const Exchange& exchange, std::string name) override {
    Reply reply;
    Stream stream(exchange.io, context_);
    if (!want_name(stream, name)) {
      reply.outcome = dns::Outcome::tls_failed;
      reply.detail = "the name to look for in the certificate cannot be used";
      co_return reply;
    }
    const Watchdog<tcp::socket> watchdog(exchange.io, stream.next_layer(), exchange.limit);
    error_code error = co_await open(exchange, stream);
    if (!error && !watchdog.bitten()) {
      co_await stream.async_handshake(ssl::stream_base::client,
                                      asio::redirect_error(asio::use_awaitable, error));
      if (error && !watchdog.bitten()) {
        reply.outcome = dns::Outcome::tls_failed;
        reply.detail = handshake_words(stream, error);
        co_return reply;
      }
      if (watchdog.bitten()) {
        reply.outcome = dns::Outcome::tls_failed;
        reply.detail = "connected, but no TLS handshake";
      }
    }
    const Clock::time_point sent = Clock::now();
    if (!error && !watchdog.bitten()) {
      error = co_await send(exchange, stream);
    }
    if (!error && !watchdog.bitten()) {
      co_await receive(exchange, stream, reply, error);
    }
    reply.round_trip = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - sent);
    if (error && !watchdog.bitten()) {  // bitten: a timeout, as the reply says from the start
      fail(reply, error);
    }
    co_return reply;
  }

 private:
  ssl::context context_;
};

/// The TLS library's own words for a file that it cannot use are empty.
std::string trouble_of(const std::string& file) {
  return "cannot read certificates from " + file +
         (std::ifstream(file) ? ": it holds none in PEM form" : ": no such file, or not readable");
}

}  // namespace

dns::Result<std::shared_ptr<TlsExchange>> make_tls_exchange(
    const std::optional<std::string>& ca_file) {
  try {
    ssl::context context(ssl::context::tls_client);
    context.set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 |
                        ssl::context::no_sslv3 | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
    context.set_verify_mode(ssl::verify_peer);
    if (ca_file) {
      context.load_verify_file(*ca_file);
    } else {
      context.set_default_verify_paths();
    }
    return std::shared_ptr<TlsExchange>(std::make_shared<OpenSslExchange>(std::move(context)));
  } catch (const boost::system::system_error& problem) {
    return dns::Error{ca_file ? trouble_of(*ca_file)
                              : "cannot use the TLS library: " + problem.code().message()};
  }
}

}  // namespace transport
