"""A mail server on loopback. Prints the letters it takes, a line of JSON each, or answers as it was told to."""

import asyncio
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

told = json.loads(sys.argv[1])


def say(**words):
    print(json.dumps(words), flush=True)


class Sink:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if told.get("to"):
            return told["to"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if told.get("hangs"):
            await asyncio.sleep(3600)
        if not told.get("letter"):
            say(
                sender=envelope.mail_from,
                recipients=envelope.rcpt_tos,
                letter=envelope.original_content.decode("latin-1"),
                tls=session.ssl is not None,
                user=session.auth_data,
                hello=session.host_name,
            )
        if told.get("drops"):
            server.transport.abort()
        return told.get("letter") or "250 OK"


def who(server, session, envelope, mechanism, data):
    name, password = data.login.decode(), data.password.decode()
    if told["password"] == password:
        return AuthResult(success=True, auth_data=name)
    return AuthResult(success=False, handled=False)


async def main():
    context = None
    if told.get("certificate"):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(told["certificate"], told["key"])
    at_once = told.get("tls") == "at once"
    by_starttls = told.get("tls") == "starttls"

    def server():
        return SMTP(
            Sink(),
            hostname="sink.example",
            enable_SMTPUTF8=told.get("unicode", False),
            tls_context=context if by_starttls else None,
            require_starttls=by_starttls,
            authenticator=who if told.get("password") else None,
            auth_required=bool(told.get("password")),
            auth_require_tls=by_starttls,
        )

    loop = asyncio.get_running_loop()
    listening = await loop.create_server(server, "127.0.0.1", 0, ssl=context if at_once else None)
    say(port=listening.sockets[0].getsockname()[1])
    # Whoever started it holds the other end, and has gone when it ends.
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)


asyncio.run(main())
