# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Whole zones, each broken by one defect, and what other programs make of them."""
