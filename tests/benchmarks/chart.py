"""A small picture: seconds of work and memory over the number of copies, as SVG."""

from __future__ import annotations

from collections.abc import Sequence

_WIDTH, _HEIGHT, _EDGE = 640, 320, 56


def chart(points: Sequence[tuple[int, float, float]]) -> str:
    """Return a picture of (copies, seconds, mebibytes): time left, memory right, both from 0.

    The dashed line is what the time of one copy would grow to if it grew with the copies.
    """
    most = max(x for x, _, _ in points)
    slowest = max(max(y for _, y, _ in points), points[0][1] * most) * 1.1
    largest = max(z for _, _, z in points) * 2

    def place(x: float, share: float) -> str:
        across = _EDGE + x / most * (_WIDTH - 2 * _EDGE)
        return f"{across:.1f},{_HEIGHT - _EDGE - share * (_HEIGHT - 2 * _EDGE):.1f}"

    def line(shares: list[tuple[float, float]], style: str) -> str:
        return f'<polyline points="{" ".join(place(*s) for s in shares)}" fill="none" {style}/>'

    def label(x: float, share: float, text: str, more: str = "") -> str:
        left, top = place(x, share).split(",")
        return f'<text x="{left}" y="{top}" {more}>{text}</text>'

    time = [(float(x), y / slowest) for x, y, _ in points]
    memory = [(float(x), z / largest) for x, _, z in points]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'font-family="sans-serif" font-size="13">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        line([(0, 1), (0, 0), (most, 0), (most, 1)], 'stroke="#999"'),
        line(
            [(0, 0), (most, points[0][1] * most / slowest)], 'stroke="#1f77b4" stroke-dasharray="4"'
        ),
        line(time, 'stroke="#1f77b4" stroke-width="2"'),
        line(memory, 'stroke="#d62728" stroke-width="2"'),
    ]
    for (x, y, z), (_, high), (_, low) in zip(points, time, memory, strict=True):
        parts.append(label(x, -0.08, f"{x}×", 'text-anchor="middle"'))
        parts.append(label(x, high + 0.03, f"{y:.1f} s", 'text-anchor="end" fill="#1f77b4"'))
        parts.append(label(x, low - 0.08, f"{z:.0f} MiB", 'text-anchor="end" fill="#d62728"'))
    parts.append(
        label(0, 1.06, "seconds of work (dashed: one copy's, times the copies)", 'fill="#1f77b4"')
    )
    parts.append(label(most, 1.06, "memory at peak", 'text-anchor="end" fill="#d62728"'))
    return "\n".join([*parts, "</svg>"]) + "\n"
