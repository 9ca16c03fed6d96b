"""The tasks about people as an owner types them."""

from __future__ import annotations

from .conftest import SmallSite

LIST = (
    '\ufeffE-Mail;Vorname;Datum;Bemerkung\r\nann@example.com;Ann;2025-06-01;"zwei\nZeilen; mit Semikolon"\r\n'
    "kaputt@@example;X;2025-06-01;\r\nbea@example.com;Bea;03/04/2025;\r\nann@example.com;Ann;2025-06-01;\r\n"
)


def test_an_import_with_columns_of_the_owners_choice(small_site: SmallSite) -> None:
    """Several --map are taken; a dry run says the same and changes nothing; what did not land is in a private file."""
    small_site.write("var/list.csv", LIST)
    command = ("people.import", "var/list.csv", "--map", "consented_at=Datum", "--map", "note=Bemerkung")
    tried = small_site.invoke(*command, "--dry-run")
    assert tried.code == 0 and "line 4: this is not an e-mail address" in tried.words, tried.words
    assert "Nobody with this address" in small_site.invoke("people.show", "ann@example.com").words
    done = small_site.invoke(*command)
    assert done.code == 0 and "1  subscribers, with dated evidence" in done.words, done.words
    assert "zwei" in small_site.invoke("people.show", "ann@example.com").words
    (rejects,) = (small_site.root / "var/rejects").iterdir()
    assert "kaputt@@example" in rejects.read_text(encoding="utf-8") and rejects.stat().st_mode & 0o077 == 0
    wrong = small_site.invoke("people.import", "var/list.csv", "--map", "consented_at")
    assert wrong.code == 2 and "write FIELD=COLUMN" in wrong.words


def test_a_person_is_proved_erased_and_stays_away(small_site: SmallSite) -> None:
    """Proof, erasure and receipt, a second import that cannot bring her back, and a ledger that still verifies."""
    small_site.write("var/list.csv", "email,consented_at\nann@example.com,2025-06-01\n")
    assert small_site.invoke("people.import", "var/list.csv").code == 0
    assert "newsletter: confirmed" in small_site.invoke("people.proof", "ann@example.com").words
    receipt = small_site.invoke("people.erase", "ann@example.com")
    assert receipt.code == 0 and "1 contact(s) deleted" in receipt.words and "ann@" not in receipt.words
    again = small_site.invoke("people.import", "var/list.csv")
    assert "1  refused by the law of consent" in again.words, again.words
    assert small_site.invoke("people.proof", "ann@example.com").code == 2
    assert "Sound" in small_site.invoke("people.verify").words
