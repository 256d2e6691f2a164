# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""A hostile world: servers that lie, and what the plugins must say of them."""
