"""A small site with every type of document, in both dialects, seen and withheld."""

SITE = {
    "posts/first-steps.md": """---
# A comment
title: "First steps: a beginning"
date: 2026-05-04
modified: 2026-05-11
status: published
summary: How it begins.
tags: [trust, letters]
category: Trust
image: {static}/images/two-funnels.svg
image_alt: Two funnels
aliases: [/old-address/, /older/]
next: '{filename}/posts/second-steps.md'
waivers: ['rule: the reason']
---

The [next](second-steps.md) and ![two]({static}/images/two-funnels.svg).
""",
    "posts/second-steps.md": """Title: Second steps
Date: 2026-05-05 09:30
Status: published
Slug: second
Tags: trust, work
Series: Steps
Series_index: 2

Text.
""",
    "posts/later.md": """---
title: 'Later'
date: 2026-07-01 09:30+02:00
status: published
tags:
- trust
- later
---

Text.
""",
    "tips/listen.md": """Title: Listen
Date: 2026-04-01
Status: draft
Lang: de

Hidden.
""",
    "newsletter/001-hello.md": """---
title: Hello
number: 1
date: 2026-05-01
subject: Hello
status: published
preheader: And welcome
send_at: 2026-05-04 09:30
interests: [writing]
reply_to: hello@example.com
---

Text.
""",
    "reviews/a-book.md": """---
title: A book
date: 2026-03-03
reviewed: book
item_title: A book
verdict: Good
for_whom: Everybody
status: published
isbn: 9780306406157
link: https://publisher.example/a-book-about-letters
paid_link: yes
disclosure: It pays.
---

Text.
""",
    "requests/a-printer.md": """---
title: A printer
date: 2026-05-02
need: A printer
for_whom: A bookseller
agreed: 2026-05-01
expires: 2026-06-30
status: published
---

Text.
""",
    "requests/gone.md": """Title: Gone
Date: 2026-04-02
Need: A painter
For_whom: A baker
Agreed: 2026-04-01
Expires: 2026-05-30
Status: published

Text.
""",
    "pages/about.md": """---
title: About
status: published
menu: yes
order: 10
---

Text.
""",
    "pages/soon.md": """---
title: Soon
date: 2027-01-01
status: published
---

Text.
""",
    "pages/sooner.md": """Title: Sooner
Date: 2026-07-01
Status: published

Text.
""",
    "offers/work-with-me.md": """---
title: Work with me
offer_name: Conversations
also_called: [talks]
addresses: ['https://shop.example/talks']
price: 120 euros
status: published
---

Text.
""",
    "images/two-funnels.svg": "<svg/>",
    "extra/robots.txt": "User-agent: *\n",
}
