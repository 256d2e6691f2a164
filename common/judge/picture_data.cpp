// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The zone's own RRsets in the picture: those that are fine as one node, and one for each thing
// that is wrong with others.
#include <algorithm>
#include <map>

#include "judge/picture_parts.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

/// RRsets that fare alike at the same servers.
struct Fate {
  std::vector<std::string> rrsets, servers;
  std::optional<std::size_t> signer;  ///< node
};

/// Signatures of one key on RRsets that are fine: from the first end on.
using Reach = std::map<std::size_t, dns::UnixTime>;

struct DataView {
  std::vector<std::string> good;
  Reach reach;
  std::vector<std::string> strangers;  ///< keys that sign what is fine and are not published
  /// By what is wrong, with a verdict's words.
  std::map<std::pair<std::string, std::string>, Fate> bad;
  std::vector<std::string> unsigned_ones;
};

const CheckedSignature* closest(const CheckedRRset& checked) {
  const CheckedSignature* best = nullptr;
  for (const auto& signature : checked.signatures) {
    if (best == nullptr || signature.check.verdict > best->check.verdict) {
      best = &signature;
    }
  }
  return best;
}

std::optional<std::size_t> signer_node(const Canvas& canvas, const CheckedSignature& signature,
                                       const std::vector<dnssec::Key>& keys) {
  if (!signature.check.key || *signature.check.key >= keys.size()) {
    return std::nullopt;
  }
  return canvas.zones.back().node_of(keys[*signature.check.key]);
}

void see_good(const Canvas& canvas, const CheckedRRset& checked, const std::string& label,
              const std::vector<dnssec::Key>& keys, DataView& view) {
  add_unique(view.good, label);
  for (const auto& signature : checked.signatures) {
    if (const auto node = signer_node(canvas, signature, keys); node && signature.valid()) {
      const auto end = canvas.analysis.now + signature.remaining;
      const auto known = view.reach.try_emplace(*node, end).first;
      known->second = std::min(known->second, end);
    }
    if (signature.check.verdict == dnssec::SignatureVerdict::no_such_key && signature.rrsig) {
      add_unique(view.strangers, "key " + std::to_string(signature.rrsig->key_tag));
    }
  }
}

void see_data(const Canvas& canvas, const ServerAnalysis& server, DataView& view) {
  const auto& link = canvas.analysis.links.back();
  const auto& keys = server.keys_seen ? server.keys : link.keys;
  for (const auto& checked : server.rrsets) {
    const bool denial = checked.set.type == dns::Type::nsec || checked.set.type == dns::Type::nsec3;
    const auto label = denial ? dns::to_text(checked.set.type)
                              : rrset_label(checked.set.owner, checked.set.type, link.zone());
    // The DNSKEY RRset has a node of its own; here only what one server has wrong.
    if (checked.set.type == dns::Type::dnskey &&
        (checked.valid() || link.state != LinkState::secure)) {
      continue;
    }
    if (checked.valid()) {
      see_good(canvas, checked, label, keys, view);
      continue;
    }
    const auto* nearest = closest(checked);
    if (nearest == nullptr && !canvas.analysis.zone_signed) {
      add_unique(view.unsigned_ones, label);
      continue;
    }
    const auto words = nearest == nullptr
                           ? std::string("without a signature")
                           : "the signature " + signature_end_words(*nearest, canvas.analysis.now);
    auto& fate = view.bad[{words, server.label}];
    add_unique(fate.rrsets, label);
    add_unique(fate.servers, server.label);
    if (nearest != nullptr && !fate.signer) {
      fate.signer = signer_node(canvas, *nearest, keys);
    }
  }
}

/// The same at several servers is one thing.
std::map<std::pair<std::string, std::vector<std::string>>, Fate> merged(const DataView& view) {
  std::map<std::pair<std::string, std::vector<std::string>>, Fate> fates;
  for (const auto& [key, fate] : view.bad) {
    auto& whole = fates[{key.first, fate.rrsets}];
    whole.rrsets = fate.rrsets;
    whole.servers.insert(whole.servers.end(), fate.servers.begin(), fate.servers.end());
    whole.signer = whole.signer ? whole.signer : fate.signer;
  }
  return fates;
}

std::size_t data_source(const Canvas& canvas) {
  const auto& zone = canvas.zones.back();
  return zone.dnskey_set.value_or(zone.first.value_or(0));
}

void draw_good(Canvas& canvas, const DataView& view) {
  const auto zone = canvas.zones.size() - 1;
  const auto state = picture_state(canvas.analysis.state());
  const auto node = canvas.add({Shape::data, zone, state, {"zone data", list_words(view.good, 8)}});
  for (const auto& [signer, end] : view.reach) {
    canvas.connect(signer, node, Arrow::signs,
                   state == PictureState::bogus ? PictureState::secure : state,
                   {"until " + dns::to_iso_minute(end)});
  }
  // RFC 6781 4.1.4: signatures of a new algorithm come before its keys.
  for (std::size_t i = 0; i < view.strangers.size() && i < kMostDrawn; ++i) {
    const auto from = canvas.add(
        {Shape::missing, zone, PictureState::idle, {view.strangers[i], "not published"}});
    canvas.connect(from, node, Arrow::signs, PictureState::idle);
  }
}

void draw_bad(Canvas& canvas, const Fate& fate, const std::string& words) {
  const auto zone = canvas.zones.size() - 1;
  const auto state =
      canvas.analysis.state() == LinkState::secure || canvas.analysis.state() == LinkState::bogus
          ? PictureState::bogus
          : picture_state(canvas.analysis.state());
  const auto node = canvas.add(
      {Shape::data,
       zone,
       state,
       {list_words(fate.rrsets, 8), places_words(fate.servers, canvas.analysis.serving())}});
  canvas.connect(fate.signer.value_or(data_source(canvas)), node, Arrow::signs, state).fault =
      words;
}

}  // namespace

void draw_data(Canvas& canvas) {
  if (!canvas.analysis.links.back().under_test) {
    return;
  }
  DataView view;
  for (const auto& server : canvas.analysis.servers) {
    see_data(canvas, server, view);
  }
  if (!view.good.empty()) {
    draw_good(canvas, view);
  }
  if (!view.unsigned_ones.empty()) {
    const auto state = picture_state(canvas.analysis.state());
    const auto from = data_source(canvas);
    const auto node = canvas.add({Shape::data,
                                  canvas.zones.size() - 1,
                                  state,
                                  {"zone data, unsigned", list_words(view.unsigned_ones, 8)}});
    canvas.connect(from, node, Arrow::signs, state);
  }
  const auto fates = merged(view);
  std::size_t drawn = 0;
  for (const auto& [key, fate] : fates) {
    if (drawn == kMostDrawn) {
      canvas.picture.findings.push_back(std::to_string(fates.size() - drawn) +
                                        " more kinds of broken data are not drawn");
      return;
    }
    draw_bad(canvas, fate, key.first);
    ++drawn;
  }
}

}  // namespace judge
