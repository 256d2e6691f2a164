// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dnssec/powers.hpp"

#include <algorithm>
#include <bit>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define CHECK_DNSSEC_IFMA 1
#else
#define CHECK_DNSSEC_IFMA 0
#endif

namespace dnssec::powers {

namespace {

/// Limbs that are multiplied at once by another number's. Numbers have a multiple of them.
constexpr std::size_t kBlock = 4;

}  // namespace

// Montgomery's products stay below twice the modulus when R is at least four times it.
std::size_t limbs_for(std::size_t modulus_bits) {
  const std::size_t limbs = (modulus_bits + 2 + kLimbBits - 1) / kLimbBits;
  return (limbs + kBlock - 1) / kBlock * kBlock;
}

#if CHECK_DNSSEC_IFMA

// Only what stands between here and the end may hold these instructions: the rest of the program
// runs anywhere. Loops index plain pointers, since a vector's operator would be a call in each.
#define CHECK_DNSSEC_LANES __attribute__((target("avx512f,avx512ifma")))

namespace {

// GCC 12 takes what the usual shifts leave undefined for a mistake; all lanes are chosen here.
constexpr __mmask8 kAllLanes = 0xff;

CHECK_DNSSEC_LANES inline __m512i shifted_right(__m512i value, unsigned bits) {
  return _mm512_maskz_srli_epi64(kAllLanes, value, bits);
}
CHECK_DNSSEC_LANES inline __m512i limb_mask() {
  return _mm512_set1_epi64((std::int64_t{1} << kLimbBits) - 1);
}
/// Low and high 52 bits of a product are added to two columns; a column has room for 2^12 of them.
CHECK_DNSSEC_LANES inline __m512i add_low(__m512i sum, __m512i left, __m512i right) {
  return _mm512_madd52lo_epu64(sum, left, right);
}
CHECK_DNSSEC_LANES inline __m512i add_high(__m512i sum, __m512i left, __m512i right) {
  return _mm512_madd52hi_epu64(sum, left, right);
}
CHECK_DNSSEC_LANES inline __m512i load(const Limbs& limbs) {
  return _mm512_load_si512(limbs.lane.data());
}
CHECK_DNSSEC_LANES inline void store(Limbs& limbs, __m512i value) {
  _mm512_store_si512(limbs.lane.data(), value);
}

/// sum += few * many, where `few` has kBlock limbs: the work is done here. Each limb of `many` is
/// read once, each column read and written once; kBlock columns and the next are at hand.
CHECK_DNSSEC_LANES void add_product(Limbs* sum, const Limbs* few, const Limbs* many,
                                    std::size_t count) {
  const __m512i few_0 = load(few[0]);
  const __m512i few_1 = load(few[1]);
  const __m512i few_2 = load(few[2]);
  const __m512i few_3 = load(few[3]);
  __m512i column_0 = load(sum[0]);
  __m512i column_1 = load(sum[1]);
  __m512i column_2 = load(sum[2]);
  __m512i column_3 = load(sum[3]);
  for (std::size_t i = 0; i < count; ++i) {
    const __m512i limb = load(many[i]);
    store(sum[i], add_low(column_0, few_0, limb));
    column_0 = add_low(add_high(column_1, few_0, limb), few_1, limb);
    column_1 = add_low(add_high(column_2, few_1, limb), few_2, limb);
    column_2 = add_low(add_high(column_3, few_2, limb), few_3, limb);
    column_3 = add_high(load(sum[i + kBlock]), few_3, limb);
  }
  store(sum[count], column_0);
  store(sum[count + 1], column_1);
  store(sum[count + 2], column_2);
  store(sum[count + 3], column_3);
}

CHECK_DNSSEC_LANES void clear(Limbs* row, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) store(row[i], _mm512_setzero_si512());
}

CHECK_DNSSEC_LANES void multiply(Limbs* sum, const Limbs* left, const Limbs* right,
                                 std::size_t limbs) {
  clear(sum, 2 * limbs);
  for (std::size_t i = 0; i < limbs; i += kBlock) add_product(sum + i, left + i, right, limbs);
}

/// Products of different blocks come twice.
CHECK_DNSSEC_LANES void square(Limbs* sum, const Limbs* number, std::size_t limbs) {
  clear(sum, 2 * limbs);
  for (std::size_t i = 0; i + kBlock < limbs; i += kBlock) {
    const std::size_t next = i + kBlock;
    add_product(sum + i + next, number + i, number + next, limbs - next);
  }
  for (std::size_t i = 0; i < 2 * limbs; ++i) {
    store(sum[i], _mm512_add_epi64(load(sum[i]), load(sum[i])));
  }
  for (std::size_t i = 0; i < limbs; i += kBlock) {
    add_product(sum + 2 * i, number + i, number + i, kBlock);
  }
}

/// The multiples of the modulus that make the lowest kBlock columns of the sum zero.
CHECK_DNSSEC_LANES void find_multiples(Limbs* multiples, const Limbs* sum, const Limbs* n,
                                       __m512i negative_inverse) {
  const __m512i zero = _mm512_setzero_si512();
  __m512i carry = zero;
  for (std::size_t i = 0; i < kBlock; ++i) {
    __m512i column = _mm512_add_epi64(load(sum[i]), carry);
    for (std::size_t k = 0; k < i; ++k) {
      column = add_low(column, load(multiples[k]), load(n[i - k]));
      column = add_high(column, load(multiples[k]), load(n[i - k - 1]));
    }
    const __m512i multiple = add_low(zero, column, negative_inverse);
    store(multiples[i], multiple);
    carry = shifted_right(add_low(column, multiple, load(n[0])), kLimbBits);
  }
}

/// number = sum / R modulo n, less than 2 n when the sum is less than 4 n^2.
CHECK_DNSSEC_LANES void reduce(Limbs* number, Limbs* sum, const Limbs* n, __m512i negative_inverse,
                               std::size_t limbs) {
  __m512i carry = _mm512_setzero_si512();
  std::array<Limbs, kBlock> multiples;
  for (std::size_t i = 0; i < limbs; i += kBlock) {
    store(sum[i], _mm512_add_epi64(load(sum[i]), carry));
    find_multiples(multiples.data(), sum + i, n, negative_inverse);
    add_product(sum + i, multiples.data(), n, limbs);
    carry = _mm512_setzero_si512();
    for (std::size_t k = 0; k < kBlock; ++k) {
      carry = shifted_right(_mm512_add_epi64(load(sum[i + k]), carry), kLimbBits);
    }
  }
  for (std::size_t i = 0; i < limbs; ++i) {
    const __m512i column = _mm512_add_epi64(load(sum[limbs + i]), carry);
    store(number[i], _mm512_and_si512(column, limb_mask()));
    carry = shifted_right(column, kLimbBits);
  }
}

/// number -= n in the lanes where it is not less.
CHECK_DNSSEC_LANES void subtract_once(Limbs* number, Limbs* difference, const Limbs* n,
                                      std::size_t limbs) {
  __m512i borrow = _mm512_setzero_si512();
  for (std::size_t i = 0; i < limbs; ++i) {
    const __m512i limb = _mm512_sub_epi64(_mm512_sub_epi64(load(number[i]), load(n[i])), borrow);
    store(difference[i], _mm512_and_si512(limb, limb_mask()));
    borrow = shifted_right(limb, 63);
  }
  const __mmask8 less = _mm512_test_epi64_mask(borrow, borrow);
  for (std::size_t i = 0; i < limbs; ++i) {
    store(number[i], _mm512_mask_blend_epi64(less, load(difference[i]), load(number[i])));
  }
}

/// From the exponent's second bit on: square, and times the base where the bit is set. Every
/// product is divided by R, so that what comes out lacks R to the power of the exponent less one.
CHECK_DNSSEC_LANES void raise_all(Limbs* number, Limbs* base, Limbs* sum, const Moduli& moduli,
                                  std::uint64_t exponent) {
  const std::size_t limbs = moduli.n.size();
  const Limbs* n = moduli.n.data();
  const __m512i negative_inverse = load(moduli.negative_inverse);
  std::copy_n(number, limbs, base);
  for (std::uint64_t bit = std::bit_floor(exponent) >> 1U; bit != 0; bit >>= 1U) {
    square(sum, number, limbs);
    reduce(number, sum, n, negative_inverse, limbs);
    if ((exponent & bit) == 0) continue;
    multiply(sum, number, base, limbs);
    reduce(number, sum, n, negative_inverse, limbs);
  }
  multiply(sum, number, moduli.correction.data(), limbs);
  reduce(number, sum, n, negative_inverse, limbs);
  subtract_once(number, sum, n, limbs);
}

}  // namespace

bool available() {
  return static_cast<bool>(__builtin_cpu_supports("avx512f")) &&
         static_cast<bool>(__builtin_cpu_supports("avx512ifma"));
}

void Raiser::raise(std::span<Limbs> numbers, const Moduli& moduli, std::uint64_t exponent) {
  base_.resize(numbers.size());
  sum_.resize(2 * numbers.size());
  raise_all(numbers.data(), base_.data(), sum_.data(), moduli, exponent);
}

#else

bool available() { return false; }
void Raiser::raise(std::span<Limbs>, const Moduli&, std::uint64_t) {}

#endif

}  // namespace dnssec::powers
