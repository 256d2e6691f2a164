// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// Does wrong on purpose, so that an instrument which sees nothing is noticed: two threads write to
// one place ("race"), a block is lost ("leak"), or neither ("none").
#include <unistd.h>

#include <cstdlib>
#include <string_view>
#include <thread>

namespace {

void race() {
  int both = 0;
  std::thread other([&both] { ++both; });
  ++both;
  other.join();
}

void leak() {
  // volatile: else the compiler sees that nobody needs it.
  auto* block = static_cast<volatile char*>(std::malloc(100));  // NOLINT(*-no-malloc)
  if (block != nullptr) {
    *block = 1;
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what(argc > 1 ? argv[1] : "");  // NOLINT(*-pointer-arithmetic)
  if (what == "race") {
    race();
  } else if (what == "leak") {
    leak();
  }
  _exit(what.empty() ? 1 : 0);  // as the plugins end
}
