// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <string>

namespace confine {

/// By seccomp: the system calls of a program that reads files, asks by sockets of the Internet's
/// families and has threads; all others are ENOSYS, so that libraries fall back as on an older
/// kernel. Empty, or why not. no_new_privs must hold.
std::string confine_calls();

}  // namespace confine
