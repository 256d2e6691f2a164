# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Key pairs that are the same in every run, so that hashes and tags in reports can be compared."""

import base64
import functools
import hashlib
import random

from cryptography.hazmat.primitives.asymmetric import ec

from lablib.keys import SEP, ZONE, Key

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_EXPONENT = 65537


def _base64(number, size=None):
    size = size or (number.bit_length() + 7) // 8
    return base64.b64encode(number.to_bytes(size, "big")).decode()


@functools.cache
def p256(seed, flags=ZONE | SEP):
    """An ECDSA P-256 pair (RFC 6605)."""
    number = int.from_bytes(hashlib.sha256(f"whole zone {seed}".encode()).digest(), "big")
    number = number % (_ORDER - 1) + 1
    point = ec.derive_private_key(number, ec.SECP256R1()).public_key().public_numbers()
    public = base64.b64encode(point.x.to_bytes(32, "big") + point.y.to_bytes(32, "big")).decode()
    private = ("Private-key-format: v1.3\nAlgorithm: 13 (ECDSAP256SHA256)\n"
               f"PrivateKey: {_base64(number, 32)}\n")
    return Key(13, public, private, flags)


def _is_prime(number, source):
    if any(number % small == 0 for small in range(3, 2000, 2)):
        return False
    odd = number - 1
    twos = (odd & -odd).bit_length() - 1
    odd >>= twos
    for _ in range(8):
        value = pow(source.randrange(2, number - 1), odd, number)
        if value not in (1, number - 1) and not any(
                (value := value * value % number) == number - 1 for _ in range(twos - 1)):
            return False
    return True


def _prime(source):
    while True:
        number = source.getrandbits(1024) | 3 << 1022 | 1
        if (number - 1) % _EXPONENT and _is_prime(number, source):
            return number


@functools.cache
def rsa2048(seed, flags=ZONE | SEP):
    """An RSA/SHA-256 pair of 2048 bits (RFC 5702)."""
    source = random.Random(f"whole zone {seed}")
    p, q = sorted((_prime(source), _prime(source)), reverse=True)
    d = pow(_EXPONENT, -1, (p - 1) * (q - 1))
    fields = {"Modulus": p * q, "PublicExponent": _EXPONENT, "PrivateExponent": d, "Prime1": p,
              "Prime2": q, "Exponent1": d % (p - 1), "Exponent2": d % (q - 1),
              "Coefficient": pow(q, -1, p)}
    private = "Private-key-format: v1.3\nAlgorithm: 8 (RSASHA256)\n" + "".join(
        f"{name}: {_base64(number)}\n" for name, number in fields.items())
    public = b"\x03\x01\x00\x01" + (p * q).to_bytes(256, "big")
    return Key(8, base64.b64encode(public).decode(), private, flags)
