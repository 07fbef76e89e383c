"""A paragraph as a field that saves by itself."""

from __future__ import annotations

from typing import Any

from app.answers.fields import saved_text
from app.core.fields import FieldView
from app.prose.actions import text_spec
from app.prose.models import Paragraph


def paragraph_field(url: str, paragraph: Paragraph, **extra: Any) -> FieldView:
    """`url` is where the text saves; `extra` goes to FieldView."""
    lines = 2 + len(paragraph.text) // 70 + paragraph.text.count("\n")
    return FieldView(
        id=f"tekst-{paragraph.id}",
        url=url,
        spec=text_spec(paragraph),
        value=paragraph.text,
        version=paragraph.version,
        saved=saved_text(paragraph.saved_at) if paragraph.version else "",
        rows=max(3, min(lines, 18)),
        **extra,
    )
