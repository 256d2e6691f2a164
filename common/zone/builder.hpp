// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "dns/name.hpp"
#include "dns/record_sink.hpp"
#include "dns/serial_time.hpp"
#include "zone/zone.hpp"

namespace zone {

/// How far the work is, for whoever shows it; written by the builder's threads.
struct Progress {
  std::atomic<std::size_t> records{0};     ///< read
  std::atomic<std::size_t> signatures{0};  ///< read
  std::atomic<std::size_t> done{0};        ///< signatures that were verified or need not be
  std::atomic<bool> all_read{false};
};

struct BuildOptions {
  dns::UnixTime now = 0;  ///< signatures outside their window then are not verified
  unsigned threads = 0;   ///< that verify; 0: as many as this process may run on
  /// Which signatures are worth verifying by what they cover; empty: all.
  std::function<bool(dns::Type)> wanted;
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
};

/// Takes a zone's records in any order and verifies its signatures (RFC 4035 5.3) on all
/// processors while they still come: those of an owner once the next owner's records come, if the
/// keys are there by then, and the rest at the end. Memory: that of the records, in arenas.
class Builder final : public dns::RecordSink {
 public:
  /// `progress` outlives the builder; may be nullptr.
  Builder(dns::Name apex, BuildOptions options, Progress* progress = nullptr);
  ~Builder() override;

  /// Refuses an owner with more data than any server could serve, and all data past the deadline.
  std::optional<std::string> add(const dns::RecordView& record) override;
  /// Nothing more comes: sorts, classifies, waits for the verifying threads, until the deadline.
  Zone finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace zone
