"""The stand-in and what we send, held against Mailchimp's own specification where that lies beside the project.

The specification is Mailchimp's and not ours to ship, so where `../shared` is not there these tests say that they
were not run.
"""

from __future__ import annotations

import base64
import gzip
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from funnel.mailing_list import send
from funnel.mailing_list.mailchimp.doctor import examine
from funnel.mailing_list.mailchimp.member import Wanted
from funnel.mailing_list.mailchimp.members import apply_sync, plan_sync
from funnel.mailing_list.mailchimp.pull import changes, members_since
from funnel.mailing_list.status import whole_truth
from jsonschema import Draft4Validator

from .machines import Machine, readers
from .samples import edition
from .standin.routes import ROUTES
from .standin.server import KEY, Account, Exchange, standing_in

SPEC = Path(__file__).parents[3] / "shared" / "mailchimp" / "marketing-swagger2-3.0.90.min.json.gz"


@pytest.fixture(scope="module")
def paths() -> dict[str, Any]:
    if not SPEC.exists():
        pytest.skip("not run: Mailchimp's specification is not at ../shared/mailchimp")
    return dict(json.loads(gzip.decompress(SPEC.read_bytes()))["paths"])


@pytest.fixture(scope="module")
def exchanges(tmp_path_factory: pytest.TempPathFactory) -> list[Exchange]:
    """Everything that we ever say to Mailchimp, with the stand-in's answers."""
    with standing_in(Account(recording=True)) as (account, url):
        readers(account)
        account.readers.merge_fields["FNAME"] = {
            "merge_id": 1, "tag": "FNAME", "name": "First name", "type": "text", "required": False, "list_id": "a1b2c3d4e5",
        }  # fmt: skip
        account.folders.append({"id": "f1", "name": "Letters", "count": 0})
        machine = Machine(tmp_path_factory.mktemp("machine"), account, url)
        api = machine.list().api
        apply_sync(api, plan_sync(api, [Wanted("ada@example.com", "Ada", ("Gardens",), "12/10", "de")]))
        apply_sync(api, plan_sync(api, [Wanted("ada@example.com", "Ada L.", ("Gardens",), "12/10", "de")]))
        account.readers.add("g@example.com", interests=[account.readers.interest("Gardens")], abuse=True)
        list(changes(api, members_since(api, account.clock.now())))
        at = account.clock.now() + timedelta(hours=3)
        for issue in (
            edition(send_at=at, interests=("Gardens",)),
            edition(send_at=at),
            edition(words="Other words here."),
        ):
            machine.editions = [issue]
            machine.publish()
        send.test_send(1, ["me@example.com"], machine.editions, machine.list(), machine.ledger, machine.watch)
        double = dict(next(iter(account.campaigns.known.values())).settings)
        account.campaigns.create({"type": "regular", "settings": double, "recipients": {"list_id": "a1b2c3d4e5"}})
        machine.publish()
        machine.send()
        whole_truth(machine.list())
        environ = {"MAILCHIMP_API_KEY": KEY, "MAILCHIMP_LIST_ID": "a1b2c3d4e5", "MAILCHIMP_BASE_URL": url}
        examine(environ, "desk@example.com", machine.watch)
    return account.exchanges


def operation(paths: dict[str, Any], method: str, template: str) -> dict[str, Any]:
    return dict(paths[template][method.lower()])


def body_schema(spec: dict[str, Any]) -> dict[str, Any] | None:
    return next((one["schema"] for one in spec.get("parameters", []) if one["in"] == "body"), None)


def test_every_operation_exists(paths: dict[str, Any]) -> None:
    """Each operation of the stand-in is one of Mailchimp's."""
    assert not [(method, template) for method, template in ROUTES if method.lower() not in paths.get(template, {})]


def test_what_we_send_is_what_mailchimp_takes(paths: dict[str, Any], exchanges: list[Exchange]) -> None:
    """Every query and every body that we send is valid, and holds no property that Mailchimp does not know."""
    assert len({(one.method, one.template) for one in exchanges}) >= 22
    for one in exchanges:
        spec = operation(paths, one.method, one.template)
        known = {p["name"]: p for p in spec.get("parameters", []) if p["in"] == "query"}
        for name, value in one.query.items():
            assert name in known and (not known[name].get("enum") or value in known[name]["enum"]), (one.template, name)
        schema = body_schema(spec)
        assert schema is not None or not one.body
        if schema is not None:
            assert list(problems(one.body, schema)) == [], one.template


def problems(value: Any, schema: dict[str, Any], where: str = "") -> Iterator[str]:
    """What is wrong with a value, names that nobody knows and conditions of segments (x-oneOf) included."""
    if not where:
        yield from (f"{list(fault.path)}: {fault.message}" for fault in Draft4Validator(schema).iter_errors(value))
    if isinstance(value, dict):
        choice = [one for one in schema.get("x-oneOf", []) if _is_kind(one, value)]
        if "x-oneOf" in schema:
            yield from () if len(choice) == 1 else [f"{where}: no such condition"]
            schema = choice[0] if choice else schema
            yield from (f"{where}: {fault.message}" for fault in Draft4Validator(schema).iter_errors(value))
        known = schema.get("properties", {})
        for name, inner in value.items():
            if name in known:
                yield from problems(inner, known[name], f"{where}.{name}")
            elif "additionalProperties" not in schema:
                yield f"{where}.{name} is not known"
    if isinstance(value, list):
        for inner in value:
            yield from problems(inner, schema.get("items", {}), f"{where}[]")


def _is_kind(schema: dict[str, Any], value: dict[str, Any]) -> bool:
    return value.get("condition_type") in schema["properties"]["condition_type"]["enum"]


def test_what_the_standin_answers_is_what_mailchimp_answers(paths: dict[str, Any], exchanges: list[Exchange]) -> None:
    """Every answer has the declared status, types and names.

    Moments that are not set are "", as Mailchimp sends them.
    """
    for one in exchanges:
        responses = operation(paths, one.method, one.template)["responses"]
        assert str(one.status) in responses, (one.method, one.template, one.status)
        schema = responses[str(one.status)].get("schema")
        if schema is not None:
            assert list(problems(one.answer, schema)) == [], one.template


def test_the_standin_refuses_what_lacks_something_required(paths: dict[str, Any]) -> None:
    """For each operation with a body: left out one by one, each required property is missed and refused with a
    problem document."""
    with standing_in() as (account, url):
        account.readers.group("Topics")
        campaign = account.campaigns.create({"type": "regular", "recipients": {"list_id": "a1b2c3d4e5"}})
        fill = {
            "{list_id}": "a1b2c3d4e5",
            "{campaign_id}": campaign.id,
            "{interest_category_id}": "g000000001",
            "{subscriber_hash}": "0" * 32,
        }
        asked = 0
        for method, template in ROUTES:
            schema = body_schema(operation(paths, method, template))
            for missing in (schema or {}).get("required", []):
                path = template
                for mark, value in fill.items():
                    path = path.replace(mark, value)
                body = {name: "x" for name in (schema or {})["required"] if name != missing}
                assert refused(url + path, method, body) == 400, (method, template, missing)
                asked += 1
        assert asked >= 10


def refused(url: str, method: str, body: dict[str, Any]) -> int:
    token = base64.b64encode(f"x:{KEY}".encode()).decode()
    headers = {"Authorization": f"Basic {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as fault:
        with fault:
            document = json.loads(fault.read())
            assert fault.headers["Content-Type"].startswith("application/problem+json")
            assert {"type", "title", "status", "detail", "instance"} <= document.keys()
            return fault.code
