import os
import subprocess
import sys

from jobs.whereabouts import family, is_gone, my_name, place


def name_of(pid: int) -> str:
    return f"{family(pid)}/{pid}.0"


def test_this_process_lives():
    assert not is_gone(my_name())


def test_a_process_that_ended_is_gone():
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    child.wait()

    assert is_gone(name_of(child.pid))


def test_a_number_used_again_does_not_hide_a_death():
    assert is_gone(f"{place()}/1.1/{os.getpid()}.1")


def test_nobody_judges_a_process_elsewhere():
    assert not is_gone("another-machine:1/1.1/999999.1")
    assert not is_gone("")


def test_a_worker_s_children_bear_its_name():
    assert my_name().startswith(f"{family(os.getppid())}/")
