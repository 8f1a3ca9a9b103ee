import threading
import time

from jobs.bell import MOST_AT_ONCE, Ringer


class Broker:
    def __init__(self):
        self.heard = []
        self.broken = False
        self.hung = threading.Event()
        self.hung.set()

    def send(self, queue, again):
        self.hung.wait(10)
        if self.broken:
            raise OSError("the broker is gone")
        self.heard.append((queue, again))


def test_each_ring_is_sent():
    broker = Broker()
    ringer = Ringer(broker.send)

    for _ in range(3):
        ringer.ring("score")
    ringer.ring("light")

    assert ringer.flush(5)
    assert sorted(broker.heard) == [("light", False)] + 3 * [("score", False)]


def test_a_hung_broker_costs_the_caller_nothing():
    broker = Broker()
    broker.hung.clear()
    ringer = Ringer(broker.send)

    start = time.perf_counter()
    for _ in range(100):
        ringer.ring("score")
    spent = time.perf_counter() - start
    waited = ringer.flush(0.05)
    broker.hung.set()

    assert spent < 0.5
    assert not waited
    assert ringer.flush(5)


def test_a_broken_broker_raises_nothing_and_is_left_alone_for_a_while():
    broker = Broker()
    broker.broken = True
    ringer = Ringer(broker.send)

    ringer.ring("score")
    assert ringer.flush(5)
    broker.broken = False
    ringer.ring("score")

    assert ringer.flush(5)
    assert broker.heard == []


def test_a_burst_becomes_a_few_rings_that_go_on():
    broker = Broker()
    ringer = Ringer(broker.send)

    ringer.ring("score", times=10_000)

    assert ringer.flush(5)
    assert broker.heard == MOST_AT_ONCE * [("score", True)]
