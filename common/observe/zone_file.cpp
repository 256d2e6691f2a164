// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
//
// Not the scanner's own way to read files: it maps them, and those pages count as our memory.
#include "observe/zone_file.hpp"

extern "C" {  // its header does not say so
#include <libzscanner/scanner.h>
}

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <string_view>
#include <system_error>
#include <vector>

#include "dns/escape.hpp"
#include "observe/zone_file_cut.hpp"

namespace observe {
namespace {

using Clock = std::chrono::steady_clock;
/// What is wrong, as read_zone_file() gives it.
using Trouble = std::optional<dns::Error>;

constexpr std::size_t kChunk = std::size_t{256} << 10U;
/// The text of one record. 65,535 octets of rdata, each written \DDD, are a quarter of a megabyte.
constexpr std::size_t kMostText = std::size_t{2} << 20U;
constexpr unsigned kMostIncludes = 10;  ///< within each other
/// RFC 2181 8.
constexpr std::uint32_t kMostTtl = 0x7fffffff;
/// The scanner's word for none: too large for a TTL, and no number that anybody writes.
constexpr std::uint32_t kNoTtl = 0xe5a7c3d1;
constexpr std::size_t kMostWords = 600;

Trouble trouble(const std::string& place, const std::string& what, const std::string& to_do) {
  return dns::Error{dns::escape_line(place + ": " + what + " (" + to_do + ")", kMostWords)};
}

std::string words_of(int error) { return std::generic_category().message(error); }

struct CloseFile {
  int file = -1;
  explicit CloseFile(int opened) : file(opened) {}
  CloseFile(const CloseFile&) = delete;
  CloseFile& operator=(const CloseFile&) = delete;
  ~CloseFile() {
    if (file > STDIN_FILENO) ::close(file);
  }
};

struct FreeScanner {
  void operator()(zs_scanner_t* scanner) const {
    zs_deinit(scanner);
    delete scanner;
  }
};
using ScannerPtr = std::unique_ptr<zs_scanner_t, FreeScanner>;

/// The scanner would read an origin from text and lacks the room for the longest.
void set_origin(zs_scanner_t& scanner, const dns::Name& origin) {
  const auto wire = origin.wire();
  std::copy(wire.begin(), wire.end(), std::begin(scanner.zone_origin));
  scanner.zone_origin_length = static_cast<std::uint32_t>(wire.size());
}

struct Advice {
  int code;
  std::string_view what, to_do;
};
constexpr std::array kAdvices{
    Advice{ZS_DOS_NEWLINE, "lines end in CR LF", "convert it, for example with dos2unix"},
    Advice{ZS_UNSUPPORTED_TYPE, "neither a type nor a class that is known",
           "mend it; a new type may be written as TYPE65280 \\# 2 ABCD"},
    Advice{ZS_BAD_DIRECTIVE, "an unknown directive",
           "only $ORIGIN, $TTL and $INCLUDE are read; named-compilezone writes $GENERATE out"},
    Advice{ZS_BAD_ORIGIN, "$ORIGIN without an absolute name", "end it in a dot"},
    Advice{ZS_BAD_INCLUDE_ORIGIN, "$INCLUDE with an origin that is no absolute name",
           "end it in a dot"},
    Advice{ZS_BAD_PREVIOUS_OWNER, "a record without an owner, and none before it to take",
           "begin the line with the owner's name"},
    Advice{ZS_UNCLOSED_MULTILINE, "a parenthesis that is not closed", "close it"},
    Advice{ZS_ENOMEM, "no memory", "give the process more"},
};

/// What the files of one zone share.
struct Pouring {
  const ZoneFileOptions& options;
  dns::RecordSink& sink;
  std::size_t records = 0;
  /// Without $TTL a record has that of the one before it (RFC 1035 5.1).
  std::uint32_t last_ttl = kNoTtl;
};

/// Reads one file; $INCLUDE makes another.
class FileReader {
 public:
  FileReader(Pouring& pouring, std::string path, unsigned depth)
      : pouring_(pouring),
        label_(path == "-" ? "standard input" : path),
        path_(std::move(path)),
        depth_(depth) {}

  Trouble read(const dns::Name& origin, std::uint32_t default_ttl);

