// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dnssec/p256.hpp"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "dnssec/crypto.hpp"

// OpenSSL 3 deprecates its tables for points of one's own without a replacement; where they are
// gone there is no Table and everything is verified by EVP.
#if OPENSSL_VERSION_MAJOR < 4 && !defined(OPENSSL_NO_DEPRECATED_3_0)
#define CHECK_DNSSEC_P256_TABLES 1
#else
#define CHECK_DNSSEC_P256_TABLES 0
#endif

namespace dnssec::p256 {

namespace {

struct FreeGroup {
  void operator()(EC_GROUP* group) const { EC_GROUP_free(group); }
};
struct FreePoint {
  void operator()(EC_POINT* point) const { EC_POINT_free(point); }
};
struct FreeMontgomery {
  void operator()(BN_MONT_CTX* context) const { BN_MONT_CTX_free(context); }
};
using GroupPtr = std::unique_ptr<EC_GROUP, FreeGroup>;
using PointPtr = std::unique_ptr<EC_POINT, FreePoint>;
using MontgomeryPtr = std::unique_ptr<BN_MONT_CTX, FreeMontgomery>;
using crypto::NumberContextPtr;
using crypto::NumberPtr;

GroupPtr curve() {
  crypto::start_library();
  return GroupPtr(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
}

bool read(dns::ByteView octets, BIGNUM* number) {
  return BN_bin2bn(octets.data(), static_cast<int>(octets.size()), number) != nullptr;
}

}  // namespace

struct Table::State {
  GroupPtr group = curve();  // its generator is the public key
};

Table::Table(std::unique_ptr<State> state) : state_(std::move(state)) {}
Table::~Table() = default;

#if CHECK_DNSSEC_P256_TABLES
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
std::unique_ptr<Table> Table::make(dns::ByteView public_key) {
  const crypto::ErrorMark mark;
  dns::Bytes octets(1, 0x04);  // uncompressed, SEC 1 2.3.4
  octets.insert(octets.end(), public_key.begin(), public_key.end());
  auto state = std::make_unique<State>();
  EC_GROUP* group = state->group.get();
  const PointPtr point(group != nullptr ? EC_POINT_new(group) : nullptr);
  const NumberPtr order(group != nullptr ? BN_dup(EC_GROUP_get0_order(group)) : nullptr);
  if (!point || !order ||
      EC_POINT_oct2point(group, point.get(), octets.data(), octets.size(), nullptr) != 1 ||
      EC_POINT_is_at_infinity(group, point.get()) != 0 ||
      EC_GROUP_set_generator(group, point.get(), order.get(), BN_value_one()) != 1 ||
      EC_GROUP_precompute_mult(group, nullptr) != 1 || EC_GROUP_have_precompute_mult(group) != 1) {
    return nullptr;
  }
  return std::unique_ptr<Table>(new Table(std::move(state)));  // NOLINT(*-owning-memory): private
}
#pragma GCC diagnostic pop
#else
std::unique_ptr<Table> Table::make(dns::ByteView) { return nullptr; }
#endif

/// Numbers with an R are in Montgomery's form modulo the order.
struct Batch::State {
  struct Numbers {
    NumberPtr r{BN_new()}, s_R{BN_new()};
    NumberPtr product_R{BN_new()};  // of this s and all before
  };

  GroupPtr group = curve();
  NumberContextPtr context{BN_CTX_new()};
  MontgomeryPtr modulo{BN_MONT_CTX_new()};
  NumberPtr digest{BN_new()}, u1{BN_new()}, u2{BN_new()}, x{BN_new()}, inverse_R{BN_new()},
      own_R{BN_new()};
  PointPtr sum, part;
  std::vector<Numbers> numbers;     // one for each item
  std::vector<std::size_t> proper;  // indices of those that can be valid
  bool usable = false;

