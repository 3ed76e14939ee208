"""`tidemark`: the command line of an operator."""

from __future__ import annotations

import typer

from libs.bus import Bus, Queues
from libs.db.engine import make_engine
from libs.observability.starting import observe
from libs.settings import load
from services.console.commands import audit, looks, pulls, queues, runs, users
from services.console.commands.desk import Desk, MakeDesk
from services.console.settings import ConsoleSettings


def create_app(make: MakeDesk) -> typer.Typer:
    """The commands; ``make`` gives them database and bus when one of them runs."""
    app = typer.Typer(
        help="Tidemark from the command line: administrators, pulls, runs, what is there, queues.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    for module in (users, pulls, runs, looks, queues, audit):
        module.register(app, make)
    return app


def make_desk() -> Desk:
    """From the environment."""
    settings = load(ConsoleSettings)
    observe("console", settings)
    return Desk(
        make_engine(settings, "console"),
        Bus(settings, "console"),
        Queues(settings, "console"),
        settings.editor,
        settings.environment == "production",
    )


def run() -> None:
    """Run the command line."""
    create_app(make_desk)()


if __name__ == "__main__":
    run()
