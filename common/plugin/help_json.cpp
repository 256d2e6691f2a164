// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// --help with --output json: the option table and the catalogue for programs, so that what
// monitoring systems are told about the plugins can be drawn from the plugins themselves.
#include <nlohmann/json.hpp>

#include "judge/catalogue.hpp"
#include "plugin/options.hpp"

namespace plugin {
namespace {

using Json = nlohmann::ordered_json;

std::string_view kind_of(Unit unit) {
  switch (unit) {
    case Unit::none:
      return "flag";
    case Unit::text:
      return "text";
    case Unit::seconds:
      return "seconds";
    case Unit::duration:
      return "duration";
    case Unit::range:
      return "range";
    case Unit::threshold:
      return "threshold";
    case Unit::address:
      return "address";
    case Unit::file:
      return "file";
    case Unit::time:
      return "time";
    case Unit::word:
      return "word";
    case Unit::count:
      return "count";
  }
  return "";
}

Json option_json(const OptionRow& row) {
  return {{"name", row.name},
          {"letter", row.letter != 0 ? Json(std::string(1, row.letter)) : Json()},
          {"argument", row.argument},
          {"kind", kind_of(row.unit)},
          {"repeatable", row.repeatable},
          {"default", row.fallback.empty() ? Json() : Json(row.fallback)},
          {"group", row.group},
          {"description", row.sentence}};
}

Json finding_json(const judge::FaultInfo& info) {
  return {{"id", info.id},
          {"tier", judge::to_text(info.tier)},
          {"sentence", info.sentence},
          {"verify", info.verify},
          {"remedy", info.remedy},
          {"confirm", info.confirm},
          {"reference", info.reference}};
}

}  // namespace

std::string help_json(const Binary& binary) {
  Json document;
  document["plugin"] = binary.name;
  document["version"] = CHECK_DNSSEC_VERSION;
  document["question"] = binary.question;
  document["options"] = Json::array();
  for (const OptionRow& row : option_table()) {
    if ((row.checks & binary.check) != 0) document["options"].push_back(option_json(row));
  }
  document["findings"] = Json::array();
  for (const judge::FaultInfo& info : judge::catalogue()) {
    if ((info.checks & binary.check) != 0) document["findings"].push_back(finding_json(info));
  }
  return document.dump(2) + "\n";
}

}  // namespace plugin
