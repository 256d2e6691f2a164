# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""DS records for a case's `ds` list: each is a function of the zone's keys and apex."""


def ds(role, digest=2, tag=0, algorithm=None, digest_type=None, corrupt=False):
    """The DS of a key; `tag` is added to its tag, the other fields may be made wrong."""

    def make(keys, apex):
        fields = keys[role].ds(apex, digest).split()
        fields[0] = str((int(fields[0]) + tag) % 65536)
        if algorithm is not None:
            fields[1] = str(algorithm)
        if digest_type is not None:
            fields[2] = str(digest_type)
        if corrupt:
            fields[3] = ("0" if fields[3][0] != "0" else "1") + fields[3][1:]
        return " ".join(fields)

    return make


def raw_ds(text):
    """A DS as it stands."""
    return lambda keys, apex: text
