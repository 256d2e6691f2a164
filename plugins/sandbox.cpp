// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "sandbox.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "confine/confine.hpp"
#include "graph.hpp"
#include "memory/key_file.hpp"
#include "plugin/output_file.hpp"

namespace plugins {
namespace {

namespace files = std::filesystem;

using Path = std::optional<std::string>;

/// Where a file is made beside the one that it will replace.
std::string folder_of(const std::string& file) {
  const auto slash = file.rfind('/');
  return slash == std::string::npos ? "." : file.substr(0, slash + 1);
}

/// What the symbolic links among those entries of a directory lead to: Landlock holds for the files
/// themselves, wherever their names stand.
std::vector<std::string> behind_links(const std::string& directory,
                                      bool (*wanted)(std::string_view name)) {
  constexpr std::size_t kMost = 10'000;
  std::vector<std::string> found;
  std::error_code problem;
  files::directory_iterator at(directory, problem);
  while (!problem && at != files::directory_iterator() && found.size() < kMost) {
    if (wanted(at->path().filename().native()) && at->is_symlink(problem)) {
      if (auto target = files::canonical(at->path(), problem); !problem) {
        found.push_back(target.string());
      }
    }
    problem.clear();
    at.increment(problem);
  }
  return found;
}

bool is_key_file(std::string_view name) { return memory::parse_key_file_name(name).has_value(); }
bool is_memory(std::string_view name) { return name.starts_with("check_dnssec_"); }

confine::Needs needs_of(const plugin::Options& options) {
  confine::Needs needs;
  for (const Path& path :
       {options.zones_file, options.zone_file, options.tsig_file, options.tls_ca,
        options.trust_anchor, options.root_hints, options.replay, options.key_dir}) {
    if (path) needs.read.push_back(*path);
  }
  for (const Path& path : {options.state_dir, options.spool_dir}) {
    if (path) needs.replace.push_back(*path);
  }
  for (const Path& path : {options.output_file, options.record, options.graph}) {
    if (path) needs.replace.push_back(folder_of(plugin::linked_file(*path)));
  }
  for (const Path& path : {options.command_file, options.record}) {  // which may be a pipe
    if (path) needs.write.push_back(*path);
  }
  if (options.key_dir) {
    std::ranges::move(behind_links(*options.key_dir, is_key_file), std::back_inserter(needs.read));
  }
  if (options.state_dir) {
    std::ranges::move(behind_links(*options.state_dir, is_memory),
                      std::back_inserter(needs.replace));
  }
  needs.read_everything = options.allow_include;
  needs.start_programs = options.graph && drawn_by_program(*options.graph);
  return needs;
}

}  // namespace

std::optional<dns::Error> enter_sandbox(const plugin::Options& options) {
  using plugin::Sandbox;
  if (options.sandbox == Sandbox::off) {
    return std::nullopt;
  }
  const auto held = confine::confine(needs_of(options));
  if (options.sandbox == Sandbox::require && !held.missing.empty()) {
    return dns::Error{"option --sandbox: " + held.missing +
                      "; with auto the plugin runs with what there is"};
  }
  return std::nullopt;
}

}  // namespace plugins
