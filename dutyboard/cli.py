"""The command line: reads the settings once, sets up the log, and hands both to the command that was asked for.

A command is a module of `dutyboard.commands` with a click command named `command`; it is imported only when it is asked
for, so that the command line answers at once. It gets the settings with `@click.pass_obj`.
"""

from __future__ import annotations

import os
from importlib import import_module

import click

from domain.errors import BadInput, DutyboardError
from dutyboard import logs, settings
from dutyboard.lifeline import follow_parent

COMMANDS = {
    "demo": "demo",
    "up": "up",
    "doctor": "doctor",
    "import": "import_",
    "plan": "plan",
    "solve": "solve",
    "warm": "warm",
    "geocode": "geocode",
    "device": "device",
    "replay": "replay",
    "simulate": "simulate",
    "dead-letters": "dead_letters",
    "bench": "bench",
    "migrate": "migrate",
    "api": "api",
    "worker": "worker",
    "relay": "relay",
    "lookout": "lookout",
    "planner": "planner",
    "clock": "clock",
}
"""Each command and its module, in the order in which help shows them: first what people type, then the parts of `up`."""


class _Failed(click.ClickException):
    """A sentence for the person in front of the screen."""

    def __init__(self, error: DutyboardError) -> None:
        super().__init__(f"{error.title}. {error.detail}")


class _Refused(_Failed):
    """What was asked for cannot be done as it was asked."""

    exit_code = 2


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"dutyboard.commands.{COMMANDS[cmd_name]}").command
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except DutyboardError as error:
            raise (_Refused if isinstance(error, BadInput) else _Failed)(error) from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="dutyboard")
@click.option(
    "--until-stdin-closes", is_flag=True, hidden=True, help="End with the process that holds our standard input."
)
@click.pass_context
def main(ctx: click.Context, until_stdin_closes: bool) -> None:
    """Dutyboard: who is where, who is going to be late, and what to do about it.

    Settings are DUTYBOARD_ variables in the environment; docs/settings.md lists them. To look around: dutyboard demo.
    """
    if until_stdin_closes:
        follow_parent()
    ctx.obj = settings.read(os.environ)
    logs.set_up(ctx.obj.log_level, ctx.obj.log_format, process=ctx.invoked_subcommand or "")
    for sentence in settings.unknown(os.environ):
        logs.log.warning("unknown setting", problem=sentence)
