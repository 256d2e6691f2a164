// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "resolve/memo.hpp"

#include <algorithm>

namespace resolve {

Memo::Key Memo::key_of(const dns::Question& question) {
  return {question.name.canonical_wire(), question.type, question.klass};
}

std::shared_ptr<Entry> Memo::find(const dns::Question& question) {
  const auto found = entries_.find(key_of(question));
  if (found == entries_.end()) {
    return nullptr;
  }
  found->second->used = ++clock_;
  return found->second;
}

std::shared_ptr<Entry> Memo::add(const dns::Question& question) {
  auto entry = std::make_shared<Entry>();
  entry->question = question;
  entry->started = std::chrono::steady_clock::now();
  entry->used = ++clock_;
  entries_[key_of(question)] = entry;
  return entry;
}

void Memo::trim() {
  const auto answered = [](const auto& item) { return item.second->result.has_value(); };
  auto count = static_cast<std::size_t>(std::count_if(entries_.begin(), entries_.end(), answered));
  for (; count > most_answers_; --count) {
    entries_.erase(std::min_element(entries_.begin(), entries_.end(),
                                    [&answered](const auto& left, const auto& right) {
                                      return std::pair(!answered(left), left.second->used) <
                                             std::pair(!answered(right), right.second->used);
                                    }));
  }
}

}  // namespace resolve
