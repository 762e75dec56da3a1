"""Markdown in, safe HTML out: the one way that a reply becomes part of a page.

markdown-it reads CommonMark with tables and strikethrough and takes no HTML of its own; nh3 then
lets through only the tags and attributes named here. Nothing is loaded from elsewhere: an image
becomes a link to it.
"""

import re
from collections.abc import Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

_INLINE = "a br code del em s strong"
_BLOCKS = "blockquote h1 h2 h3 h4 h5 h6 hr li ol p pre table tbody td th thead tr ul"
TAGS = frozenset([*_INLINE.split(), *_BLOCKS.split()])
ATTRIBUTES = {
    "a": {"href", "title"},
    "code": {"class"},
    "ol": {"start"},
    "td": {"class"},
    "th": {"class"},
}
_ADDRESS = re.compile(r"(https?://|mailto:)", re.IGNORECASE)
_LANGUAGE = re.compile(r"language-[\w+#.-]{1,40}")
_ALIGNED = re.compile(r"text-align:\s*(left|center|right)")


def render(text: str) -> str:
    """Turn a reply's Markdown into HTML that is safe to put in a page."""
    return nh3.clean(
        _MARKDOWN.render(text),
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        attribute_filter=_narrow,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )


def _narrow(tag: str, name: str, value: str) -> str | None:
    """Keep a link that leads out of here, a code block's language and a column's side."""
    if name == "href":
        return value if _ADDRESS.match(value) else None
    if name == "class":
        wanted = _LANGUAGE if tag == "code" else re.compile("left|center|right")
        return value if wanted.fullmatch(value) else None
    return value


def _images_to_links(state: StateCore) -> None:
    """Put a link in place of every image; inside a link, its description is enough."""
    for block in state.tokens:
        if not block.children:
            continue
        children: list[Token] = []
        inside = 0
        for token in block.children:
            inside += token.nesting if token.type in {"link_open", "link_close"} else 0
            if token.type != "image":
                children.append(token)
                continue
            words = Token("text", "", 0, content=token.content or str(token.attrs["src"]))
            if inside:
                children.append(words)
                continue
            opened = Token("link_open", "a", 1, attrs={"href": token.attrs["src"]})
            children += [opened, words, Token("link_close", "a", -1)]
        block.children = children


def _cell(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    """Say a column's side with a class: the page's policy allows no style attributes."""
    style = tokens[at].attrs.pop("style", None)
    if style and (side := _ALIGNED.search(str(style))):
        tokens[at].attrs["class"] = side.group(1)
    return self.renderToken(tokens, at, options, env)


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True})
    markdown.enable(["table", "strikethrough"])
    markdown.core.ruler.push("images_to_links", _images_to_links)
    markdown.add_render_rule("td_open", _cell)
    markdown.add_render_rule("th_open", _cell)
    return markdown


_MARKDOWN = _markdown()
