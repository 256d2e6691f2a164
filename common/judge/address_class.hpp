// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <string_view>

namespace judge {

/// An address that cannot be reached from the Internet whatever its host does: private, loopback,
/// link-local, shared, benchmark, multicast or reserved (RFC 6890). The documentation networks
/// count as ordinary: only laboratories use them. Text that is no address is none.
bool is_bogon(std::string_view address);

}  // namespace judge
