"""How much of the processors' time went to others while something was measured."""
import os
import resource

from .machine import read


class Others:
    """Counts from when it is made; `share()` is the share of all processors' time, None where the system doesn't say."""

    def __init__(self):
        self.start = self._now()

    def _now(self):
        line = (read("/proc/stat") or "").split("\n")[0].split()[1:9]
        if len(line) < 8:
            return None
        user, nice, system, idle, wait, irq, soft, steal = (int(field) / os.sysconf("SC_CLK_TCK") for field in line)
        busy = user + nice + system + irq + soft + steal
        # Children count once they have ended.
        ours = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return busy + idle + wait, busy - ours

    def share(self):
        now = self._now()
        if now is None or self.start is None:
            return None
        return max(0.0, (now[1] - self.start[1]) / max(1e-9, now[0] - self.start[0]))
