"""Reports of mail servers: what stops letters, what passes, and what is no report."""

from __future__ import annotations

import base64
import mailbox
import quopri
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest
from funnel.people import Book, PeopleError, State
from funnel.people.bounces import open_mailbox, take_reports

from tests.people.conftest import addresses, day, subscribe


def report(kind: str, part: str, returned: str = "", on: int = 5) -> bytes:
    """A report as mail servers write it: words for people, fields for machines, and the letter's header."""
    date = format_datetime(day(on))
    return (
        f"From: MAILER-DAEMON@mx.example\r\nTo: bounces@example.com\r\nDate: {date}\r\n"
        "Subject: report\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/report; report-type={kind}; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSomething about your letter.\r\n\r\n"
        f"--b\r\nContent-Type: message/{kind}\r\n\r\n{part}\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{returned}\r\n--b--\r\n"
    ).encode()


def delivery(address: str, status: str, action: str = "failed") -> str:
    return (
        "Reporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 no\r\n\r\n"
    )


def feedback(kind: str, to: str = "") -> str:
    named = f"Original-Rcpt-To: {to}\r\n" if to else ""
    return f"Feedback-Type: {kind}\r\nUser-Agent: SomeGenerator/1.0\r\nVersion: 1\r\n{named}"


def take(book: Book, tmp_path: Path, *reports: bytes, on: int = 9) -> dict[str, int]:
    folder = tmp_path / "reports"
    folder.mkdir(exist_ok=True)
    for number, one in enumerate(reports):
        (folder / f"{number}.eml").write_bytes(one)
    return vars(take_reports(book, open_mailbox(folder), day(on)))


@pytest.mark.parametrize(
    ("status", "action", "stops"),
    [
        ("5.1.1", "failed", True),
        ("5.1.10", "failed", True),
        ("5.0.0", "failed", True),
        ("5.2.1", "failed", True),
        ("5.2.2", "failed", False),
        ("5.7.1", "failed", False),
        ("4.4.7", "failed", False),
        ("4.4.7", "delayed", False),
        ("2.0.0", "delivered", False),
        ("5.1.1", "relayed", False),
        ("nonsense", "failed", False),
    ],
)
def test_only_a_refused_mailbox_stops_letters(
    book: Book, tmp_path: Path, status: str, action: str, *, stops: bool
) -> None:
    """A mailbox that does not exist stops letters; a full one, a policy, a delay and a delivery do not."""
    subscribe(book, "ann@example.com")
    take(book, tmp_path, report("delivery-status", delivery("ann@example.com", status, action)))
    assert (addresses(book) == []) == stops


@pytest.mark.parametrize(
    ("said", "stops"),
    [
        ("smtp; 550-5.1.1 The account that you tried to reach does not exist", True),
        ("smtp; 550 no such user", True),
        ("smtp; 550 5.7.1 refused by policy, see 203.0.113.9", False),
        ("smtp; 552 5.2.2 mailbox full", False),
        ("smtp; 552 quota", False),
        ("smtp; 451 4.7.1 greylisted, retry timeout exceeded", False),
        ("smtp; 421 too busy", False),
        ("smtp; 550 mail from 5.2.2.1 is not welcome: no such user", True),
    ],
)
def test_a_status_that_says_nothing_is_told_by_the_server_s_words(
    book: Book, tmp_path: Path, said: str, stops: bool
) -> None:
    """Where the status is only "failed", a full mailbox or a policy stops nothing all the same (Exim reports so)."""
    subscribe(book, "ann@example.com")
    exim = delivery("ann@example.com", "5.0.0").replace("smtp; 550 no", said)
    take(book, tmp_path, report("delivery-status", exim))
    assert book.may_receive("ann@example.com", "newsletter") is not stops


def test_a_complaint_stops_letters_for_good(book: Book, tmp_path: Path) -> None:
    """An abuse report makes the person complained, an opt-out report makes her withdrawn, a not-spam report changes
    nothing.
    """
    for who in ("a", "b", "c"):
        subscribe(book, f"{who}@example.com")
    kinds = {"a": "abuse", "b": "opt-out", "c": "not-spam"}
    take(
        book,
        tmp_path,
        *(report("feedback-report", feedback(kind, f"{who}@example.com")) for who, kind in kinds.items()),
    )
    states = [book.standing(f"{who}@example.com", "newsletter") for who in kinds]
    assert [one.state for one in states if one] == [State.COMPLAINED, State.WITHDRAWN, State.CONFIRMED]
    assert book.complaints("newsletter") == 1


