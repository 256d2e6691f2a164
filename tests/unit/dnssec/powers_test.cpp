// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Eight powers at once are those that BN_mod_exp() gives one after another, carries above all.
#include "dnssec/powers.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>
#include <string>
#include <vector>

#include "dns/bytes.hpp"
#include "dnssec/big.hpp"
#include "dnssec/instructions.hpp"

namespace {

using dnssec::powers::kLanes;
using dnssec::powers::kLimbBits;
using dnssec::powers::Limbs;
using dnssec_test::Big;

Big little(std::uint64_t value) {
  Big number(BN_new());
  BN_set_word(number.get(), value);
  return number;
}

Big below(const Big& limit, std::mt19937& random) {
  dns::Bytes octets(static_cast<std::size_t>(BN_num_bytes(limit.get())) + 8);
  std::ranges::generate(octets, [&] { return static_cast<std::uint8_t>(random()); });
  Big number(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr));
  const dnssec_test::BigContext context(BN_CTX_new());
  BN_nnmod(number.get(), number.get(), limit.get(), context.get());
  return number;
}

/// 2^bits plus that.
Big near_power(int bits, std::int64_t more) {
  Big number(BN_new());
  BN_set_bit(number.get(), bits);
  if (more < 0) BN_sub_word(number.get(), static_cast<std::uint64_t>(-more));
  if (more > 0) BN_add_word(number.get(), static_cast<std::uint64_t>(more));
  return number;
}

/// Limbs of nothing but ones and of nothing but zeroes, and others, in any order; odd.
Big patched(int bits, std::mt19937& random) {
  Big number(BN_new());
  for (int bit = 0; bit < bits; bit += static_cast<int>(kLimbBits)) {
    const auto kind = random() % 4;
    for (int i = bit; i < std::min(bits, bit + static_cast<int>(kLimbBits)); ++i) {
      if (kind == 0 || (kind == 1 && random() % 2 == 0)) BN_set_bit(number.get(), i);
    }
  }
  BN_set_bit(number.get(), 0);
  BN_set_bit(number.get(), bits - 1);
  return number;
}

void put(std::vector<Limbs>& row, std::size_t lane, const Big& number) {
  const Big rest(BN_dup(number.get()));
  for (Limbs& limbs : row) {
    const Big low(BN_dup(rest.get()));
    BN_mask_bits(low.get(), kLimbBits);
    limbs.lane.at(lane) = BN_get_word(low.get());
    BN_rshift(rest.get(), rest.get(), kLimbBits);
  }
  BOOST_REQUIRE(BN_is_zero(rest.get()));
}

Big get(const std::vector<Limbs>& row, std::size_t lane) {
  Big number(BN_new());
  for (std::size_t i = row.size(); i-- > 0;) {
    BOOST_CHECK(row[i].lane.at(lane) >> kLimbBits == 0);
    BN_lshift(number.get(), number.get(), kLimbBits);
    BN_add_word(number.get(), row[i].lane.at(lane));
  }
  return number;
}

struct Raised {
  Big modulus, base;
};

class Eight {
 public:
  Eight(int bits, std::uint64_t exponent)
      : exponent_(exponent), limbs_(dnssec::powers::limbs_for(static_cast<std::size_t>(bits))) {
    moduli_.n.resize(limbs_);
    moduli_.correction.resize(limbs_);
    numbers_.resize(limbs_);
  }

  Big power(const Big& base, const Big& modulus) const {
    Big result(BN_new());
    BN_mod_exp(result.get(), base.get(), little(exponent_).get(), modulus.get(), context_);
    return result;
  }

  void put_case(std::size_t lane, const Raised& one) {
    const Big r = near_power(static_cast<int>(limbs_ * kLimbBits), 0);
    const Big limb = near_power(static_cast<int>(kLimbBits), 0);
    const Big inverse(BN_mod_inverse(nullptr, one.modulus.get(), limb.get(), context_));
    BN_sub(inverse.get(), limb.get(), inverse.get());
    moduli_.negative_inverse.lane.at(lane) = BN_get_word(inverse.get());
    put(moduli_.n, lane, one.modulus);
    put(moduli_.correction, lane, power(r, one.modulus));
    put(numbers_, lane, one.base);
  }

