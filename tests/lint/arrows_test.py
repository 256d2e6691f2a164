#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Shows that arrows.py catches each kind of wrong include and print, and lets the right ones be."""
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import arrows  # noqa: E402

# One header in every room, so that every include in a case names a file that is there.
SKELETON = {f"common/{room}/any.hpp": "#pragma once\n" for room in arrows.ROOMS if room != "plugins"}
SKELETON["common/observe/observation.hpp"] = '#include "dns/any.hpp"\n#include "dnssec/any.hpp"\n'
SKELETON["plugins/check_x.cpp"] = ('#include <utility>\n#include <boost/asio.hpp>\n'
                                   '#include "observe/any.hpp"\n#include "plugin/any.hpp"\n')

WRONG = [
    ("common/dns/a.cpp", '#include "dnssec/any.hpp"', "dns must not know dnssec"),
    ("common/dns/a.hpp", '#include "plugin/any.hpp"', "dns must not know plugin"),
    ("common/dnssec/a.cpp", '#include "resolve/any.hpp"', "dnssec must not know resolve"),
    ("common/resolve/a.cpp", '#include "transport/any.hpp"', "resolve must not know transport"),
    ("common/transport/a.cpp", '#include "resolve/any.hpp"', "transport must not know resolve"),
    ("common/observe/a.cpp", '#include "judge/any.hpp"', "observe must not know judge"),
    ("common/judge/a.cpp", '#include "observe/any.hpp"', "judge must not know observe"),
    ("common/judge/a.cpp", '#include "plugin/any.hpp"', "judge must not know plugin"),
    ("common/plugin/a.cpp", '#include "observe/observation.hpp"', "plugin must not know observe"),
    ("common/judge/deep/a.cpp", '  #  include "transport/any.hpp"', "judge must not know transport"),
    ("common/judge/rows.def", '#include "plugin/any.hpp"', "judge must not know plugin"),
    ("common/observe/observation.hpp", '#include "resolve/any.hpp"', "is plain data"),
    ("common/dns/a.cpp", '#include "any.hpp"', 'write it as "room/file.hpp"'),
    ("common/dns/a.cpp", '#include "../dns/any.hpp"', 'write it as "room/file.hpp"'),
    ("common/dns/a.cpp", '#include "dns/absent.hpp"', "no such file"),
    ("common/dns/a.cpp", "#include <dns/any.hpp>", "our own headers in quotes"),
    ("common/judge/a.cpp", "#include <openssl/evp.h>", "OpenSSL belongs to dnssec"),
    ("common/zone/a.cpp", "#include <libzscanner/scanner.h>", "libzscanner belongs to observe"),
    ("common/transport/a.cpp", "#include <openssl/hmac.h>", "OpenSSL belongs to dnssec"),
    ("common/transport/a.cpp", "#include <openssl/ssl.h>", "OpenSSL belongs to dnssec"),
    ("common/transport/a.cpp", "#include <boost/asio/ssl/stream.hpp>", "TLS belongs to"),
    ("common/transport/exchange_tls.cpp", "#include <openssl/evp.h>", "OpenSSL belongs to dnssec"),
    ("common/observe/a.cpp", "#include <unbound.h>", "libunbound belongs to resolve"),
    ("common/judge/a.cpp", "#include <boost/asio.hpp>", "Asio belongs to"),
    ("common/plugin/a.cpp", "#include <boost/asio/io_context.hpp>", "Asio belongs to"),
    ("common/resolve/a.cpp", "#include <sys/socket.h>", "sockets belong to transport"),
    ("common/observe/a.cpp", "#include <netinet/in.h>", "sockets belong to transport"),
    ("common/judge/a.cpp", "#include <iostream>", "only plugin prints"),
    ("common/observe/a.cpp", "int f() { std::cout << 1; }", "std::cout: only plugin prints"),
    ("common/dns/a.cpp", 'int f() { return std::printf("x"); }', "std::printf: only plugin prints"),
    ("common/dns/a.cpp", 'int f() { fprintf(file, "x"); }', "fprintf: only plugin prints"),
    ("plugins/check_x.cpp", '#include "absent.hpp"', 'write it as "room/file.hpp"'),
    ("plugins/check_x.cpp", "int main() { std::cerr << 1; }", "std::cerr: only plugin prints"),
    ("plugins/check_x.cpp", "#include <openssl/evp.h>", "OpenSSL belongs to dnssec"),
    ("common/helpers/a.hpp", "#pragma once", "not a room"),
]

RIGHT = [
    ("common/judge/a.cpp", '#include "observe/observation.hpp"\n#include "dnssec/any.hpp"'),
    ("common/observe/a.cpp", '#include "resolve/any.hpp"\n#include "transport/any.hpp"'),
    ("common/plugin/a.cpp", '#include <iostream>\nint f() { std::cout << 1; }'),
    ("common/plugin/a.cpp", '#include "judge/any.hpp"\n#include <boost/program_options.hpp>'),
    ("common/resolve/a.cpp", "#include <unbound.h>\n#include <boost/asio/awaitable.hpp>"),
    ("common/transport/a.cpp", "#include <sys/socket.h>\n#include <boost/asio.hpp>"),
    ("common/dnssec/a.cpp", "#include <openssl/evp.h>"),
    ("common/transport/exchange_tls.cpp",
     "#include <openssl/ssl.h>\n#include <boost/asio/ssl/stream.hpp>"),
    ("common/dns/a.cpp", "#include <arpa/inet.h>"),
    ("common/resolve/a.cpp", '#include <cstdio>\nint f() { return fread(a, 1, 1, g); }'),
    ("common/dns/a.cpp", '// #include "plugin/any.hpp"\n/* std::cout\n#include <unbound.h> */'),
    ("common/dns/a.cpp", 'const char* a = "std::cout printf(";\nint n = snprintf(b, 1, "x");'),
    ("plugins/check_y.cpp", '#include "check_x.cpp"'),
    ("common/dns/a.cpp", "int f() { buffer.puts(1); }"),
]


class Arrows(unittest.TestCase):
    def complaints(self, name, text):
        with tempfile.TemporaryDirectory() as folder:
            for path, content in {**SKELETON, name: text + "\n"}.items():
                file = Path(folder, path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(content, encoding="utf-8")
            return arrows.check_tree(Path(folder))[0]

    def test_skeleton_is_clean(self):
        self.assertEqual(self.complaints("common/dns/a.hpp", "#pragma once"), [])

    def test_wrong_is_caught(self):
        for name, text, words in WRONG:
            with self.subTest(file=name, text=text):
                complaints = self.complaints(name, text)
                self.assertEqual(len(complaints), 1, complaints)
                self.assertIn(words, complaints[0])
                self.assertTrue(complaints[0].startswith(name.rsplit("/", 1)[0]), complaints[0])

    def test_right_is_left_alone(self):
        for name, text in RIGHT:
            with self.subTest(file=name, text=text):
                self.assertEqual(self.complaints(name, text), [])

    def test_complaint_names_the_line(self):
        complaints = self.complaints("common/dns/a.cpp", '/* one\ntwo */\n\n#include "judge/any.hpp"')
        self.assertTrue(complaints[0].startswith("common/dns/a.cpp:4: "), complaints)

    def test_empty_tree_fails(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "common").mkdir()
            self.assertEqual(arrows.main([folder]), 1)


if __name__ == "__main__":
    unittest.main(buffer=True)
