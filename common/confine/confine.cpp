// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "confine/confine.hpp"

#include "confine/calls.hpp"
#include "confine/files.hpp"

#ifdef __linux__
#include <sys/prctl.h>
#endif

namespace confine {
namespace {

bool give_up_privileges() {
#ifdef __linux__
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
#else
  return false;
#endif
}

void add_missing(std::string& missing, const std::string& why) {
  if (why.empty()) return;
  missing += (missing.empty() ? "" : "; ") + why;
}

}  // namespace

Confinement confine(const Needs& needs) {
  Confinement held;
  held.privileges = give_up_privileges();
  if (!held.privileges) {
    held.missing = "this system has no no_new_privs";
    return held;
  }
  const std::string no_files = confine_files(needs);
  held.files = no_files.empty();
  add_missing(held.missing, no_files);
  if (needs.start_programs) return held;
  const std::string no_calls = confine_calls();
  held.calls = no_calls.empty();
  add_missing(held.missing, no_calls);
  return held;
}

}  // namespace confine
