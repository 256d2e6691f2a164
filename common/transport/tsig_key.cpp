// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "transport/tsig_key.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "dns/ascii.hpp"
#include "dns/escape.hpp"
#include "dns/rdata.hpp"

namespace transport {
namespace {

using dnssec::HmacHash;

constexpr std::string_view md5_suffix = ".sig-alg.reg.int";
constexpr std::size_t most_secret_octets = 1024;

struct KnownAlgorithm {
  std::string_view text;
  HmacHash hash;
};
constexpr std::array known_algorithms{KnownAlgorithm{"hmac-md5", HmacHash::md5},
                                      KnownAlgorithm{"hmac-sha1", HmacHash::sha1},
                                      KnownAlgorithm{"hmac-sha224", HmacHash::sha224},
                                      KnownAlgorithm{"hmac-sha256", HmacHash::sha256},
                                      KnownAlgorithm{"hmac-sha384", HmacHash::sha384},
                                      KnownAlgorithm{"hmac-sha512", HmacHash::sha512}};

std::string_view text_of(HmacHash hash) {
  for (const KnownAlgorithm& known : known_algorithms) {
    if (known.hash == hash) {
      return known.text;
    }
  }
  return "";
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& character : lowered) {
    character = static_cast<char>(dns::ascii_lower(static_cast<std::uint8_t>(character)));
  }
  return lowered;
}

/// The bits of "hmac-sha256-128"; nothing when they are no octets that may be sent.
std::optional<std::size_t> cut_octets(std::string_view bits, HmacHash hash) {
  unsigned number = 0;
  const auto [stop, error] = std::from_chars(bits.data(), bits.data() + bits.size(), number);
  const std::size_t whole = dnssec::hmac_octets(hash);
  // RFC 8945 5.2.2.1: at least ten octets and half of the code.
  const bool fits =
      number % 8 == 0 && number / 8 >= std::max<std::size_t>(10, whole / 2) && number / 8 <= whole;
  if (error != std::errc{} || stop != bits.data() + bits.size() || !fits) {
    return std::nullopt;
  }
  return number / 8;
}

std::optional<std::string> set_algorithm(TsigKey& key, std::string_view value) {
  std::string word = lower(value);
  if (!word.empty() && word.back() == '.') {
    word.pop_back();
  }
  if (word == "hmac-md5" + std::string(md5_suffix)) {
    word.resize(word.size() - md5_suffix.size());
  }
  for (const KnownAlgorithm& known : known_algorithms) {
    const std::string_view rest =
        std::string_view(word).substr(std::min(known.text.size(), word.size()));
    if (!word.starts_with(known.text) || !(rest.empty() || rest.front() == '-')) {
      continue;
    }
    key.hash = known.hash;
    if (rest.empty()) {
      return std::nullopt;
    }
    if (const auto octets = cut_octets(rest.substr(1), known.hash)) {
      key.mac_octets = *octets == dnssec::hmac_octets(known.hash) ? 0 : *octets;
      return std::nullopt;
    }
    return "algorithm " + dns::escape(value, 60) +
           ": a code can be cut to whole octets, at least 80 bits and half of it";
  }
  // What does not look like one may be a secret in the wrong place.
  return (word.starts_with("hmac-") ? "algorithm " + dns::escape(value, 60)
                                    : std::string("what stands as the algorithm")) +
         " is not known: hmac-sha256, hmac-sha512, hmac-sha384, hmac-sha224, hmac-sha1 or hmac-md5";
}

/// Never quotes what it was given.
std::optional<std::string> set_secret(TsigKey& key, std::string_view value) {
  const auto secret = dns::from_base64(value);
  if (!secret) {
    return "the secret is not base64";
  }
  if (secret->empty() || secret->size() > most_secret_octets) {
    return secret->empty() ? "the secret is empty" : "the secret is over 1024 octets";
  }
  key.secret = *secret;
  return std::nullopt;
}

enum class Token { word, open, close, semicolon, end };

/// Cuts the text into words and marks. Words may stand in double quotes, and only those may hold
/// blanks and marks.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  /// False where the text ends within a comment or quotes: see problem().
  bool next() {
    if (!skip_blanks()) {
      return false;
    }
    line_ = current_line_;
    if (text_.empty()) {
      token_ = Token::end;
      return true;
    }
    switch (text_.front()) {
      case '{':
        return take_mark(Token::open);
      case '}':
        return take_mark(Token::close);
      case ';':
        return take_mark(Token::semicolon);
      case '"':
        return take_quoted();
      default:
        take_bare();
        return true;
    }
  }
  [[nodiscard]] Token token() const { return token_; }
  [[nodiscard]] std::string_view word() const { return word_; }
  [[nodiscard]] std::size_t line() const { return line_; }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  static bool is_blank(char octet) { return octet == ' ' || (octet >= '\t' && octet <= '\r'); }

  void drop(std::size_t count) {
    const std::string_view dropped = text_.substr(0, count);
    current_line_ += static_cast<std::size_t>(std::count(dropped.begin(), dropped.end(), '\n'));
    text_.remove_prefix(std::min(count, text_.size()));
  }

  bool fail(std::string words) {
    line_ = current_line_;
    problem_ = std::move(words);
    return false;
  }

