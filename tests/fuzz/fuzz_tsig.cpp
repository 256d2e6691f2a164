// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// Answers signed as the input says, by a slow way to RFC 8945, are taken; changed by one octet
// somewhere they are not. The input: algorithm, which messages are signed, what is changed where,
// then messages with their lengths before them.
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "dns/message.hpp"
#include "dns/record_reader.hpp"
#include "fuzz.hpp"
#include "input.hpp"
#include "transport/tsig.hpp"

namespace {

constexpr dns::UnixTime kNow = 1796083200;
constexpr std::size_t kMostMessages = 8;
constexpr std::uint16_t kFudge = 300;

struct Algorithm {
  const char* name;
  const EVP_MD* (*hash)();
};
constexpr std::array<Algorithm, 3> kAlgorithms{
    {{"hmac-sha256", EVP_sha256}, {"hmac-sha1", EVP_sha1}, {"hmac-sha512", EVP_sha512}}};

transport::TsigKey key_of(const Algorithm& algorithm) {
  const std::string text = std::string("key \"transfer.example\" { algorithm ") + algorithm.name +
                           "; secret \"c2VjcmV0IGZvciBhIHRlc3Qgb2YgZm9ydHkgb2N0ZXRz\"; };";
  return transport::parse_tsig_key(text).value();
}

void append(dns::Bytes& out, dns::ByteView octets) {
  out.insert(out.end(), octets.begin(), octets.end());
}
void append_u16(dns::Bytes& out, std::size_t number) {
  out.push_back(static_cast<std::uint8_t>(number >> 8U & 0xffU));
  out.push_back(static_cast<std::uint8_t>(number & 0xffU));
}
void append_time(dns::Bytes& out) {
  append_u16(out, static_cast<std::uint64_t>(kNow) >> 32U);
  append_u16(out, static_cast<std::uint64_t>(kNow) >> 16U & 0xffffU);
  append_u16(out, static_cast<std::uint64_t>(kNow) & 0xffffU);
}

/// The other side: all that is signed is put together in one piece.
class SlowSigner {
 public:
  SlowSigner(const Algorithm& algorithm, const transport::TsigKey& key)
      : hash_(algorithm.hash()), key_(key) {}

  /// The code over the question, which the first answer's goes on from.
  dns::Bytes sign_question(dns::ByteView question) {
    dns::Bytes data;
    append(data, question);
    append_variables(data);
    prior_ = code_over(data);
    return prior_;
  }
  void pass(dns::ByteView unsigned_message) { append(between_, unsigned_message); }
  dns::Bytes sign(dns::ByteView message) {
    dns::Bytes data;
    append_u16(data, prior_.size());
    append(data, prior_);
    append(data, between_);
    append(data, message);
    if (first_) {
      append_variables(data);
    } else {
      append_time(data);
      append_u16(data, kFudge);
    }
    first_ = false;
    between_.clear();
    prior_ = code_over(data);
    return with_record(message);
  }

 private:
  [[nodiscard]] dns::Bytes code_over(const dns::Bytes& data) const {
    dns::Bytes code(EVP_MAX_MD_SIZE);
    unsigned length = 0;
    HMAC(hash_, key_.secret.data(), static_cast<int>(key_.secret.size()), data.data(), data.size(),
         code.data(), &length);
    code.resize(length);
    return code;
  }
  void append_variables(dns::Bytes& out) const {
    append(out, key_.name.canonical_wire());
    append_u16(out, 255);  // class ANY
    append_u16(out, 0);    // TTL
    append_u16(out, 0);
    append(out, key_.algorithm_name().canonical_wire());
    append_time(out);
    append_u16(out, kFudge);
    append_u16(out, 0);  // no error
    append_u16(out, 0);  // no other data
  }
  [[nodiscard]] dns::Bytes with_record(dns::ByteView message) const {
    dns::Bytes out(message.begin(), message.end());
    const std::size_t additional = (std::size_t{out[10]} << 8U | out[11]) + 1;
    out[10] = static_cast<std::uint8_t>(additional >> 8U);
    out[11] = static_cast<std::uint8_t>(additional & 0xffU);
    append(out, key_.name.wire());
    append_u16(out, 250);  // TSIG
    append_u16(out, 255);
    append_u16(out, 0);
    append_u16(out, 0);
    const auto algorithm = key_.algorithm_name();
    append_u16(out, algorithm.wire().size() + 16 + prior_.size());
    append(out, algorithm.wire());
    append_time(out);
    append_u16(out, kFudge);
    append_u16(out, prior_.size());
    append(out, prior_);
    append(out, message.first(2));  // original id
    append_u16(out, 0);
    append_u16(out, 0);
    return out;
  }

