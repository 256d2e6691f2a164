// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// What a correct server answers from a Zone: RFC 1034 4.3.2 with RFC 4035 3.1.
#include <algorithm>

#include "judge/zone.hpp"

namespace judge_test {

using dns::Name;
using dns::Type;

namespace {

dns::Message reply_to(const dns::Question& question) {
  dns::Message message;
  message.qr = true;
  message.aa = true;
  message.questions = {question};
  message.edns = dns::Edns{};
  message.edns->udp_size = 1232;
  message.edns->dnssec_ok = true;
  return message;
}

bool exists(const Zone& zone, const Name& name) {
  return std::any_of(zone.sets.begin(), zone.sets.end(), [&](const dns::SignedRRset& data) {
    return data.set.owner.is_at_or_below(name);
  });
}

const dns::SignedRRset* dname_above(const Zone& zone, const Name& name) {
  for (const auto& data : zone.sets) {
    if (data.set.type == Type::dname && name.is_below(data.set.owner)) {
      return &data;
    }
  }
  return nullptr;
}

/// RFC 6672 2.2, for a name one label below the DNAME.
dns::SignedRRset cname_from(const dns::SignedRRset& dname, const Name& name) {
  const auto to = dns::parse_target(dname.set.rdatas.front()).value();
  const auto led = to.prepend(name.labels().front()).value();
  dns::SignedRRset cname;
  cname.set.owner = name;
  cname.set.type = Type::cname;
  cname.set.ttl = dname.set.ttl;
  cname.set.rdatas = {dns::Bytes(led.wire().begin(), led.wire().end())};
  return cname;
}

/// The delegation that the name is at or below; the parent's own types at it are not below it.
const dns::SignedRRset* cut_above(const Zone& zone, const dns::Question& question) {
  for (const auto& data : zone.sets) {
    const bool cut = data.set.type == Type::ns && !(data.set.owner == zone.apex);
    const bool parents = data.set.owner == question.name && question.type == Type::ds;
    if (cut && !parents && question.name.is_at_or_below(data.set.owner)) {
      return &data;
    }
  }
  return nullptr;
}

Name closest_encloser(const Zone& zone, const Name& name) {
  Name encloser = name;
  while (!exists(zone, encloser)) {
    encloser = encloser.parent();
  }
  return encloser;
}

bool covers(const dns::SignedRRset& nsec, const Name& name, const Name& apex) {
  const auto next = dns::parse_nsec(nsec.set.rdatas.front()).value().next;
  const dns::CanonicalLess before;
  return before(nsec.set.owner, name) && (next == apex || before(name, next));
}

}  // namespace

/// The NSEC of the name, or the one that covers it; each once.
void Zone::deny(dns::Message& message, const Name& name) const {
  for (const auto& data : sets) {
    if (data.set.type != Type::nsec || !(data.set.owner == name || covers(data, name, apex))) {
      continue;
    }
    const bool known = std::any_of(
        message.authority.begin(), message.authority.end(), [&](const dns::Record& record) {
          return record.type == Type::nsec && record.owner == data.set.owner;
        });
    if (!known) {
      append(message.authority, data);
    }
  }
}

dns::Message Zone::answer(const dns::Question& question) const {
  auto message = reply_to(question);
  const auto& asked = question.name;
  if (const auto* cut = cut_above(*this, question)) {
    return referral(question, cut->set.owner);
  }
  if (const auto* data = find(asked, question.type)) {
    append(message.answer, *data);
    return message;
  }
  if (const auto* alias = find(asked, Type::cname)) {
    append(message.answer, *alias);
    return message;
  }
  if (const auto* dname = dname_above(*this, asked)) {
    append(message.answer, *dname);
    append(message.answer, cname_from(*dname, asked));
    return message;
  }
  if (exists(*this, asked)) {
    append(message.authority, *find(apex, Type::soa));
    deny(message, asked);
    return message;
  }
  const auto source = closest_encloser(*this, asked).wildcard().value();
  if (const auto* wildcard = find(source, question.type)) {
    auto expanded = *wildcard;
    expanded.set.owner = asked;
    append(message.answer, expanded);
    deny(message, asked);
    return message;
  }
  message.rcode = exists(*this, source) ? dns::Rcode::noerror : dns::Rcode::nxdomain;
  append(message.authority, *find(apex, Type::soa));
  deny(message, asked);
  deny(message, source);
  return message;
}

dns::Message Zone::referral(const dns::Question& question, const Name& cut) const {
  auto message = reply_to(question);
  message.aa = false;
  append(message.authority, *find(cut, Type::ns));
  if (const auto* ds = find(cut, Type::ds)) {
    append(message.authority, *ds);
  } else {
    deny(message, cut);
  }
  for (const auto& data : sets) {
    if (data.set.type == Type::a && data.set.owner.is_below(cut)) {
      append(message.additional, data);
    }
  }
  return message;
}

}  // namespace judge_test
