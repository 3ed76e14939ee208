"""Administrators."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from libs.auth import Hasher
from services.console import store
from services.console.commands.desk import Desk, MakeDesk, carry_out, console
from services.console.rules import Wrong, checked_address, checked_password


def register(app: typer.Typer, make: MakeDesk) -> None:
    """Add the commands."""

    @app.command("create-admin")
    def create_admin(
        email: str,
        password_stdin: Annotated[
            bool, typer.Option("--password-stdin", help="Read the password from standard input.")
        ] = False,
        final: Annotated[
            bool, typer.Option("--final", help="Need not be changed at the first login; not in production.")
        ] = False,
    ) -> None:
        """Add an administrator. The password is asked for, never an argument; the first login changes it."""
        password = sys.stdin.readline().rstrip("\r\n") if password_stdin else _asked()
        carry_out(make, lambda desk: _create(desk, email, password, final=final))
        then = "." if final else "; the password has to be changed at the first login."
        console.print(f"{email} is an administrator{then}", markup=False)


async def _create(desk: Desk, email: str, password: str, *, final: bool) -> None:
    if final and desk.production:
        raise Wrong("--final is not for production: the password has to be changed at the first login")
    address, secret = checked_address(email), checked_password(password, email)
    hasher = Hasher(threads=1)
    password_hash = await hasher.hash(secret)
    hasher.close()
    async with desk.transaction() as connection:
        added = await store.add_admin(connection, address, password_hash, must_change=not final)
        if added is None:
            raise Wrong(f"there is a user {address} already")
        told = {"email": address, "role": "admin", "must_change_password": not final}
        await store.audit(connection, "user.added", "user", str(added), told)


def _asked() -> str:
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