def test_a_report_that_hides_the_address_is_matched_by_our_link(book: Book, tmp_path: Path) -> None:
    """Where the reporter takes the address out, the unsubscribe link in the returned header says who it was."""
    subscribe(book, "ann@example.com")
    token = book.recipients("newsletter", at=day(1))[0].token
    returned = f"To: redacted@example.net\r\nList-Unsubscribe: <https://www.example.com/unsubscribe/{token}>\r\n"
    take(book, tmp_path, report("feedback-report", feedback("abuse"), returned))
    assert addresses(book) == []


def test_one_report_about_several_people(book: Book, tmp_path: Path) -> None:
    """A delivery report may speak of several people, each with an outcome of her own."""
    subscribe(book, "a@example.com")
    subscribe(book, "b@example.com")
    part = delivery("a@example.com", "5.1.1") + delivery("b@example.com", "4.2.2", "delayed").split("\r\n\r\n", 1)[1]
    tally = take(book, tmp_path, report("delivery-status", part))
    assert addresses(book) == ["b@example.com"]
    assert (tally["stopped"], tally["temporary"]) == (1, 1)


def test_an_old_report_does_not_undo_a_new_yes(book: Book, tmp_path: Path) -> None:
    """A mailbox file read again after the person came back does not take her out again."""
    subscribe(book, "ann@example.com")
    old = report("delivery-status", delivery("ann@example.com", "5.1.1"), on=5)
    take(book, tmp_path, old)
    subscribe(book, "ann@example.com", on=6)
    assert take(book, tmp_path, old)["unchanged"] == 1
    assert addresses(book) == ["ann@example.com"]


def test_what_is_no_report_and_who_is_unknown_are_counted(book: Book, tmp_path: Path) -> None:
    """An ordinary letter and a stranger change nothing and are told."""
    letter = EmailMessage()
    letter["Subject"] = "Out of office"
    letter.set_content("Back on Monday.")
    tally = take(
        book, tmp_path, bytes(letter), report("delivery-status", delivery("who@example.com", "5.1.1")), b"\xff\x00"
    )
    assert (tally["messages"], tally["unread"], tally["unknown"]) == (3, 2, 1)


@pytest.mark.parametrize("kind", ["mbox", "maildir", "file"])
def test_every_kind_of_mailbox_is_read_and_left_alone(book: Book, tmp_path: Path, kind: str) -> None:
    """An mbox, a Maildir and a single file give the same, and nothing in them changes."""
    subscribe(book, "ann@example.com")
    content = report("delivery-status", delivery("ann@example.com", "5.1.1"))
    place = tmp_path / "box"
    if kind == "file":
        place.write_bytes(content)
    else:
        box = mailbox.mbox(place) if kind == "mbox" else mailbox.Maildir(place)
        box.add(content)
        box.close()
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file() and "var" not in file.parts}
    assert take_reports(book, open_mailbox(place), day(9)).stopped == 1
    assert all(file.read_bytes() == content for file, content in before.items())


def test_a_mailbox_may_be_empty_or_begin_with_an_empty_line(book: Book, tmp_path: Path) -> None:
    """An empty mailbox holds no message, and lines before the first message hide none."""
    subscribe(book, "ann@example.com")
    box = tmp_path / "box"
    box.write_bytes(b"")
    assert take_reports(book, open_mailbox(box), day(9)).messages == 0
    gone = report("delivery-status", delivery("ann@example.com", "5.1.1"))
    box.write_bytes(b"\n\n" + b"\n\n".join(b"From mx Thu Mar  5 12:00:00 2026\n" + gone for _ in range(2)))
    tally = take_reports(book, open_mailbox(box), day(9))
    assert (tally.messages, tally.stopped, tally.unchanged) == (2, 1, 1)


