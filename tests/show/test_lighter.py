"""Pictures in a page take fewer bytes and look the same."""

from __future__ import annotations

from sim.show.style import _lighter


def test_a_look_that_all_marks_share_is_told_once() -> None:
    marks = '<use xlink:href="#m" x="1.274567" y="2" style="fill: #000"/>\n' * 2
    told = _lighter(f'<g clip-path="url(#c)">\n{marks}</g>')
    assert told == (
        '<g style="fill: #000" clip-path="url(#c)">\n'
        + '<use href="#m" x="1.2" y="2"/>\n' * 2
        + "</g>"
    )


def test_marks_of_several_looks_keep_them() -> None:
    marks = '<use x="1" style="fill: #000"/>\n<use x="1" style="fill: #fff"/>\n'
    assert _lighter(f"<g>\n{marks}</g>") == f"<g>\n{marks}</g>"
    bare = '<use x="1" style="fill: #000"/>\n<use x="1"/>\n'
    assert _lighter(f"<g>\n{bare}</g>") == f"<g>\n{bare}</g>"


def test_small_numbers_and_words_stay() -> None:
    text = '<text transform="rotate(-0.5)">0.12345 of a point</text>'
    assert _lighter(text) == text
