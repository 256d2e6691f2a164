// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The chain of trust as nodes and edges: anchor, keys, DNSKEY RRset, DS RRset, keys ... (RFC 4035
// 5).
#include "judge/picture.hpp"

#include <algorithm>

#include "dnssec/algorithm.hpp"
#include "judge/picture_parts.hpp"
#include "judge/words.hpp"

namespace judge {
namespace {

using dnssec::DsVerdict;
using dnssec::SignatureVerdict;

std::string zone_title(const dns::Name& zone) {
  return zone.is_root() ? "the root" : zone.to_display();
}

std::string named_key(std::uint16_t tag) { return "key " + std::to_string(tag); }

// ---- keys

/// With a signature that is worth nothing, too: the key's role is the same.
bool is_meant_to_sign(const std::optional<CheckedRRset>& checked, std::size_t key) {
  return checked &&
         std::any_of(checked->signatures.begin(), checked->signatures.end(),
                     [&](const CheckedSignature& signature) { return signature.check.key == key; });
}

/// Signs zone data, as far as it was seen: the DS of the zone below, or anything at a server.
bool signs_data(const Analysis& analysis, const LinkAnalysis& link, const LinkAnalysis* below,
                std::size_t index) {
  if (below != nullptr) {
    return is_meant_to_sign(below->ds_set, index);
  }
  for (const auto& server : analysis.servers) {
    const auto& keys = server.keys_seen ? server.keys : link.keys;
    for (const auto& checked : server.rrsets) {
      const bool keys_own = checked.set.type == dns::Type::dnskey ||
                            checked.set.type == dns::Type::cds ||
                            checked.set.type == dns::Type::cdnskey;
      for (const auto& signature : checked.signatures) {
        if (!keys_own && signature.valid() && signature.check.key &&
            *signature.check.key < keys.size() && keys[*signature.check.key] == link.keys[index]) {
          return true;
        }
      }
    }
  }
  return false;
}

bool is_entry(const LinkAnalysis& link, std::size_t index) {
  return std::any_of(link.matches.begin(), link.matches.end(), [&](const dnssec::DsMatch& match) {
    return match.verdict == DsVerdict::matches && match.key == index;
  });
}

/// The DNSKEY RRset as each server of the zone has it: several signers may each sign their own (RFC
/// 8901), and not every server may be up to date.
template <class See>
void each_copy(const Analysis& analysis, const LinkAnalysis& link, const See& see) {
  for (const auto& server : analysis.servers) {
    const auto* copy = link.under_test ? server.find(link.zone(), dns::Type::dnskey) : nullptr;
    if (copy != nullptr) {
      see(*copy, server.keys_seen ? server.keys : link.keys);
    }
  }
}

bool signs_some_copy(const Analysis& analysis, const LinkAnalysis& link, std::size_t index) {
  bool found = is_meant_to_sign(link.dnskey_set, index);
  each_copy(analysis, link, [&](const CheckedRRset& copy, const std::vector<dnssec::Key>& keys) {
    for (const auto& signature : copy.signatures) {
      found = found || (signature.check.key && *signature.check.key < keys.size() &&
                        keys[*signature.check.key] == link.keys[index]);
    }
  });
  return found;
}

constexpr std::string_view kStandby = "standby key";
constexpr std::string_view kRevokedKey = "revoked key";

/// By who signs what, not by the SEP bit where that is seen (RFC 9499 10).
std::string_view role_words(const Canvas& canvas, std::size_t zone, std::size_t index) {
  const auto chain = canvas.analysis.chain();
  const auto& link = chain[zone];
  const auto* below = zone + 1 < chain.size() ? &chain[zone + 1] : nullptr;
  const auto& flags = link.keys[index].dnskey;
  if (flags.revoked()) {
    return kRevokedKey;
  }
  const bool data = signs_data(canvas.analysis, link, below, index);
  const bool set = signs_some_copy(canvas.analysis, link, index);
  if (data && (is_entry(link, index) || (set && flags.sep()))) {
    return "CSK";
  }
  if (data) {
    return "ZSK";
  }
  if (set) {
    return "KSK";
  }
  // Of a zone above only what vouches for the zone below is seen.
  return link.under_test && link.state != LinkState::unknown ? kStandby : "key";
}

std::string key_kind(const dnssec::Key& key) {
  const auto mnemonic = dnssec::algorithm_info(key.dnskey.algorithm).mnemonic;
  std::string kind = mnemonic.empty() ? "algorithm " + std::to_string(key.dnskey.algorithm)
                                      : std::string(mnemonic);
  if (const auto bits = key.bits(); bits > 0) {
    kind += ", " + std::to_string(bits) + " bits";
  }
  return kind;
}

std::size_t add_key(Canvas& canvas, std::size_t zone, std::size_t index) {
  const auto& link = canvas.analysis.chain()[zone];
  const auto& key = link.keys[index];
  const auto role = role_words(canvas, zone, index);
  const bool idle = link.state == LinkState::secure && (role == kStandby || role == kRevokedKey);
  const auto at = canvas.add({Shape::key,
                              zone,
                              idle ? PictureState::idle : picture_state(link.state),
                              {std::string(role) + " " + std::to_string(key.tag), key_kind(key)}});
  canvas.zones[zone].keys.emplace_back(key, at);
  return at;
}

/// Several that take no part are one node: what matters must not stand between them.
std::vector<std::size_t> add_other_keys(Canvas& canvas, std::size_t zone,
                                        const std::vector<std::size_t>& indexes) {
  constexpr std::size_t kMostSingle = 2;
  const auto& link = canvas.analysis.chain()[zone];
  std::vector<std::size_t> nodes;
  std::vector<std::size_t> standby;
  for (const auto index : indexes) {
    if (link.state == LinkState::secure && role_words(canvas, zone, index) == kStandby) {
      standby.push_back(index);
    } else {
      nodes.push_back(add_key(canvas, zone, index));
    }
  }
  if (standby.size() <= kMostSingle) {
    for (const auto index : standby) {
      nodes.push_back(add_key(canvas, zone, index));
    }
    return nodes;
  }
  std::vector<std::string> tags;
  for (const auto index : standby) {
    tags.push_back(std::to_string(link.keys[index].tag));
  }
  const auto at =
      canvas.add({Shape::key,
                  zone,
                  PictureState::idle,
                  {count_words(tags.size(), std::string(kStandby)), list_words(tags, 6)}});
  for (const auto index : standby) {
    canvas.zones[zone].keys.emplace_back(link.keys[index], at);
  }
  nodes.push_back(at);
  return nodes;
}

std::size_t add_missing(Canvas& canvas, std::size_t zone, PictureState state,
                        std::vector<std::string> lines) {
  return canvas.add({Shape::missing, zone, state, std::move(lines)});
}

// ---- the DNSKEY RRset

/// Signatures beside valid ones are the matter of those who made them; they do not break a link.
PictureState signature_state(const CheckedSignature& signature, LinkState link) {
  if (signature.valid()) {
    return picture_state(link == LinkState::bogus ? LinkState::secure : link);
  }
  const bool harmless = signature.check.verdict == SignatureVerdict::no_such_key ||
                        signature.check.verdict == SignatureVerdict::unsupported_algorithm ||
                        signature.check.verdict == SignatureVerdict::work_limit;
  return harmless && link == LinkState::secure ? PictureState::idle : PictureState::bogus;
}

void add_signatures(Canvas& canvas, const CheckedRRset& checked, const ZoneNodes& signers,
                    const std::vector<dnssec::Key>& keys, std::size_t signer_zone, std::size_t to,
                    LinkState link) {
  for (std::size_t i = 0; i < checked.signatures.size() && i < kMostDrawn; ++i) {
    const auto& signature = checked.signatures[i];
    std::optional<std::size_t> from;
    if (signature.check.key && *signature.check.key < keys.size()) {
      from = signers.node_of(keys[*signature.check.key]);
    }
    const auto state = signature_state(signature, link);
    if (!from) {
      from = add_missing(
          canvas, signer_zone, state,
          {signature.rrsig ? named_key(signature.rrsig->key_tag) : std::string("some key"),
           "not published"});
    }
    canvas.connect(*from, to, Arrow::signs, state,
                   {signature_end_words(signature, canvas.analysis.now)});
  }
}

/// Of keys that sign the DNSKEY RRset at other servers than the one that was seen by the validator.
void add_other_signatures(Canvas& canvas, std::size_t zone, std::size_t set) {
  const auto& link = canvas.analysis.chain()[zone];
  const auto& nodes = canvas.zones[zone];
  const auto known = [&](std::size_t from) {
    return std::any_of(
        canvas.picture.edges.begin(), canvas.picture.edges.end(),
        [&](const PictureEdge& edge) { return edge.from == from && edge.to == set; });
  };
  each_copy(canvas.analysis, link,
            [&](const CheckedRRset& copy, const std::vector<dnssec::Key>& keys) {
              for (const auto& signature : copy.signatures) {
                if (!signature.valid() || *signature.check.key >= keys.size()) {
                  continue;
                }
                const auto from = nodes.node_of(keys[*signature.check.key]);
                if (from && !known(*from)) {
                  canvas.connect(*from, set, Arrow::signs, signature_state(signature, link.state),
                                 {signature_end_words(signature, canvas.analysis.now)});
                }
              }
            });
}

void add_keys(Canvas& canvas, std::size_t zone) {
  const auto& link = canvas.analysis.chain()[zone];
  const auto state = picture_state(link.state);
  std::vector<std::size_t> others;
  std::size_t leading = 0;
  for (std::size_t i = 0; i < link.keys.size(); ++i) {
    if (!is_entry(link, i) && !signs_some_copy(canvas.analysis, link, i)) {
      others.push_back(i);
    } else if (is_entry(link, i) || leading < kMostDrawn) {  // a DS needs its key
      add_key(canvas, zone, i);
      ++leading;
    }
  }
  others.resize(std::min(others.size(), kMostDrawn));
  if (link.keys.empty()) {
    add_missing(canvas, zone, state,
                {link.state == LinkState::unknown ? "DNSKEY not seen" : "no DNSKEY"});
    return;
  }
  const auto set =
      canvas.add({Shape::set, zone, state, {"DNSKEY RRset", count_words(link.keys.size(), "key")}});
  canvas.zones[zone].dnskey_set = set;
  const auto held = add_other_keys(canvas, zone, others);
  if (link.dnskey_set) {
    add_signatures(canvas, *link.dnskey_set, canvas.zones[zone], link.keys, zone, set, link.state);
  }
  add_other_signatures(canvas, zone, set);
  for (const auto node : held) {
    canvas.connect(set, node, Arrow::holds, canvas.picture.nodes[node].state);
  }
}

// ---- DS and anchors

std::string ds_label(const dns::Ds& ds) {
  const auto digest = dnssec::digest_info(ds.digest_type).mnemonic;
  return std::to_string(ds.key_tag) + (digest.empty()
                                           ? " digest type " + std::to_string(ds.digest_type)
                                           : " " + std::string(digest));
}

PictureState lead_state(const LinkAnalysis& link, bool works) {
  if (link.state == LinkState::secure) {
    return works ? PictureState::secure : PictureState::idle;
  }
  if (works) {
    return link.state == LinkState::bogus ? PictureState::secure : picture_state(link.state);
  }
  return picture_state(link.state);
}

/// The node of the key that a DS speaks of; made where there is none.
std::size_t target_of(Canvas& canvas, std::size_t zone, const dns::Ds& ds,
                      const dnssec::DsMatch* match, PictureState state) {
  const auto& link = canvas.analysis.chain()[zone];
  std::optional<std::size_t> index = match != nullptr ? match->key : std::nullopt;
  for (std::size_t i = 0; !index && match == nullptr && i < link.keys.size(); ++i) {
    if (link.keys[i].tag == ds.key_tag) {
      index = i;
    }
  }
  if (index && *index < link.keys.size()) {
    if (const auto node = canvas.zones[zone].node_of(link.keys[*index])) {
      return *node;
    }
  }
  if (match == nullptr || link.keys.empty()) {
    if (const auto first = canvas.zones[zone].first) {
      return *first;
    }
  }
  return add_missing(
      canvas, zone, state,
      {named_key(ds.key_tag), match != nullptr && match->verdict == DsVerdict::unsupported_digest
                                  ? "its DS cannot be checked"
                                  : "not in the zone"});
}

void add_leads(Canvas& canvas, std::size_t zone, std::size_t from) {
  const auto& link = canvas.analysis.chain()[zone];
  for (std::size_t i = 0; i < link.ds.size() && i < kMostDrawn; ++i) {
    const auto* match = i < link.matches.size() ? &link.matches[i] : nullptr;
    const bool works = match != nullptr && match->verdict == DsVerdict::matches;
    const auto state = lead_state(link, works);
    const auto to = target_of(canvas, zone, link.ds[i], match, state);
    std::vector<std::string> lines{(link.anchored ? "anchor " : "DS ") + ds_label(link.ds[i])};
    if (match != nullptr && !works && match->verdict != DsVerdict::no_such_tag) {
      lines.emplace_back(to_text(match->verdict));
    }
    canvas.connect(from, to, Arrow::leads_to, state, std::move(lines));
  }
}

/// What stands at the parent about this zone, and what vouches for it there.
void add_delegation(Canvas& canvas, std::size_t zone) {
  const auto chain = canvas.analysis.chain();
  const auto& link = chain[zone];
  const auto& parent = chain[zone - 1];
  const auto parent_first = canvas.zones[zone - 1].first;
  const auto title = zone_title(link.zone());
  const bool denied = link.ds.empty() && !link.inherited && link.state != LinkState::unknown;
  const bool bad = link.cause && (link.ds.empty() || (link.ds_set && !link.ds_set->valid()));
  const auto state =
      bad || link.ds.empty() || link.inherited ? picture_state(link.state) : PictureState::secure;
  if (link.ds.empty() && link.inherited) {  // nothing was looked for
    if (parent_first && canvas.zones[zone].first) {
      canvas.connect(canvas.zones[zone - 1].dnskey_set.value_or(*parent_first),
                     *canvas.zones[zone].first, Arrow::denies, state);
    }
    return;
  }
  const auto node = canvas.add(
      {Shape::set,
       zone - 1,
       state,
       {link.ds.empty() ? (denied ? "no DS of " : "DS not seen of ") + title : "DS of " + title}});
  canvas.zones[zone].entry = node;
  if (link.ds_set) {
    add_signatures(canvas, *link.ds_set, canvas.zones[zone - 1], parent.keys, zone - 1, node,
                   link.ds_set->valid() ? LinkState::secure : link.state);
  } else if (const auto above = canvas.zones[zone - 1].dnskey_set; above || parent_first) {
    canvas.connect(above.value_or(*parent_first), node, Arrow::denies, state,
                   denied && !bad ? std::vector<std::string>{"proves that there is none"}
                                  : std::vector<std::string>{});
  }
  if (link.ds.empty() && canvas.zones[zone].first) {
    canvas.connect(node, *canvas.zones[zone].first, Arrow::denies, state);
  }
  add_leads(canvas, zone, node);
}

void add_anchor(Canvas& canvas, std::size_t zone) {
  const auto& link = canvas.analysis.chain()[zone];
  const auto node = canvas.add(
      {Shape::anchor, zone, PictureState::secure, {"trust anchor of " + zone_title(link.zone())}});
  canvas.zones[zone].entry = node;
  add_leads(canvas, zone, node);
}

// ---- what broke

/// Where the chain breaks: at the DS set, at the DNSKEY RRset, or between the two.
enum class BreakPlace { delegation, dnskey_set, lead };

BreakPlace break_place(Fault fault, const LinkAnalysis& link) {
  switch (fault) {
    case Fault::dnskey_rrsig_missing:
    case Fault::ds_key_rrsig_invalid:
    case Fault::ds_key_does_not_sign:
      return BreakPlace::dnskey_set;
    default:
      break;
  }
  const bool by_ds = link.ds.empty() || (link.ds_set && !link.ds_set->valid());
  return by_ds && !link.anchored ? BreakPlace::delegation : BreakPlace::lead;
}

bool is_entry_node(const Canvas& canvas, std::size_t zone, std::size_t node) {
  const auto& link = canvas.analysis.chain()[zone];
  for (std::size_t i = 0; i < link.keys.size(); ++i) {
    if (is_entry(link, i) && canvas.zones[zone].node_of(link.keys[i]) == node) {
      return true;
    }
  }
  return false;
}

/// What the broken edge leads to; nothing where it is the one from the DS or the anchor.
const std::optional<std::size_t>& break_target(const ZoneNodes& nodes, BreakPlace place) {
  static const std::optional<std::size_t> none;
  switch (place) {
    case BreakPlace::delegation:
      return nodes.entry;
    case BreakPlace::dnskey_set:
      return nodes.dnskey_set;
    case BreakPlace::lead:
      break;
  }
  return none;
}

bool is_broken(PictureState state) {
  return state != PictureState::secure && state != PictureState::idle;
}

/// Where nothing is there that could be broken: that is what is wrong.
PictureEdge& add_break(Canvas& canvas, std::size_t zone, BreakPlace place) {
  const auto& nodes = canvas.zones[zone];
  std::size_t from = nodes.entry.value_or(0);
  for (const auto& [key, node] : nodes.keys) {
    if (place == BreakPlace::dnskey_set && is_entry_node(canvas, zone, node)) {
      from = node;
    }
  }
  if (place == BreakPlace::delegation && zone > 0) {
    const auto& above = canvas.zones[zone - 1];
    from = above.dnskey_set.value_or(above.first.value_or(0));
  }
  const auto first = nodes.first.value_or(0);
  return canvas.connect(from, break_target(nodes, place).value_or(first), Arrow::signs,
                        picture_state(canvas.analysis.chain()[zone].state));
}

PictureEdge& broken_edge(Canvas& canvas, std::size_t zone, BreakPlace place) {
  const auto& nodes = canvas.zones[zone];
  const auto& target = break_target(nodes, place);
  for (auto& edge : canvas.picture.edges) {
    const bool here = target.has_value()
                          ? edge.to == target.value()
                          : nodes.entry.has_value() && edge.from == nodes.entry.value();
    if (here && is_broken(edge.state)) {
      return edge;
    }
  }
  return add_break(canvas, zone, place);
}

void add_fault(Canvas& canvas, std::size_t zone) {
  const auto& link = canvas.analysis.chain()[zone];
  if (!link.cause || link.inherited || canvas.picture.nodes.empty()) {
    return;
  }
  auto& edge = broken_edge(canvas, zone, break_place(link.cause->fault, link));
  edge.fault = link.cause->words;
}

std::string picture_title(const Analysis& analysis) {
  const auto zone = zone_title(analysis.seen->apex.value_or(analysis.seen->asked));
  return zone + " is " + std::string(to_text(picture_state(analysis.state()))) + ", as of " +
         dns::to_iso_minute(analysis.now);
}

}  // namespace

std::string_view to_text(PictureState state) {
  switch (state) {
    case PictureState::secure:
      return "secure";
    case PictureState::insecure:
      return "insecure";
    case PictureState::bogus:
      return "bogus";
    case PictureState::unknown:
      return "unknown";
    case PictureState::idle:
      return "takes no part";
  }
  return {};
}

std::optional<std::size_t> ZoneNodes::node_of(const dnssec::Key& key) const {
  for (const auto& [known, node] : keys) {
    if (known == key) {
      return node;
    }
  }
  return std::nullopt;
}

std::size_t Canvas::add(PictureNode node) {
  const auto at = picture.nodes.size();
  auto& first = zones[node.zone].first;
  if (!first && node.shape != Shape::anchor) {
    first = at;
  }
  picture.nodes.push_back(std::move(node));
  return at;
}

PictureEdge& Canvas::connect(std::size_t from, std::size_t to, Arrow arrow, PictureState state,
                             std::vector<std::string> lines) {
  for (auto& edge : picture.edges) {  // two DS of one key, say
    if (edge.from == from && edge.to == to && edge.arrow == arrow && edge.state == state) {
      edge.lines.insert(edge.lines.end(), lines.begin(), lines.end());
      return edge;
    }
  }
  picture.edges.push_back({from, to, arrow, state, std::move(lines), {}});
  return picture.edges.back();
}

PictureState picture_state(LinkState state) {
  switch (state) {
    case LinkState::secure:
      return PictureState::secure;
    case LinkState::insecure:
      return PictureState::insecure;
    case LinkState::bogus:
      return PictureState::bogus;
    case LinkState::unknown:
      break;
  }
  return PictureState::unknown;
}

std::string signature_end_words(const CheckedSignature& signature, dns::UnixTime now) {
  return signature.valid()
             ? "until " + dns::to_iso_minute(now + signature.remaining)
             : verdict_words(signature.check.verdict, signature.remaining, signature.age);
}

Picture picture_of(const Analysis& analysis, const std::vector<Finding>& findings) {
  Canvas canvas{analysis, {}, {}};
  canvas.picture.title = picture_title(analysis);
  for (const auto& finding : findings) {
    if (finding.tier > Tier::info) {
      canvas.picture.findings.push_back("[" + std::string(to_text(finding.tier)) + "] " +
                                        std::string(info(finding.fault).id) + ": " + finding.text);
    }
  }
  const auto chain = analysis.chain();
  canvas.zones.resize(chain.size());
  for (std::size_t zone = 0; zone < chain.size(); ++zone) {
    canvas.picture.zones.push_back(
        {zone_title(chain[zone].zone()), picture_state(chain[zone].state)});
    add_keys(canvas, zone);
    if (chain[zone].anchored) {
      add_anchor(canvas, zone);
    } else if (zone > 0) {
      add_delegation(canvas, zone);
    }
    add_fault(canvas, zone);
  }
  if (!chain.empty()) {
    draw_data(canvas);
  }
  return std::move(canvas.picture);
}

}  // namespace judge
