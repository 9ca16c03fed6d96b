"""Settings: one typed record, all faults at once, misspelt names found where they stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from funnel.publish.preflight import PELICAN_NAMES, REQUIRED, faults_of, known_names, missing_plugins, raw_settings
from funnel.settings import SettingsError, check_source, read_settings
from funnel.settings.record import names
from hypothesis import given, settings
from hypothesis import strategies as st


def test_the_defaults_can_be_used_as_they_are() -> None:
    """A settings file that sets nothing of ours gives a usable record."""
    assert read_settings({}, {}).mailing_list_provider == "local"


def test_all_faults_are_told_at_a_time() -> None:
    """Three wrong settings make one message that names all three."""
    wrong = {"SITEURL": "www.example.com", "TIMEZONE": "Europe/Berlim", "KEEP_RELEASES": "five"}
    with pytest.raises(SettingsError) as caught:
        read_settings(wrong, {})
    assert all(name in str(caught.value) for name in wrong)


def test_the_environment_wins_for_the_provider() -> None:
    """MAILING_LIST_PROVIDER in the environment is stronger than the file."""
    assert (
        read_settings({"MAILING_LIST_PROVIDER": "local"}, {"MAILING_LIST_PROVIDER": "mailchimp"}).mailing_list_provider
        == "mailchimp"
    )


SLIPS = {
    'SITENAME = "Mine': r"mine\.py:2:12: Python cannot read this line: unterminated string",
    "DEPLOY_TARGET = local": r"mine\.py:2: .*'local' is not defined.*Text stands between quotes",
    'import os\nTOKEN = os.environ["NO_SUCH_NAME"]': r"mine\.py:3: .*NO_SUCH_NAME",
    'open("no-such-file")': r"mine\.py:2: .*No such file",
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_a_settings_file_is_told_with_its_line(slip: str, tmp_path: Path) -> None:
    """What Python cannot read or do is named with file, line and the line itself: no traceback."""
    (tmp_path / "mine.py").write_text(f'"""Mine."""\n{slip}\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=f"(?s){SLIPS[slip]}") as told:
        raw_settings(tmp_path / "mine.py")
    assert slip.splitlines()[-1] in str(told.value)


@pytest.mark.parametrize("value", [["a"], 3, True, b"x"])
def test_a_value_of_the_wrong_kind_is_refused(value: object) -> None:
    """Text must be text."""
    with pytest.raises(SettingsError, match="SITENAME must be text"):
        read_settings({"SITENAME": value}, {})


MUTABLE = sorted(known_names())


@settings(max_examples=400)
@given(st.sampled_from(MUTABLE), st.data())
def test_a_slip_in_a_name_is_found_with_its_place(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    """One wrong, missing, doubled or small letter in a setting's name is named at file:line:column, or gives another known name."""
    at = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ_abz"))
    slip = data.draw(
        st.sampled_from(
            [name[:at] + name[at + 1 :], name[:at] + letter + name[at:], name[:at] + letter + name[at + 1 :]]
        )
    )
    if slip in known_names() or not slip.isidentifier() or slip.islower():
        return
    path = tmp_path_factory.mktemp("slip") / "pelicanconf.py"
    path.write_text(f"x = 1\n{slip} = 2\n", encoding="utf-8")
    (message,) = check_source(path, known_names())
    assert message.startswith("pelicanconf.py:2:1: ")


def test_a_name_of_the_owner_s_own_is_left_alone(tmp_path: Path) -> None:
    """What is like no known setting is not our business."""
    path = tmp_path / "pelicanconf.py"
    path.write_text("MY_GARDEN_GATE = 1\nhere = 2\n", encoding="utf-8")
    assert check_source(path, known_names()) == []


def test_a_settings_file_that_python_cannot_read_is_told_with_its_line(tmp_path: Path) -> None:
    """A missing quote is a sentence, not a traceback."""
    path = tmp_path / "pelicanconf.py"
    path.write_text('SITENAME = "x\n', encoding="utf-8")
    assert check_source(path, known_names())[0].startswith("pelicanconf.py:1:")


@pytest.mark.parametrize("left_out", REQUIRED)
def test_no_plugin_of_ours_may_be_missing_or_misspelt(left_out: str) -> None:
    """PLUGINS without one of ours, or with a slip in its name, is refused by name (law 3)."""
    for plugins in (
        [name for name in REQUIRED if name != left_out],
        [name.replace(left_out, left_out + "x") for name in REQUIRED],
    ):
        assert left_out in missing_plugins(plugins)


def test_the_order_of_the_plugins_is_kept() -> None:
    """The order is part of the meaning."""
    assert "order" in missing_plugins(reversed(REQUIRED))


def test_the_project_s_own_settings_are_without_fault(project: Path) -> None:
    """pelicanconf.py and publishconf.py pass their own check."""
    from pelican.settings import get_settings_from_file

    for name in ("pelicanconf.py", "publishconf.py"):
        assert faults_of(project / name, get_settings_from_file(str(project / name))) == []


def test_every_name_of_pelican_is_told_apart_from_ours() -> None:
    """The list of names that Pelican documents holds none of our own, but for the few that both read."""
    both = {"SOCIAL", "SITENAME", "SITESUBTITLE", "SITEURL", "AUTHOR", "TIMEZONE", "DEFAULT_LANG"}
    assert PELICAN_NAMES & set(names()) <= both


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        ("SITEURL", "https://müller.example/blog", "https://xn--mller-kva.example/blog"),
        (
            "SUBSCRIBE_URL",
            "https://desk.müller.example:8443/subscribe",
            "https://desk.xn--mller-kva.example:8443/subscribe",
        ),
        ("NEWSLETTER_FROM_ADDRESS", "info@müller.example", "info@xn--mller-kva.example"),
        ("NEWSLETTER_REPLY_TO", "jörg@example.com", "without special letters (it is"),
    ],
)
def test_an_address_with_special_letters_is_told_how_to_be_written(name: str, value: str, written: str) -> None:
    """What cannot stand in a letter's header is refused before anything is built, with the form that can; that form is taken."""
    with pytest.raises(SettingsError) as caught:
        read_settings({name: value}, {})
    assert f"{name} must be written" in str(caught.value) and written in str(caught.value)
    if "xn--" in written:
        read_settings({name: written}, {})
