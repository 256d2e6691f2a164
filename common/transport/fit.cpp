// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/cursor.hpp"
#include "dns/result.hpp"
#include "transport/exchange.hpp"

namespace transport {
namespace {

/// RFC 5452 9.1: the question comes back as it was put. A server that could not read it may leave
/// it out (RFC 1035 4.1.1: format error, not implemented).
bool same_question(const dns::Message& message, const dns::Question& question) {
  if (message.questions.empty()) {
    return message.rcode == dns::Rcode::formerr || message.rcode == dns::Rcode::notimp;
  }
  return message.questions.size() == 1 && message.questions.front() == question;
}

}  // namespace

Fit fit(const Exchange& exchange, dns::ByteView bytes, Reply& reply) {
  dns::Cursor cursor(bytes);
  const std::uint16_t id = cursor.u16();
  if (!cursor.ok() || id != exchange.id) {
    return Fit::foreign;
  }
  dns::Result<dns::Message> message = dns::parse_message(bytes);
  if (!message.ok()) {
    reply.outcome = dns::Outcome::malformed;
    reply.detail = message.error().message;
    reply.wire.assign(bytes.begin(), bytes.end());
    return Fit::malformed;
  }
  if (!message->qr || message->opcode != 0 || !same_question(*message, exchange.question)) {
    return Fit::foreign;
  }
  reply.outcome = dns::Outcome::answered;
  reply.detail.clear();
  reply.wire.assign(bytes.begin(), bytes.end());
  reply.message = std::move(*message);
  return Fit::accepted;
}

}  // namespace transport
