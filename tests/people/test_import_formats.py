"""What other programs export: their columns as they really are, and how much consent they prove."""

from __future__ import annotations

import re

import pytest
from funnel.people import Book, PeopleError, State
from funnel.people.imports.table import read_table

from tests.people.conftest import Import, addresses, day, state

MAILCHIMP = (
    "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,"
    "GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS\n"
    'ann@example.com,Ann,Lee,2,"2024-05-01 08:00:00",192.0.2.1,"2024-05-01 08:05:00",192.0.2.1,,,,,,,,,1,a,,\n'
    'bea@example.com,Bea,,2,,,"2024-05-01 08:05:00",,,,,,,,,,2,b,,\n'
)


def test_mailchimp_subscribers(book: Book, take: Import) -> None:
    """Of Mailchimp's export, who confirmed from her own network address is confirmed; whom the owner uploaded is
    pending.
    """
    report = take(MAILCHIMP, "subscribed_email_audience_export_0a1b2c.csv")
    assert report.format == "Mailchimp audience export"
    assert [(one.address, one.name) for one in book.recipients("newsletter", at=day(200))] == [
        ("ann@example.com", "Ann Lee")
    ]
    assert state(book, "bea@example.com") is State.PENDING


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("unsubscribed_members_export_0a1b2c.csv", State.WITHDRAWN),
        ("cleaned_email_audience_export_0a1b2c.csv", State.BOUNCED),
        ("nonsubscribed_email_audience_export_0a1b2c.csv", None),
        ("non-subscribed_email_audience_export_0a1b2c.csv", None),
    ],
)
def test_mailchimp_says_who_left_by_the_name_of_the_file(
    book: Book, take: Import, name: str, expected: State | None
) -> None:
    """The same columns under another name mean that these people left: none of them is confirmed."""
    take(MAILCHIMP, name)
    assert addresses(book) == []
    assert state(book, "ann@example.com") is expected


def test_mailchimp_under_another_name_is_refused(take: Import) -> None:
    """Renamed, Mailchimp's file cannot say who left; it is refused rather than guessed."""
    with pytest.raises(PeopleError, match="Give it back its name"):
        take(MAILCHIMP, "contacts.csv")


HEADS = "Email Address,First Name,Company,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,CC,REGION"


@pytest.mark.parametrize(
    ("columns", "cells", "expected"),
    [
        ("UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,LEID,EUID,NOTES,TAGS", "2024-06-01 10:00:00,,1,a,,", State.WITHDRAWN),
        ("CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,LEID,EUID,NOTES,TAGS", "2024-06-01 10:00:00,,1,a,,", State.BOUNCED),
        ("UNSUB_TIME,TAGS", ",", State.WITHDRAWN),
    ],
)
def test_mailchimps_files_of_those_who_left_are_known_by_their_columns(
    book: Book, take: Import, columns: str, cells: str, expected: State
) -> None:
    """A file with the column that only leavers have is understood under any name, and with or without LEID and EUID."""
    row = "ann@example.com,Ann,,2,2024-05-01 08:00:00,192.0.2.1,2024-05-01 08:05:00,192.0.2.1,,"
    take(f"{HEADS},{columns}\n{row},{cells}\n", "download.csv")
    assert state(book, "ann@example.com") is expected


def test_mailchimps_columns_of_a_subscriber_who_left_once(book: Book, take: Import) -> None:
    """The name of the file stands above a column that it only happens to have; a date in that column does not."""
    row = "2,2024-05-01 08:00:00,192.0.2.1,2024-05-01 08:05:00,192.0.2.1,,"
    content = f"{HEADS},UNSUB_TIME\nann@example.com,Ann,,{row},\nbea@example.com,Bea,,{row},2024-06-01\n"
    take(content, "subscribed_email_audience_export_0a1b2c.csv")
    assert addresses(book) == ["ann@example.com"] and state(book, "bea@example.com") is State.WITHDRAWN


