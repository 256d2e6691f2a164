// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstdint>
#include <string>

#include "dns/message.hpp"
#include "dns/record_reader.hpp"
#include "dns/record_sink.hpp"
#include "dns/transfer.hpp"
#include "transport/tsig.hpp"

namespace transport {

/// The messages of one zone transfer (RFC 5936 2.2), one after another, from wherever they come.
/// Pours records while they come and keeps none.
class TransferReader {
 public:
  /// `tsig`, where the question was signed, `sink` and `into` outlive the reader.
  TransferReader(dns::Question question, std::uint16_t id, TsigSession* tsig, dns::RecordSink& sink,
                 dns::Transfer& into);

  /// One whole message. True when the transfer is over: `into` says how it ended.
  bool take(dns::ByteView message, dns::UnixTime now);
  /// No more comes, and `how` says why ("the connection was closed"). Says what that means for what
  /// has come so far.
  void cut(dns::TransferEnd end, const std::string& how);
  /// There are octets behind the message that took() said was the last.
  void surplus();

 private:
  bool end(dns::TransferEnd end, std::string words);
  bool check_head(const dns::MessageHead& head);
  bool check_signature(dns::ByteView message, dns::UnixTime now);
  bool check_questions(dns::RecordReader& reader);
  bool read_answer(dns::RecordReader& reader);
  bool read_record(const dns::RecordView& record);
  bool close(const dns::RecordView& soa);
  bool finish(dns::RecordReader& reader, unsigned surplus_records);
  [[nodiscard]] std::string so_far() const;
  [[nodiscard]] bool is_apex_soa(const dns::RecordView& record) const;

  dns::Question question_;
  std::uint16_t id_;
  TsigSession* tsig_;
  dns::RecordSink& sink_;
  dns::Transfer& into_;
  bool closed_ = false;  ///< the closing SOA has come
};

}  // namespace transport
