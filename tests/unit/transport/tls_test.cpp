// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// DNS over TLS against a server on loopback whose certificate is made for the test.
#include "transport/tls.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <boost/asio/ssl.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "transport/servers.hpp"

#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 inlines half of Asio's frame allocation and takes the rest for a mismatch.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace tls_test {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using dns::Outcome;
using servers::Clock;
using namespace std::chrono_literals;

/// A key and its own certificate for dns.test, as PEM.
struct Certificate {
  std::string key, pem;
};

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(memory);
  return text;
}

void name_it(X509* certificate) {
  X509_NAME* name = X509_get_subject_name(certificate);
  const std::string words = "dns.test";
  X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(words.data()),
                             static_cast<int>(words.size()), -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_EXTENSION* names =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:dns.test,IP:127.0.0.1");
  X509_add_ext(certificate, names, -1);
  X509_EXTENSION_free(names);
}

/// Valid from `from` to `until`, seconds from now.
Certificate make_certificate(long from = -60, long until = 3600) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), from);
  X509_gmtime_adj(X509_getm_notAfter(certificate), until);
  X509_set_pubkey(certificate, key);
  name_it(certificate);
  X509_sign(certificate, key, EVP_sha256());
  BIO* key_text = BIO_new(BIO_s_mem());
  BIO* text = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(key_text, key, nullptr, nullptr, 0, nullptr, nullptr);
  PEM_write_bio_X509(text, certificate);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return {text_of(key_text), text_of(text)};
}

/// Answers every connection's first question.
class Server {
 public:
  Server(asio::io_context& io, const Certificate& certificate)
      : context_(ssl::context::tls_server), acceptor_(io, {asio::ip::address_v4::loopback(), 0}) {
    context_.use_certificate_chain(asio::buffer(certificate.pem));
    context_.use_private_key(asio::buffer(certificate.key), ssl::context::pem);
    asio::co_spawn(io, accept(), asio::detached);
  }
  [[nodiscard]] dns::Endpoint endpoint() const {
    return {"127.0.0.1", acceptor_.local_endpoint().port()};
  }

 private:
  asio::awaitable<void> accept() {
    for (;;) {
      boost::system::error_code error;
      tcp::socket socket(acceptor_.get_executor());
      co_await acceptor_.async_accept(socket, asio::redirect_error(asio::use_awaitable, error));
      if (error) {
        co_return;
      }
      asio::co_spawn(acceptor_.get_executor(), serve(std::move(socket)), asio::detached);
    }
  }

  asio::awaitable<void> serve(tcp::socket socket) {
    ssl::stream<tcp::socket> stream(std::move(socket), context_);
    boost::system::error_code error;
    co_await stream.async_handshake(ssl::stream_base::server,
                                    asio::redirect_error(asio::use_awaitable, error));
    if (error) {
      co_return;
    }
    dns::Bytes length(2);
    co_await asio::async_read(stream, asio::buffer(length),
                              asio::redirect_error(asio::use_awaitable, error));
    dns::Bytes query(std::size_t{length[0]} << 8U | length[1]);
    co_await asio::async_read(stream, asio::buffer(query),
                              asio::redirect_error(asio::use_awaitable, error));
    const dns::Bytes reply = servers::framed(servers::good_reply(query));
    co_await asio::async_write(stream, asio::buffer(reply),
                               asio::redirect_error(asio::use_awaitable, error));
  }

  ssl::context context_;
  tcp::acceptor acceptor_;
};

struct TlsFixture {
  asio::io_context io;
  transport::ClientOptions options{.query_timeout = 2s, .retries = 0};
  std::string file =
      std::filesystem::temp_directory_path() / ("tls_test-" + std::to_string(getpid()) + ".pem");

  ~TlsFixture() { std::filesystem::remove(file); }

  void trust(const Certificate& certificate) {
    std::ofstream(file) << certificate.pem;
    auto made = transport::make_tls_exchange(file);
    BOOST_REQUIRE(made.ok());
    options.tls = *made;
  }

  dns::Answer ask(const dns::Endpoint& server, const char* name) {
    transport::Client client(io, options);
    return *servers::run(io, client.ask_over_tls(server, name, servers::question(), {})).answer;
  }
};

bool has_words(const dns::Answer& answer, const char* words) {
  return answer.detail.find(words) != std::string::npos;
}

BOOST_FIXTURE_TEST_SUITE(tls, TlsFixture)

