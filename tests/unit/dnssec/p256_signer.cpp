// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dnssec/p256_signer.hpp"

#include <openssl/obj_mac.h>

#include <stdexcept>

namespace dnssec_test {
namespace {

struct Curve {
  EC_GROUP* group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
  EC_POINT* point = EC_POINT_new(group);
  BN_CTX* context = BN_CTX_new();
  Curve() = default;
  Curve(const Curve&) = delete;
  Curve& operator=(const Curve&) = delete;
  ~Curve() {
    BN_CTX_free(context);
    EC_POINT_free(point);
    EC_GROUP_free(group);
  }

  /// The coordinates of that multiple of the generator.
  void multiple(const Big& factor, Big& x, Big& y) const {
    if (EC_POINT_mul(group, point, factor.get(), nullptr, nullptr, context) != 1 ||
        EC_POINT_get_affine_coordinates(group, point, x.get(), y.get(), context) != 1) {
      throw std::runtime_error("no such point");
    }
  }
};

Big small(std::uint64_t value) {
  Big number(BN_new());
  BN_set_word(number.get(), value);
  return number;
}

}  // namespace

Big P256Signer::order() {
  const Curve curve;
  return Big(BN_dup(EC_GROUP_get0_order(curve.group)));
}

dns::Bytes P256Signer::octets(const Big& number) {
  dns::Bytes bytes(32);
  BN_bn2binpad(number.get(), bytes.data(), 32);
  return bytes;
}

Big P256Signer::number(dns::ByteView octets) {
  return Big(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr));
}

P256Signer::P256Signer(std::uint64_t secret, bool negative) : secret_(small(secret)) {
  if (negative) BN_sub(secret_.get(), order().get(), secret_.get());
  const Curve curve;
  Big x(BN_new());
  Big y(BN_new());
  curve.multiple(secret_, x, y);
  public_key_ = octets(x);
  const auto rest = octets(y);
  public_key_.insert(public_key_.end(), rest.begin(), rest.end());
}

dns::Bytes P256Signer::r_of(std::uint64_t nonce) {
  const Curve curve;
  Big r(BN_new());
  Big y(BN_new());
  curve.multiple(small(nonce), r, y);
  BN_nnmod(r.get(), r.get(), order().get(), curve.context);
  return octets(r);
}

dns::Bytes P256Signer::sign(dns::ByteView digest, std::uint64_t nonce) const {
  const Curve curve;
  const Big modulus = order();
  const Big r = number(r_of(nonce));
  const Big s(BN_new());
  const Big inverse(BN_mod_inverse(nullptr, small(nonce).get(), modulus.get(), curve.context));
  BN_mod_mul(s.get(), r.get(), secret_.get(), modulus.get(), curve.context);
  BN_mod_add(s.get(), s.get(), number(digest).get(), modulus.get(), curve.context);
  BN_mod_mul(s.get(), s.get(), inverse.get(), modulus.get(), curve.context);
  dns::Bytes signature = octets(r);
  const auto rest = octets(s);
  signature.insert(signature.end(), rest.begin(), rest.end());
  return signature;
}

}  // namespace dnssec_test
