# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The check_dnssec authors
"""Key pairs made by dnssec-keygen, and signing with them where dnssec-signzone would refuse."""

import base64
import os
import subprocess
from dataclasses import dataclass, replace

import dns.dnssec
import dns.rdata
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

SEP, REVOKE, ZONE = 0x0001, 0x0080, 0x0100
# How many pairs of each algorithm the zones of the lab share.
POOL = {13: 8, 8: 4, 5: 1, 7: 1, 10: 1, 14: 2, 15: 2, 16: 1}
_RSA = (1, 5, 7, 8, 10)


@dataclass(frozen=True)
class Key:
    """A key pair. Flags and protocol are ours to set: the tag follows them."""

    algorithm: int
    public: str  # base64
    private: str  # text of the .private file
    flags: int = ZONE | SEP
    protocol: int = 3

    def with_flags(self, flags):
        return replace(self, flags=flags)

    def dnskey(self):
        text = f"{self.flags} {self.protocol} {self.algorithm} {self.public}"
        return dns.rdata.from_text("IN", "DNSKEY", text)

    @property
    def tag(self):
        return dns.dnssec.key_id(self.dnskey())

    def ds(self, owner, digest=2):
        """Text of the DS RDATA for this key at `owner`."""
        name = {1: "SHA1", 2: "SHA256", 4: "SHA384"}[digest]
        policy = {"policy": dns.dnssec.allow_all_policy} if digest == 1 and hasattr(
            dns.dnssec, "allow_all_policy") else {}
        return dns.dnssec.make_ds(owner, self.dnskey(), name, **policy).to_text()

    def write(self, directory, owner):
        """Writes the pair for dnssec-signzone; returns the path without suffix."""
        stem = os.path.join(directory, f"K{owner}+{self.algorithm:03}+{self.tag:05}")
        with open(stem + ".key", "w", encoding="ascii") as out:
            out.write("; Created: 20250101000000 (Wed Jan  1 00:00:00 2025)\n"
                      "; Activate: 20250101000000 (Wed Jan  1 00:00:00 2025)\n")
            out.write(f"{owner} 300 IN DNSKEY {self.dnskey().to_text()}\n")
        with open(stem + ".private", "w", encoding="ascii") as out:
            out.write(self.private)
        return stem

    def _field(self, name):
        for line in self.private.splitlines():
            if line.startswith(name + ":"):
                return base64.b64decode(line.split(":", 1)[1])
        raise KeyError(name)

    def sign(self, data):
        """The signature field over `data` (RFC 3110, 5702, 6605, 8080)."""
        if self.algorithm in (13, 14):
            curve, digest, size = ((ec.SECP256R1(), hashes.SHA256(), 32) if self.algorithm == 13
                                   else (ec.SECP384R1(), hashes.SHA384(), 48))
            number = int.from_bytes(self._field("PrivateKey"), "big")
            private = ec.derive_private_key(number, curve)
            r, s = utils.decode_dss_signature(private.sign(data, ec.ECDSA(digest)))
            return r.to_bytes(size, "big") + s.to_bytes(size, "big")
        if self.algorithm == 15:
            seed = self._field("PrivateKey")
            return ed25519.Ed25519PrivateKey.from_private_bytes(seed).sign(data)
        if self.algorithm in _RSA:
            n, e, d, p, q, dp, dq, qi = (
                int.from_bytes(self._field(name), "big")
                for name in ("Modulus", "PublicExponent", "PrivateExponent", "Prime1", "Prime2",
                             "Exponent1", "Exponent2", "Coefficient"))
            private = rsa.RSAPrivateNumbers(
                p, q, d, dp, dq, qi, rsa.RSAPublicNumbers(e, n)).private_key()
            digest = {5: hashes.SHA1, 7: hashes.SHA1, 8: hashes.SHA256, 10: hashes.SHA512}
            return private.sign(data, padding.PKCS1v15(), digest[self.algorithm]())
        raise ValueError(f"no signing with algorithm {self.algorithm}")


def _generate(directory, algorithm):
    size = ["-b", "2048"] if algorithm in _RSA else []
    run = subprocess.run(["dnssec-keygen", "-q", "-K", directory, "-a", str(algorithm), *size,
                          "pool."], check=True, capture_output=True, text=True)
    stem = os.path.join(directory, run.stdout.strip())
    with open(stem + ".key", encoding="ascii") as lines:
        record = next(line for line in lines if not line.startswith(";"))
    with open(stem + ".private", encoding="ascii") as text:
        return Key(algorithm, "".join(record.split()[6:]), text.read())


def make_pool(directory, run_all):
    """{algorithm: [Key…]}; no two have a tag in common, whatever their SEP and REVOKE bits."""
    os.makedirs(directory, exist_ok=True)
    wanted = [algorithm for algorithm, count in POOL.items() for _ in range(count)]
    pool = {algorithm: [] for algorithm in POOL}
    seen = set()
    while wanted:
        again = []
        for key in run_all(_generate, [(directory, algorithm) for algorithm in wanted]):
            tags = {key.with_flags(flags).tag for flags in
                    (ZONE, ZONE | SEP, ZONE | SEP | REVOKE, ZONE | REVOKE, SEP, 0)}
            if tags & seen:
                again.append(key.algorithm)
                continue
            seen |= tags
            pool[key.algorithm].append(key)
        wanted = again
    return pool