OTHERS = {
    "Ghost": (
        "id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels,tiers,gift_id\n"
        "1,in@example.com,In,,true,false,,2024-01-01T10:00:00.000Z,,,,\n"
        "2,out@example.com,Out,,false,false,,2024-01-01T10:00:00.000Z,,,,\n",
        "created_at",
    ),
    "Substack": (
        "email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at\n"
        "in@example.com,false,,other,false,2024-01-01T10:00:00.000Z,\n"
        "out@example.com,true,2027-01-01,yearly,true,2024-01-01T10:00:00.000Z,\n",
        "created_at",
    ),
    "Substack (paying)": (
        "email,expiry,email_disabled,stripe_connected_customer_id,type,created_at\n"
        "in@example.com,2027-01-01T10:00:00.000Z,false,,comp,2024-01-01T10:00:00.000Z\n"
        "out@example.com,2027-01-01T10:00:00.000Z,true,,paid,2024-01-01T10:00:00.000Z\n",
        "created_at",
    ),
    "Buttondown": (
        "id,creation_date,email_address,type,notes,tags,unsubscription_date\n"
        "1,2024-01-01T10:00:00Z,in@example.com,regular,,,\n"
        "2,2024-01-01T10:00:00Z,out@example.com,unsubscribed,,,2024-02-01T00:00:00Z\n",
        "creation_date",
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_programs_prove_no_consent_until_the_owner_says_how(book: Book, take: Import, name: str) -> None:
    """Being in another program's list makes one pending; with the owner's word which date is the consent, confirmed;
    who left is out.
    """
    content, column = OTHERS[name]
    report = take(content, dry_run=True, mapping={"consented_at": column})
    assert report.format.startswith(name.split()[0])
    assert report.counts == {"subscribers, with dated evidence": 1, "people who left: they stay out": 1}
    take(content)
    assert (state(book, "in@example.com"), state(book, "out@example.com")) == (State.PENDING, State.WITHDRAWN)


def test_substacks_second_form(book: Book, take: Import) -> None:
    """The export of Substack's dashboard is known too."""
    take("Email,Name,Subscription type,Activity,Subscription date,Revenue\nann@example.com,Ann,Free,3,2024-01-01,0\n")
    assert state(book, "ann@example.com") is State.PENDING


CARDS = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoë Lee\r\nN:Lee;Zoë;;;\r\nEMAIL;TYPE=home,pref:zoe@example.com\r\n"
    "item1.EMAIL:zoe@example.org\r\nBDAY:--0405\r\nNOTE:met at the\r\n  fair\\, twice\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BC=\r\nller;Max\r\n"
    "EMAIL;INTERNET:max@example.com\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Nobody\r\nEMAIL:not an address\r\nEND:VCARD\r\n"
)


@pytest.mark.parametrize("charset", ["idna", "undefined", "zlib", "rot13", "no-such-one"])
def test_a_card_in_an_odd_encoding_is_read_as_far_as_it_goes(book: Book, take: Import, charset: str) -> None:
    """An encoding that does not exist, or is none for texts, stops no import."""
    take(
        f"BEGIN:VCARD\nFN;CHARSET={charset};ENCODING=QUOTED-PRINTABLE:A=6En\nEMAIL:ann@example.com\nEND:VCARD\n",
        "book.vcf",
    )
    assert [(one.address, one.name) for one in book.contacts.all()] == [("ann@example.com", "Ann")]


def test_an_address_book_gives_acquaintances_only(book: Book, take: Import) -> None:
    """vCards of three versions become acquaintances with their facts, never subscribers; a bad one is named by its
    line.
    """
    report = take(CARDS, "book.vcf")
    people = {one.address: one for one in book.contacts.all()}
    assert {address: one.name for address, one in people.items()} == {
        "zoe@example.com": "Zoë Lee",
        "zoe@example.org": "Zoë Lee",
        "max@example.com": "Max Müller",
    }
    facts = {fact.name: fact.value for fact in book.contacts.facts(people["zoe@example.com"])}
    assert facts == {"birthday": "--0405", "note": "met at the fair, twice"}
    assert [remark.line for remark in report.rejected] == [17]
    assert addresses(book) == []


def test_a_card_cut_short_is_refused(take: Import) -> None:
    """A vCard file that ends inside a card was cut short and is refused as a whole."""
    with pytest.raises(PeopleError, match="never ends"):
        take("BEGIN:VCARD\nFN:Ann\nEMAIL:ann@example.com\n", "book.vcf")


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"PK\x03\x04\x14\0[Content_Types].xml", "Save a spreadsheet as “CSV UTF-8”"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "“CSV UTF-8”"),
        (b"%PDF-1.7", "Ask for CSV"),
        (b'[\n {"email": "ann@example.com"}]', "Ask for CSV"),
        (b'{"members": []}', "Ask for CSV"),
    ],
)
def test_what_is_no_table_is_named(content: bytes, advice: str) -> None:
    """A spreadsheet, an archive, a PDF or JSON is called what it is, with what to do."""
    with pytest.raises(PeopleError, match=re.escape(advice)):
        read_table(content, "people.csv")