  State();
  [[nodiscard]] const BIGNUM* order() const { return EC_GROUP_get0_order(group.get()); }
  bool multiply(NumberPtr& product, const NumberPtr& left, const NumberPtr& right) const;
  bool read_signature(const Item& item, Numbers& into);
  bool invert(NumberPtr& number) const;
  bool holds(const Item& item, const Numbers& its, const NumberPtr& s_inverse);
  void verify(std::span<Item> items);
};

Batch::State::State() {
  const crypto::ErrorMark mark;
  if (!group || !context || !modulo || !digest || !u1 || !u2 || !x || !inverse_R || !own_R) {
    return;
  }
  sum.reset(EC_POINT_new(group.get()));
  part.reset(EC_POINT_new(group.get()));
  usable = sum && part && BN_MONT_CTX_set(modulo.get(), order(), context.get()) == 1;
}

/// Montgomery's product: of two with R it has R, of one with R it has none.
bool Batch::State::multiply(NumberPtr& product, const NumberPtr& left,
                            const NumberPtr& right) const {
  return BN_mod_mul_montgomery(product.get(), left.get(), right.get(), modulo.get(),
                               context.get()) == 1;
}

/// Step 1 of FIPS 186-5 6.4.2: both numbers from 1 to the order less one.
bool Batch::State::read_signature(const Item& item, Numbers& into) {
  const auto in_range = [this](const NumberPtr& number) {
    return BN_is_zero(number.get()) == 0 && BN_cmp(number.get(), order()) < 0;
  };
  return item.key != nullptr && item.signature.size() == kSignature && into.r && into.s_R &&
         into.product_R && read(item.signature.first(kSignature / 2), into.r.get()) &&
         read(item.signature.subspan(kSignature / 2), into.s_R.get()) && in_range(into.r) &&
         in_range(into.s_R) &&
         BN_to_montgomery(into.s_R.get(), into.s_R.get(), modulo.get(), context.get()) == 1;
}

/// In Montgomery's form, as the number is.
bool Batch::State::invert(NumberPtr& number) const {
  BIGNUM* it = number.get();
  return BN_from_montgomery(it, it, modulo.get(), context.get()) == 1 &&
         BN_mod_inverse(it, it, order(), context.get()) != nullptr &&
         BN_to_montgomery(it, it, modulo.get(), context.get()) == 1;
}

/// Steps 4 to 7: the point (digest / s) G + (r / s) Q has r for its x.
bool Batch::State::holds(const Item& item, const Numbers& its, const NumberPtr& s_inverse) {
  const EC_GROUP* curve = group.get();
  return read(item.digest, digest.get()) && multiply(u1, digest, s_inverse) &&
         multiply(u2, its.r, s_inverse) &&
         EC_POINT_mul(curve, sum.get(), u1.get(), nullptr, nullptr, context.get()) == 1 &&
         EC_POINT_mul(item.key->state_->group.get(), part.get(), u2.get(), nullptr, nullptr,
                      context.get()) == 1 &&
         EC_POINT_add(curve, sum.get(), sum.get(), part.get(), context.get()) == 1 &&
         EC_POINT_is_at_infinity(curve, sum.get()) == 0 &&
         EC_POINT_get_affine_coordinates(curve, sum.get(), x.get(), nullptr, context.get()) == 1 &&
         BN_nnmod(x.get(), x.get(), order(), context.get()) == 1 &&
         BN_cmp(x.get(), its.r.get()) == 0;
}

/// One inversion for all (Montgomery's trick): the inverse of the product of all; then, from the
/// last to the first, a number's inverse is that times the product of those before it.
void Batch::State::verify(std::span<Item> items) {
  while (numbers.size() < items.size()) numbers.emplace_back();
  proper.clear();
  for (std::size_t i = 0; i < items.size(); ++i) {
    items[i].valid = false;
    Numbers& its = numbers[i];
    if (!read_signature(items[i], its)) continue;
    if (proper.empty() ? BN_copy(its.product_R.get(), its.s_R.get()) == nullptr
                       : !multiply(its.product_R, numbers[proper.back()].product_R, its.s_R)) {
      return;
    }
    proper.push_back(i);
  }
  if (proper.empty() ||
      BN_copy(inverse_R.get(), numbers[proper.back()].product_R.get()) == nullptr ||
      !invert(inverse_R)) {
    return;
  }
  for (std::size_t k = proper.size(); k-- > 1;) {
    const Numbers& its = numbers[proper[k]];
    if (!multiply(own_R, inverse_R, numbers[proper[k - 1]].product_R) ||
        !multiply(inverse_R, inverse_R, its.s_R)) {
      return;
    }
    items[proper[k]].valid = holds(items[proper[k]], its, own_R);
  }
  items[proper.front()].valid = holds(items[proper.front()], numbers[proper.front()], inverse_R);
}

Batch::Batch() : state_(std::make_unique<State>()) {}
Batch::~Batch() = default;
Batch::Batch(Batch&&) noexcept = default;
Batch& Batch::operator=(Batch&&) noexcept = default;

void Batch::verify(std::span<Item> items) {
  const crypto::ErrorMark mark;
  if (state_->usable) {
    state_->verify(items);
  } else {
    for (Item& item : items) item.valid = false;
  }
}

}  // namespace dnssec::p256
