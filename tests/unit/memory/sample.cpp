// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "memory/sample.hpp"

#include <stdexcept>

namespace memory_test {

memory::Zone sample() {
  memory::Zone zone;
  zone.zone = *dns::Name::from_text("example.com.");
  zone.since = kNow - 86400;
  zone.last_run = kNow - 60;
  zone.runs = 7;
  memory::SeenRecord key;
  key.type = dns::Type::dnskey;
  key.rdata = {1, 1, 3, 13, 255, 0, 7};
  key.ttl = 3600;
  key.ttl_seen = zone.since + 7;
  key.first_seen = zone.since;
  key.last_seen = zone.last_run;
  key.first_signing = zone.since;
  key.last_signing = zone.last_run;
  zone.records.push_back(key);
  zone.signings = {{kNow - 86400, kNow - 90000, kNow + 900000, kNow - 120},
                   {kNow - 60, kNow - 3600, kNow + 1, kNow - 60}};
  zone.lasting = {{"nsec3param-multiple", kNow - 7200, kNow - 60}};
  zone.newest = zone.signings.back();
  zone.first_to_end = memory::Signing{kNow - 60, kNow - 7200, kNow + 800000, kNow - 60};
  zone.renewed = {{kNow - 3600, kNow - 99000, kNow + 700000, kNow - 7200}};
  return zone;
}

std::string changed(std::string text, std::string_view from, std::string_view to) {
  const auto place = text.find(from);
  if (place == std::string::npos) {
    throw std::logic_error("not in the text: " + std::string(from));
  }
  return text.replace(place, from.size(), to);
}

}  // namespace memory_test
