// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <memory>

#include "dns/result.hpp"
#include "dns/serial_time.hpp"
#include "resolve/resolver.hpp"

struct ub_ctx;
struct ub_result;

namespace resolve {

struct ContextDeleter {
  void operator()(ub_ctx* context) const;
};
using Context = std::unique_ptr<ub_ctx, ContextDeleter>;

struct ResultDeleter {
  void operator()(ub_result* result) const;
};
using UnboundResult = std::unique_ptr<ub_result, ResultDeleter>;

/// A libunbound context with its own thread, configured and silent, not yet started.
dns::Result<Context> make_context(const Settings& settings);

/// What val-override-date wants: "YYYYMMDDHHMMSS". The validator's clock has 32 bits (RFC 4034
/// 3.1.5), of which it reads 0 as "not set" and 2^32 - 1 as "ignore dates": these two give way by a
/// second.
std::string override_date(dns::UnixTime at);

/// Reads result fields together: only then is it known what they mean.
void fill(dns::Lookup& lookup, const ub_result& result);

}  // namespace resolve
