// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "dns/transfer.hpp"

namespace dns {

std::string_view to_text(TransferEnd end) {
  switch (end) {
    case TransferEnd::complete:
      return "complete";
    case TransferEnd::not_asked:
      return "not asked";
    case TransferEnd::refused:
      return "refused";
    case TransferEnd::incomplete:
      return "incomplete";
    case TransferEnd::malformed:
      return "malformed";
    case TransferEnd::tsig_failed:
      return "tsig failed";
    case TransferEnd::timeout:
      return "timeout";
    case TransferEnd::unreachable:
      return "unreachable";
    case TransferEnd::sink_refused:
      return "sink refused";
  }
  return "";
}

}  // namespace dns
