"""A mail server that prints what it gets, one JSON document a line, after its port.

Recipients named `later` are put off (451), those named `nobody` refused (550).
Arguments: `--auth` asks for user `portal` with password `right`; `--starttls FILE` offers TLS with
the certificate and key in the file.
"""

import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Sink:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("later@"):
            return "451 4.3.0 please come back later"
        if address.startswith("nobody@"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        parts = [
            {"type": part.get_content_type(), "content": part.get_content()}
            for part in message.walk()
            if not part.is_multipart()
        ]
        show({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "type": message.get_content_type(),
            "headers": {name: str(value) for name, value in message.items()},
            "parts": parts,
        })
        return "250 OK"


def show(value):
    print(json.dumps(value), flush=True)


def check(server, session, envelope, mechanism, login):
    is_right = (login.login, login.password) == (b"portal", b"right")
    return AuthResult(success=is_right, handled=False)


async def main():
    options = {}
    if "--auth" in sys.argv:
        options |= {"authenticator": check, "auth_required": True, "auth_require_tls": False}
    if "--starttls" in sys.argv:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[sys.argv.index("--starttls") + 1])
        options |= {"tls_context": context}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Sink(), **options), "127.0.0.1", 0)
    show(server.sockets[0].getsockname()[1])
    await server.serve_forever()


asyncio.run(main())