def test_a_mailbox_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A missing mailbox is an error that says what may be given."""
    with pytest.raises(PeopleError, match="Maildir"):
        list(open_mailbox(tmp_path / "nothing"))


@pytest.mark.parametrize(
    "nested",
    [
        b"Content-Type: message/rfc822\n\n" * 5_000,
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (depth, depth) for depth in range(2_000)),
    ],
)
def test_a_message_nested_without_end_hides_no_report(book: Book, tmp_path: Path, nested: bytes) -> None:
    """A message that somebody nested too deep to be read is counted as no report, and those behind it are read."""
    subscribe(book, "ann@example.com")
    tally = take(book, tmp_path, nested, report("delivery-status", delivery("ann@example.com", "5.1.1")))
    assert (tally["messages"], tally["unread"], tally["stopped"]) == (2, 1, 1)


@pytest.mark.parametrize("status", ["5.1.7", "5.1.8"])
def test_a_server_that_dislikes_the_sender_loses_nobody(book: Book, tmp_path: Path, status: str) -> None:
    """Codes about the sender (RFC 3463: a blocked account at Exchange says 5.1.8 of every letter) stop nobody's letters."""
    subscribe(book, "ann@example.com")
    take(book, tmp_path, report("delivery-status", delivery("ann@example.com", status)))
    assert addresses(book) == ["ann@example.com"]


@pytest.mark.parametrize(
    ("status", "said", "stops"),
    [
        ("5.0.0", "smtp; 554 Service unavailable; Client host [192.0.2.1] blocked using a list", False),
        ("5.0.0", "smtp; 554-No SMTP service 554-Bad DNS PTR resource record.", False),
        ("5.0.0", "smtp; 554 A problem occurred. Ask your postmaster for help.", False),
        ("5.0.0", "smtp; 550 Message rejected as spam", False),
        ("5.0.0", "smtp; 550 SPF check failed", False),
        ("5.0.0", "smtp; 550 user is over quota", False),
        ("5.0.0", "smtp; 550-No such user here 550 Sender verify failed", False),
        ("5.0.0", "smtp; 550 Sender address rejected: domain not found", False),
        ("5.0.0", "smtp; 550 Administrative prohibition", False),
        ("5.0.0", "smtp; 550 Access denied", False),
        ("5.0.0", "smtp; 550 Message rejected", False),
        ("5.0.0", "smtp; 550 We permanently rejected your message", False),
        ("5.0.0", "smtp; 550 Client rejected: cannot find your hostname, IP address not found", False),
        ("5.0.0", "smtp; 550 The domain has exceeded the max emails per hour", False),
        ("5.0.0", "smtp; 550 Recipient address rejected: User unknown", True),
        ("5.0.0", "", False),
        ("5.0.0", "smtp; 554 delivery error: This user doesn't have an account here", True),
        ("5.0.0", "smtp; 550 <spam@example.com>: Recipient address unknown", True),
        ("5.1.0", "smtp; 5.1.0 - Unknown address error 550-'5.7.1 refused'", False),
        ("5.1.0", "smtp; 5.1.0 - Unknown address error 550-'No such user'", True),
        ("5.2.1", "smtp; 550-5.2.1 The user you write to is receiving mail at a rate that", False),
        ("5.2.1", "smtp; 550-5.2.1 The account is disabled", True),
    ],
)
def test_a_code_behind_which_anything_may_stand_is_told_by_the_words(
    book: Book, tmp_path: Path, status: str, said: str, *, stops: bool
) -> None:
    """A refused sender, a full mailbox and a server that said nothing stop no letters, whatever vague code they come under."""
    subscribe(book, "ann@example.com")
    vague = delivery("ann@example.com", status).replace("smtp; 550 no", said)
    take(book, tmp_path, report("delivery-status", vague))
    assert (addresses(book) == []) is stops


@pytest.mark.parametrize(
    "fields",
    [
        "Original-Recipient: unknown;\r\nFinal-Recipient: rfc822; ann@example.com\r\n",
        "Original-Recipient: rfc822; list@example.com\r\nFinal-Recipient: rfc822; ann@example.com\r\n",
        "Final-Recipient: utf-8; Ann <ann@example.com> (Ann)\r\n",
        "Reporting-MTA: dns; mx.example\r\nFinal-Recipient: rfc822; ann@example.com\r\n",
    ],
)
def test_whom_a_report_means_is_found_in_any_of_its_fields(book: Book, tmp_path: Path, fields: str) -> None:
    """Another name for her, a comment, another kind of address, and fields without an empty line between them hide nobody."""
    subscribe(book, "ann@example.com")
    take(book, tmp_path, report("delivery-status", f"{fields}Action: failed (no mailbox)\r\nStatus: 5.1.1\r\n\r\n"))
    assert addresses(book) == []


