// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <map>
#include <utility>

#include "dns/cursor.hpp"
#include "dns/header_bits.hpp"
#include "dns/message.hpp"
#include "dns/rdata_layout.hpp"

namespace dns {
namespace {

constexpr std::size_t max_message_octets = 0xffff;
constexpr std::size_t max_pointer_target = 0x3fff;
constexpr std::size_t root_suffix = 0;  // no name stands at offset 0, where the header is

/// Writes names with compression (RFC 1035 4.1.4). Labels are matched with their case, so that
/// what is read back is what was written.
class NameCompressor {
 public:
  void put(Writer& out, const Name& name) {
    const std::vector<ByteView> labels = name.labels();
    std::size_t fresh = labels.size();
    std::size_t suffix = root_suffix;
    while (fresh > 0) {
      const auto found = offsets_.find(key(suffix, labels[fresh - 1]));
      if (found == offsets_.end()) break;
      suffix = found->second;
      --fresh;
    }
    remember(out.size(), labels, fresh, suffix);
    for (std::size_t i = 0; i < fresh; ++i) {
      out.u8(static_cast<std::uint8_t>(labels[i].size()));
      out.bytes(labels[i]);
    }
    if (suffix == root_suffix) {
      out.u8(0);
    } else {
      out.u16(static_cast<std::uint16_t>(0xc000U | suffix));
    }
  }

 private:
  /// The offset where a suffix stands is as good as its labels: it is the same for equal suffixes.
  using Key = std::pair<std::size_t, Bytes>;

  static Key key(std::size_t suffix, ByteView label) {
    return {suffix, Bytes(label.begin(), label.end())};
  }

  void remember(std::size_t start, const std::vector<ByteView>& labels, std::size_t fresh,
                std::size_t suffix) {
    std::size_t offset = start;
    for (std::size_t i = 0; i < fresh; ++i) offset += labels[i].size() + 1;
    for (std::size_t i = fresh; i > 0; --i) {
      offset -= labels[i - 1].size() + 1;
      if (offset > max_pointer_target) return;
      offsets_.emplace(key(suffix, labels[i - 1]), offset);
      suffix = offset;
    }
  }

  std::map<Key, std::size_t> offsets_;
};

class MessageWriter {
 public:
  explicit MessageWriter(const Message& message)
      : message_(message), opt_(message.edns ? opt_of(message) : Bytes{}) {}

  Bytes write() {
    put_header();
    put_section(4, message_.questions, [this](const Question& question) { put(question); });
    const auto put_record = [this](const Record& record) { put(record); };
    put_section(6, message_.answer, put_record);
    put_section(8, message_.authority, put_record);
    const std::uint16_t count = put_section(10, message_.additional, put_record);
    out_.bytes(opt_);
    if (!opt_.empty()) out_.patch_u16(10, static_cast<std::uint16_t>(count + 1));
    if (overflowed_) out_.patch_u16(2, static_cast<std::uint16_t>(header_bits() | tc_bit));
    return out_.take();
  }

 private:
  [[nodiscard]] std::uint16_t header_bits() const {
    unsigned bits = static_cast<unsigned>(message_.rcode) & rcode_mask;
    bits |= (message_.opcode & unsigned{opcode_mask}) << opcode_shift;
    bits |= message_.qr ? qr_bit : 0U;
    bits |= message_.aa ? aa_bit : 0U;
    bits |= message_.tc ? tc_bit : 0U;
    bits |= message_.rd ? rd_bit : 0U;
    bits |= message_.ra ? ra_bit : 0U;
    bits |= message_.ad ? ad_bit : 0U;
    bits |= message_.cd ? cd_bit : 0U;
    return static_cast<std::uint16_t>(bits);
  }

  void put_header() {
    out_.u16(message_.id);
    out_.u16(header_bits());
    for (int i = 0; i < 4; ++i) out_.u16(0);
  }