 private:
  [[nodiscard]] std::string place(std::uint64_t line) const {
    return label_ + ":" + std::to_string(line);
  }
  [[nodiscard]] Trouble cannot_read(int error) const;
  Trouble open();
  [[nodiscard]] Trouble wait() const;
  /// Reads more behind what there is; sets ended_ at the end.
  Trouble fill();
  Trouble read_all();
  Trouble feed(std::string_view text);
  Trouble too_long();
  Trouble take_record();
  Trouble include();
  [[nodiscard]] Trouble syntax(std::string_view text) const;

  Pouring& pouring_;
  std::string label_, path_;
  unsigned depth_;
  std::unique_ptr<CloseFile> file_;
  ScannerPtr scanner_;
  std::vector<char> buffer_;
  std::size_t filled_ = 0;
  bool ended_ = false;
  std::uint64_t line_ = 1;  ///< that the buffer begins with
};

Trouble FileReader::cannot_read(int error) const {
  return trouble(label_, "cannot be read: " + words_of(error),
                 error == EACCES ? "let the user of this check read it" : "give a master file");
}

/// A pipe with a name is opened without waiting for whoever writes to it.
Trouble FileReader::open() {
  if (path_ == "-") {
    file_ = std::make_unique<CloseFile>(STDIN_FILENO);
    return std::nullopt;
  }
  file_ = std::make_unique<CloseFile>(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (file_->file < 0 || ::fstat(file_->file, &status) != 0) return cannot_read(errno);
  if (S_ISREG(status.st_mode) || S_ISFIFO(status.st_mode)) return std::nullopt;
  return trouble(label_, "is neither a file nor a pipe", "give a master file");
}

/// Until there is something to read.
Trouble FileReader::wait() const {
  using std::chrono::milliseconds;
  const auto deadline = pouring_.options.deadline;
  for (;;) {
    const auto left = deadline - Clock::now();
    if (left <= Clock::duration::zero()) {
      return trouble(place(line_), "not read to its end in time", "allow more with --timeout");
    }
    constexpr auto kLongest = milliseconds(60000);
    const auto pause = std::min<Clock::duration>(left, kLongest);
    pollfd poll{file_->file, POLLIN, 0};
    const int ready =
        ::poll(&poll, 1, static_cast<int>(std::chrono::ceil<milliseconds>(pause).count()));
    if (ready > 0) return std::nullopt;
    if (ready < 0 && errno != EINTR) return cannot_read(errno);
  }
}

Trouble FileReader::fill() {
  if (filled_ == buffer_.size()) buffer_.resize(std::min(2 * buffer_.size(), kMostText));
  for (;;) {
    if (auto found = wait()) return found;
    const auto got = ::read(file_->file, buffer_.data() + filled_, buffer_.size() - filled_);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0) return cannot_read(errno);
    ended_ = got == 0;
    filled_ += static_cast<std::size_t>(got);
    return std::nullopt;
  }
}

Trouble FileReader::read(const dns::Name& origin, std::uint32_t default_ttl) {
  scanner_.reset(new zs_scanner_t);
  if (zs_init(scanner_.get(), ".", static_cast<std::uint16_t>(dns::Class::in), default_ttl) != 0) {
    return trouble(label_, "the scanner does not start", "give the process more memory");
  }
  set_origin(*scanner_, origin);
  if (auto found = open()) return found;
  buffer_.resize(kChunk);
  return read_all();
}

/// Whole records go to the scanner, which takes the end of its input for the end of a record.
Trouble FileReader::read_all() {
  while (!ended_) {
    if (auto found = fill()) return found;
    const std::string_view text(buffer_.data(), filled_);
    const auto whole = ended_ ? filled_ : whole_records(text);
    if (whole == 0 && filled_ == kMostText) return too_long();
    if (auto found = feed(text.substr(0, whole))) return found;
    std::copy(text.begin() + static_cast<std::ptrdiff_t>(whole), text.end(), buffer_.begin());
    filled_ -= whole;
  }
  return std::nullopt;
}

/// A mistake within it says more than that it has no end.
Trouble FileReader::too_long() {
  const auto begun = place(line_);
  const std::string_view text(buffer_.data(), filled_);
  if (auto found = feed(text); found && scanner_->error.code != ZS_UNCLOSED_MULTILINE) return found;
  return trouble(begun, "a record or line with more than 2 MiB of text",
                 "close the parenthesis, or end the line");
}

Trouble FileReader::feed(std::string_view text) {
  if (text.empty()) return std::nullopt;
  auto& scanner = *scanner_;
  zs_set_input_string(&scanner, text.data(), text.size());
  for (;;) {
    zs_parse_record(&scanner);
    Trouble found;
    switch (scanner.state) {
      case ZS_STATE_DATA:
        found = take_record();
        break;
      case ZS_STATE_INCLUDE:
        found = include();
        break;
      case ZS_STATE_EOF:
        // At the end it has read one line end that it made up.
        scanner.line_counter -= scanner.input.eof ? 1 : 0;
        line_ = scanner.line_counter;
        return std::nullopt;
      case ZS_STATE_NONE:
      case ZS_STATE_ERROR:
      case ZS_STATE_STOP:
        found = syntax(text);
        break;
    }
    if (found) return found;
  }
}

Trouble FileReader::take_record() {
  const auto& scanner = *scanner_;
  const auto line = place(scanner.line_counter);
  auto& last_ttl = pouring_.last_ttl;
  if (scanner.r_ttl != kNoTtl) last_ttl = scanner.r_ttl;
  if (last_ttl == kNoTtl) {
    return trouble(line, "a record without a TTL", "put a line $TTL 3600 or the like before it");
  }
  if (last_ttl > kMostTtl) {
    return trouble(
        line, "the TTL " + std::to_string(last_ttl) + " is too large",
        "mend it here or in the $TTL before: at most " + std::to_string(kMostTtl) + ", RFC 2181 8");
  }
  ++pouring_.records;
  const auto refused = pouring_.sink.add({dns::ByteView(scanner.r_owner, scanner.r_owner_length),
                                          static_cast<dns::Type>(scanner.r_type),
                                          static_cast<dns::Class>(scanner.r_class), last_ttl,
                                          dns::ByteView(scanner.r_data, scanner.r_data_length)});
  if (!refused) return std::nullopt;
  return dns::Error{dns::escape_line(line + ": " + *refused, kMostWords)};
}

Trouble FileReader::include() {
  // The scanner hands the file over from within a state that it called, and goes on at the top: the
  // way back stays on its stack, which has no bounds, for every $INCLUDE.
  scanner_->top = 0;
  const auto line = place(scanner_->line_counter);
  const std::string named(std::begin(scanner_->include_filename));
  if (!pouring_.options.allow_include) {
    return trouble(line, "$INCLUDE", "allow it with --allow-include, or write the file in");
  }
  if (depth_ == kMostIncludes) {
    return trouble(line, "the " + std::to_string(kMostIncludes + 1) + "th $INCLUDE within another",
                   "does a file include itself?");
  }
  const auto origin =
      dns::Name::from_text(reinterpret_cast<const char*>(std::begin(scanner_->buffer)));
  if (!origin) return trouble(line, "$INCLUDE with a bad origin", "end it in a dot");
  // The scanner has put its own folder, ".", before a relative path.
  const auto folder = path_ == "-" ? std::string::npos : path_.rfind('/');
  const bool relative = named.rfind("./", 0) == 0 && folder != std::string::npos;
  FileReader inner(pouring_, relative ? path_.substr(0, folder + 1) + named.substr(2) : named,
                   depth_ + 1);
  return inner.read(*origin, scanner_->default_ttl);
}

Trouble FileReader::syntax(std::string_view text) const {
  const auto& scanner = *scanner_;
  const int code = scanner.error.code;
  if (text.find('\0') != std::string_view::npos) {
    return trouble(place(scanner.line_counter), "binary data",
                   "give a master file; named-compilezone -F text makes one of BIND's raw form");
  }
  // That record began behind the last that is whole.
  const auto begun = text.substr(0, whole_records(text));
  const auto line =
      code == ZS_UNCLOSED_MULTILINE
          ? line_ + static_cast<std::uint64_t>(std::count(begun.begin(), begun.end(), '\n'))
          : scanner.line_counter;
  for (const auto& advice : kAdvices) {
    if (advice.code == code) {
      return trouble(place(line), std::string(advice.what), std::string(advice.to_do));
    }
  }
  return trouble(place(line), std::string("syntax error: ") + zs_strerror(code), "mend this line");
}

}  // namespace

std::optional<dns::Error> read_zone_file(const std::string& path, const dns::Name& apex,
                                         const ZoneFileOptions& options, dns::RecordSink& sink) {
  Pouring pouring{options, sink};
  FileReader reader(pouring, path, 0);
  if (auto found = reader.read(apex, kNoTtl)) return found;
  if (pouring.records > 0) return std::nullopt;
  return trouble(path == "-" ? "standard input" : path, "holds no records",
                 "did whatever writes it fail?");
}

}  // namespace observe
