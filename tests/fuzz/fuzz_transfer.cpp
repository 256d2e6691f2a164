// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// An octet, then the octets of a TCP connection: messages with their lengths before them, as a zone
// transfer. What was taken whole is the same however the server cuts it into messages.
#include <string>
#include <vector>

#include "dns/message.hpp"
#include "fuzz.hpp"
#include "input.hpp"
#include "transport/transfer_reader.hpp"

namespace {

constexpr dns::UnixTime kNow = 1796083200;

struct Sink final : dns::RecordSink {
  explicit Sink(std::size_t most_records) : most(most_records) {}
  std::optional<std::string> add(const dns::RecordView& view) override {
    if (records.size() == most) return "enough";
    const auto owner = dns::Name::from_wire(view.owner);
    fuzz::require(owner.has_value(), "an owner is a name");
    records.push_back({*owner, view.type, view.klass, view.ttl,
                       dns::Bytes(view.rdata.begin(), view.rdata.end())});
    return std::nullopt;
  }
  std::size_t most;
  std::vector<dns::Record> records;
};

std::vector<dns::ByteView> messages_of(fuzz::Input& input) {
  std::vector<dns::ByteView> messages;
  while (!input.at_end()) {
    const auto length = input.u16();
    messages.push_back(input.bytes(length));
  }
  return messages;
}

dns::Question question_of(const std::vector<dns::ByteView>& messages) {
  dns::Question question{dns::Name::from_text("plain.test").value(), dns::Type::axfr};
  if (messages.empty()) return question;
  dns::RecordReader reader(messages.front());
  dns::RecordView asked;
  if (reader.ok() && reader.head().counts[0] > 0 && reader.question(asked)) {
    question.name = dns::Name::from_wire(asked.owner).value();
  }
  return question;
}

std::uint16_t id_of(const std::vector<dns::ByteView>& messages) {
  return messages.empty() ? std::uint16_t{0} : dns::Cursor(messages.front()).u16();
}

/// The zone again, that many records a message; some have the question, some do not.
std::vector<dns::Bytes> cut_anew(const dns::Question& question, std::uint16_t id,
                                 std::vector<dns::Record> records, std::size_t each) {
  std::vector<dns::Bytes> messages;
  records.push_back(records.front());
  for (std::size_t at = 0; at < records.size(); at += each) {
    dns::Message message;
    message.id = id;
    message.qr = message.aa = true;
    if (messages.size() % 2 == 0) message.questions.push_back(question);
    for (std::size_t i = at; i < std::min(at + each, records.size()); ++i) {
      message.answer.push_back(records[i]);
    }
    messages.push_back(dns::write_message(message));
  }
  return messages;
}

/// Names that came compressed where we may not compress can make a message too long.
bool any_cut(const std::vector<dns::Bytes>& messages) {
  return std::any_of(messages.begin(), messages.end(),
                     [](const auto& message) { return (message[2] & 0x02U) != 0; });
}

template <class Messages>
dns::Transfer read_all(const dns::Question& question, std::uint16_t id, const Messages& messages,
                       Sink& sink) {
  dns::Transfer into;
  transport::TransferReader reader(question, id, nullptr, sink, into);
  bool over = false;
  for (const auto& message : messages) {
    if (over) {
      reader.surplus();
      break;
    }
    over = reader.take(message, kNow);
  }
  if (!over) reader.cut(dns::TransferEnd::incomplete, "the connection was closed");
  fuzz::require_one_line(into.detail);
  fuzz::require(into.records == sink.records.size(), "what is counted was poured");
  fuzz::require(into.messages <= messages.size(), "no message is read twice");
  fuzz::require(!into.complete() || into.began(), "no zone is complete without a record");
  return into;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const auto choice = input.u8();
  const auto messages = messages_of(input);
  const auto question = question_of(messages);
  const auto id = id_of(messages);
  Sink sink(choice == 0 ? 3 : 100000);
  const auto first = read_all(question, id, messages, sink);
  if (!first.complete()) return 0;
  fuzz::require(sink.records.front().type == dns::Type::soa, "a zone begins with its SOA");

  const auto anew = cut_anew(question, id, sink.records, choice % 16U + 1U);
  if (any_cut(anew)) return 0;
  Sink other(100000);
  const auto second = read_all(question, id, anew, other);
  fuzz::require(second.complete(), "a zone that is cut otherwise is complete too");
  fuzz::require(other.records == sink.records, "and is the same");
  fuzz::require(first.serial == second.serial, "of the same serial");
  return 0;
}
