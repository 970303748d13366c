"""``chuan targeting``: the visits of a month, and whether an order by score would have found more, sooner."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from services.cli.options import AsJson, DataFolder, Url, day
from services.cli.orders import carry_out, well_formed
from services.cli.output import print_json, print_table
from services.planning.handlers.selections import Selected
from services.planning.handlers.selections import select as choose_visits
from services.planning.model.targeting import CapacityPlan, SelectionOrder
from services.planning.targeting.backtest import Backtest, Spans
from services.planning.targeting.backtest import backtest as run_backtest
from services.planning.targeting.history import Mapping, read_history
from services.planning.targeting.order import Interval
from shared.typed_files import in_file, read_toml

targeting = typer.Typer(help="Where to look next, and whether the order by score is any better.")

_MOST_WEIGHTS = 10


@targeting.callback()
def _group() -> None:
    """Where to look next, and whether the order by score is any better."""


@targeting.command()
def backtest(
    file: Annotated[Path, typer.Argument(help="Past inspections as CSV.", metavar="FILE", exists=True, dir_okay=False)],
    train_until: Annotated[date, typer.Option(parser=day, help="Last day to learn from.", metavar="DAY")],
    test_from: Annotated[date, typer.Option(parser=day, help="First day to try.", metavar="DAY")],
    test_to: Annotated[date, typer.Option(parser=day, help="Last day to try.", metavar="DAY")],
    columns: Annotated[
        Path | None,
        typer.Option(help="Column mapping (TOML); without it the header finds one.", metavar="MAPPING", dir_okay=False),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the shuffles and the bootstrap.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Order past inspections by a score learnt from those before, and tell what would have been found sooner.

    Ends with 0 when a gain over the actual order is shown, with 1 when none is.

    Example: chuan targeting backtest past.csv --train-until 2014-06-30 --test-from 2014-07-01 --test-to 2014-08-31
    """
    spans = Spans(train_until, test_from, test_to)
    spans.check()
    mapping = _mapping(columns) if columns is not None else None
    with in_file(file), file.open(encoding="utf-8-sig", newline="") as lines:
        mapping, history = read_history(lines, mapping)
    tried = run_backtest(history, mapping, spans, seed)
    if as_json:
        print(msgspec.json.encode(_document(tried, mapping, seed)).decode())
    else:
        _show(tried, spans)
    if not tried.comparison.gain_shown:
        raise typer.Exit(1)


@targeting.command()
def select(
    month: Annotated[str, typer.Option(help="Month to choose visits for, as 2025-04.", metavar="MONTH")],
    capacity: Annotated[Path, typer.Option(help="Visits each province can make (TOML).", metavar="FILE", dir_okay=False)],
    seed: Annotated[int, typer.Option(help="Seed of the random tenth.")] = 1,
    url: Url = "",
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Choose the visits of a month: the highest expected harm, and a tenth at random. A month is chosen once.

    Without --url it is stored in the data folder; what follows from it is published when chuan starts next.

    Example: chuan targeting select --month 2025-04 --capacity capacity.toml --data .chuan
    """
    with in_file(capacity):
        of_month = read_toml(capacity.read_text(encoding="utf-8"), CapacityPlan).of(month)
        order = well_formed({"month": month, "capacity": of_month, "seed": seed}, SelectionOrder)
    path, do = "/v1/targeting/selections", partial(choose_visits, order)
    selected: Selected = carry_out(do, path, order, service="planning", url=url, data=data, answer=Selected)
    if as_json:
        print_json(selected)
        return
    print(f"{selected.month}: {selected.chosen} visits chosen, {selected.at_random} of them at random")
    if selected.standing:
        print(f"chosen before and left as they are: {', '.join(selected.standing)}")


def _mapping(file: Path) -> Mapping:
    with in_file(file):
        return read_toml(file.read_text(encoding="utf-8"), Mapping)


def _document(tried: Backtest, mapping: Mapping, seed: int) -> dict[str, object]:
    figures = msgspec.structs.asdict(tried.comparison)
    about = {name: value for name, value in msgspec.structs.asdict(tried).items() if name != "comparison"}
    return {**figures, "gain_shown": tried.comparison.gain_shown, **about, "mapping": mapping.name, "seed": seed}


def _show(tried: Backtest, spans: Spans) -> None:
    found = tried.comparison
    early, random = found.days_earlier_interval, found.random_days_earlier_interval
    gain = found.found_by_half_gain_interval
    print(
        f"Learnt from {tried.trained_on} inspections up to {spans.train_until}; tried on {found.n} from {spans.test_from} "
        f"to {spans.test_to}, of which {found.positives} found something. AUC {found.auc:.3f}."
    )
    print_table(
        ["order", "days earlier", "95 %", "found by half-way", "95 % of the gain"],
        [
            ["by score", f"{found.days_earlier:.1f}", _span(early.low, early.high), _share(found.found_by_half), _points(gain)],
            ["as it was", "0.0", "", _share(found.actual_found_by_half), ""],
            [
                "random",
                f"{found.random_days_earlier:.1f}",
                _span(random.low, random.high),
                _share(found.random_found_by_half),
                "",
            ],
        ],
    )
    print("What the score rests on, most first (log-odds for one standard deviation):")
    ranked = sorted(tried.weights.items(), key=lambda pair: -abs(pair[1]))
    print_table(["feature", "weight"], [(name, f"{weight:+.3f}") for name, weight in ranked[:_MOST_WEIGHTS]])
    print(_verdict(tried))


def _verdict(tried: Backtest) -> str:
    found = tried.comparison
    if not found.gain_shown:
        return "No gain shown: the order by score is not better than the actual order by more than chance gives."
    sooner = f"Gain shown: what is found is found {found.days_earlier:.1f} days earlier on average"
    if found.found_by_half_gain_interval.low <= 0:
        return f"{sooner}. That more of it is found by half-way is not shown."
    more = f"{_share(found.found_by_half)} of it by half-way instead of {_share(found.actual_found_by_half)}"
    return f"{sooner}, and {more}."


def _share(share: float) -> str:
    return f"{100 * share:.1f} %"


def _span(low: float, high: float) -> str:
    return f"{low:.1f} to {high:.1f}"


def _points(gain: Interval) -> str:
    return f"{100 * gain.low:+.1f} to {100 * gain.high:+.1f} points"
