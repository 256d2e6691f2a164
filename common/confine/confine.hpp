// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <string>
#include <vector>

/// Gives up, before the first foreign byte is read, what the process will not need: whoever finds a
/// way to run code in it by way of an answer finds no shell, no files and nowhere to stay.
namespace confine {

/// What is still to be done. Paths may be relative, and need not be there.
struct Needs {
  std::vector<std::string> read;     ///< files, and directories with all that is in them
  std::vector<std::string> write;    ///< files that are there and will be written to
  std::vector<std::string> replace;  ///< directories where files are made, renamed and removed
  bool read_everything = false;      ///< what will be read is not known beforehand
  bool start_programs = false;       ///< then system calls stay as they are
};

/// What holds from now on.
struct Confinement {
  bool privileges = false;  ///< no program that is started gains any (no_new_privs)
  bool files = false;       ///< Landlock
  bool calls = false;       ///< seccomp
  std::string missing;      ///< what does not hold though it should, and why; empty: nothing
};

/// Confines this thread and all that it will start, for good: call it before there are others. What
/// the kernel does not offer is left out and named; nothing that was done is undone.
Confinement confine(const Needs& needs);

}  // namespace confine
