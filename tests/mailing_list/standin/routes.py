"""Which operation does what: the table from method and path to the state of the stand-in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .refusal import Refusal, bad, not_found

if TYPE_CHECKING:
    from .server import Account

Body = dict[str, Any]
Query = dict[str, str]
Answer = dict[str, Any] | None
Operation = Callable[["Account", list[str], Query, Body], Answer]


def page(name: str, items: list[Any], query: Query, **more: Any) -> Answer:
    """One page of a collection: 10 items unless asked for more, 1000 at most."""
    count, offset = int(query.get("count", "10")), int(query.get("offset", "0"))
    if not 0 <= count <= 1000 or offset < 0:
        raise bad("count must be between 0 and 1000.")
    shown = items[offset : offset + count]
    if query.get("fields"):
        wanted = set(query["fields"].split(","))
        unknown = wanted - {"total_items", name} - {f"{name}.{key}" for one in items[:1] for key in one}
        if unknown and items:
            raise bad(f"Invalid field: {min(unknown)}")
        shown = [{key: value for key, value in one.items() if f"{name}.{key}" in wanted} for one in shown]
    return {name: shown, "total_items": len(items), "_links": [], **more}


def _campaign(work: Callable[[Any, Any, Body], Any]) -> Operation:
    def operation(account: Account, path: list[str], _query: Query, body: Body) -> Answer:
        one = account.campaigns.one(path[0])
        answer = work(account.campaigns, one, body)
        return answer if answer is None or isinstance(answer, dict) else account.campaigns.shown(answer)

    return operation


def _create(account: Account, _path: list[str], _query: Query, body: Body) -> Answer:
    return account.campaigns.shown(account.campaigns.create(body))


def _checklist(campaigns: Any, one: Any, _body: Body) -> Answer:
    items = campaigns.checklist(one)
    return {
        "is_ready": not items,
        "items": items or [{"type": "success", "heading": "List", "details": "ok", "id": 501}],
    }


def _groups(account: Account, path: list[str], query: Query, _body: Body) -> Answer:
    audience = account.audience(path[0])
    groups = [
        {"list_id": path[0], "id": key, "title": one["title"], "type": one["type"]}
        for key, one in audience.groups.items()
    ]
    return page("categories", groups, query, list_id=path[0])


def _add_group(account: Account, path: list[str], _query: Query, body: Body) -> Answer:
    if not body.get("title") or body.get("type") not in ("checkboxes", "dropdown", "radio", "hidden"):
        raise bad("Schema describes object, title and type are required.")
    audience = account.audience(path[0])
    if any(one["title"] == body["title"] for one in audience.groups.values()):
        raise bad("A group with this name already exists.")
    audience.group(body["title"])
    return {"list_id": path[0], "id": list(audience.groups)[-1], "title": body["title"], "type": body["type"]}


def _interests(account: Account, path: list[str], query: Query, _body: Body) -> Answer:
    group = account.audience(path[0]).groups.get(path[1])
    if group is None:
        raise not_found()
    ones = [
        {"category_id": path[1], "list_id": path[0], "id": key, "name": name}
        for key, name in group["interests"].items()
    ]
    return page("interests", ones, query, list_id=path[0], category_id=path[1])


def _add_interest(account: Account, path: list[str], _query: Query, body: Body) -> Answer:
    group = account.audience(path[0]).groups.get(path[1])
    if group is None:
        raise not_found()
    if not body.get("name") or body["name"] in group["interests"].values():
        raise bad("Cannot add the interest: its name is blank or exists.")
    key = f"{path[1][1:6]}{len(group['interests']) + 1:05x}"
    group["interests"][key] = body["name"]
    return {"category_id": path[1], "list_id": path[0], "id": key, "name": body["name"]}


def _fields(account: Account, path: list[str], query: Query, _body: Body) -> Answer:
    return page("merge_fields", list(account.audience(path[0]).merge_fields.values()), query, list_id=path[0])


FIELD_TYPES = (
    "text", "number", "address", "phone", "date", "url", "imageurl", "radio", "dropdown", "birthday", "zip",
)  # fmt: skip


def _add_field(account: Account, path: list[str], _query: Query, body: Body) -> Answer:
    audience, tag = account.audience(path[0]), str(body.get("tag", ""))
    if (
        not body.get("name")
        or body.get("type") not in FIELD_TYPES
        or not re.fullmatch(r"[A-Z0-9_]{1,10}", tag)
        or tag in audience.merge_fields
    ):
        raise bad("The merge field is not valid.")
    number = len(audience.merge_fields) + 1
    audience.merge_fields[tag] = {"merge_id": number, "required": False, "public": False, "list_id": path[0], **body}
    return audience.merge_fields[tag]


def _members(account: Account, path: list[str], query: Query, _body: Body) -> Answer:
    return page("members", account.audience(path[0]).listed(query), query, list_id=path[0])


def _complaints(account: Account, path: list[str], query: Query, _body: Body) -> Answer:
    reports = [
        {
            "id": number,
            "email_address": one.address,
            "date": one.changed.isoformat(timespec="seconds"),
            "list_id": path[0],
        }
        for number, one in enumerate(account.audience(path[0]).members.values(), start=1)
        if one.abuse
    ]
    return page("abuse_reports", reports, query, list_id=path[0])


def _lists(account: Account, _path: list[str], query: Query, _body: Body) -> Answer:
    return page("lists", [one.shown() for one in account.audiences.values()], query)


def _reports(account: Account, _path: list[str], query: Query, _body: Body) -> Answer:
    sent = [one for one in account.campaigns.known.values() if one.status == "sent"]
    reports = [
        {"id": one.id, "emails_sent": one.emails_sent, "abuse_reports": account.abuse.get(one.id, 0),
         "bounces": {"hard_bounces": account.bounces.get(one.id, 0), "soft_bounces": 0, "syntax_errors": 0}}
        for one in sent
    ]  # fmt: skip
    return page("reports", reports, query)


def _domains(account: Account, _path: list[str], _query: Query, _body: Body) -> Answer:
    domains = [{"domain": one, "verified": True, "authenticated": True} for one in account.campaigns.verified_domains]
    return {"domains": domains, "total_items": len(domains)}


def _root(account: Account, _path: list[str], _query: Query, _body: Body) -> Answer:
    return {
        "account_id": "a1",
        "account_name": "A",
        "role": "owner",
        "pricing_plan_type": "monthly",
        "total_subscribers": 0,
    }


ROUTES: dict[tuple[str, str], Operation] = {
    ("GET", "/ping"): lambda _a, _p, _q, _b: {"health_status": "Everything's Chimpy!"},
    ("GET", "/"): _root,
    ("GET", "/lists"): _lists,
    ("GET", "/lists/{list_id}"): lambda a, p, _q, _b: a.audience(p[0]).shown(),
    ("POST", "/lists/{list_id}"): lambda a, p, _q, b: a.audience(p[0]).batch(b),
    ("GET", "/lists/{list_id}/abuse-reports"): _complaints,
    ("GET", "/lists/{list_id}/members"): _members,
    ("GET", "/lists/{list_id}/members/{subscriber_hash}"): lambda a, p, _q, _b: a.audience(p[0]).member(a.audience(p[0]).one(p[1])),
    ("PUT", "/lists/{list_id}/members/{subscriber_hash}"): lambda a, p, _q, b: a.audience(p[0]).member(a.audience(p[0]).put(p[1], b)),
    ("GET", "/lists/{list_id}/interest-categories"): _groups,
    ("POST", "/lists/{list_id}/interest-categories"): _add_group,
    ("GET", "/lists/{list_id}/interest-categories/{interest_category_id}/interests"): _interests,
    ("POST", "/lists/{list_id}/interest-categories/{interest_category_id}/interests"): _add_interest,
    ("GET", "/lists/{list_id}/merge-fields"): _fields,
    ("POST", "/lists/{list_id}/merge-fields"): _add_field,
    ("GET", "/campaigns"): lambda a, _p, q, _b: page("campaigns", a.campaigns.listed(q), q),
    ("POST", "/campaigns"): _create,
    ("GET", "/campaigns/{campaign_id}"): _campaign(lambda _c, one, _b: one),
    ("PATCH", "/campaigns/{campaign_id}"): _campaign(lambda c, one, b: c.update(one, b)),
    ("DELETE", "/campaigns/{campaign_id}"): _campaign(lambda c, one, _b: c.delete(one)),
    ("GET", "/campaigns/{campaign_id}/content"): _campaign(lambda c, one, _b: c.content(one)),
    ("PUT", "/campaigns/{campaign_id}/content"): _campaign(lambda c, one, b: c.set_content(one, b)),
    ("GET", "/campaigns/{campaign_id}/send-checklist"): _campaign(_checklist),
    ("POST", "/campaigns/{campaign_id}/actions/schedule"): _campaign(lambda c, one, b: c.schedule(one, b)),
    ("POST", "/campaigns/{campaign_id}/actions/unschedule"): _campaign(lambda c, one, _b: c.unschedule(one)),
    ("POST", "/campaigns/{campaign_id}/actions/send"): _campaign(lambda c, one, _b: c.send(one)),
    ("POST", "/campaigns/{campaign_id}/actions/test"): _campaign(lambda c, one, b: c.test(one, b)),
    ("GET", "/campaign-folders"): lambda a, _p, q, _b: page("folders", a.folders, q),
    ("GET", "/reports"): _reports,
    ("GET", "/verified-domains"): _domains,
}  # fmt: skip

_TABLE = [
    (method, re.compile("^" + re.sub(r"\{\w+\}", "([^/]+)", template) + "$"), template, operation)
    for (method, template), operation in ROUTES.items()
]


def find(method: str, path: str) -> tuple[str, list[str], Operation]:
    """The operation of a call, with its template and the parts of its path."""
    known = False
    for one, pattern, template, operation in _TABLE:
        if match := pattern.match(path):
            known = True
            if one == method:
                return template, list(match.groups()), operation
    if known:
        raise Refusal(405, "Method Not Allowed", "The requested method and resource are not compatible.")
    raise not_found()