  const EVP_MD* hash_;
  const transport::TsigKey& key_;
  dns::Bytes prior_, between_;
  bool first_ = true;
};

/// A message that can be read to its end, has no TSIG record, and room for one.
bool is_whole(dns::ByteView message) {
  dns::RecordReader reader(message);
  if (!reader.ok() || message.size() > 60000) return false;
  const auto& counts = reader.head().counts;
  dns::RecordView view;
  for (unsigned i = 0; i < counts[0]; ++i) {
    if (!reader.question(view)) return false;
  }
  const unsigned records = unsigned{counts[1]} + counts[2] + counts[3];
  for (unsigned i = 0; i < records; ++i) {
    const auto type = reader.skip_record();
    if (!type || *type == dns::Type::tsig) return false;
  }
  return reader.at_end() && counts[3] < 0xffffU;
}

dns::Bytes question() {
  return dns::write_query({dns::Name::from_text("plain.test").value(), dns::Type::axfr}, {});
}

/// Neither a trouble on the way nor at the end.
bool is_taken(const transport::TsigKey& key, const std::vector<dns::Bytes>& messages,
              const std::vector<bool>& is_signed) {
  transport::TsigSession session(key);
  session.sign(question(), kNow);
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const auto check = session.check(messages[i], kNow);
    fuzz::require_one_line(check.detail);
    if (check.trouble != dns::TsigTrouble::none) return false;
    fuzz::require(!check.verified || is_signed[i], "what is not signed is not verified");
  }
  return session.finish().trouble == dns::TsigTrouble::none;
}

/// RFC 8945 4.3.2, 4.3.3: neither the message's id is signed nor the case of names in the record.
bool is_signed_octet(const dns::Bytes& message, std::size_t at, std::uint8_t change) {
  const auto octet = static_cast<std::uint8_t>(message[at] | 0x20U);
  const bool letter = octet >= 'a' && octet <= 'z';
  return at > 1 && !(change == 0x20 && letter);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const auto& algorithm = kAlgorithms[input.u8() % kAlgorithms.size()];
  const auto key = key_of(algorithm);
  const auto pattern = input.u8();
  const auto where = input.u16();
  const auto change = input.u8();
  SlowSigner signer(algorithm, key);
  const auto code = signer.sign_question(question());
  transport::TsigSession session(key);
  const auto sent = session.sign(question(), kNow);
  fuzz::require(std::search(sent.begin(), sent.end(), code.begin(), code.end()) != sent.end(),
                "a question is signed the same");

  std::vector<dns::ByteView> raw;
  while (!input.at_end() && raw.size() < kMostMessages) {
    const auto length = input.u16();
    raw.push_back(input.bytes(length));
    session.check(raw.back(), kNow);  // whatever it is
  }
  std::vector<dns::Bytes> messages;
  std::vector<bool> is_signed;
  for (const auto message : raw) {
    if (!is_whole(message)) return 0;
    const bool end = messages.empty() || messages.size() + 1 == raw.size();
    is_signed.push_back(end || (pattern >> (messages.size() % 8U) & 1U) != 0);
    if (is_signed.back()) {
      messages.push_back(signer.sign(message));
    } else {
      signer.pass(message);
      messages.emplace_back(message.begin(), message.end());
    }
  }
  if (messages.empty()) return 0;
  fuzz::require(is_taken(key, messages, is_signed), "what is signed rightly is taken");

  auto& changed = messages[pattern % messages.size()];
  const auto at = where % changed.size();
  if (change == 0 || !is_signed_octet(changed, at, change)) return 0;
  changed[at] = static_cast<std::uint8_t>(changed[at] ^ change);
  fuzz::require(!is_taken(key, messages, is_signed), "what was changed is not taken");
  return 0;
}
