// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "plugin/stream.hpp"

#include <utility>

namespace plugin {

dns::Result<std::unique_ptr<ReportStream>> make_stream(const Binary& binary, const Options& options,
                                                       Writer out) {
  switch (options.output) {
    case Output::text:
      break;
    case Output::json:
      return make_json_stream(binary, options, std::move(out));
    case Output::jsonl:
      return make_jsonl_stream(binary, options, std::move(out));
    case Output::passive:
      return make_passive_stream(binary, options, std::move(out));
    case Output::spool:
      return make_spool_stream(binary, options, std::move(out));
    case Output::icinga_api:
      return make_icinga_api_stream(binary, options, std::move(out));
    case Output::openmetrics:
      return make_openmetrics_stream(binary, options, std::move(out));
    case Output::zabbix:
      return make_zabbix_stream(binary, options, std::move(out));
  }
  return make_text_stream(binary, options, std::move(out));
}

}  // namespace plugin
