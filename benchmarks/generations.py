"""How the worker of the models fares as a part of the site: cold start, memory, jobs together.

`python -m benchmarks.generations` queues jobs in an embedded site of its own and has a real worker
process do them; `COUNTERPOINT_WEIGHTS_DIR` chooses other weights than the shipped ones.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

RUNS = 3
QUEUED = 32
TECHNIQUES = ("accompany", "edit", "extend")


def main() -> None:
    """Measure cold starts with each technique, then 32 extensions together and one by one."""
    from benchmarks.report import show

    figures: dict[str, Any] = {}
    for technique in TECHNIQUES:
        runs = [_measured("cold", technique) for _ in range(RUNS)]
        figures[f"cold_{technique}"] = {
            name: statistics.median(run[name] for run in runs) for name in runs[0]
        }
    figures["all_techniques"] = _measured("all")
    together, singly = _measured("together"), _measured("singly")
    figures |= {"together": together, "singly": singly}
    figures["times_as_many"] = round(singly["cpu_s"] / together["cpu_s"], 2)
    show("generations", figures)


def _measured(what: str, technique: str = "extend") -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.generations", what, technique],
            env=os.environ | {"COUNTERPOINT_DATA_DIR": folder},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _in_a_site(what: str, technique: str) -> dict[str, float]:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ.setdefault("COUNTERPOINT_LOG_LEVEL", "WARNING")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    if what == "cold":
        return _by_a_process([technique])
    if what == "all":
        return _by_a_process(list(TECHNIQUES))
    return _here(together=what == "together")


def _ask(techniques: list[str]) -> None:
    from django.utils import timezone

    from benchmarks.material import typical_piece
    from config.demo.people import participant
    from studio.services.compositions import create_composition
    from studio.services.generations import Wish, request_generation

    now, owner = timezone.now(), participant("ben")
    tune = create_composition(owner=owner, upload=typical_piece(1).to_midi(), title="Tune", now=now)
    for seed, technique in enumerate(techniques):
        wish = Wish(technique=technique, seed=seed)
        request_generation(composition=tune, owner=owner, wish=wish, now=now)


def _by_a_process(techniques: list[str]) -> dict[str, float]:
    """Return what a worker takes from its start to its last result, and what its child held.

    `cpu_s` is processor time of the worker and its child, which other work on the machine leaves
    as it is.
    """
    from benchmarks.uploads import wait_for
    from jobs.models import Job
    from jobs.processes import Supervisor, generator

    _ask(techniques)
    with Supervisor([generator(processes=1)], say=sys.stderr.write):
        seconds = wait_for(lambda: not Job.objects.open().exists(), 120)
        worker = Job.objects.order_by("-finished_at")[0].worker
        parent, child = (int(stamp.partition(".")[0]) for stamp in worker.split("/")[1:])
        used = _cpu_seconds(parent) + _cpu_seconds(child)
        memory = _peak_mb(child)
    return {"wall_s": round(seconds, 2), "cpu_s": round(used, 2), "memory_mb": memory}


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_mb(pid: int) -> float:
    """Return the most memory that a process ever held."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    peak = next(line for line in lines if line.startswith("VmHWM"))
    return round(int(peak.split()[1]) / 1024, 1)


def _here(*, together: bool) -> dict[str, float]:
    """Return what 32 extensions cost in this process, which loads the model before."""
    import workers.generation  # noqa: F401 - registers the handlers
    from jobs.models import Job
    from workers.runner import work_once

    _ask(["extend"])
    work_once("generate", "benchmark")
    _ask(["extend"] * QUEUED)
    if not together:
        Job.objects.update(batch="")
    began, cpu = time.perf_counter(), time.process_time()
    while work_once("generate", "benchmark"):
        pass
    wall, used = time.perf_counter() - began, time.process_time() - cpu
    return {"jobs": QUEUED, "wall_s": round(wall, 2), "cpu_s": round(used, 2)}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(_in_a_site(*sys.argv[1:3])))
    else:
        main()
