// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The check_dnssec authors
#include "observe/zone_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "dns/rdata.hpp"
#include "observe/zone_file_cut.hpp"

namespace observe_test {
namespace {

using Clock = std::chrono::steady_clock;

/// Keeps all records, or refuses one.
class Kept final : public dns::RecordSink {
 public:
  std::optional<std::string> add(const dns::RecordView& record) override {
    if (lines.size() == most) return "no more";
    const dns::Bytes wire(record.owner.begin(), record.owner.end());
    const auto owner = dns::Name::from_wire(wire);
    BOOST_REQUIRE(owner.has_value());
    lines.push_back(owner->to_text() + " " + std::to_string(record.ttl) + " " +
                    dns::to_text(record.type) + " " +
                    dns::rdata_to_text(record.type, record.rdata));
    return std::nullopt;
  }

  std::vector<std::string> lines;
  std::size_t most = 1'000'000;
};

/// A folder of master files for one test.
struct Folder {
  Folder() {
    std::string name = std::filesystem::temp_directory_path() / "zone_file_XXXXXX";
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string write(const std::string& name, const std::string& text) const {
    const auto file = path + "/" + name;
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }
  std::string path;
};

const dns::Name& apex() {
  static const auto name = *dns::Name::from_text("Example.com");
  return name;
}

struct Read {
  std::optional<dns::Error> error;
  Kept kept;
  /// The error without the folder that the file stands in.
  [[nodiscard]] std::string words(const Folder& folder) const {
    if (!error) return {};
    auto text = error->message;
    for (auto at = text.find(folder.path + "/"); at != std::string::npos;
         at = text.find(folder.path + "/")) {
      text.erase(at, folder.path.size() + 1);
    }
    return text;
  }
};

void read_into(Read& read, const std::string& path, observe::ZoneFileOptions options = {}) {
  read.error = observe::read_zone_file(path, apex(), options, read.kept);
}

/// What reading a file of this text complains of.
std::string complaint(const std::string& text) {
  const Folder folder;
  Read read;
  read_into(read, folder.write("z", text));
  return read.words(folder);
}

std::vector<std::string> records(const std::string& text) {
  const Folder folder;
  Read read;
  read_into(read, folder.write("z", text));
  BOOST_TEST(read.words(folder) == "");
  return read.kept.lines;
}

using Lines = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(zone_file)

BOOST_AUTO_TEST_CASE(owners_origins_and_ttls_carry_over) {
  const Lines expected{
      "Example.com. 300 NS ns.Example.com.",
      "Example.com. 300 NS ns.other.",
      "Www.Example.com. 77 A 192.0.2.1",
      "Www.Example.com. 77 A 192.0.2.2",
      "x.y.org. 77 A 192.0.2.3",
  };
  const auto found = records(
      "@ 300 NS ns ; comment (\n   NS ns.other.\n$TTL 77\nWww A ( 192.0.2.1\n ; here too )\n )\n"
      " 77 A 192.0.2.2\n\n$ORIGIN y.org.\nx A 192.0.2.3");
  BOOST_TEST(found == expected, boost::test_tools::per_element());
}

// RFC 1035 5.1, where there is no $TTL (RFC 2308 4).
BOOST_AUTO_TEST_CASE(a_record_without_ttl_has_that_of_the_one_before) {
  const Lines expected{"a.Example.com. 5 A 192.0.2.1", "b.Example.com. 5 A 192.0.2.2"};
  BOOST_TEST(records("a 5 A 192.0.2.1\nb A 192.0.2.2\n") == expected,
             boost::test_tools::per_element());
}

// RFC 2181 8.
BOOST_AUTO_TEST_CASE(a_ttl_that_is_too_large_is_called_so) {
  const Lines most{"a.Example.com. 2147483647 A 192.0.2.1"};
  BOOST_TEST(records("a 2147483647 A 192.0.2.1\n") == most, boost::test_tools::per_element());
  for (const std::string ttl : {"2147483648", "4294967294", "4294967295"}) {
    const auto words = ": the TTL " + ttl +
                       " is too large (mend it here or in the $TTL before: at most 2147483647, "
                       "RFC 2181 8)";
    BOOST_TEST(complaint("a " + ttl + " A 192.0.2.1\n") == "z:1" + words);
    BOOST_TEST(complaint("b 5 A 192.0.2.1\n$TTL " + ttl + "\na A 192.0.2.1\n") == "z:3" + words);
  }
}

BOOST_AUTO_TEST_CASE(unknown_types_come_as_octets) {
  const Lines expected{"a.Example.com. 5 TYPE65280 \\# 2 ABCD"};
  BOOST_TEST(records("a 5 TYPE65280 \\# 2 abcd\n") == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(errors_name_file_line_and_remedy) {
  BOOST_TEST(complaint("a 5 A 192.0.2.1\nb 5 A 192.0.2.400\n") ==
             "z:2: syntax error: invalid IPv4 address (mend this line)");
  BOOST_TEST(complaint("\n\na 5 TPYE 1\n") ==
             "z:3: neither a type nor a class that is known (mend it; a new type may be written as "
             "TYPE65280 \\# 2 ABCD)");
  BOOST_TEST(complaint("a A 192.0.2.1\n") ==
             "z:1: a record without a TTL (put a line $TTL 3600 or the like before it)");
  BOOST_TEST(complaint("$GENERATE 1-3 a$ A 192.0.2.$\n") ==
             "z:1: an unknown directive (only $ORIGIN, $TTL and $INCLUDE are read; "
             "named-compilezone writes $GENERATE out)");
  BOOST_TEST(complaint("$ORIGIN sub\n") ==
             "z:1: $ORIGIN without an absolute name (end it in a dot)");
  BOOST_TEST(complaint("a 5 A 192.0.2.1\r\n") ==
             "z:1: lines end in CR LF (convert it, for example with dos2unix)");
  BOOST_TEST(complaint("a 5 A 192.0.2.1\nb 5 TXT (\n\"x\"\n\n") ==
             "z:2: a parenthesis that is not closed (close it)");
  BOOST_TEST(complaint(" 5 A 192.0.2.1\n") ==
             "z:1: a record without an owner, and none before it to take (begin the line with the "
             "owner's name)");
  BOOST_TEST(complaint("") == "z: holds no records (did whatever writes it fail?)");
  BOOST_TEST(complaint("; nothing\n") == "z: holds no records (did whatever writes it fail?)");
}

BOOST_AUTO_TEST_CASE(binary_data_is_called_so) {
  const std::string words =
      "z:2: binary data (give a master file; named-compilezone -F text makes one of BIND's raw "
      "form)";
  BOOST_TEST(complaint(std::string("a 5 A 192.0.2.1\nb\0 5 A 192.0.2.1\n", 34)) == words);
  BOOST_TEST(complaint("\xff\xfe\x01|\n").rfind("z:1: ", 0) == 0U);
  BOOST_TEST(complaint("\xff\xfe\x01|\n").find_first_of("\xff\xfe\x01|") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_opened) {
  const Folder folder;
  Read read;
  read_into(read, folder.path + "/absent");
  BOOST_TEST(read.words(folder) ==
             "absent: cannot be read: No such file or directory (give a master file)");
  read_into(read, folder.path);
  BOOST_TEST(read.error->message ==
             folder.path + ": is neither a file nor a pipe (give a master file)");
}

BOOST_AUTO_TEST_CASE(a_refusal_of_the_sink_gets_its_place) {
  const Folder folder;
  Read read;
  read.kept.most = 1;
  read_into(read, folder.write("z", "a 5 A 192.0.2.1\n\nb 5 A 192.0.2.1\nsyntax error\n"));
  BOOST_TEST(read.words(folder) == "z:3: no more");
}

BOOST_AUTO_TEST_CASE(lines_are_counted_over_many_chunks) {
  std::string text;
  for (int i = 0; i < 60000; ++i) {
    text += "n" + std::to_string(i) + " 5 TXT ( \"; )\" ; (\n  \\( x )\n";
  }
  BOOST_TEST(records(text).size() == 60000U);
  BOOST_TEST(complaint(text + "b 5 A 1\n") ==
             "z:120001: syntax error: invalid IPv4 address (mend this line)");
}

BOOST_AUTO_TEST_CASE(a_record_may_be_longer_than_a_chunk) {
  std::string text = "a 5 TXT (\n";
  for (int i = 0; i < 256; ++i) {
    for (int octet = 0; octet < 254; ++octet) text += "\\" + std::to_string(100 + i % 100);
    text += " ; a comment\n";
  }
  const auto found = records("z 5 A 192.0.2.1\n" + text + ")\nb 5 A 192.0.2.1\n");
  BOOST_REQUIRE(found.size() == 3U);
  BOOST_TEST(found[2] == "b.Example.com. 5 A 192.0.2.1");
  BOOST_TEST(found[1].size() > 65000U);
}

BOOST_AUTO_TEST_CASE(text_without_an_end_is_given_up) {
  const std::string filler(std::size_t{3} << 20U, 'x');
  const std::string words =
      "z:2: a record or line with more than 2 MiB of text (close the parenthesis, or end the line)";
  BOOST_TEST(complaint("a 5 A 192.0.2.1\n;" + filler) == words);
  std::string comments = "a 5 A 192.0.2.1\nb 5 TXT (\n";
  while (comments.size() < filler.size()) comments += "; comment\n";
  BOOST_TEST(complaint(comments) == words);
  // But a mistake that explains it comes first.
  const std::string next = "a 5 A 192.0.2.1\nb 5 TXT ( \"x\"\nc 5 TXT ( \"x\" )\n";
  BOOST_TEST(complaint(next + comments) ==
             "z:3: syntax error: too many left parentheses (mend this line)");
}

BOOST_AUTO_TEST_CASE(includes_are_refused_unless_allowed) {
  const Folder folder;
  folder.write("inner", "$ORIGIN far.away.\nb A 192.0.2.2\n");
  folder.write("named", "@ 9 A 192.0.2.4\n");
  const auto file = folder.write(
      "z", "$TTL 7\na A 192.0.2.1\n$INCLUDE inner\n  A 192.0.2.3\n$INCLUDE named Sub.org.\n");
  Read read;
  read_into(read, file);
  BOOST_TEST(read.words(folder) ==
             "z:3: $INCLUDE (allow it with --allow-include, or write the file in)");
  Read allowed;
  read_into(allowed, file, {.allow_include = true});
  BOOST_TEST(allowed.words(folder) == "");
  const Lines expected{"a.Example.com. 7 A 192.0.2.1", "b.far.away. 7 A 192.0.2.2",
                       "a.Example.com. 7 A 192.0.2.3", "Sub.org. 9 A 192.0.2.4"};
  BOOST_TEST(allowed.kept.lines == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(one_file_may_include_many) {
  const Folder folder;
  std::string text = "$TTL 7\n";
  Lines expected;
  for (int i = 0; i < 100; ++i) {
    const auto number = std::to_string(i);
    folder.write("inner" + number, "$ORIGIN far.away.\nb" + number + " A 192.0.2.2\n");
    text += "$INCLUDE inner" + number + "\na" + number + " TXT ( \"x\"\n ) ; of this file\n";
    expected.push_back("b" + number + ".far.away. 7 A 192.0.2.2");
    expected.push_back("a" + number + R"(.Example.com. 7 TXT "x")");
  }
  Read read;
  read_into(read, folder.write("z", text), {.allow_include = true});
  BOOST_TEST(read.words(folder) == "");
  BOOST_TEST(read.kept.lines == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(errors_within_includes_name_the_inner_file) {
  const Folder folder;
  const auto file = folder.write("z", "a 5 A 192.0.2.1\n$INCLUDE inner\n");
  folder.write("inner", "\nb 5 A 1\n");
  Read read;
  read_into(read, file, {.allow_include = true});
  BOOST_TEST(read.words(folder) == "inner:2: syntax error: invalid IPv4 address (mend this line)");
  folder.write("inner", "\n$INCLUDE z\n");
  read_into(read, file, {.allow_include = true});
  BOOST_TEST(read.words(folder) ==
             "z:2: the 11th $INCLUDE within another (does a file include itself?)");
  std::filesystem::remove(folder.path + "/inner");
  read_into(read, file, {.allow_include = true});
  BOOST_TEST(read.words(folder) ==
             "inner: cannot be read: No such file or directory (give a master file)");
}

/// Standard input of the test is a pipe that `writer` writes to, in a thread of its own:
/// Boost.Test's checks are for one thread alone.
void read_standard_input(Read& read, const std::function<void(int)>& writer,
                         std::chrono::milliseconds most) {
  std::array<int, 2> ends{};
  BOOST_REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  const int saved = ::dup(STDIN_FILENO);
  ::dup2(ends[0], STDIN_FILENO);
  ::close(ends[0]);
  ::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c)
  std::thread thread([&] {
    writer(ends[1]);
    ::close(ends[1]);
  });
  read_into(read, "-", {.deadline = Clock::now() + most});
  ::dup2(saved, STDIN_FILENO);  // the pipe has no reader now
  ::close(saved);
  thread.join();
}

void put(int file, std::string_view text) {
  // What is not written the reader misses.
  [[maybe_unused]] const auto written = ::write(file, text.data(), text.size());
}

BOOST_AUTO_TEST_CASE(standard_input_comes_in_pieces) {
  Read read;
  read_standard_input(
      read,
      [](int file) {
        for (const char* piece :
             {"a 5 A 19", "2.0.2.1\nb 5 A (", "\n192.0.2.2)\nc 5 A 192.0.2.3"}) {
          put(file, piece);
          std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
      },
      std::chrono::seconds(10));
  BOOST_TEST(!read.error);
  const Lines expected{"a.Example.com. 5 A 192.0.2.1", "b.Example.com. 5 A 192.0.2.2",
                       "c.Example.com. 5 A 192.0.2.3"};
  BOOST_TEST(read.kept.lines == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(silence_is_not_waited_out) {
  Read read;
  read_standard_input(
      read,
      [](int file) {
        put(file, "a 5 A 192.0.2.1\nb 5");
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
      },
      std::chrono::milliseconds(50));
  BOOST_REQUIRE(read.error.has_value());
  BOOST_TEST(read.error->message ==
             "standard input:2: not read to its end in time (allow more with --timeout)");
  BOOST_TEST(read.kept.lines.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_named_pipe_without_a_writer_is_not_waited_out) {
  const Folder folder;
  const auto path = folder.path + "/pipe";
  BOOST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  Read read;
  read_into(read, path, {.deadline = Clock::now() + std::chrono::milliseconds(50)});
  BOOST_TEST(read.words(folder) ==
             "pipe:1: not read to its end in time (allow more with --timeout)");
}

BOOST_AUTO_TEST_CASE(an_endless_stream_ends_where_the_sink_refuses) {
  Read read;
  read.kept.most = 20000;
  read_standard_input(
      read,
      [](int file) {
        const std::string line = "a 5 TXT \"one and the same\"\n";
        std::string block;
        while (block.size() < 60000) block += line;
        while (::write(file, block.data(), block.size()) > 0) {
        }
      },
      std::chrono::seconds(60));
  BOOST_REQUIRE(read.error.has_value());
  BOOST_TEST(read.error->message == "standard input:20001: no more");
}

/// One octet after another, from the beginning.
std::size_t whole_records_slowly(std::string_view text) {
  std::size_t whole = 0;
  bool in_parentheses = false;
  bool quoted = false;
  bool comment = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char octet = text[at];
    if (octet == '\n') {
      if (!in_parentheses) {
        whole = at + 1;
        quoted = false;
      }
      comment = false;
    } else if (octet == '\\' && !comment) {
      ++at;
    } else if (octet == '"' && !comment) {
      quoted = !quoted;
    } else if (octet == ';' && !quoted) {
      comment = true;
    } else if ((octet == '(' || octet == ')') && !quoted && !comment) {
      in_parentheses = octet == '(';
    }
  }
  return whole;
}

BOOST_AUTO_TEST_CASE(records_end_where_each_octet_is_looked_at) {
  std::mt19937 random(5);
  constexpr std::string_view kOctets = "aaaaaaaaaaaa\n\n(();\"\\";
  for (int i = 0; i < 20000; ++i) {
    std::string text(random() % 60, 'a');
    for (char& octet : text) octet = kOctets[random() % kOctets.size()];
    // Where no parenthesis stands a line ends at its end, whatever is before it.
    for (auto at = text.find("\\\n"); at != text.npos; at = text.find("\\\n")) text[at] = 'a';
    BOOST_TEST_REQUIRE(observe::whole_records(text) == whole_records_slowly(text), text);
  }
}

BOOST_AUTO_TEST_CASE(records_end_at_line_ends_outside_parentheses) {
  using observe::whole_records;
  BOOST_TEST(whole_records("") == 0U);
  BOOST_TEST(whole_records("a") == 0U);
  BOOST_TEST(whole_records("a\nb") == 2U);
  BOOST_TEST(whole_records("a\nb (\nc\n") == 2U);
  BOOST_TEST(whole_records("a\nb (\nc )\nd") == 10U);
  BOOST_TEST(whole_records("a ; (\nb") == 6U);
  BOOST_TEST(whole_records("a \"(\"\nb") == 6U);
  BOOST_TEST(whole_records("a \\(\nb") == 5U);
  BOOST_TEST(whole_records("a \\\"(\nb\n") == 0U);
  BOOST_TEST(whole_records("a ( ; )\nb\n") == 0U);
  BOOST_TEST(whole_records("a ( \")\"\nb\n") == 0U);
  BOOST_TEST(whole_records("a ( )\nb (\n") == 6U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace observe_test
