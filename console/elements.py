"""The few building blocks of the pages: a tag, words in a tag, an icon. Words are always text, never markup."""

from __future__ import annotations

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement


def box(tag: str, classes: str = "", **attributes: object) -> Element:
    """An element with these attributes; `_` in a name stands for `-`, and ends a name that Python keeps for itself."""
    return _attributed(Element(tag), classes, attributes)


def words(tag: str, text: str, classes: str = "", **attributes: object) -> Element:
    """An element that says something."""
    return _attributed(TextElement(tag=tag, text=text), classes, attributes)


def icon(name: str) -> Element:
    """An icon of ours, hidden from screen readers: what it means is also said in words."""
    with box("svg", "db-icon", aria_hidden="true") as drawn:
        box("use", href=f"/static/icons.svg#{name}")
    return drawn


def button(label: str, classes: str = "", **attributes: object) -> Element:
    return words("button", label, f"db-button {classes}", type="button", **attributes)


def _attributed(element: Element, classes: str, attributes: dict[str, object]) -> Element:
    element.classes(classes)
    element.props.update({name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()})
    return element
