"""How Mailchimp says no: problem documents (RFC 7807), with the titles and words that real answers have."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """An answer with an error."""

    def __init__(self, status: int, title: str, detail: str, errors: list[dict[str, str]] | None = None) -> None:
        super().__init__(title)
        self.status = status
        self.document: dict[str, Any] = {
            "type": "https://mailchimp.com/developer/marketing/docs/errors/",
            "title": title,
            "status": status,
            "detail": detail,
            "instance": "00000000-0000-0000-0000-000000000000",
        }
        if errors:
            self.document["errors"] = errors


def invalid(field: str, message: str) -> Refusal:
    return Refusal(
        400,
        "Invalid Resource",
        "The resource submitted could not be validated.",
        [{"field": field, "message": message}],
    )


def not_found() -> Refusal:
    return Refusal(404, "Resource Not Found", "The requested resource could not be found.")


def bad(detail: str) -> Refusal:
    return Refusal(400, "Bad Request", detail)
