// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
// Transfers a zone and prints what came of it, one line a try: what tests/whole/transfers.py
// drives.
//
// usage: transfer_tool ZONE KEY_FILE|- IDLE_MS DEADLINE_MS CLOCK_OFFSET_S ADDRESS[@PORT]...
#include <sys/resource.h>

#include <utility>  // before Asio: Boost 1.74 forgets it

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "dns/escape.hpp"
#include "observe/transfer.hpp"
#include "transport/address.hpp"

namespace {

/// The least that a taker can do: what is measured here is the transfer.
struct Counter : dns::RecordSink {
  std::optional<std::string> add(const dns::RecordView& record) override {
    octets += record.owner.size() + record.rdata.size() + 10;
    return std::nullopt;
  }
  std::size_t octets = 0;
};

void print(const dns::Transfer& one) {
  std::cout << one.server.to_text() << '\t' << dns::to_text(one.end) << '\t'
            << dns::to_text(one.rcode) << '\t' << static_cast<int>(one.tsig) << '\t'
            << (one.verified ? "verified" : "-") << '\t' << one.messages << '\t' << one.records
            << '\t' << (one.serial ? std::to_string(*one.serial) : "-") << '\t' << one.took.count()
            << '\t' << dns::escape_line(one.detail) << '\n';
}

/// Not getrusage()'s: that remembers the program that started this one.
std::string peak_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word == "VmHWM:") {
      status >> word;
      return word;
    }
  }
  return "0";
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 7) {
    std::cerr << "usage: transfer_tool ZONE KEY_FILE|- IDLE_MS DEADLINE_MS CLOCK_OFFSET_S "
                 "ADDRESS[@PORT]...\n";
    return 2;
  }
  const std::vector<std::string> given(arguments + 1, arguments + count);
  transport::TransferRequest request;
  request.zone = dns::Name::from_text(given[0]).value();
  if (given[1] != "-") {
    auto key = transport::read_tsig_file(given[1]);
    if (!key) {
      std::cout << key.error().message << '\n';
      return 1;
    }
    request.key = *std::move(key);
  }
  request.idle_time = std::chrono::milliseconds(std::stol(given[2]));
  request.deadline =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(std::stol(given[3]));
  request.clock = [offset = std::stol(given[4])] { return std::time(nullptr) + offset; };
  std::vector<dns::Endpoint> servers;
  for (std::size_t i = 5; i < given.size(); ++i) {
    servers.push_back(transport::parse_endpoint(given[i]).value());
  }
  boost::asio::io_context io;
  Counter sink;
  dns::TransferLook look;
  boost::asio::co_spawn(io, observe::transfer_zone(io, request, servers, sink, look),
                        boost::asio::detached);
  io.run();
  for (const dns::Transfer& one : look.tries) {
    print(one);
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::cout << "cpu_us " << (usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec) << " sys_us "
            << (usage.ru_stime.tv_sec * 1000000 + usage.ru_stime.tv_usec) << " peak_kib "
            << peak_kib() << '\n';
  return look.taken() != nullptr && look.taken()->complete() ? 0 : 1;
}
