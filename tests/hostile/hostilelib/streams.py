# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Servers that are right, and let a client have few streams."""

import asyncio

from .server import Hangup


class FewAtOnce:
    """Serves so many streams of a client at once, for one answer each, and shuts out the others."""

    def __init__(self, most, seconds):
        self.most, self.seconds, self.now = most, seconds, {}

    async def accept(self, _, writer):
        address = writer.get_extra_info("sockname")[0]
        if self.now.get(address, 0) >= self.most:
            raise Hangup
        self.now[address] = self.now.get(address, 0) + 1

    async def play(self, ex):
        if not ex.tcp:
            return ex.honest()
        await asyncio.sleep(self.seconds)
        await ex.send(ex.honest())
        self.now[ex.site.address] -= 1
        raise Hangup
