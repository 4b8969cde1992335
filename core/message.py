"""A sentence for the reader that can be said in another language: it knows its template and values.

What core raises and returns is English, and reads as such. A page says it in the visitor's language
(components/words/language.py), without taking a finished sentence apart.
"""

from typing import Any


class Message(str):
    """An English sentence, filled in; a string like any other.

    Args:
        template: The sentence, as a literal (the catalogues are extracted from it), with `{name}`
            for each value, and a format where it has one: `{count:,}`.
        values: What is filled in. One that is a `Message`, or an exception with one, is said in
            the visitor's language, too.

    Raises:
        KeyError: One of the values is missing, where any is given.
    """

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> "Message":
        values = {name: message_of(value) for name, value in values.items()}
        made = super().__new__(cls, template.format(**values) if values else template)
        made.template = template
        made.values = values
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return _remade, (self.template, self.values)


def message_of(problem: Any) -> Any:
    """The message of an exception, or its text; anything else as it is."""
    if not isinstance(problem, Exception):
        return problem
    first = problem.args[0] if problem.args else ""
    return first if isinstance(first, Message) else str(problem)


def _remade(template: str, values: dict[str, Any]) -> Message:
    return Message(template, **values)
