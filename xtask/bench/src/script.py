"""Makes certificates as a script on an administrator's desk does; prints how many a second."""

import datetime
import multiprocessing
import os
import secrets
import sys
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SYMBOLS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!@#$%^&*-+=,."
KEY_SIZE = 4096
DAY = datetime.timedelta(days=1)


def write(folder, name, content):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(content)


def name_of(common_name):
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
            x509.NameAttribute(NameOID.COUNTRY_NAME, "GB"),
            x509.NameAttribute(NameOID.STATE_OR_PROVINCE_NAME, "Greater Manchester"),
            x509.NameAttribute(NameOID.LOCALITY_NAME, "Manchester"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Bench"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Mail"),
        ]
    )


def authority():
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_SIZE)
    now = datetime.datetime.now(datetime.timezone.utc)
    name = name_of("Bench CA")
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + 365 * DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def sign(request, issuer):
    key, certificate = issuer
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = (
        x509.CertificateBuilder()
        .subject_name(request.subject)
        .issuer_name(certificate.subject)
        .public_key(request.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + 365 * DAY)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
        )
    )
    for extension in request.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    return builder.sign(key, hashes.SHA256())


def make(folder, mailbox, issuer):
    os.mkdir(folder)
    password = "".join(secrets.choice(SYMBOLS) for _ in range(16)).encode()
    write(folder, "password.txt", password)
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_SIZE)
    write(
        folder,
        "private.key",
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.BestAvailableEncryption(password),
        ),
    )
    request = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(name_of(mailbox))
        .add_extension(x509.SubjectAlternativeName([x509.RFC822Name(mailbox)]), critical=False)
        .sign(key, hashes.SHA512())
    )
    write(folder, "request.csr", request.public_bytes(serialization.Encoding.PEM))
    certificate = sign(request, issuer)
    write(folder, "smime.crt", certificate.public_bytes(serialization.Encoding.PEM))
    pfx = pkcs12.serialize_key_and_certificates(
        b"S/MIME Certificate",
        key,
        certificate,
        [issuer[1]],
        serialization.BestAvailableEncryption(password),
    )
    write(folder, "smime.pfx", pfx)


def work(issuer, worker, count):
    for number in range(count):
        make(f"{worker}-{number}", f"person{worker}.{number}@example.com", issuer)


def main():
    count, workers = int(sys.argv[1]), int(sys.argv[2])
    each = -(-count // workers)
    issuer = authority()
    started = time.monotonic()
    fork = multiprocessing.get_context("fork")
    processes = [fork.Process(target=work, args=(issuer, n, each)) for n in range(workers)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        if process.exitcode != 0:
            sys.exit("a worker failed")
    print(each * workers / (time.monotonic() - started))


main()
