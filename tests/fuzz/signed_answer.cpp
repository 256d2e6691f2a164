// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "signed_answer.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "dnssec/signed_data.hpp"
#include "fuzz.hpp"
#include "input.hpp"

namespace fuzz {
namespace {

std::vector<dns::Bytes> read_answers() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(FUZZ_DATA_DIR "/verify")) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<dns::Bytes> answers;
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    const std::vector<char> octets{std::istreambuf_iterator<char>(stream), {}};
    answers.emplace_back(octets.begin(), octets.end());
  }
  require(!answers.empty(), "there are real answers");
  return answers;
}

const std::vector<dns::Bytes>& answers() {
  static const auto read = read_answers();
  return read;
}

std::vector<dns::Bytes> sign_data() {
  std::vector<dns::Bytes> all;
  for (const auto& wire : answers()) {
    const auto message = dns::parse_message(wire);
    require(message.ok(), "a real answer is a message");
    for (const auto& set : signed_answer(*message).sets) {
      for (const auto& signature : set.signatures) {
        if (!signature.rrsig) continue;
        if (auto data = dnssec::signed_data(set.set, *signature.rrsig)) all.push_back(*data);
      }
    }
  }
  require(!all.empty(), "real answers are signed");
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

SignedAnswer signed_answer(const dns::Message& message) {
  SignedAnswer answer;
  for (const auto* section : {&message.answer, &message.authority, &message.additional}) {
    for (auto& set : dns::group(*section)) {
      if (set.set.rdatas.empty() || set.set.klass != dns::Class::in) continue;
      if (set.set.type == dns::Type::dnskey && answer.keys.empty()) {
        answer.keys = dnssec::keys_of(set.set);
        answer.apex = set.set.owner;
      }
      answer.sets.push_back(std::move(set));
    }
  }
  return answer;
}

dns::Bytes mutated_answer(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const std::size_t choice = input.u8();
  if (choice >= answers().size()) {
    const auto rest = input.rest();
    return {rest.begin(), rest.end()};
  }
  auto wire = answers()[choice];
  while (!input.at_end()) {
    const auto at = input.u16() % wire.size();
    wire[at] = static_cast<std::uint8_t>(wire[at] ^ input.u8());
  }
  return wire;
}

const std::vector<dns::Bytes>& really_signed() {
  static const auto data = sign_data();
  return data;
}

}  // namespace fuzz