  /// What does not fit is left out, and TC says so.
  template <class Item, class Put>
  std::uint16_t put_section(std::size_t count_offset, const std::vector<Item>& items,
                            const Put& put_item) {
    std::uint16_t count = 0;
    for (const Item& item : items) {
      if (overflowed_) break;
      const std::size_t start = out_.size();
      put_item(item);
      if (out_.size() + opt_.size() > max_message_octets) {
        cut_to(start);
      } else {
        ++count;
      }
    }
    out_.patch_u16(count_offset, count);
    return count;
  }

  void cut_to(std::size_t size) {
    const ByteView kept = ByteView(out_.view()).first(size);
    Writer shorter;
    shorter.bytes(kept);
    out_ = std::move(shorter);
    overflowed_ = true;
  }

  void put(const Question& question) {
    names_.put(out_, question.name);
    out_.u16(static_cast<std::uint16_t>(question.type));
    out_.u16(static_cast<std::uint16_t>(question.klass));
  }

  void put(const Record& record) {
    names_.put(out_, record.owner);
    out_.u16(static_cast<std::uint16_t>(record.type));
    out_.u16(static_cast<std::uint16_t>(record.klass));
    out_.u32(record.ttl);
    const std::size_t length_offset = out_.size();
    out_.u16(0);
    put_rdata(record);
    const std::size_t length = out_.size() - length_offset - 2;
    out_.patch_u16(length_offset, static_cast<std::uint16_t>(length));
  }

  void put_rdata(const Record& record) {
    const auto layout = layout_of(record.type, record.rdata);
    if (layout && layout->compression == Compression::written && is_whole(record, *layout)) {
      Cursor rdata(record.rdata);
      copy_rdata(rdata, *layout, false, out_,
                 [this](Writer& out, const Name& name) { names_.put(out, name); });
    } else {
      out_.bytes(record.rdata);
    }
  }

  /// Asked before anything is written: malformed rdata goes out as it is.
  static bool is_whole(const Record& record, const RdataLayout& layout) {
    Cursor rdata(record.rdata);
    Writer unused;
    return copy_rdata(rdata, layout, false, unused, [](Writer&, const Name&) {});
  }

  static Bytes options_of(const Edns& edns) {
    Writer options;
    if (edns.nsid) {
      options.u16(nsid_option);
      options.u16(static_cast<std::uint16_t>(edns.nsid->size()));
      options.bytes(*edns.nsid);
    }
    for (const ExtendedError& error : edns.errors) {
      options.u16(extended_error_option);
      options.u16(static_cast<std::uint16_t>(2 + error.text.size()));
      options.u16(error.code);
      options.bytes(Bytes(error.text.begin(), error.text.end()));
    }
    return options.take();
  }

  static Bytes opt_of(const Message& message) {
    const Edns& edns = *message.edns;
    const Bytes options = options_of(edns);
    const std::uint32_t extended_rcode = static_cast<std::uint32_t>(message.rcode) >> 4U;
    Writer opt;
    opt.u8(0);
    opt.u16(static_cast<std::uint16_t>(Type::opt));
    opt.u16(edns.udp_size);
    opt.u32((extended_rcode << extended_rcode_shift) |
            (std::uint32_t{edns.version} << edns_version_shift) |
            (edns.dnssec_ok ? dnssec_ok_bit : 0U));
    opt.u16(static_cast<std::uint16_t>(options.size()));
    opt.bytes(options);
    return opt.take();
  }

  const Message& message_;
  Bytes opt_;
  Writer out_;
  NameCompressor names_;
  bool overflowed_ = false;
};

}  // namespace

Bytes write_query(const Question& question, const QueryOptions& options) {
  Message query;
  query.id = options.id;
  query.rd = options.rd;
  query.cd = options.cd;
  query.ad = options.ad;
  query.questions.push_back(question);
  if (options.edns) {
    Edns edns;
    edns.udp_size = options.udp_size;
    edns.dnssec_ok = options.dnssec_ok;
    if (options.nsid) edns.nsid.emplace();
    query.edns = std::move(edns);
  }
  return write_message(query);
}

Bytes write_message(const Message& message) { return MessageWriter(message).write(); }

}  // namespace dns
