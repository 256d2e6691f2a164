// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "memory/key_dir.hpp"

#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "memory/key_file.hpp"

namespace {

namespace files = std::filesystem;

constexpr dns::UnixTime kStartOf2025 = 1735689600;

class KeyDirectory {
 public:
  KeyDirectory()
      : path_(files::temp_directory_path() / ("key-dir-test-" + std::to_string(::getpid()))) {
    files::remove_all(path_);
    files::create_directories(path_);
  }
  KeyDirectory(const KeyDirectory&) = delete;
  KeyDirectory& operator=(const KeyDirectory&) = delete;
  ~KeyDirectory() { files::remove_all(path_); }

  void put(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  [[nodiscard]] dns::Result<std::vector<memory::KeyTimes>> read(const std::string& zone) const {
    const std::vector<dns::Name> zones{dns::Name::from_text(zone).value()};
    return memory::read_key_dir(path_.string(), zones);
  }
  [[nodiscard]] const files::path& path() const { return path_; }

 private:
  files::path path_;
};

const std::string kKeyFile =
    "; This is a zone-signing key, keyid 4711, for example.\n"
    "; Created: 20250101000000 (Wed Jan  1 00:00:00 2025)\n"
    "; Publish: 20250102000000 (Thu Jan  2 00:00:00 2025)\n"
    "; Activate: 20250103000000 (Fri Jan  3 00:00:00 2025)\n"
    "example. 3600 IN DNSKEY 256 3 13 AQID BAUG ; comment\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(memory_key_dir)

BOOST_AUTO_TEST_CASE(a_key_file) {
  const KeyDirectory directory;
  directory.put("Kexample.+013+04711.key", kKeyFile);
  directory.put("Kexample.+013+04711.private", "not for us");
  const auto keys = directory.read("example");
  BOOST_REQUIRE(keys);
  BOOST_REQUIRE(keys->size() == 1U);
  const auto& key = keys->front();
  BOOST_TEST(key.tag == 4711);
  BOOST_TEST(key.algorithm == 13);
  BOOST_TEST((key.public_key == dns::Bytes{1, 2, 3, 4, 5, 6}));
  BOOST_TEST(key.created.value_or(0) == kStartOf2025);
  BOOST_TEST(key.published.value_or(0) == kStartOf2025 + 86400);
  BOOST_TEST(key.active.value_or(0) == kStartOf2025 + 2 * 86400);
}

BOOST_AUTO_TEST_CASE(a_state_file_counts_more) {
  const KeyDirectory directory;
  directory.put("Kexample.+013+04711.state",
                "; This is the state of key 4711, for example.\nAlgorithm: 13\nLength: 256\n"
                "Generated: 20250101000000 (Wed Jan  1 00:00:00 2025)\n"
                "Published: 20250105000000 (Sun Jan  5 00:00:00 2025)\n"
                "Active: 20250106010203 (Mon Jan  6 01:02:03 2025)\nGoalState: omnipresent\n");
  directory.put("Kexample.+013+04711.key", kKeyFile);
  const auto keys = directory.read("EXAMPLE.");
  BOOST_REQUIRE(keys);
  BOOST_REQUIRE(keys->size() == 1U);
  BOOST_TEST(keys->front().active.value_or(0) == kStartOf2025 + 5 * 86400 + 3723);
  BOOST_TEST(keys->front().public_key.size() == 6U);
}

BOOST_AUTO_TEST_CASE(other_zones_and_other_files) {
  const KeyDirectory directory;
  directory.put("Kexample.+013+04711.key", kKeyFile);
  directory.put("Kother.example.+013+04711.key", kKeyFile);
  directory.put("K.+008+20326.key", kKeyFile);
  for (const auto* name :
       {"K", "Kx", "Kexample.+013+04711.key.bak", "Kexample.+013.key", "Kexample.+999+04711.key",
        "Kexample.+013+99999.key", "K+013+04711.key", "Kex..ample.+013+04711.key", "notes.txt",
        "Kexample.+013+.key", "Kexample.++04711.key", "K++.key", "K+++++++++++.state"}) {
    directory.put(name, kKeyFile);
  }
  BOOST_TEST(directory.read("example").value().size() == 1U);
  BOOST_TEST(directory.read(".").value().size() == 1U);
  BOOST_TEST(directory.read("nobody").value().empty());
}

/// As dnssec-keygen names the files of such zones.
BOOST_AUTO_TEST_CASE(zones_whose_names_are_no_file_names) {
  const KeyDirectory directory;
  directory.put("K0%2F25.2.0.192.in-addr.arpa.+013+04711.key", kKeyFile);
  directory.put("K%2.example.+013+04711.key", kKeyFile);
  directory.put("K%.example.+013+04711.key", kKeyFile);
  directory.put("Ka%2Eb.example.+013+04711.key", kKeyFile);
  BOOST_TEST(directory.read("0/25.2.0.192.in-addr.arpa").value().size() == 1U);
  BOOST_TEST(directory.read("%2.example").value().size() == 1U);
  BOOST_TEST(directory.read("%.example").value().size() == 1U);
  BOOST_TEST(directory.read("a\\.b.example").value().size() == 1U);
  BOOST_TEST(directory.read("a.b.example").value().empty());
}

BOOST_AUTO_TEST_CASE(hostile_text) {
  for (const std::string& text :
       {std::string(), std::string("\n\n;;;\n"), std::string(3000, 'x'), std::string(3000, '\0'),
        std::string("; Activate: 2025\n; Created: 20251301000000\n; Publish: 20250230000000\n"),
        std::string("; Activate: 99999999999999\nActive: -0250101000000\nCreated:"),
        std::string("example. IN DNSKEY\n"), std::string("DNSKEY 1 2"),
        std::string("x DNSKEY 256 3 13 ****\n"), std::string("DNSKEY DNSKEY DNSKEY ; ;")}) {
    memory::KeyTimes times;
    memory::read_key_file(text, times);
    BOOST_TEST((times == memory::KeyTimes{}), text.substr(0, 40));
  }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_said) {
  const KeyDirectory directory;
  const std::vector<dns::Name> zones{dns::Name::from_text("example").value()};
  const auto missing = memory::read_key_dir("/nonexistent/keys", zones);
  BOOST_REQUIRE(!missing);
  BOOST_TEST(missing.error().message.find("cannot read /nonexistent/keys") != std::string::npos);
  directory.put("Kexample.+013+04711.key", std::string(70000, 'x'));
  const auto large = directory.read("example");
  BOOST_REQUIRE(!large);
  BOOST_TEST(large.error().message.find("too large") != std::string::npos);
  files::remove(directory.path() / "Kexample.+013+04711.key");
  files::create_directory(directory.path() / "Kexample.+013+04711.key");
  BOOST_TEST(!directory.read("example"));
}

BOOST_AUTO_TEST_SUITE_END()