@pytest.mark.parametrize(
    ("words", "stops"),
    [
        ("ann@example.com: 550 5.1.1 no such user", True),
        ("bea@example.com: 550 5.1.1 no such user\r\nann@example.com: 552 5.2.2 mailbox full", False),
        ("joann@example.com: 550 5.1.1 no such user\r\nann@example.com: 552 5.2.2 mailbox full", False),
        ("ann@example.com.au: 550 5.1.1 no such user\r\nann@example.com: 552 5.2.2 mailbox full", False),
        ("'ann@example.com' 550 5.1.1 no such user", True),
        ("ann@example.com: 554 refused, your network is listed", False),
        (
            "  ann@example.com\r\n    host mx.example [192.0.2.1]\r\n    after RCPT TO:<ann@example.com>:\r\n    550 unknown",
            True,
        ),
        ("  ann@example.com\r\n    retry timeout exceeded", False),
        ("  ann@example.com\r\n    Unrouteable address", True),
        ("  ann@example.com\r\n\r\n550 is a number", False),
    ],
)
def test_the_words_for_people_tell_what_the_fields_leave_out(
    book: Book, tmp_path: Path, words: str, *, stops: bool
) -> None:
    """OpenSMTPD and Exim write only "5.0.0" into the fields; what the other server answered stands in the text, by her address."""
    subscribe(book, "ann@example.com")
    vague = delivery("ann@example.com", "5.0.0").replace("Diagnostic-Code: smtp; 550 no\r\n", "")
    told = report("delivery-status", vague).replace(b"Something about your letter.", words.encode())
    take(book, tmp_path, told)
    assert (addresses(book) == []) is stops


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_a_report_in_an_encoding_for_the_way_is_read(book: Book, tmp_path: Path, encoding: str) -> None:
    """Servers that wrap up fields, and the letter that they return, in base64 or quoted-printable are understood."""
    subscribe(book, "ann@example.com")
    subscribe(book, "bea@example.com")
    link = next(one.token for one in book.recipients("newsletter", at=day(1)) if one.address == "bea@example.com")
    wrap = base64.encodebytes if encoding == "base64" else quopri.encodestring

    def wrapped(kind: str, part: str, letter: str) -> bytes:
        head = f"Content-Type: message/{{}}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
        return (
            report(kind, "PART", "LETTER")
            .replace(f"Content-Type: message/{kind}\r\n\r\n".encode(), head.format(kind).encode())
            .replace(b"Content-Type: text/rfc822-headers\r\n\r\n", head.format("rfc822").encode())
            .replace(b"PART", wrap(part.encode()))
            .replace(b"LETTER", wrap(letter.encode()))
        )

    returned = (
        f"To: redacted@example.net\r\nList-Unsubscribe: <https://www.example.com/unsubscribe/{link}>\r\n\r\nWords\r\n"
    )
    gone = wrapped("delivery-status", delivery("ann@example.com", "5.1.1"), "To: ann@example.com\r\n\r\nWords\r\n")
    assert take(book, tmp_path, gone, wrapped("feedback-report", feedback("abuse"), returned))["stopped"] == 2


@pytest.mark.parametrize(
    "kind",
    ["text/rfc822-headers", "message/rfc822-headers", "message/global-headers", "message/rfc822", "message/global"],
)
def test_a_letter_comes_back_under_many_names(book: Book, tmp_path: Path, kind: str) -> None:
    """The returned letter is found under each type that servers give it (RFC 6533 has types of its own)."""
    subscribe(book, "ann@example.com")
    token = book.recipients("newsletter", at=day(1))[0].token
    returned = f"List-Unsubscribe:\r\n <https://www.example.com/unsubscribe/{token}>\r\n\r\n"
    complaint = report("feedback-report", feedback("abuse", "73b4@redacted.example"), returned)
    take(book, tmp_path, complaint.replace(b"text/rfc822-headers", kind.encode()))
    assert addresses(book) == []


def test_a_complaint_names_her_in_the_letter_or_under_it(book: Book, tmp_path: Path) -> None:
    """Where the reporter made the address unreadable, the letter's own To, or the link under it, says who complained."""
    for who in ("ann", "bea"):
        subscribe(book, f"{who}@example.com")
    token = next(one.token for one in book.recipients("newsletter", at=day(1)) if one.address == "bea@example.com")
    under = quopri.encodestring(
        f"To leave: https://www.example.com/unsubscribe/{token} at any time\n".encode()
    ).decode()
    letters = (
        "To: Ann <ann@example.com>\r\n\r\nWords\r\n",
        f"Subject: x\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{under}\r\n",
    )
    reports = (report("feedback-report", feedback("abuse", "73b4@redacted.example"), one) for one in letters)
    take(book, tmp_path, *(one.replace(b"text/rfc822-headers", b"message/rfc822") for one in reports))
    assert addresses(book) == []


