"""Reads a page as a browser would: tags closed in order, words, attributes; and whether a picture shows anything."""

from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
from matplotlib.image import imread

VOID = {"meta", "link", "img", "source", "br", "rect"}


class Page(HTMLParser):
    """Tags, attributes and text of a page; every tag must be closed in order."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.stack: list[str] = []
        self.source = file.read_text(encoding="utf-8")
        self.feed(self.source)
        assert self.stack == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes.append((tag, dict(attrs)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        if not (self.stack and self.stack[-1] == "style"):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.attributes if name == tag]


def colours(shot: Path) -> int:
    """How many colours a picture has: a blank page has one."""
    pixels = (np.asarray(imread(shot))[..., :3] * 255).astype(np.int64)
    return len(np.unique(pixels @ [1, 256, 65536]))
