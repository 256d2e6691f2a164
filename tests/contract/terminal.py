# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""What a program showed at a terminal."""

import os


def shown_at(master):
    """All that was written to it, once the program has ended; `master` is closed. One read may give a
    part, and the end is an error."""
    shown = b""
    try:
        while part := os.read(master, 1 << 16):
            shown += part
    except OSError:
        pass
    os.close(master)
    return shown.decode()
