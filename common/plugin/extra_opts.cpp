// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "plugin/arguments.hpp"
#include "plugin/read_file.hpp"
#include "plugin/report.hpp"

// The ini format of Monitoring Plugins' --extra-opts: sections of `option=value`, where an empty
// value is a bare flag. Lines of other sections are other plugins' business and are not read.

namespace plugin {
namespace {

constexpr std::size_t kMostOctets = 1U << 20U;

constexpr std::array<std::string_view, 3> kFileNames{"monitoring-plugins.ini", "plugins.ini",
                                                     "nagios-plugins.ini"};
constexpr std::array<std::string_view, 9> kFiles{
    "/etc/monitoring-plugins/monitoring-plugins.ini",
    "/etc/monitoring-plugins.ini",
    "/usr/local/etc/monitoring-plugins/monitoring-plugins.ini",
    "/usr/local/etc/monitoring-plugins.ini",
    "/etc/nagios/plugins.ini",
    "/usr/local/nagios/etc/plugins.ini",
    "/usr/local/etc/nagios/plugins.ini",
    "/etc/nagios-plugins.ini",
    "/usr/local/etc/nagios-plugins.ini"};
constexpr std::array<std::string_view, 5> kNotInFiles{"help", "version", "list-findings", "explain",
                                                      "extra-opts"};

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\v\f";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool is_file(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

std::string variable(const Environment& environment, const std::string& name) {
  const auto found = environment.variables.find(name);
  return found == environment.variables.end() ? "" : found->second;
}

/// The first of: $MP_CONFIG_FILE, the directories of $NAGIOS_CONFIG_PATH, the usual places.
std::optional<std::string> default_file(const Environment& environment) {
  std::string named = variable(environment, "MP_CONFIG_FILE");
  if (!named.empty()) return named;
  const std::string directories = variable(environment, "NAGIOS_CONFIG_PATH");
  std::string_view rest = directories;
  while (!rest.empty()) {
    const std::string directory(rest.substr(0, rest.find(':')));
    rest.remove_prefix(std::min(directory.size() + 1, rest.size()));
    for (const std::string_view name : kFileNames) {
      std::string path = directory + "/" + std::string(name);
      if (!directory.empty() && is_file(path)) return path;
    }
  }
  for (const std::string_view path : kFiles) {
    if (is_file(std::string(path))) return std::string(path);
  }
  return std::nullopt;
}

dns::Result<Given> read_line(const Binary& binary, std::string_view line, std::string source) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) {
    return dns::Error{source + ": " + quote(line) + " is not option=value (a flag is option=)"};
  }
  const std::string_view key = trim(line.substr(0, equals));
  const std::string_view value = trim(line.substr(equals + 1));
  if (key.size() < 2) {
    return dns::Error{source + ": " + quote(key) + " is not the long name of an option"};
  }
  const OptionRow* row = find_option(binary, key);
  if (row == nullptr) return dns::Error{source + ": unknown option " + quote(key)};
  if (std::find(kNotInFiles.begin(), kNotInFiles.end(), key) != kNotInFiles.end()) {
    return dns::Error{source + ": option " + quote(key) + " belongs on the command line"};
  }
  if (row->argument.empty() && !value.empty()) {
    return dns::Error{source + ": option --" + std::string(row->name) + " takes no value: write " +
                      std::string(row->name) + "="};
  }
  if (!row->argument.empty() && row->argument.front() != '[' && value.empty()) {
    return dns::Error{source + ": " + needs_value(*row)};
  }
  return Given{row, std::string(value), std::move(source)};
}

/// "[ name ]" gives "name".
std::optional<std::string_view> section_name(std::string_view line) {
  const std::size_t end = line.find(']');
  if (line.front() != '[' || end == std::string_view::npos) return std::nullopt;
  return trim(line.substr(1, end - 1));
}

dns::Result<std::vector<Given>> read_section(const Binary& binary, std::string_view text,
                                             std::string_view section, const std::string& path) {
  std::vector<Given> given;
  bool any_section = false;
  bool wanted = false;
  bool found = false;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    std::string source = "file " + quote(path) + " line " + std::to_string(number);
    if (line.front() == '[') {
      const auto name = section_name(line);
      if (!name) return dns::Error{source + ": a section without its closing bracket"};
      any_section = true;
      wanted = *name == section;
      found = found || wanted;
    } else if (!any_section) {
      return dns::Error{source + ": " + quote(line) + " stands before the first section"};
    } else if (wanted) {
      auto one = read_line(binary, line, std::move(source));
      if (!one) return one.error();
      given.push_back(*std::move(one));
    }
  }
  if (!found) {
    return dns::Error{"option --extra-opts: file " + quote(path) + " has no section " +
                      quote(section)};
  }
  return given;
}

}  // namespace

dns::Result<std::vector<Given>> read_extra_options(const Binary& binary, std::string_view locator,
                                                   const Environment& environment) {
  // With somebody else's rights a file of the caller's choice must not be opened.
  if (::geteuid() != ::getuid() || ::getegid() != ::getgid()) {
    return dns::Error{"option --extra-opts: not read when running set-user-ID or set-group-ID"};
  }
  const std::size_t at = locator.find('@');
  const std::string_view section = trim(locator.substr(0, at));
  std::optional<std::string> path;
  if (at != std::string_view::npos) {
    path = std::string(locator.substr(at + 1));
    if (path->empty()) return dns::Error{"option --extra-opts: no file name after @"};
  } else {
    path = default_file(environment);
    if (!path)
      return dns::Error{
          "option --extra-opts: no monitoring-plugins.ini found; name one "
          "as --extra-opts=SECTION@FILE"};
  }
  const auto text = read_file(*path, kMostOctets, "ini file");
  if (!text) return dns::Error{"option --extra-opts: " + text.error().message};
  return read_section(binary, *text, section.empty() ? binary.name : section, *path);
}

}  // namespace plugin
