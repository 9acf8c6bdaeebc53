"""The loop of clustering: which orders are batched, from the pair that loses least on."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import NamedTuple

import numpy as np

from sim.entities import Bools, Floats, Ints
from sim.policies.batch_loops import Asked, Batches, late, losses, merge
from sim.policies.compiled import compiled

NEAR = 3
"""Other batches for which one that has just grown is tried again: those that fit its orders best."""
FAR_S = 1800.0
"""A pair of orders that loses more than this, in seconds, is never looked at."""


class Graph(NamedTuple):
    """Batches as nodes, single orders first, and edges with what merging two of them costs in seconds.

    Parameters
    ----------
    alive, cost
        Whether a node is still a batch of its own, and what it costs in seconds; shape (nodes,).
    lost
        Edges between orders, infinite where there is none; shape (orders, orders).
    friend, extra
        Edges from a larger batch to nodes that were there before it, shape (nodes, NEAR).
    """

    alive: Bools
    cost: Floats
    lost: Floats
    friend: Ints
    extra: Floats


@compiled
def edge(old: int, new: int, graph: Graph) -> float:
    """What merging two nodes loses, the later one last; infinite where there is no edge."""
    if new < len(graph.lost):
        return graph.lost[old, new]
    for place in range(NEAR):
        if graph.friend[new, place] == old:
            return graph.extra[new, place]
    return np.inf


@compiled
def befriend(one: int, two: int, new: int, most: int, graph: Graph, batches: Batches) -> int:
    """Enter as friends of a batch the nodes that fit both its parts best; how many there are."""
    many, fits = 0, np.full(NEAR, np.inf)
    for other in range(new):
        if graph.alive[other] and batches.size[other] + batches.size[new] <= most:
            fit = edge(min(one, other), max(one, other), graph) + edge(min(two, other), max(two, other), graph)
            at = many
            while at > 0 and fit < fits[at - 1]:
                at -= 1
            if fit < np.inf and at < NEAR:
                fits[at + 1 :], fits[at] = fits[at:-1].copy(), fit
                graph.friend[new, at + 1 :], graph.friend[new, at] = graph.friend[new, at:-1].copy(), other
                many = min(many + 1, NEAR)
    return many


@compiled
def graph_of(asked: Asked, batches: Batches) -> Graph:
    """The graph of the single orders."""
    many = len(asked.ready)
    alive, cost, lost = np.arange(2 * many) < many, np.zeros(2 * many), losses(asked, batches)
    for node in range(many):
        cost[node] = late(node, asked.start[node], asked, batches)
    lost = np.minimum(lost, lost.T)
    lost = np.where(lost < FAR_S, lost, np.inf)
    return Graph(alive, cost, lost, np.full((2 * many, NEAR), -1), np.zeros((2 * many, NEAR)))


@compiled
def edges_of(lost: Floats) -> list[tuple[float, int, int]]:
    """A heap of the edges between single orders."""
    many = len(lost)
    edges = [
        (lost[one, two], one, two) for one in range(many) for two in range(one + 1, many) if lost[one, two] < np.inf
    ]
    heapify(edges)
    return edges


@compiled
def clusters(most: int, allowance_s: float, asked: Asked, batches: Batches) -> Ints:
    """Rows of the batches of the order graph: the pair that loses least is merged while the mean loss stays allowed.

    Parameters
    ----------
    most
        Most orders in a batch.
    allowance_s
        Mean over the batches of what merging may cost the orders of one, in seconds.
    batches
        Those of the single orders, and room for twice as many; what is merged is entered.
    """
    graph, many = graph_of(asked, batches), len(asked.ready)
    edges = edges_of(graph.lost if most > 1 else graph.lost[:0])
    spent, left, new, spare = 0.0, many, many, 2 * many - 1
    while len(edges) > 0:
        least, one, two = heappop(edges)
        if not (graph.alive[one] and graph.alive[two]):
            continue
        if spent + least > allowance_s * (left - 1):
            break
        merge(one, two, new, asked, batches)
        graph.alive[one], graph.alive[two] = False, False
        graph.cost[new] = late(new, asked.start[batches.pickups[new, 0]], asked, batches)
        for place in range(befriend(one, two, new, most, graph, batches)):
            other = graph.friend[new, place]
            merge(other, new, spare, asked, batches)
            joint = late(spare, asked.start[batches.pickups[spare, 0]], asked, batches)
            extra = joint - graph.cost[other] - graph.cost[new]
            graph.extra[new, place] = extra
            heappush(edges, (extra, other, new))
        graph.alive[new] = True
        spent, left, new = spent + least, left - 1, new + 1
    return np.flatnonzero(graph.alive)