  void expect_powers(dnssec::powers::Raiser& raiser, const std::vector<Raised>& cases) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) put_case(lane, cases.at(lane));
    raiser.raise(numbers_, moduli_, exponent_);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const Raised& one = cases.at(lane);
      BOOST_CHECK_MESSAGE(
          BN_cmp(get(numbers_, lane).get(), power(one.base, one.modulus).get()) == 0,
          "lane " << lane << ", " << BN_num_bits(one.modulus.get()) << " bits, exponent "
                  << exponent_);
    }
  }

 private:
  dnssec_test::BigContext owned_{BN_CTX_new()};
  BN_CTX* context_ = owned_.get();
  std::uint64_t exponent_;
  std::size_t limbs_;
  dnssec::powers::Moduli moduli_;
  std::vector<Limbs> numbers_;
};

const std::vector<int> kSizes{1024, 1025, 1031, 1280, 1536, 2047, 2048, 3072, 4095, 4096};

}  // namespace

BOOST_AUTO_TEST_SUITE(powers, *boost::unit_test::precondition(dnssec_test::with_instructions))

BOOST_AUTO_TEST_CASE(a_fourth_of_r_holds_the_modulus) {
  for (std::size_t bits = 1; bits <= 4096; ++bits) {
    BOOST_TEST(dnssec::powers::limbs_for(bits) * kLimbBits >= bits + 2);
  }
}

BOOST_AUTO_TEST_CASE(of_numbers_at_random) {
  std::mt19937 random(11);
  dnssec::powers::Raiser raiser;
  for (const int bits : kSizes) {
    for (const std::uint64_t exponent : {2UL, 3UL, 17UL, 65537UL, 0x1ffffffffUL}) {
      std::vector<Raised> cases;
      while (cases.size() < kLanes) {
        Big modulus = random() % 2 == 0 ? patched(bits - static_cast<int>(random() % 9), random)
                                        : below(near_power(bits, 0), random);
        BN_set_bit(modulus.get(), 0);
        Big base = below(modulus, random);
        cases.push_back({std::move(modulus), std::move(base)});
      }
      Eight(bits, exponent).expect_powers(raiser, cases);
    }
  }
}

// All limbs ones in modulus and number, a modulus of two bits, numbers beside zero and the modulus.
BOOST_AUTO_TEST_CASE(of_extreme_limbs) {
  std::mt19937 random(12);
  dnssec::powers::Raiser raiser;
  for (const int bits : kSizes) {
    std::vector<Big> moduli;
    moduli.push_back(near_power(bits, -1));
    moduli.push_back(near_power(bits, -3));
    moduli.push_back(near_power(bits - 1, 1));
    moduli.push_back(near_power(bits - 1, 3));
    moduli.push_back(patched(bits, random));
    moduli.push_back(patched(bits, random));
    std::vector<Raised> cases;
    for (const Big& modulus : moduli) {
      for (const std::uint64_t beside : {0U, 1U, 2U}) {
        cases.push_back({Big(BN_dup(modulus.get())), little(beside)});
        Raised high{Big(BN_dup(modulus.get())), Big(BN_dup(modulus.get()))};
        BN_sub_word(high.base.get(), beside + 1);
        cases.push_back(std::move(high));
      }
      Raised ones{Big(BN_dup(modulus.get())), near_power(bits - 1, -1)};
      cases.push_back(std::move(ones));
      Raised patches{Big(BN_dup(modulus.get())), patched(bits - 2, random)};
      cases.push_back(std::move(patches));
    }
    BOOST_REQUIRE(cases.size() % kLanes == 0);
    for (const std::uint64_t exponent : {3UL, 65537UL}) {
      for (std::size_t from = 0; from < cases.size(); from += kLanes) {
        std::vector<Raised> some;
        for (std::size_t i = 0; i < kLanes; ++i) {
          const Raised& one = cases.at(from + i);
          some.push_back({Big(BN_dup(one.modulus.get())), Big(BN_dup(one.base.get()))});
        }
        Eight(bits, exponent).expect_powers(raiser, some);
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
