// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// What every server address of the zone is asked, and in which order.
#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "observe/look.hpp"
#include "observe/parallel.hpp"

namespace observe {
namespace asio = boost::asio;
using dns::Name;
using dns::Question;
using dns::Rcode;
using dns::Type;

namespace {

/// A hostile bitmap lists every type there is; no zone has a hundred.
constexpr std::size_t kMostTypes = 100;
/// So can aliases go on for long.
constexpr std::size_t kMostTargets = 8;

/// Types that are no data of the apex, or are seen without asking for them.
bool is_asked_anyway_or_meta(Type type) {
  const auto value = static_cast<std::uint16_t>(type);
  const bool meta = value == 0 || type == Type::opt || (value >= 128 && value <= 255);
  return meta || type == Type::rrsig || type == Type::nsec || type == Type::nsec3 ||
         type == Type::soa || type == Type::ns || type == Type::dnskey || type == kMissingType;
}

/// The types that the apex's own NSEC or NSEC3 lists, from a no-data answer at the apex. Only the
/// apex's record has the SOA bit.
std::optional<std::vector<Type>> apex_types(const dns::Message& no_data) {
  for (const auto& record : no_data.authority) {
    std::optional<dns::TypeBitmap> bitmap;
    if (record.type == Type::nsec) {
      if (auto nsec = dns::parse_nsec(record.rdata)) {
        bitmap = std::move(nsec->types);
      }
    } else if (record.type == Type::nsec3) {
      if (auto nsec3 = dns::parse_nsec3(record.rdata)) {
        bitmap = std::move(nsec3->types);
      }
    }
    if (bitmap && bitmap->has(Type::soa)) {
      return bitmap->types();
    }
  }
  return std::nullopt;
}

void note_once(ZoneObservation& seen, const std::string& note) {
  if (std::find(seen.notes.begin(), seen.notes.end(), note) == seen.notes.end()) {
    seen.notes.push_back(note);
  }
}

std::vector<Type> types_to_ask(ZoneObservation& seen, const Server& server, const Name& apex) {
  const auto* no_data = server.find(apex, kMissingType);
  std::optional<std::vector<Type>> listed;
  if (no_data != nullptr && no_data->message) {
    listed = apex_types(*no_data->message);
  }
  if (!listed) {
    listed = {Type::a, Type::aaaa, Type::mx, Type::txt};
  }
  std::vector<Type> types;
  for (const auto type : *listed) {
    if (is_asked_anyway_or_meta(type)) {
      continue;
    }
    if (types.size() == kMostTypes) {
      note_once(seen, "the apex has more than " + std::to_string(kMostTypes) +
                          " types: the others were not looked at");
      break;
    }
    types.push_back(type);
  }
  return types;
}

bool gives_answer(const dns::Answer* answer) {
  return answer != nullptr && answer->answered() && answer->message->rcode == Rcode::noerror;
}

bool looks_like_no_edns(const dns::Answer& soa) {
  if (!soa.answered()) {
    return soa.outcome == dns::Outcome::timeout || soa.outcome == dns::Outcome::malformed;
  }
  const auto rcode = soa.message->rcode;
  return rcode == Rcode::formerr || rcode == Rcode::notimp || rcode == Rcode::badvers ||
         (rcode == Rcode::noerror && !soa.message->edns);
}

transport::AskOptions usual(const Look& look) {
  transport::AskOptions options;
  options.rd = look.request.recursion;
  return options;
}

/// SOA first: a server that does not serve the zone is asked nothing else (RFC 9499 "lame").
asio::awaitable<void> ask_soa(Look& look, Server& server) {
  const auto question = in_class(*look.seen.apex, Type::soa);
  co_await ask(look, server, question, usual(look));
  if (looks_like_no_edns(server.answers.back()) && look.time_left()) {
    auto bare = usual(look);
    bare.edns = false;
    bare.tcp_after_silence = false;
    co_await ask(look, server, question, bare);
  }
}

asio::awaitable<void> keep(asio::awaitable<bool> asked) { co_await std::move(asked); }

/// Whether datagrams that need fragments arrive: older resolvers offer 4096 octets.
asio::awaitable<void> ask_large(Look& look, Server& server, Question question) {
  auto options = usual(look);
  options.udp_size = 4096;
  options.tcp_after_silence = false;
  auto answer = co_await look.means.client.ask(server.endpoint, std::move(question), options);
  server.large = std::move(answer);
}

/// DNSKEY over TCP shows the key set, its size and whether TCP works, all in one question; where it
/// gives nothing, UDP tells whether that is for TCP or for the keys.
asio::awaitable<void> ask_dnskey_over_tcp(Look& look, Server& server) {
  const auto question = in_class(*look.seen.apex, Type::dnskey);
  auto options = usual(look);
  options.tcp = true;
  co_await ask(look, server, question, options);
  const auto* keys = server.find(*look.seen.apex, Type::dnskey, true);
  if (!gives_answer(keys)) {
    co_await ask(look, server, question, usual(look));
    co_return;
  }
  if (keys->wire.size() > options.udp_size) {
    co_await ask_large(look, server, question);
  }
}

/// For each name asked for: its RRset, and the name with another type, whose denial shows which
/// zone of the server's the name is in. For the chain also the names between it and the apex, which
/// must exist (RFC 8020).
std::vector<Question> questions_about(const Look& look, const Question& wanted) {
  std::vector<Question> questions{wanted, in_class(wanted.name, kMissingType)};
  if (look.request.chain_probes) {
    const auto apex_labels = look.seen.apex->label_count();
    for (auto name = wanted.name.parent(); name.label_count() > apex_labels; name = name.parent()) {
      questions.push_back(in_class(name, Type::a));
    }
  }
  return questions;
}

std::vector<Question> first_questions(const Look& look) {
  const Name& apex = *look.seen.apex;
  std::vector<Question> questions{in_class(apex, kMissingType)};
  if (look.request.denials) {
    questions = denial_questions(look.seen, look.request.probes);
    questions.insert(questions.begin(), in_class(apex, kMissingType));
  } else if (look.request.chain_probes && look.seen.random_name) {
    questions.push_back(in_class(*look.seen.random_name, Type::a));
  }
  if (look.request.apex_rrsets) {
    questions.push_back(in_class(apex, Type::ns));
  }
  if (!look.request.server_tcp) {
    questions.push_back(in_class(apex, Type::dnskey));
  }
  if (look.request.child_ds) {
    for (const auto type : {Type::cds, Type::cdnskey, Type::ds}) {
      questions.push_back(in_class(apex, type));
    }
  }
  for (const auto& wanted : look.seen.wanted) {
    if (wanted.name.is_at_or_below(apex)) {
      for (auto& question : questions_about(look, wanted)) {
        if (std::find(questions.begin(), questions.end(), question) == questions.end()) {
          questions.push_back(std::move(question));
        }
      }
    }
  }
  return questions;
}

/// Names in the zone that an alias led to: they may be in a zone below it that the server serves
/// too.
std::vector<Question> questions_about_targets(const Server& server, const Name& apex,
                                              std::size_t most) {
  std::vector<Question> questions;
  for (const auto& answer : server.answers) {
    if (!answer.answered()) {
      continue;
    }
    for (const auto& record : answer.message->answer) {
      const auto question = in_class(record.owner, kMissingType);
      const bool target = record.owner.is_below(apex) && !(record.owner == answer.question.name);
      if (target && server.find(record.owner, kMissingType) == nullptr &&
          std::find(questions.begin(), questions.end(), question) == questions.end() &&
          questions.size() < most) {
        questions.push_back(question);
      }
    }
  }
  return questions;
}

/// All at once, and nothing where there is no time left.
asio::awaitable<void> ask_all(Look& look, Server& server, std::vector<Question> questions) {
  if (questions.empty()) {
    co_return;
  }
  if (!look.time_left()) {
    look.seen.deadline_hit = true;  // what nobody was asked about must not pass for fine
    co_return;
  }
  std::vector<asio::awaitable<void>> tasks;
  for (auto& question : questions) {
    tasks.push_back(keep(ask(look, server, std::move(question), usual(look))));
  }
  co_await all(std::move(tasks));
}

asio::awaitable<void> ask_the_rest(Look& look, Server& server) {
  const Name& apex = *look.seen.apex;
  if (!gives_answer(server.find(apex, Type::soa))) {
    co_return;  // worth no more questions: it does not answer for the zone at all
  }
  std::vector<asio::awaitable<void>> tasks;
  for (auto& question : first_questions(look)) {
    tasks.push_back(keep(ask(look, server, std::move(question), usual(look))));
  }
  if (look.request.server_tcp) {
    tasks.push_back(ask_dnskey_over_tcp(look, server));
  }
  co_await all(std::move(tasks));
  auto questions = questions_about_targets(server, apex, kMostTargets + look.seen.wanted.size());
  if (look.request.denials) {
    const auto listed = listed_questions(look.seen, server);
    questions.insert(questions.end(), listed.begin(), listed.end());
  }
  if (look.request.apex_rrsets) {
    for (const auto type : types_to_ask(look.seen, server, apex)) {
      if (server.find(apex, type) == nullptr) {
        questions.push_back(in_class(apex, type));
      }
    }
  }
  co_await ask_all(look, server, std::move(questions));
  co_await ask_all(look, server, cut_questions(look.seen, server));
}

asio::awaitable<void> ask_one_server(Look& look, Server& server, std::size_t& waiting,
                                     asio::steady_timer& patience) {
  co_await ask_soa(look, server);
  if (--waiting == 0) {
    patience.cancel();
  }
  co_await ask_the_rest(look, server);
}

bool answered_at_all(const Server& server) {
  return std::any_of(server.answers.begin(), server.answers.end(),
                     [](const dns::Answer& answer) { return answer.answered(); });
}

/// A family over which some server is to be asked, and none has answered.
bool silent(const std::vector<Server>& servers, bool v6) {
  bool any = false;
  for (const auto& server : servers) {
    if (server.endpoint.is_v6() == v6) {
      any = true;
      if (answered_at_all(server)) {
        return false;
      }
    }
  }
  return any;
}

/// Is it the zone's servers, or our own network? Root servers answer over both families.
asio::awaitable<void> probe_family(Look& look, bool v6) {
  auto request = look.request;
  request.ipv4 = request.ipv4 && !v6;
  request.ipv6 = request.ipv6 && v6;
  const auto hosts = co_await nameservers_of(look, Name(), 2);
  std::vector<std::string> ignored_notes;
  auto servers = servers_of(hosts, request, ignored_notes);
  for (auto& server : servers) {
    const bool worked = co_await ask(look, server, in_class(Name(), Type::soa));
    look.seen.family_probes.push_back(std::move(server));
    if (worked) {
      co_return;
    }
  }
}

asio::awaitable<void> probe_silent_families(Look& look, asio::steady_timer& patience) {
  boost::system::error_code cancelled;
  co_await patience.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  if (look.request.forwarding) {
    co_return;
  }
  for (const bool v6 : {false, true}) {
    if (silent(look.seen.servers, v6) && look.time_left()) {
      co_await probe_family(look, v6);
    }
  }
}

}  // namespace

asio::awaitable<bool> ask(Look& look, Server& server, Question question,
                          transport::AskOptions options) {
  auto answer = co_await look.means.client.ask(server.endpoint, std::move(question), options);
  // Also long before the deadline, where a server's turn to be asked would come after it.
  look.seen.deadline_hit = look.seen.deadline_hit || answer.outcome == dns::Outcome::not_asked;
  server.answers.push_back(std::move(answer));
  co_return server.answers.back().answered();
}

asio::awaitable<void> ask_servers(Look& look) {
  auto& seen = look.seen;
  if (seen.servers.empty()) {
    co_return;
  }
  seen.stage = "asking the " + std::to_string(seen.servers.size()) + " server addresses of " +
               seen.apex->to_display();
  asio::steady_timer patience(co_await asio::this_coro::executor, std::chrono::milliseconds(1200));
  std::size_t waiting = seen.servers.size();
  std::vector<asio::awaitable<void>> tasks;
  for (auto& server : seen.servers) {
    tasks.push_back(ask_one_server(look, server, waiting, patience));
  }
  tasks.push_back(probe_silent_families(look, patience));
  co_await all(std::move(tasks));
}

}  // namespace observe
