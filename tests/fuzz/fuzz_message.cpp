// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// A whole message: parsed, its sections grouped, every record printed, written again, and parsed
// again to the same; and read item by item, as zone transfers are.
#include "dns/escape.hpp"
#include "dns/message.hpp"
#include "dns/record_reader.hpp"
#include "fuzz.hpp"

namespace {

void use_section(const std::vector<dns::Record>& section) {
  for (const dns::Record& record : section) {
    fuzz::require_printable(record.owner.to_text());
    fuzz::require_printable(dns::to_text(record.type));
    fuzz::require_printable(dns::rdata_to_text(record.type, record.rdata));
  }
  const auto sets = dns::group(section);
  std::size_t members = 0;
  for (const dns::SignedRRset& set : sets) {
    members += set.set.rdatas.size() + set.signatures.size();
    const auto* found = dns::find(sets, set.set.owner, set.set.type);
    fuzz::require((found == nullptr) <= set.set.rdatas.empty(), "a set with rdata is found");
    fuzz::require(dns::same_rdata(set.set, set.set), "a set is the same as itself");
  }
  fuzz::require(members <= section.size(), "grouping adds nothing");
}

void use_edns(const dns::Edns& edns) {
  for (const dns::ExtendedError& error : edns.errors) {
    fuzz::require_printable(dns::extended_error_name(error.code));
    const std::string text = dns::escape(error.text);
    fuzz::require(text.size() <= 200, "text of strangers is cut");
    for (const char character : text) {
      fuzz::require(character >= ' ' && character < 0x7f && character != '|', "and safe to print");
    }
  }
}

/// One item after another, as transfers are read, it is the same message, or none.
void use_reader(dns::ByteView wire, bool parsed, std::size_t records) {
  dns::RecordReader reader(wire);
  dns::RecordView view;
  if (!reader.ok()) {
    fuzz::require(!parsed, "neither reads less than a head");
    return;
  }
  const auto& counts = reader.head().counts;
  for (unsigned i = 0; i < counts[0] && reader.ok(); ++i) reader.question(view);
  const unsigned all = unsigned{counts[1]} + counts[2] + counts[3];
  std::size_t seen = 0;
  for (unsigned i = 0; i < all && reader.record(view); ++i) {
    seen += view.type == dns::Type::opt ? 0 : 1;
  }
  if (!parsed) return;
  fuzz::require(reader.ok() && reader.at_end() && seen == records, "both read the same");
}

bool same_message(const dns::Message& left, const dns::Message& right) {
  return left.id == right.id && left.qr == right.qr && left.aa == right.aa && left.tc == right.tc &&
         left.rd == right.rd && left.ra == right.ra && left.ad == right.ad && left.cd == right.cd &&
         left.opcode == right.opcode && left.rcode == right.rcode &&
         left.questions == right.questions && left.answer == right.answer &&
         left.authority == right.authority && left.additional == right.additional &&
         left.edns == right.edns;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed = dns::parse_message(dns::ByteView(data, size));
  if (!parsed) {
    fuzz::require_printable(parsed.error().message);
    use_reader(dns::ByteView(data, size), false, 0);
    return 0;
  }
  use_section(parsed->answer);
  use_section(parsed->authority);
  use_section(parsed->additional);
  if (parsed->edns) use_edns(*parsed->edns);
  fuzz::require_printable(dns::to_text(parsed->rcode));
  const std::size_t records =
      parsed->answer.size() + parsed->authority.size() + parsed->additional.size();
  // Of one that says that it was cut only what was whole is kept.
  if (!parsed->tc) use_reader(dns::ByteView(data, size), true, records);
  const dns::Bytes written = dns::write_message(*parsed);
  const auto again = dns::parse_message(written);
  fuzz::require(again.ok(), "what was written is parsed");
  // Names that came compressed where we do not compress may make it too long for one message.
  const bool cut = again->tc && !parsed->tc;
  fuzz::require(cut || same_message(*parsed, *again), "what was written is what was read");
  return 0;
}
