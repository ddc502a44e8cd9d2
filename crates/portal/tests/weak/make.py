"""Makes the signing requests of this folder: each is whole and signed by its key, and each key is weak.

python3 make.py, with the package cryptography.
"""

import math
import secrets
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

ROUNDS = 32


def is_prime(n: int) -> bool:
    """Miller and Rabin."""
    if any(n % small == 0 for small in (2, 3, 5, 7, 11, 13, 17, 19, 23)):
        return False
    d, s = n - 1, 0
    while d % 2 == 0:
        d, s = d // 2, s + 1
    for _ in range(ROUNDS):
        x = pow(secrets.randbelow(n - 3) + 2, d, n)
        if x in (1, n - 1):
            continue
        for _ in range(s - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def prime(bits: int, e: int) -> int:
    while True:
        p = secrets.randbits(bits) | (3 << (bits - 2)) | 1
        if math.gcd(p - 1, e) == 1 and is_prime(p):
            return p


def next_prime(p: int, e: int) -> int:
    """Fermat's method finds both at once."""
    p += 2
    while math.gcd(p - 1, e) != 1 or not is_prime(p):
        p += 2
    return p


def roca_prime() -> int:
    """As the faulty chips make them (CVE-2017-15361): k * M + (65537 ** a mod M)."""
    m, count, candidate = 1, 0, 2
    while count < 126:
        if all(candidate % small for small in range(2, math.isqrt(candidate) + 1)):
            m, count = m * candidate, count + 1
        candidate += 1
    spare = 1024 - m.bit_length()
    while True:
        k = secrets.randbits(spare) | (1 << (spare - 1))
        p = k * m + pow(65537, secrets.randbits(64), m)
        if p.bit_length() == 1024 and p >> 1022 == 3 and is_prime(p):
            return p


def request(name: str, p: int, q: int, e: int) -> None:
    d = pow(e, -1, math.lcm(p - 1, q - 1))
    numbers = rsa.RSAPrivateNumbers(
        p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), rsa.RSAPublicNumbers(e, p * q)
    )
    key = numbers.private_key(unsafe_skip_rsa_key_validation=True)
    assert key.key_size in (2048, 3072), name
    address = x509.SubjectAlternativeName([x509.RFC822Name("alice@example.com")])
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    signed = builder.add_extension(address, critical=True).sign(key, hashes.SHA256())
    assert signed.is_signature_valid, name
    file = Path(__file__).with_name(f"{name}.csr")
    file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))


if __name__ == "__main__":
    close = prime(1024, 65537)
    request("fermat", close, next_prime(close, 65537), 65537)
    request("roca", roca_prime(), roca_prime(), 65537)
    request("exponent", prime(1024, 3), prime(1024, 3), 3)
    request("listed", prime(1536, 65537), prime(1536, 65537), 65537)
