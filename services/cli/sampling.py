"""``chuan sampling``: how many of a lot to draw, and how many of them may be defective."""

from __future__ import annotations

from typing import Annotated

import typer

from services.cli.options import AsJson
from services.cli.output import print_json, print_table
from services.inspection.sampling import SamplingQuery, offers
from shared.kernel.wellformed import read_query


def sampling(
    lot: Annotated[int, typer.Option("--lot", help="How many the lot holds.")],
    aql: Annotated[str, typer.Option("--aql", help="Percent defective that should pass.", metavar="PERCENT")],
    ltpd: Annotated[str, typer.Option("--ltpd", help="Percent defective that should not pass.", metavar="PERCENT")] = "",
    alpha: Annotated[str, typer.Option("--alpha", help="Highest risk of the producer.", metavar="RISK")] = "0.05",
    beta: Annotated[str, typer.Option("--beta", help="Highest risk of the consumer.", metavar="RISK")] = "0.1",
    as_json: AsJson = False,
) -> None:
    """Print the smallest sampling plan that keeps both risks, and the plan of ISO 2859-1 where it is known.

    With their risks, and the share of lots that each accepts by percent defective.

    Example: chuan sampling --lot 1200 --aql 1 --ltpd 5
    """
    given = {"lot": str(lot), "aql": aql, "ltpd": ltpd, "alpha": alpha, "beta": beta}
    found = offers(read_query({name: value for name, value in given.items() if value}, SamplingQuery))
    if as_json:
        print_json(found)
        return
    columns = ("plan", "n", "Ac", "Re", "producer", "consumer", "verified")
    rows = [
        (one.basis, one.size, one.accept, one.reject, one.producers_risk, one.consumers_risk, "yes" if one.verified else "no")
        for one in found.plans
    ]
    print_table(columns, rows)
    for one in found.plans:
        print(f"\n{one.basis}: n = {one.size}, Ac = {one.accept}")
        print_table(("% defective", "accepted"), [(f"{point.defective_percent:f}", point.accepted) for point in one.curve])