  bool skip_blanks() {
    while (!text_.empty()) {
      if (is_blank(text_.front())) {
        drop(1);
      } else if (text_.front() == '#' || text_.starts_with("//")) {
        drop(std::min(text_.find('\n'), text_.size()));
      } else if (text_.starts_with("/*")) {
        const std::size_t end = text_.find("*/", 2);
        if (end == std::string_view::npos) {
          return fail("a comment without its end");
        }
        drop(end + 2);
      } else {
        break;
      }
    }
    return true;
  }

  bool take_mark(Token token) {
    token_ = token;
    drop(1);
    return true;
  }

  bool take_quoted() {
    const std::size_t end = text_.find_first_of("\"\n", 1);
    if (end == std::string_view::npos || text_[end] == '\n') {
      return fail("quotes that do not end on their line");
    }
    token_ = Token::word;
    word_ = text_.substr(1, end - 1);
    drop(end + 1);
    return true;
  }

  void take_bare() {
    std::size_t end = 1;
    while (end < text_.size() && !is_blank(text_[end]) &&
           std::string_view("{};\"#").find(text_[end]) == std::string_view::npos) {
      ++end;
    }
    token_ = Token::word;
    word_ = text_.substr(0, end);
    drop(end);
  }

  std::string_view text_;
  Token token_ = Token::end;
  std::string_view word_;
  std::size_t current_line_ = 1;
  std::size_t line_ = 1;
  std::string problem_;
};

class KeyParser {
 public:
  explicit KeyParser(std::string_view text) : lexer_(text) {}

  dns::Result<TsigKey> parse() {
    if (!advance()) {
      return error();
    }
    if (lexer_.token() == Token::end) {
      fail("it holds no key");
      return error();
    }
    if (!key_statement()) {
      return error();
    }
    if (lexer_.token() != Token::end) {
      fail(is_word("key") ? "more than one key: put the one to use into a file of its own"
                          : "something behind the key: the file may hold the key alone");
      return error();
    }
    return std::move(key_);
  }

 private:
  [[nodiscard]] dns::Error error() const {
    return {"line " + std::to_string(lexer_.line()) + ": " + problem_};
  }
  bool fail(std::string words) {
    problem_ = std::move(words);
    return false;
  }
  bool advance() { return lexer_.next() || fail(lexer_.problem()); }
  [[nodiscard]] bool is_word(std::string_view word) const {
    return lexer_.token() == Token::word && lower(lexer_.word()) == word;
  }
  bool expect(Token token, std::string_view what) {
    return lexer_.token() == token ? advance() : fail("expected " + std::string(what));
  }

  bool key_statement() {
    if (!is_word("key")) {
      return fail("expected key NAME { algorithm NAME; secret BASE64; };");
    }
    if (!advance() || !name() || !expect(Token::open, "{ behind the key's name")) {
      return false;
    }
    while (lexer_.token() == Token::word) {
      if (!clause()) {
        return false;
      }
    }
    if (lexer_.token() == Token::close && !(has_algorithm_ && has_secret_)) {
      return fail(has_algorithm_ ? "the key has no secret" : "the key has no algorithm");
    }
    return expect(Token::close, "} at the end of the key") &&
           expect(Token::semicolon, "; behind }");
  }

  bool name() {
    if (lexer_.token() != Token::word) {
      return fail("expected the key's name");
    }
    auto name = dns::Name::from_text(lexer_.word());
    if (!name || name->is_root()) {
      return fail("the key's name is not a domain name");
    }
    key_.name = *std::move(name);
    return advance();
  }

  bool clause() {
    const bool algorithm = is_word("algorithm");
    if (!algorithm && !is_word("secret")) {
      return fail("a key has an algorithm and a secret, nothing else");
    }
    bool& given = algorithm ? has_algorithm_ : has_secret_;
    if (std::exchange(given, true)) {
      return fail(algorithm ? "a second algorithm" : "a second secret");
    }
    if (!advance()) {
      return false;
    }
    if (lexer_.token() != Token::word) {
      return fail(algorithm ? "expected the algorithm's name" : "expected the secret in base64");
    }
    auto problem = algorithm ? set_algorithm(key_, lexer_.word()) : set_secret(key_, lexer_.word());
    if (problem) {
      return fail(*std::move(problem));
    }
    return advance() &&
           expect(Token::semicolon, algorithm ? "; behind the algorithm" : "; behind the secret");
  }

  Lexer lexer_;
  TsigKey key_;
  bool has_algorithm_ = false;
  bool has_secret_ = false;
  std::string problem_;
};

}  // namespace

std::string TsigKey::algorithm_text() const {
  std::string text(text_of(hash));
  if (mac_octets != 0) {
    text += "-" + std::to_string(8 * mac_octets);
  }
  return text;
}

dns::Name TsigKey::algorithm_name() const {
  std::string text(text_of(hash));
  if (hash == HmacHash::md5) {
    text += md5_suffix;
  }
  return dns::Name::from_text(text).value();
}

std::string TsigKey::to_text() const { return name.to_display() + " (" + algorithm_text() + ")"; }

std::optional<std::string> TsigKey::weakness() const {
  if (hash != HmacHash::md5 && hash != HmacHash::sha1) {
    return std::nullopt;
  }
  return "the TSIG key " + name.to_display() + " is for " + std::string(text_of(hash)) +
         ", which RFC 8945 " + (hash == HmacHash::md5 ? "forbids" : "advises against") +
         ": make a new one, 'tsig-keygen -a hmac-sha256'";
}

dns::Result<TsigKey> parse_tsig_key(std::string_view text) { return KeyParser(text).parse(); }

}  // namespace transport
