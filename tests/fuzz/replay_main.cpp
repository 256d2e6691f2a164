// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// Feeds every file of the given directories to one fuzz target: the corpora as an ordinary test,
// with any compiler.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>
#include <vector>

#include "fuzz.hpp"

namespace {

std::vector<std::filesystem::path> files_in(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::uint8_t> bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::vector<char> characters{std::istreambuf_iterator<char>(stream), {}};
  return {characters.begin(), characters.end()};
}

/// How many inputs were fed.
std::size_t replay(const std::filesystem::path& directory) {
  const auto files = files_in(directory);
  for (const auto& file : files) {
    std::cout << file.filename().string() << std::endl;  // flushed: the next line may never come
    const auto bytes = bytes_of(file);
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  }
  return files.size();
}

}  // namespace

int main(int count, char** arguments) {
  try {
    for (const char* directory : std::span(arguments, static_cast<std::size_t>(count)).subspan(1)) {
      if (replay(directory) > 0) continue;
      std::cerr << "no files in " << directory << '\n';
      return 1;
    }
  } catch (const std::filesystem::filesystem_error& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return count > 1 ? 0 : 1;
}
