// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "resolve/context.hpp"

#include <fcntl.h>
#include <unbound.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <string>
#include <system_error>
#include <thread>

#include "dns/rdata.hpp"

namespace resolve {
namespace {

struct Option {
  const char* name;
  const char* value;
};

/// Without these the answers would mean something else.
constexpr std::array needed_options{
    // A hidden primary often lives on localhost.
    Option{"do-not-query-localhost:", "no"},
    // Reverse zones of private addresses (AS112) and the special names of RFC 6761 are zones like
    // others to whoever monitors them; by default they are answered out of thin air. The type
    // "nodefault" would say it better, but this way of setting options forgets to cut it off the
    // name.
    Option{"unblock-lan-zones:", "yes"},
    Option{"insecure-lan-zones:", "no"},
    Option{"local-zone:", "localhost. always_transparent"},
    Option{"local-zone:", "127.in-addr.arpa. always_transparent"},
    Option{"local-zone:",
           "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa. "
           "always_transparent"},
    Option{"local-zone:", "home.arpa. always_transparent"},
    Option{"local-zone:", "resolver.arpa. always_transparent"},
    Option{"local-zone:", "service.arpa. always_transparent"},
    Option{"local-zone:", "onion. always_transparent"},
    Option{"local-zone:", "test. always_transparent"},
    Option{"local-zone:", "invalid. always_transparent"},
    // A signature past its end is past its end: no fraction of its life is forgiven.
    Option{"val-sig-skew-min:", "0"},
    Option{"val-sig-skew-max:", "0"},
    // A probe must be asked, not derived from a denial seen before (RFC 8198).
    Option{"aggressive-nsec:", "no"},
    Option{"use-caps-for-id:", "no"},
    Option{"edns-buffer-size:", "1232"},
};

/// Of use where the library knows them.
constexpr std::array wanted_options{
    Option{"use-syslog:", "no"},
    Option{"trust-anchor-signaling:", "no"},
    Option{"root-key-sentinel:", "no"},
    Option{"rrset-roundrobin:", "no"},            // the same answer reads the same twice
    Option{"target-fetch-policy:", "0 0 0 0 0"},  // no addresses of servers nobody asked for
    // Dead servers hold a socket for seconds: a run over many zones needs more than 16.
    Option{"outgoing-range:", "128"},
    // The dynamic ports of RFC 6335 6 suffice for a run of seconds whose answers are validated;
    // three tables of all ports are a tenth of a look-up's whole time.
    Option{"outgoing-port-avoid:", "0-49151"},
    Option{"msg-cache-size:", "512k"},
    Option{"rrset-cache-size:", "1m"},
    Option{"key-cache-size:", "256k"},
    Option{"neg-cache-size:", "64k"},
    // An entry for each server and zone, else ten thousand of them.
    Option{"infra-cache-numhosts:", "1500"},
};

/// A new context opens two pairs of descriptors before it can be told to be silent, and complains
/// on standard error when it cannot: better not to let it try. Leaves the reason in errno.
bool descriptors_left() {
  std::array<int, 4> ends{-1, -1, -1, -1};
  const bool both = pipe2(ends.data(), O_CLOEXEC) == 0 && pipe2(ends.data() + 2, O_CLOEXEC) == 0;
  const int reason = errno;
  for (const int end : ends) {
    if (end >= 0) {
      close(end);
    }
  }
  errno = reason;
  return both;
}

/// Where it cannot have its thread, libunbound takes questions all the same and never answers.
bool thread_can_be_made() {
  try {
    std::thread([] {}).join();
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

bool set(ub_ctx* context, const char* name, const std::string& value) {
  return ub_ctx_set_option(context, name, value.c_str()) == UB_NOERROR;
}

dns::Error refused(const std::string& option) {
  return dns::Error{std::string("libunbound ") + ub_version() + " does not accept " + option};
}

std::string anchor_text(const Anchor& anchor) {
  return anchor.zone.to_text() + " DS " + std::to_string(anchor.ds.key_tag) + ' ' +
         std::to_string(anchor.ds.algorithm) + ' ' + std::to_string(anchor.ds.digest_type) + ' ' +
         dns::to_hex(anchor.ds.digest);
}

/// libunbound writes the port behind an @ as we do.
std::string forward_text(const dns::Endpoint& endpoint) {
  return endpoint.address + '@' + std::to_string(endpoint.port);
}

std::optional<dns::Error> set_fixed(ub_ctx* context) {
  for (const Option& option : needed_options) {
    if (!set(context, option.name, option.value)) {
      return refused(std::string(option.name) + ' ' + option.value);
    }
  }
  for (const Option& option : wanted_options) {
    (void)ub_ctx_set_option(context, option.name, option.value);
  }
  return std::nullopt;
}

std::optional<dns::Error> set_chosen(ub_ctx* context, const Settings& settings) {
  if (!set(context, "module-config:", settings.validate ? "validator iterator" : "iterator")) {
    return refused("module-config:");
  }
  if (!set(context, "do-ip4:", settings.ipv4 ? "yes" : "no") ||
      !set(context, "do-ip6:", settings.ipv6 ? "yes" : "no")) {
    return refused("do-ip4: or do-ip6:");
  }
  if (settings.root_hints && !set(context, "root-hints:", *settings.root_hints)) {
    return refused("root-hints: " + *settings.root_hints);
  }
  if (settings.at && !set(context, "val-override-date:", override_date(*settings.at))) {
    return refused("val-override-date: " + override_date(*settings.at));
  }
  for (const dns::Endpoint& endpoint : settings.forward) {
    if (ub_ctx_set_fwd(context, forward_text(endpoint).c_str()) != UB_NOERROR) {
      return refused("to forward to '" + forward_text(endpoint) + "'");
    }
  }
  return std::nullopt;
}

std::optional<dns::Error> add_anchors(ub_ctx* context, const Settings& settings) {
  if (!settings.validate) {
    return std::nullopt;
  }
  if (settings.anchors.empty()) {
    return dns::Error{"no trust anchor to validate with"};
  }
  for (const Anchor& anchor : settings.anchors) {
    if (ub_ctx_add_ta(context, anchor_text(anchor).c_str()) != UB_NOERROR) {
      return refused("trust anchor " + anchor_text(anchor));
    }
  }
  return std::nullopt;
}

std::optional<dns::Error> configure(ub_ctx* context, const Settings& settings) {
  // First of all: nothing may reach standard error, not even what is wrong with the next lines.
  // Where the library writes is one setting of the whole process, and each new context sets it
  // back.
  if (ub_ctx_debugout(context, nullptr) != UB_NOERROR ||
      ub_ctx_debuglevel(context, 0) != UB_NOERROR || ub_ctx_async(context, 1) != UB_NOERROR) {
    return refused("to be silent and to run beside us");
  }
  if (std::optional<dns::Error> error = set_fixed(context)) {
    return error;
  }
  if (std::optional<dns::Error> error = set_chosen(context, settings)) {
    return error;
  }
  return add_anchors(context, settings);
}

dns::Security security_of(const dns::Lookup& lookup, const ub_result& result) {
  if (result.bogus != 0) {
    return dns::Security::bogus;
  }
  if (result.secure != 0 && lookup.validated) {
    return dns::Security::secure;
  }
  // "Not secure" with SERVFAIL, REFUSED, ... is no answer, and so no verdict on the zone.
  const bool answered = lookup.rcode == dns::Rcode::noerror || lookup.rcode == dns::Rcode::nxdomain;
  return answered && !lookup.wire.empty() ? dns::Security::insecure : dns::Security::failed;
}

}  // namespace

void ContextDeleter::operator()(ub_ctx* context) const { ub_ctx_delete(context); }
void ResultDeleter::operator()(ub_result* result) const { ub_resolve_free(result); }

std::string override_date(dns::UnixTime at) {
  std::uint32_t seconds = dns::SerialTime::from_unix(at).value();
  seconds = seconds == 0 ? 1 : seconds;
  seconds = seconds == UINT32_MAX ? UINT32_MAX - 1 : seconds;
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 16> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y%m%d%H%M%S", &parts);
  return {text.data(), size};
}

dns::Result<Context> make_context(const Settings& settings) {
  // Before the context: one that is made and not silenced lets all others speak (see configure).
  if (!thread_can_be_made()) {
    return dns::Error{
        "cannot start libunbound: no further thread can be made; raise this process's limits "
        "(ulimit -u and -v, TasksMax and MemoryMax of its service)"};
  }
  Context context(descriptors_left() ? ub_ctx_create() : nullptr);
  if (!context) {
    return dns::Error{std::string("cannot start libunbound: ") + std::strerror(errno)};
  }
  if (std::optional<dns::Error> error = configure(context.get(), settings)) {
    return std::move(*error);
  }
  return context;
}

void fill(dns::Lookup& lookup, const ub_result& result) {
  lookup.rcode = static_cast<dns::Rcode>(result.rcode);
  lookup.have_data = result.havedata != 0;
  if (result.why_bogus != nullptr) {
    lookup.why_bogus = result.why_bogus;
  }
  if (result.answer_packet != nullptr && result.answer_len > 0) {
    const auto* const begin = static_cast<const std::uint8_t*>(result.answer_packet);
    lookup.wire.assign(begin, begin + result.answer_len);
    dns::Result<dns::Message> message = dns::parse_message(lookup.wire);
    if (message.ok()) {
      lookup.message = std::move(*message);
    }
  }
  lookup.security = security_of(lookup, result);
}

}  // namespace resolve
