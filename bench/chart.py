"""The figures of bench/run as a chart: seconds against sockets, both logarithmic, a line a command.

Its ground is transparent and its colours are of middle lightness, so that it can be read on white and on black.
"""

from html import escape
from math import ceil, floor, log10
from statistics import median

WIDTH, HEIGHT = 760, 440
LEFT, RIGHT, TOP, BOTTOM = 64, 170, 44, 52
LABEL_HEIGHT = 17
GREY = "#7d8590"

# Whatever is not here gets the last one.
STYLES = {
    "whywait": ("#2f81f7", 3, ""),
    "whywait list": ("#2f81f7", 3, "7 4"),
    "bench_floor": (GREY, 1.5, "2 4"),
    "ss -tanp": ("#d9730d", 1.8, ""),
    "ss -tan": ("#d9730d", 1.8, "7 4"),
    "netstat -antp": ("#b5559b", 1.8, ""),
    "lsof -nP -iTCP": ("#3d9a50", 1.8, ""),
}
OTHER = (GREY, 1.8, "")


def lines_of(report):
    """{command: [(sockets, seconds), ...]} of the runs with few processes in one namespace."""
    out = {}
    chosen = [s for s in report["scenarios"] if s["sockets"] and s["namespaces"] == 1 and s["processes_asked"] == 7]
    for scenario in sorted(chosen, key=lambda s: s["sockets"]):
        for name, figures in scenario["tools"].items():
            out.setdefault(name, []).append((scenario["sockets"], median(figures["wall"])))
    return out


def thousands(count):
    return f"{count // 1000}k" if count >= 1000 else str(count)


def duration(exponent):
    return f"{10 ** exponent} s" if exponent >= 0 else f"{10 ** (exponent + 3)} ms"


def apart(labels):
    """[(y, ...)] moved so that none covers another, each as near to its own place as that allows."""
    placed = []
    for label in sorted(labels):
        placed.append([label[0], [label]])
        while len(placed) > 1:
            upper, lower = placed[-2], placed[-1]
            reach = (len(upper[1]) + len(lower[1])) * LABEL_HEIGHT / 2
            if lower[0] - upper[0] >= reach:
                break
            together = upper[1] + lower[1]
            placed[-2:] = [[sum(one[0] for one in together) / len(together), together]]
    for middle, group in placed:
        first = middle - (len(group) - 1) * LABEL_HEIGHT / 2
        for i, label in enumerate(group):
            yield first + i * LABEL_HEIGHT, label


class Scale:
    def __init__(self, least, most, start, end):
        self.low, self.high, self.start, self.end = log10(least), log10(most), start, end

    def __call__(self, value):
        return self.start + (log10(value) - self.low) / (self.high - self.low) * (self.end - self.start)


def svg(report):
    lines = lines_of(report)
    counts = sorted({count for points in lines.values() for count, _ in points})
    if len(counts) < 2:
        raise SystemExit("bench: a chart takes two numbers of sockets, each in 7 processes and 1 namespace")
    times = [time for points in lines.values() for _, time in points]
    bottom, top = floor(log10(min(times))), ceil(log10(max(times)))
    x = Scale(counts[0], counts[-1], LEFT, WIDTH - RIGHT)
    y = Scale(10**bottom, 10**top, HEIGHT - BOTTOM, TOP)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        'role="img" font-family="system-ui, sans-serif" font-size="13">',
        "<title>Seconds that each command takes to show connections in CLOSE_WAIT, against their number</title>",
        f'<text x="{LEFT}" y="20" fill="{GREY}" font-weight="600">wall time, median, against connections in '
        "CLOSE_WAIT (less is better)</text>",
    ]
    for exponent in range(bottom, top + 1):
        at = y(10**exponent)
        out.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}" stroke="{GREY}" '
                   'stroke-opacity="0.35"/>')
        out.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" fill="{GREY}" text-anchor="end">{duration(exponent)}</text>')
    for count in counts:
        out.append(f'<line x1="{x(count):.1f}" x2="{x(count):.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="{GREY}" '
                   'stroke-opacity="0.18"/>')
        out.append(f'<text x="{x(count):.1f}" y="{HEIGHT - BOTTOM + 20}" fill="{GREY}" text-anchor="middle">'
                   f"{thousands(count)}</text>")

    labels = []
    for name, points in lines.items():
        colour, width, dashes = STYLES.get(name, OTHER)
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        path = " ".join(f"{x(count):.1f},{y(time):.1f}" for count, time in points)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"{dashed} '
                   'stroke-linejoin="round"/>')
        out += [f'<circle cx="{x(count):.1f}" cy="{y(time):.1f}" r="{width + 0.7:.1f}" fill="{colour}"/>'
                for count, time in points]
        labels.append((y(points[-1][1]), x(points[-1][0]), name, points[-1][1], colour))
    for at, (own, end, name, time, colour) in apart(labels):
        weight = ' font-weight="600"' if name.startswith("whywait") else ""
        said = f"{time:.1f} s" if time >= 1 else f"{time * 1000:.0f} ms"
        out.append(f'<line x1="{end + 5:.1f}" y1="{own:.1f}" x2="{end + 16:.1f}" y2="{at:.1f}" stroke="{colour}" '
                   'stroke-opacity="0.6"/>')
        out.append(f'<text x="{end + 20:.1f}" y="{at + 4:.1f}" fill="{colour}"{weight}>{escape(name)}  {said}</text>')
    m = report["machine"]
    out.append(f'<text x="{LEFT}" y="{HEIGHT - 10}" fill="{GREY}" font-size="11">'
               f"{escape(str(m['cores']))} cores, Linux {escape(m['kernel'])}; few processes, one network namespace"
               "</text>")
    return "\n".join([*out, "</svg>", ""])