def test_a_report_about_several_people_is_not_told_by_one_returned_letter(book: Book, tmp_path: Path) -> None:
    """Where a report names two people, the letter that came back with it may be either's: each is told by her address."""
    for one in ("ann@example.com", "bea@example.com"):
        subscribe(book, one)
    token = next(one.token for one in book.recipients("newsletter", at=day(1)) if one.address == "bea@example.com")
    both = (
        delivery("ann@example.com", "5.1.1")
        + "Final-Recipient: rfc822; bea@example.com\r\nAction: delivered\r\nStatus: 2.0.0\r\n"
    )
    take(
        book,
        tmp_path,
        report("delivery-status", both, f"List-Unsubscribe: <https://www.example.com/unsubscribe/{token}>\r\n"),
    )
    assert addresses(book) == ["bea@example.com"]


def test_a_refused_letter_that_cites_a_newsletter_is_not_its_readers(book: Book, tmp_path: Path) -> None:
    """The owner's own mail with Ann's letter cited in it does not arrive at Bea: nobody but Bea gets no more letters."""
    for who in ("ann", "bea"):
        subscribe(book, f"{who}@example.com")
    token = next(one.token for one in book.recipients("newsletter", at=day(1)) if one.address == "ann@example.com")
    cited = f"To: bea@example.com\r\n\r\n> https://www.example.com/unsubscribe/{token}\r\n"
    gone = report("delivery-status", delivery("bea@example.com", "5.1.1"), cited)
    take(book, tmp_path, gone.replace(b"text/rfc822-headers", b"message/rfc822"))
    assert addresses(book) == ["ann@example.com"]


def test_reports_that_somebody_attached_count_each(book: Book, tmp_path: Path) -> None:
    """Several reports forwarded as attachments of one mail count all, and what a report returns is no report itself."""
    for who in ("ann", "bea", "cyn"):
        subscribe(book, f"{who}@example.com")
    inner = (
        report("feedback-report", feedback("abuse", "cyn@example.com")).replace(b'"b"', b'"c"').replace(b"--b", b"--c")
    )
    reports = [
        report("delivery-status", delivery("ann@example.com", "5.1.1")),
        report("delivery-status", delivery("bea@example.com", "5.1.1"), inner.decode()).replace(
            b"text/rfc822-headers", b"message/rfc822"
        ),
    ]
    attached = b"".join(b"--f\r\nContent-Type: message/rfc822\r\n\r\n%s\r\n" % one for one in reports)
    take(book, tmp_path, b"Content-Type: multipart/mixed; boundary=f\r\n\r\n%s--f--\r\n" % attached)
    assert addresses(book) == ["cyn@example.com"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Date: ", b"Date: Tue, 1 Dec 2026 10:00:00 +99999999999999999999\r\nX: "),
        (b"Date: ", b"Date: Tue, 1 Dec 99999999999999999999 10:00:00 +0000\r\nX: "),
        (
            b"text/rfc822-headers\r\n\r\n",
            b"message/rfc822\r\n\r\nContent-Type: text/plain; charset=nonsense\r\n\r\n\xff",
        ),
        (
            b"text/rfc822-headers\r\n\r\n",
            b"message/rfc822\r\n\r\nContent-Type: text/plain; charset*=x'y'%FF\r\n\r\n\xff",
        ),
        (b"text/rfc822-headers\r\n\r\n", b"message/rfc822\r\n\r\nContent-Type: multipart/mixed\r\n\r\n\xff"),
    ],
)
def test_a_report_with_odd_bytes_is_read_as_any_other(book: Book, tmp_path: Path, old: bytes, new: bytes) -> None:
    """A date that is none, and a returned letter in a charset that nobody knows, keep no report from being read."""
    for who in ("ann", "bea"):
        subscribe(book, f"{who}@example.com")
    odd = report("delivery-status", delivery("ann@example.com", "5.1.1")).replace(old, new)
    told = report("feedback-report", feedback("abuse", "bea@example.com")).replace(old, new)
    take(book, tmp_path, odd, told)
    assert addresses(book) == []
