// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "transport/tsig_server.hpp"

#include "dns/message.hpp"
#include "dns/rdata.hpp"

namespace transfers {
namespace {

void put_48_bits(dns::Writer& out, dns::UnixTime time) {
  out.u16(static_cast<std::uint16_t>(time >> 32));
  out.u32(static_cast<std::uint32_t>(time & 0xffffffff));
}

/// Where the MAC stands in a query that ends with its TSIG: behind it are id, error and length.
dns::Bytes mac_of_query(dns::ByteView query, std::size_t length) {
  const dns::ByteView mac = query.subspan(query.size() - 6 - length, length);
  return {mac.begin(), mac.end()};
}

}  // namespace

dns::Bytes octets_of(std::string_view hexadecimal) { return dns::from_hex(hexadecimal).value(); }

transport::TsigKey key_of(dnssec::HmacHash hash, std::string_view secret) {
  transport::TsigKey key;
  key.name = dns::Name::from_text("Transfer.Example.").value();
  key.hash = hash;
  key.secret.assign(secret.begin(), secret.end());
  return key;
}

TsigServer::TsigServer(transport::TsigKey key, dns::ByteView signed_query) : key_(std::move(key)) {
  const std::size_t whole = dnssec::hmac_octets(key_.hash);
  prior_mac_ = mac_of_query(signed_query, key_.mac_octets != 0 ? key_.mac_octets : whole);
}

dns::Bytes TsigServer::pass(const dns::Bytes& message) {
  pending_.insert(pending_.end(), message.begin(), message.end());
  return message;
}

dns::Bytes TsigServer::sign(const dns::Bytes& message, const Signing& signing) {
  const dns::Name algorithm = key_.algorithm_name();
  dns::Writer digested;
  digested.u16(static_cast<std::uint16_t>(prior_mac_.size()));
  digested.bytes(prior_mac_);
  digested.bytes(pending_);
  digested.bytes(message);
  if (first_ || signing.whole_variables) {
    digested.bytes(key_.name.canonical_wire());
    digested.u16(255);
    digested.u32(0);
    digested.bytes(algorithm.canonical_wire());
  }
  put_48_bits(digested, signing.time);
  digested.u16(signing.fudge);
  if (first_ || signing.whole_variables) {
    digested.u16(signing.error);
    digested.u16(static_cast<std::uint16_t>(signing.other.size()));
    digested.bytes(signing.other);
  }
  dnssec::Hmac hmac(key_.hash, key_.secret);
  hmac.begin();
  hmac.add(digested.view());
  const dns::ByteView code = hmac.finish();
  const dns::ByteView mac = code.first(signing.mac_octets.value_or(code.size()));

  dns::Writer out;
  out.bytes(message);
  out.patch_u16(10, static_cast<std::uint16_t>(message[10] * 256 + message[11] + 1));
  out.bytes(signing.key_name.value_or(key_.name).wire());
  out.u16(250);
  out.u16(255);
  out.u32(0);
  out.u16(
      static_cast<std::uint16_t>(algorithm.wire().size() + 16 + mac.size() + signing.other.size()));
  out.bytes(algorithm.wire());
  put_48_bits(out, signing.time);
  out.u16(signing.fudge);
  out.u16(static_cast<std::uint16_t>(mac.size()));
  out.bytes(mac);
  out.bytes(dns::ByteView(message).first(2));
  out.u16(signing.error);
  out.u16(static_cast<std::uint16_t>(signing.other.size()));
  out.bytes(signing.other);
  prior_mac_.assign(mac.begin(), mac.end());
  pending_.clear();
  first_ = false;
  return out.take();
}

dns::Bytes message_of(const std::vector<Part>& parts, bool with_question) {
  dns::Message message;
  message.id = kId;
  message.qr = true;
  message.aa = true;
  const dns::Name zone = dns::Name::from_text("example.").value();
  if (with_question) {
    message.questions.push_back({zone, dns::Type::axfr, dns::Class::in});
  }
  for (const Part& part : parts) {
    dns::Writer rdata;
    if (part.type == dns::Type::soa) {
      rdata.bytes(dns::Name::from_text("ns.example.").value().wire());
      rdata.bytes(dns::Name::from_text("admin.example.").value().wire());
      rdata.u32(part.serial);
      for (const std::uint32_t number : {1U, 2U, 3U, 4U}) {
        rdata.u32(number);
      }
    } else {
      rdata.u32(0xc0000201U);
    }
    message.answer.push_back(
        {dns::Name::from_text(part.owner).value(), part.type, dns::Class::in, 300, rdata.take()});
  }
  return dns::write_message(message);
}

std::optional<std::string> CountingSink::add(const dns::RecordView& record) {
  if (records == most) {
    return "no more than " + std::to_string(most) + " records are taken";
  }
  ++records;
  seen.push_back(dns::Name::from_wire(record.owner).value().to_text() + "/" +
                 dns::to_text(record.type));
  return std::nullopt;
}

}  // namespace transfers
