"""The figures of bench/run as tables: text for a terminal, Markdown for a document."""

from statistics import median

MINE = {"whywait list": "list", "whywait": "diagnosis"}  # and how the heads of columns call them
BEGIN = "<!-- figures: written by bench/run --document -->"
END = "<!-- end of figures -->"


def seconds(value):
    return f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def spread(values):
    return f"{seconds(median(values))} ({seconds(min(values))}–{seconds(max(values))})"


def ratio(value, of):
    if not of:
        return "-"
    r = value / of
    return f"{r:.0f}×" if r >= 100 else f"{r:.1f}×" if r >= 10 else f"{r:.2f}×"


def by_name(report):
    return {scenario["name"]: scenario for scenario in report["scenarios"]}


def wall(scenario, tool):
    return median(scenario["tools"][tool]["wall"])


def cpu(scenario, tool):
    return median(scenario["tools"][tool]["cpu"])


def bytes_a_socket(report, scenario, tool):
    """The peak of memory over that of a run without sockets."""
    empty = by_name(report).get(scenario.get("empty"))
    if not empty or not scenario["sockets"]:
        return None
    more = median(scenario["tools"][tool]["peak_kib"]) - median(empty["tools"][tool]["peak_kib"])
    return more * 1024 / scenario["sockets"]


def title(report, scenario):
    count, processes, namespaces = (scenario[key] for key in ("sockets", "processes", "namespaces"))
    text = f"{count:,} CLOSE_WAIT" if count else "No connections"
    text += f" in {processes} process{'es' if processes > 1 else ''}"
    text += f" and {namespaces} network namespace{'s' if namespaces > 1 else ''}"
    if processes > scenario["processes_asked"]:
        text += f" (the limit of {report['machine']['descriptor_limit']:,} descriptors asks for so many)"
    return text


def remarks(report, scenario):
    def runs(count):
        return f"{count} run{'s' if count != 1 else ''}"

    out = [f"Median of {runs(report['runs'])} (least–most)."]
    few = [f"{name} {len(t['wall'])}" for name, t in scenario["tools"].items() if len(t["wall"]) < report["runs"]]
    if few:
        out[0] = f"Median of {runs(report['runs'])} (least–most); of slow commands fewer: {', '.join(few)}."
    if scenario["gave_up"]:
        out.append(f"Not ended after {report['longest_run_s']} s: {', '.join(scenario['gave_up'])}.")
    if any(t["runs_of_it"] > 1 for t in scenario["tools"].values()):
        out.append(f"A run of ss, netstat or lsof is {scenario['namespaces']} runs, one in each namespace.")
    return out


HEAD = ["command", "wall s", "CPU s", "peak MiB", "bytes a socket"]


def scenario_table(report, scenario):
    mine = [name for name in MINE if name in scenario["tools"]]
    head = HEAD + [f"{what} / {MINE[name]}" for what in ("wall", "CPU") for name in mine]
    lines = [head]
    for name, figures in scenario["tools"].items():
        each = bytes_a_socket(report, scenario, name)
        line = [name + ("" if figures["complete"] else " INCOMPLETE"), spread(figures["wall"]), spread(figures["cpu"]),
                f"{median(figures['peak_kib']) / 1024:.1f}", "-" if each is None else f"{each:,.0f}"]
        line += [ratio(wall(scenario, name), wall(scenario, of)) for of in mine]
        line += [ratio(cpu(scenario, name), cpu(scenario, of)) for of in mine]
        lines.append(line)
    return lines


def growth_table(report, small, large):
    lines = [["command", f"wall, {large['name']} / {small['name']}", "CPU", "peak memory"]]
    for name in large["tools"]:
        if name not in small["tools"]:
            continue
        peaks = [median(s["tools"][name]["peak_kib"]) for s in (large, small)]
        lines.append([name, ratio(wall(large, name), wall(small, name)), ratio(cpu(large, name), cpu(small, name)),
                      ratio(*peaks)])
    return lines


