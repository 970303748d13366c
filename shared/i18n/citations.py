"""Legal sources, stored in a short form, as a reader's language writes them out."""

from __future__ import annotations

import re

_ARTICLE = re.compile(r"(\d+[a-zđ]?)\((\d+[a-zđ]?)\)(?:\(([a-zđ])\))?")
_KINDS = {
    "vi": {"TT": "Thông tư", "NĐ": "Nghị định", "QĐ": "Quyết định", "Luật": "Luật"},
    "en": {"TT": "Circular", "NĐ": "Decree", "QĐ": "Decision", "Luật": "Law"},
}
_KIND = re.compile(r"\b(TT|NĐ|QĐ|Luật)(?= \d)")
_IN_ENGLISH = {
    " Điều ": ", Article ",
    "Bảng ": "Table ",
    "sửa đổi bởi": "amended by",
    "chưa kiểm chứng": "not verified",
    "Văn bản giao nhiệm vụ": "The document that assigns the task",
}


def cited(source: str, locale: str) -> str:
    """Write out ``TT 28/2013/TT-BKHCN Điều 21(2)(c)``: in Vietnamese ``Thông tư …, Điều 21 khoản 2 điểm c``."""
    text = _KIND.sub(lambda found: _KINDS[locale][found[0]], source)
    if locale == "en":
        for stored, shown in _IN_ENGLISH.items():
            text = text.replace(stored, shown)
        return text
    return _ARTICLE.sub(_parts, text.replace(" Điều ", ", Điều "))


def _parts(found: re.Match[str]) -> str:
    article, clause, point = found.groups()
    return f"{article} khoản {clause}" + (f" điểm {point}" if point else "")
