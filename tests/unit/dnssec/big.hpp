// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <openssl/bn.h>

#include <memory>

namespace dnssec_test {

struct FreeBig {
  void operator()(BIGNUM* number) const { BN_free(number); }
};
struct FreeBigContext {
  void operator()(BN_CTX* context) const { BN_CTX_free(context); }
};
using Big = std::unique_ptr<BIGNUM, FreeBig>;
using BigContext = std::unique_ptr<BN_CTX, FreeBigContext>;

}  // namespace dnssec_test
