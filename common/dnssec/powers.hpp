// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Powers modulo odd numbers, eight at a time: one in each lane of the processor's vectors, by its
/// instructions that multiply 52 bits. Not in constant time: for public numbers only. Private to
/// this room.
namespace dnssec::powers {

inline constexpr std::size_t kLanes = 8;
inline constexpr unsigned kLimbBits = 52;

/// Limbs of the same weight, one of each of eight numbers. A number is a row of these, least weight
/// first.
struct alignas(64) Limbs {
  std::array<std::uint64_t, kLanes> lane{};
};

/// Whether this processor has the instructions (AVX-512 IFMA).
bool available();

/// How many limbs numbers must have (zeroes on top) for a modulus of that many bits, at most 4096.
std::size_t limbs_for(std::size_t modulus_bits);

/// What is known of eight moduli n of limbs_for() the largest of them; R is 2 to the power of
/// kLimbBits for each limb.
struct Moduli {
  Limbs negative_inverse;         ///< of n modulo 2^52: n times that is -1
  std::vector<Limbs> n;           ///< odd
  std::vector<Limbs> correction;  ///< R to the power of the exponent, modulo n
};

/// Raises one set of eight numbers after another. Keeps its memory; one per thread.
class Raiser {
 public:
  /// Each number, less than its modulus, becomes its power modulo it, which is less too. `exponent`
  /// is 2 or more. Only where available().
  void raise(std::span<Limbs> numbers, const Moduli& moduli, std::uint64_t exponent);

 private:
  std::vector<Limbs> base_, sum_;
};

}  // namespace dnssec::powers
