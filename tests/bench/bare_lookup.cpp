// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// The least a program can do with libunbound to learn what check_dnssec_chain learns: the same
// questions, with the same settings, and nothing done with the answers. tests/bench/run measures
// the plugins against it. It speaks to libunbound in C, without the suite's own library.
#include <poll.h>
#include <unbound.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace {

constexpr int kA = 1, kNs = 2, kSoa = 6, kAaaa = 28, kDs = 43, kDnskey = 48, kMissing = 65280;
constexpr int kClassIn = 1;
constexpr int kPatienceMs = 10000;
constexpr int kMostMissing = 256;  // about what a run over 64 zones waits for

struct Run {
  ub_ctx* context = nullptr;
  int asked = 0, answered = 0, secure = 0, failed = 0;
  std::set<std::string> links, parents;  // asked about already
};

void ask(Run& run, const std::string& name, int type);

/// The name in a rdata made of one uncompressed name, as text; the lab's names need no escapes.
std::string name_in(const char* rdata, int length) {
  std::string text;
  for (int at = 0; at < length && rdata[at] != 0;) {
    const int label = static_cast<unsigned char>(rdata[at]);
    if (at + 1 + label > length) return {};
    text.append(rdata + at + 1, static_cast<std::size_t>(label)).push_back('.');
    at += label + 1;
  }
  return text;
}

void on_answer(void* data, int error, ub_result* result) {
  Run& run = *static_cast<Run*>(data);
  ++run.answered;
  if (error != 0) {
    ++run.failed;
    return;
  }
  // An answer that is not secure is not the lab's: a look-up that fails is cheap and no measure.
  ++(result->secure != 0 ? run.secure : run.failed);
  if (result->qtype == kNs && result->havedata != 0) {
    for (int at = 0; result->data[at] != nullptr; ++at) {
      const std::string server = name_in(result->data[at], result->len[at]);
      ask(run, server, kA);
      ask(run, server, kAaaa);
    }
  }
  ub_resolve_free(result);
}

void ask(Run& run, const std::string& name, int type) {
  const int error =
      ub_resolve_async(run.context, name.c_str(), type, kClassIn, &run, on_answer, nullptr);
  ++run.asked;
  if (error != 0) {
    ++run.answered;
    ++run.failed;
  }
}

bool set_up(Run& run, const char* anchors, const char* hints) {
  run.context = ub_ctx_create();
  if (run.context == nullptr || ub_ctx_debugout(run.context, nullptr) != 0) return false;
  for (const auto& [option, value] : {std::pair{"do-not-query-localhost:", "no"},
                                      {"val-sig-skew-min:", "0"},
                                      {"val-sig-skew-max:", "0"},
                                      {"root-hints:", hints}}) {
    if (ub_ctx_set_option(run.context, option, value) != 0) return false;
  }
  // The lab lives below test., which libunbound would otherwise answer by itself.
  return ub_ctx_set_option(run.context, "local-zone:", "test. always_transparent") == 0 &&
         ub_ctx_add_ta_file(run.context, anchors) == 0 && ub_ctx_async(run.context, 1) == 0;
}

/// "www.example.test." -> itself, "example.test.", "test.", ".".
std::vector<std::string> chain_of(const std::string& zone) {
  std::vector<std::string> links{zone};
  while (links.back() != ".") {
    const std::string below = links.back().substr(links.back().find('.') + 1);
    links.push_back(below.empty() ? "." : below);
  }
  return links;
}

/// The check finds the zone cuts by SOA, and asks the servers of the zone above for the delegation.
void ask_all(Run& run, const std::string& zone) {
  const std::vector<std::string> chain = chain_of(zone);
  for (const std::string& link : chain) {
    if (!run.links.insert(link).second) continue;
    if (link != ".") ask(run, link, kDs);
    ask(run, link, kDnskey);
    ask(run, link, kSoa);
  }
  if (chain.size() > 1 && run.parents.insert(chain[1]).second) ask(run, chain[1], kNs);
  ask(run, "a-name-that-nobody-has." + zone, kA);
  ask(run, zone, kMissing);
  ask(run, zone, kNs);
}

/// Until no more than `left` answers are missing.
bool wait(Run& run, int left) {
  while (run.asked - run.answered > left) {
    pollfd ready{ub_fd(run.context), POLLIN, 0};
    if (poll(&ready, 1, kPatienceMs) <= 0) return false;
    if (ub_process(run.context) != 0) return false;
  }
  return true;
}

}  // namespace

int main(int count, char** words) {
  if (count != 4) {
    std::puts("usage: bare_lookup ANCHOR-FILE HINTS-FILE ZONE.|@FILE-OF-ZONES");
    return EXIT_FAILURE;
  }
  Run run;
  if (!set_up(run, words[1], words[2])) {
    std::puts("bare_lookup: libunbound does not take these settings");
    return EXIT_FAILURE;
  }
  bool complete = true;
  if (words[3][0] == '@') {
    std::ifstream list(words[3] + 1);
    for (std::string zone; complete && list >> zone;) {
      ask_all(run, zone + ".");
      complete = wait(run, kMostMissing);
    }
  } else {
    ask_all(run, words[3]);
  }
  complete = complete && wait(run, 0);
  std::printf("%d questions, %d answers, %d secure, %d failed\n", run.asked, run.answered,
              run.secure, run.failed);
  ub_ctx_delete(run.context);
  return complete && (run.failed == 0 || words[3][0] == '@') ? EXIT_SUCCESS : EXIT_FAILURE;
}