def sections(report):
    """(heading, table, remarks) of all there is to show."""
    scenarios = by_name(report)
    for scenario in report["scenarios"]:
        if scenario["sockets"]:
            yield title(report, scenario), scenario_table(report, scenario), remarks(report, scenario)
    if "100k/7/1" in scenarios and "300k/7/1" in scenarios:
        yield ("From 100,000 to 300,000", growth_table(report, scenarios["100k/7/1"], scenarios["300k/7/1"]),
               ["Linear is 3.00×."])
    quiet = min((s for s in report["scenarios"] if not s["sockets"]), key=lambda s: s["processes"], default=None)
    if quiet:
        table = [line[:4] for line in scenario_table(report, quiet)]
        yield f"A quiet box: {title(report, quiet).lower()}", table, remarks(report, quiet)


def goals_table(report):
    """What the project sets itself, at 100,000 connections in few processes; empty where that was not measured."""
    scenarios = by_name(report)
    at = scenarios.get("100k/7/1")
    if not at:
        return []
    lines = [["goal", "figure", "wanted", ""]]

    def goal(what, value, wanted, met):
        lines.append([what, f"{value:,.2f}" if value < 100 else f"{value:,.0f}", wanted, "met" if met else "MISSED"])

    for name in (name for name in MINE if name in at["tools"]):
        for measure, of in (("wall", wall), ("CPU", cpu)):
            mine = of(at, name)
            for other, least in (("ss -tanp", 25), ("ss -tan", 1)):
                if other in at["tools"]:
                    r = of(at, other) / mine
                    goal(f"{name}: {measure} of {other} / its own", r, f">= {least}", r >= least)
            if "bench_floor" in at["tools"]:
                r = mine / of(at, "bench_floor")
                goal(f"{name}: {measure} / that of the floor", r, "<= 2", r <= 2)
            if "300k/7/1" in scenarios:
                r = of(scenarios["300k/7/1"], name) / mine
                goal(f"{name}: {measure} at 300k / at 100k", r, "<= 3.3", r <= 3.3)
        each = bytes_a_socket(report, at, name)
        goal(f"{name}: bytes a socket", each, "<= 250", each <= 250)
    return lines


def machine_lines(report):
    m = report["machine"]
    alone = "processes and sockets of the benchmark only" if m["alone"] else "processes and sockets of the machine too"
    elsewhere = m.get("sockets_elsewhere")  # not in reports of before it was counted
    others = "" if elsewhere is None else f" ({elsewhere:,} TCP sockets elsewhere)"
    return [f"{m['cores']} cores of {m['cpu']}, {m['memory_gib']} GiB, Linux {m['kernel']}; {alone}{others}; "
            f"{report['taken_at']}", "; ".join(report["versions"].values()), f"{report['command']}"]


def incomplete(report):
    out = []
    for scenario in report["scenarios"]:
        if scenario["judged_by_diagnosis"] != scenario["sockets"]:
            out.append(f"{scenario['name']}: the diagnosis judges {scenario['judged_by_diagnosis']}, "
                       f"not {scenario['sockets']}")
        for name, figures in scenario["tools"].items():
            if not figures["complete"]:
                out.append(f"{scenario['name']}: {name} shows {figures['shown']}, not {scenario['sockets']}")
    return out


def as_text(table):
    widths = [max(len(line[i]) for line in table) for i in range(len(table[0]))]
    cells = [[cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(line, widths))]
             for line in table]
    return "\n".join("  ".join(line).rstrip() for line in cells)


def as_markdown(table):
    rule = ["---"] + ["---:"] * (len(table[0]) - 1)
    first = [[f"`{line[0]}`", *line[1:]] for line in table[1:]]
    return "\n".join(f"| {' | '.join(line)} |" for line in [table[0], rule, *first])


def text(report):
    parts = ["\n".join(machine_lines(report))]
    parts += [f"{heading}\n{as_text(table)}\n{' '.join(said)}" for heading, table, said in sections(report)]
    if goals := goals_table(report):
        parts.append(f"Goals\n{as_text(goals)}")
    return "\n\n".join(parts)


def markdown(report):
    where, versions, command = machine_lines(report)
    parts = [f"{where}. {versions}.", f"```\n{command}\n```"]
    for heading, table, said in sections(report):
        parts.append(f"### {heading}\n\n{as_markdown(table)}\n\n{' '.join(said)}")
    return "\n\n".join(parts)


def put_into(document, report):
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"bench: the document has no lines {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{markdown(report)}\n\n{END}{after}"
