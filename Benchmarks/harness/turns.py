"""Contestants take turns, so that a busy minute of the machine falls on all of them."""
import itertools
import math
import statistics

from .server import PeerError

NAMES = itertools.count()


class Contestant:
    """Work that a server does, under the label that its times are kept by."""

    def __init__(self, label, server, spec):
        self.label = label
        self.server = server
        self.spec = spec
        self.name = str(next(NAMES))
        self.count = 1

    def prepare(self):
        self.server.ask(do="prepare", name=self.name, spec=self.spec)

    def turn(self):
        """Seconds for one of what is counted."""
        reply = self.server.ask(do="run", name=self.name, count=self.count)
        return reply["seconds"] / reply["count"]

    def calibrate(self, block):
        """Finds how many take about `block` seconds."""
        # What is compiled or allocated at first is none of their time.
        self.turn()
        each = self.turn()
        while each * self.count < block / 2:
            self.count = min(10 * self.count, max(self.count + 1, math.ceil(block / each)))
            each = self.turn()
        self.count = max(1, math.ceil(block / each))

    def facts(self):
        reply = self.server.ask(do="facts", name=self.name)
        return {**reply.get("facts", {}), "peak": reply.get("peak")}

    def drop(self):
        self.server.ask(do="drop", name=self.name)


def take_turns(bench, contestants, case, rounds=None, block=None, calibrates=True, facts=False, beside=()):
    """One line of a result: what it is about, and for each label the seconds of each round. Those of `beside` take turns
    too; they are no peers, and kept apart."""
    contestants = [*contestants, *beside]
    times, missing, found = {}, {}, {}

    def attempt(contestant, action):
        if contestant.label in missing:
            return
        try:
            action()
        except PeerError as error:
            missing[contestant.label] = str(error)
            times.pop(contestant.label, None)

    for contestant in contestants:
        times[contestant.label] = []
        attempt(contestant, contestant.prepare)
        if calibrates:
            attempt(contestant, lambda: contestant.calibrate(block or bench.block))
    for number in range(rounds or bench.rounds):
        # Who goes first changes.
        start = number % len(contestants)
        for contestant in contestants[start:] + contestants[:start]:
            attempt(contestant, lambda: times[contestant.label].append(contestant.turn()))
    for contestant in contestants:
        if facts:
            attempt(contestant, lambda: found.update({contestant.label: contestant.facts()}))
        attempt(contestant, contestant.drop)
    line = {"case": case, "times": times}
    if beside:
        line["beside"] = {one.label: times.pop(one.label) for one in beside if one.label in times}
    if missing:
        line["missing"] = missing
    if facts:
        line["facts"] = found
    bench.say("  " + " ".join(
        [str(case.get("title", case))] + [f"{label} {middle(line, label):.4g} s" for label in times]))
    return line


def seconds(line, label):
    """The seconds of each round, or None."""
    return line["times"].get(label) or line.get("beside", {}).get(label)


def middle(line, label):
    """The median time, or None."""
    found = seconds(line, label)
    return statistics.median(found) if found else None


def ratio(line, label, ours="downhill"):
    """How many times as fast ours is: the median of the rounds' ratios; None where one of them has no times."""
    mine, theirs = seconds(line, ours), seconds(line, label)
    if not mine or not theirs:
        return None
    return statistics.median(b / a for a, b in zip(mine, theirs))
