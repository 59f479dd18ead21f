"""`dutyboard dead-letters`: entries that could not be handled, and what is to become of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click
from redis.asyncio import Redis

from dutyboard.open_stores import opened
from dutyboard.roles import valkey_at
from dutyboard.settings import Settings
from realtime.dead_letters import DeadLetter, drop, list_dead, redrive

T = TypeVar("T")
ALL = 10_000
"""As many as one command takes."""

IDS = click.argument("ids", nargs=-1)
EVERY = click.option("--all", "every", is_flag=True, help="All of them.")


@click.group()
def command() -> None:
    """Look at entries that could not be handled; send them round again or drop them."""


@command.command("list")
@click.option("--count", default=100, show_default=True, help="The most to show, newest first.")
@click.pass_obj
def show(settings: Settings, count: int) -> None:
    """Show what is there: its id, when, whose, what kinds of events, and why it could not be handled."""
    letters = _asked(settings, lambda valkey: list_dead(valkey, count))
    for letter in letters:
        click.echo(_line(letter))
    if not letters:
        click.echo("There are no dead letters.")


@command.command("redrive")
@IDS
@EVERY
@click.pass_obj
def send_again(settings: Settings, ids: tuple[str, ...], every: bool) -> None:
    """Send entries round again, after what kept them from being handled is mended."""
    number = _asked(settings, lambda valkey: _on(valkey, ids, every, redrive))
    click.echo(f"{number} sent round again.")


@command.command("drop")
@IDS
@EVERY
@click.confirmation_option(prompt="What is dropped is lost for good. Drop it?")
@click.pass_obj
def throw_away(settings: Settings, ids: tuple[str, ...], every: bool) -> None:
    """Throw entries away for good."""
    number = _asked(settings, lambda valkey: _on(valkey, ids, every, drop))
    click.echo(f"{number} dropped.")


def _asked(settings: Settings, ask: Callable[[Redis], Awaitable[T]]) -> T:
    async def answer(url: str) -> T:
        async with valkey_at(url) as valkey:
            return await ask(valkey)

    with opened(settings) as urls:
        return asyncio.run(answer(urls.redis_url))


async def _on(
    valkey: Redis, ids: tuple[str, ...], every: bool, do: Callable[[Redis, tuple[str, ...]], Awaitable[int]]
) -> int:
    if not ids and not every:
        raise click.UsageError("Name the ids that `dutyboard dead-letters list` shows, or say --all.")
    return await do(valkey, ids or tuple(letter.id for letter in await list_dead(valkey, ALL)))


def _line(letter: DeadLetter) -> str:
    kinds = ",".join(letter.kinds) or "?"
    return f"{letter.id}  {letter.at:%Y-%m-%d %H:%M:%S}Z  {letter.nurse_id or '?'}  {kinds}  {letter.reason}"
