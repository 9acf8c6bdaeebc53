"""``paotui train``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.run import Overrides
from sim.cli.show import console, progress, table
from sim.experiment.folder import expect_file
from sim.experiment.learn.price import Price
from sim.experiment.learn.train import Trained, Training, write_model
from sim.experiment.learn.train import train as train_model
from sim.policies.learned import LEVERS, SEEN
from sim.scenario.load import load
from sim.scenario.schema import Scenario

USUAL = Training()


def train(
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="Where to learn: a YAML file or a built-in scenario's name.")
    ] = "campus_lunch",
    seeds: Annotated[
        str, typer.Option(metavar="A,B,...", help="Seeds of the scenario to learn on; test on others.")
    ] = ",".join(map(str, USUAL.seeds)),
    iterations: Annotated[int, typer.Option(min=1, help="Steps of the search.")] = USUAL.iterations,
    directions: Annotated[
        int, typer.Option(min=1, help="Directions tried in each step; episodes are twice as many, and one more.")
    ] = USUAL.directions,
    seed: Annotated[int, typer.Option(min=0, help="Of the directions.")] = USUAL.seed,
    late_min: Annotated[
        float, typer.Option(min=0, help="Minutes that an order costs more when late.")
    ] = USUAL.price.late_min,
    lost_min: Annotated[
        float, typer.Option(min=0, help="Minutes that an order costs which never comes.")
    ] = USUAL.price.lost_min,
    overrides: Overrides = None,
    out: Annotated[Path, typer.Option(help="File of the model.")] = Path("learned.json"),
) -> None:
    """Train the dispatch policy `learned`; the same command gives the same model."""
    loaded = load(scenario, Scenario, overrides or [])
    training = Training(
        seeds=_numbers(seeds),
        iterations=iterations,
        directions=directions,
        seed=seed,
        price=Price(late_min, lost_min),
    )
    expect_file(out)
    with progress(f"training on {loaded.name}") as tell:
        trained = train_model(loaded, training, tell)
    write_model(trained, loaded, training, out)
    _show(trained)
    say = "--dispatch learned --set dispatch.params.model="
    console.print(f"model: {out}\ntry it:  paotui run SCENARIO {say}{out}", soft_wrap=True, highlight=False)
    console.print("judge it on seeds that it was not trained on", highlight=False)


def _show(trained: Trained) -> None:
    """How an order's cost fell, and what the model does."""
    steps = zip(trained.tried_min, trained.matching_min, strict=True)
    rows = [(index, tried, matching, tried - matching) for index, (tried, matching) in enumerate(steps)]
    table("minutes an order costs", ("step", "mean of the tries", "matching", "difference"), rows)
    lines = zip(LEVERS, trained.model.bias.tolist(), trained.model.gain.tolist(), strict=True)
    rules = [(lever.name, bias, *gain) for lever, bias, gain in lines]
    table("\nthe action it takes, -1 to 1 (0 is matching)", ("lever", "always", *(f"per {s}" for s in SEEN)), rules)


def _numbers(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError:
        raise ValueError(f"--seeds {text}: expected whole numbers with commas between them") from None
