// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "transport/tsig_key.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <random>

using transport::parse_tsig_key;
using transport::read_tsig_file;

namespace {

const std::string usual_key =
    "key \"transfer.example\" {\n\talgorithm hmac-sha256;\n\tsecret \"c2VjcmV0\";\n};\n";

std::string problem_of(const std::string& text) {
  const auto key = parse_tsig_key(text);
  BOOST_TEST_REQUIRE(!key.ok());
  return key.error().message;
}

/// A file of its own that is gone at the end.
struct KeyFile {
  KeyFile(const std::string& text, mode_t mode) {
    std::string pattern = (std::filesystem::temp_directory_path() / "tsig-XXXXXX").string();
    const int number = ::mkstemp(pattern.data());
    BOOST_TEST_REQUIRE(number >= 0);
    ::close(number);
    path = pattern;
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
  }
  ~KeyFile() { ::unlink(path.c_str()); }
  KeyFile(const KeyFile&) = delete;
  KeyFile& operator=(const KeyFile&) = delete;
  std::string path;
};

bool refuses(const std::string& path, const std::string& words) {
  const auto key = read_tsig_file(path);
  return !key.ok() && key.error().message.find(path) != std::string::npos &&
         key.error().message.find(words) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tsig_key)

BOOST_AUTO_TEST_CASE(as_tsig_keygen_writes_it) {
  const auto key = parse_tsig_key(usual_key);
  BOOST_TEST_REQUIRE(key.ok());
  BOOST_TEST(key->name.to_text() == "transfer.example.");
  BOOST_TEST((key->hash == dnssec::HmacHash::sha256));
  BOOST_TEST(std::string(key->secret.begin(), key->secret.end()) == "secret");
  BOOST_TEST(key->to_text() == "transfer.example (hmac-sha256)");
  BOOST_TEST(!key->weakness());
}

BOOST_AUTO_TEST_CASE(comments_quotes_and_order) {
  const auto key = parse_tsig_key(
      "# shell\n// C++ { \" ;\n/* C \n \" */ KEY k.example. /* */{ secret c2VjcmV0 ; // last\n"
      " Algorithm \"HMAC-SHA512.\";};# end");
  BOOST_TEST_REQUIRE(key.ok());
  BOOST_TEST(key->name.to_text() == "k.example.");
  BOOST_TEST(key->algorithm_text() == "hmac-sha512");
}

BOOST_AUTO_TEST_CASE(algorithms) {
  const auto with = [](const std::string& algorithm) {
    return parse_tsig_key("key k { algorithm " + algorithm + "; secret c2VjcmV0; };");
  };
  for (const char* name : {"hmac-sha224", "hmac-sha256", "hmac-sha384", "hmac-sha512"}) {
    BOOST_TEST(with(name)->algorithm_text() == name);
    BOOST_TEST(!with(name)->weakness());
  }
  BOOST_TEST(with("hmac-sha1")->weakness().has_value());
  BOOST_TEST(with("hmac-md5")->weakness()->find("forbids") != std::string::npos);
  BOOST_TEST(with("hmac-md5.sig-alg.reg.int.")->algorithm_name().to_text() ==
             "hmac-md5.sig-alg.reg.int.");
  BOOST_TEST(with("hmac-sha256-128")->mac_octets == 16);
  BOOST_TEST(with("hmac-sha256-256")->mac_octets == 0);
  BOOST_TEST(!with("hmac-sha256-120").ok());
  BOOST_TEST(!with("hmac-sha256-264").ok());
  BOOST_TEST(!with("hmac-sha256-").ok());
  BOOST_TEST(!with("hmac-sha256x").ok());
  BOOST_TEST(problem_of("key k {\n algorithm hmac-sha3;")
                 .find("line 2: algorithm hmac-sha3 is not known: hmac-sha256") == 0);
  BOOST_TEST(problem_of("key k {\n algorithm c2VjcmV0;")
                 .find("line 2: what stands as the algorithm is not known: hmac-sha256") == 0);
}

BOOST_AUTO_TEST_CASE(one_clear_line_for_each_mistake) {
  BOOST_TEST(problem_of("") == "line 1: it holds no key");
  BOOST_TEST(problem_of("\n\n# nothing\n") == "line 4: it holds no key");
  BOOST_TEST(problem_of(usual_key + "\n" + usual_key) ==
             "line 6: more than one key: put the one to use into a file of its own");
  BOOST_TEST(problem_of(usual_key + "options { };") ==
             "line 5: something behind the key: the file may hold the key alone");
  BOOST_TEST(problem_of("options { };") ==
             "line 1: expected key NAME { algorithm NAME; secret BASE64; };");
  BOOST_TEST(problem_of("key { ") == "line 1: expected the key's name");
  BOOST_TEST(problem_of("key a..b {") == "line 1: the key's name is not a domain name");
  BOOST_TEST(problem_of("key a") == "line 1: expected { behind the key's name");
  BOOST_TEST(problem_of("key a { algorithm hmac-sha256; };") == "line 1: the key has no secret");
  BOOST_TEST(problem_of("key a { secret aaaa; };") == "line 1: the key has no algorithm");
  BOOST_TEST(problem_of("key a { secret aaaa; secret bbbb; };") == "line 1: a second secret");
  BOOST_TEST(problem_of("key a { secret \"\"; };") == "line 1: the secret is empty");
  BOOST_TEST(problem_of("key a { secret aaaa }") == "line 1: expected ; behind the secret");
  BOOST_TEST(problem_of("key a { secret \"aaaa\n\"; }") ==
             "line 1: quotes that do not end on their line");
  BOOST_TEST(problem_of("key a { /* }") == "line 1: a comment without its end");
  BOOST_TEST(problem_of("key a { include \"b\"; };") ==
             "line 1: a key has an algorithm and a secret, nothing else");
  BOOST_TEST(problem_of("key a { algorithm hmac-sha1; secret aaaa; }") ==
             "line 1: expected ; behind }");
}

BOOST_AUTO_TEST_CASE(the_secret_is_never_told) {
  const std::string problem = problem_of("key a {\nalgorithm hmac-sha256;\nsecret \"hush!\";\n};");
  BOOST_TEST(problem == "line 3: the secret is not base64");
}

BOOST_AUTO_TEST_CASE(arbitrary_texts_are_a_key_or_one_line) {
  std::mt19937 random(8945);
  const std::string marks = "{};\"#/*\n \\key.=\xff";
  for (int round = 0; round < 20000; ++round) {
    std::string text = usual_key;
    for (auto changes = 1 + random() % 6; changes > 0; --changes) {
      text[random() % text.size()] = marks[random() % marks.size()];
    }
    text.resize(text.size() - (random() % 3 == 0 ? random() % text.size() : 0));
    const auto key = parse_tsig_key(text);
    if (!key) {
      BOOST_TEST(key.error().message.starts_with("line "));
      BOOST_TEST(key.error().message.find('\n') == std::string::npos);
      BOOST_TEST(key.error().message.find("c2Vj") == std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(files) {
  const KeyFile own(usual_key, 0600);
  BOOST_TEST(read_tsig_file(own.path).ok());
  const KeyFile read_only(usual_key, 0400);
  BOOST_TEST(read_tsig_file(read_only.path).ok());
  for (const mode_t mode : {0640U, 0604U, 0660U, 0602U, 0610U}) {
    BOOST_TEST(refuses(KeyFile(usual_key, mode).path, "chmod 600 it"));
  }
  BOOST_TEST(refuses(KeyFile(usual_key + std::string(65536, '#'), 0600).path, "over 64 KiB"));
  BOOST_TEST(refuses(KeyFile("key", 0600).path, "line 1: "));
  BOOST_TEST(refuses("/nonexistent/key", "No such file"));
  BOOST_TEST(refuses("/dev/null", "no regular file"));
  BOOST_TEST(refuses("/", "no regular file"));
}

BOOST_AUTO_TEST_SUITE_END()