BOOST_AUTO_TEST_CASE(a_trusted_certificate_for_the_name) {
  const auto certificate = make_certificate();
  const Server server(io, certificate);
  trust(certificate);
  for (const char* name : {"dns.test", "127.0.0.1"}) {
    const auto answer = ask(server.endpoint(), name);
    BOOST_TEST(answer.outcome == Outcome::answered, answer.detail);
    BOOST_TEST((answer.via == dns::Via::tls));
    BOOST_TEST(answer.message->answer.size() == 1U);
    BOOST_TEST(answer.tries == 1U);
  }
}

BOOST_AUTO_TEST_CASE(another_name_is_refused) {
  const auto certificate = make_certificate();
  const Server server(io, certificate);
  trust(certificate);
  for (const char* name : {"other.test", "127.0.0.2"}) {
    const auto answer = ask(server.endpoint(), name);
    BOOST_TEST((answer.outcome == Outcome::tls_failed));
    BOOST_TEST(has_words(answer, "mismatch"), answer.detail);
    BOOST_TEST(!answer.message);
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_authority_is_refused) {
  const Server server(io, make_certificate());
  trust(make_certificate());
  const auto answer = ask(server.endpoint(), "dns.test");
  BOOST_TEST((answer.outcome == Outcome::tls_failed));
  BOOST_TEST(has_words(answer, "certificate: "), answer.detail);
}

BOOST_AUTO_TEST_CASE(an_expired_certificate_is_refused) {
  const auto certificate = make_certificate(-7200, -3600);
  const Server server(io, certificate);
  trust(certificate);
  const auto answer = ask(server.endpoint(), "dns.test");
  BOOST_TEST((answer.outcome == Outcome::tls_failed));
  BOOST_TEST(has_words(answer, "expired"), answer.detail);
}

BOOST_AUTO_TEST_CASE(a_server_without_tls) {
  trust(make_certificate());
  const servers::Tcp plain(io, 0, [](tcp::socket& socket) -> asio::awaitable<void> {
    co_await servers::write(socket, dns::Bytes(20, 'x'));
  });
  const auto answer = ask(plain.endpoint(), "dns.test");
  BOOST_TEST((answer.outcome == Outcome::tls_failed));
  BOOST_TEST(has_words(answer, "handshake: "), answer.detail);
}

BOOST_AUTO_TEST_CASE(a_silent_server_is_left_in_time) {
  trust(make_certificate());
  const servers::Tcp silent(
      io, 0, [](tcp::socket&) -> asio::awaitable<void> { co_await servers::sleep(3s); });
  options.query_timeout = 200ms;
  transport::Client client(io, options);
  const auto timed =
      servers::run(io, client.ask_over_tls(silent.endpoint(), "dns.test", servers::question(), {}));
  BOOST_TEST((timed.answer->outcome == Outcome::tls_failed));
  BOOST_TEST(has_words(*timed.answer, "no TLS handshake"), timed.answer->detail);
  BOOST_TEST(timed.took.count() < 1000);
}

BOOST_AUTO_TEST_CASE(our_own_deadline_is_no_fault_of_the_server) {
  trust(make_certificate());
  const servers::Tcp silent(
      io, 0, [](tcp::socket&) -> asio::awaitable<void> { co_await servers::sleep(3s); });
  options.deadline = std::chrono::steady_clock::now() + 200ms;
  transport::Client client(io, options);
  const auto timed =
      servers::run(io, client.ask_over_tls(silent.endpoint(), "dns.test", servers::question(), {}));
  BOOST_TEST((timed.answer->outcome == Outcome::not_asked));
}

BOOST_AUTO_TEST_CASE(nobody_listens) {
  trust(make_certificate());
  options.query_timeout = 500ms;
  const auto answer = ask({"127.0.0.1", 1}, "dns.test");
  BOOST_TEST((answer.outcome == Outcome::connection_refused));
}

BOOST_AUTO_TEST_CASE(without_the_library_nothing_is_sent) {
  const auto answer = ask({"127.0.0.1", 1}, "dns.test");
  BOOST_TEST((answer.outcome == Outcome::tls_failed));
  BOOST_TEST(has_words(answer, "no TLS"));
}

BOOST_AUTO_TEST_CASE(authorities_that_cannot_be_read) {
  const auto made = transport::make_tls_exchange("/missing/ca.pem");
  BOOST_REQUIRE(!made.ok());
  BOOST_TEST(made.error().message.find("/missing/ca.pem") != std::string::npos);
  BOOST_TEST(transport::make_tls_exchange(std::nullopt).ok());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tls_test
