// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <cstddef>
#include <cstdint>

namespace dns {

// Layout of the message header (RFC 1035 4.1.1, RFC 4035 3.2) and of OPT (RFC 6891 6.1).
inline constexpr std::uint16_t qr_bit = 0x8000;
inline constexpr std::uint16_t aa_bit = 0x0400;
inline constexpr std::uint16_t tc_bit = 0x0200;
inline constexpr std::uint16_t rd_bit = 0x0100;
inline constexpr std::uint16_t ra_bit = 0x0080;
inline constexpr std::uint16_t ad_bit = 0x0020;
inline constexpr std::uint16_t cd_bit = 0x0010;
inline constexpr unsigned opcode_shift = 11;
inline constexpr std::uint16_t opcode_mask = 0x0f;
inline constexpr std::uint16_t rcode_mask = 0x0f;

inline constexpr std::uint32_t dnssec_ok_bit = 0x8000;
inline constexpr unsigned edns_version_shift = 16;
inline constexpr unsigned extended_rcode_shift = 24;
inline constexpr std::uint16_t nsid_option = 3;             // RFC 5001
inline constexpr std::uint16_t extended_error_option = 15;  // RFC 8914

}  // namespace dns
