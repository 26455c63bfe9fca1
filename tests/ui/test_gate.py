"""Scripts take turns, nobody keeps the gate for long, and nobody waits for themselves."""

import threading
import time
from collections.abc import Callable

import pytest
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException, StopException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

from ui.gate import Gate


def began(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_one_at_a_time_in_the_order_in_which_they_came() -> None:
    gate, order, inside, most = Gate(patience=60), [], [], []

    def script(number: int) -> None:
        with gate.turn():
            inside.append(number)
            most.append(len(inside))
            time.sleep(0.002)
            order.append(number)
            inside.remove(number)

    with gate.turn():
        threads = []
        for i in range(20):
            threads.append(began(lambda i=i: script(i)))
            # Each stands in the queue before the next one comes.
            while len(gate._waiting) <= i:
                time.sleep(0.0005)
    for thread in threads:
        thread.join(10)
    assert order == list(range(20))
    assert max(most) == 1


@pytest.mark.parametrize("fault", [StopException(), RerunException(RerunData()), ValueError(), SystemExit()])
def test_the_gate_opens_however_a_script_ends(fault: BaseException) -> None:
    gate = Gate(patience=60)
    with pytest.raises(type(fault)), gate.turn():
        raise fault
    entered = threading.Event()

    def next_one() -> None:
        with gate.turn():
            entered.set()

    began(next_one)
    assert entered.wait(5)


def test_a_script_that_is_in_does_not_wait_for_itself() -> None:
    gate, done = Gate(patience=60), threading.Event()

    def page_that_runs_the_app() -> None:
        with gate.turn():
            with gate.turn():
                pass
            assert gate._inside is not None, "it still has its turn"
            done.set()

    began(page_that_runs_the_app)
    assert done.wait(5)


def test_long_work_goes_on_outside() -> None:
    """Ten long ones keep a short one waiting for a moment each, and none for as long as they take."""
    gate, entered, over = Gate(patience=0.05), threading.Event(), threading.Event()

    def long_work() -> None:
        with gate.turn():
            over.wait(20)

    threads = [began(long_work) for _ in range(10)]
    while len(gate._waiting) + (gate._inside is not None) < 1:
        time.sleep(0.001)

    def short_work() -> None:
        with gate.turn():
            entered.set()

    began(short_work)
    assert entered.wait(5), "it waited until the long work was done"
    over.set()
    for thread in threads:
        thread.join(5)
    # Those who come back late do not let two in at once.
    with gate.turn():
        assert gate._waiting == type(gate._waiting)()
        held = gate._inside
        began(short_work)
        time.sleep(0.01)
        assert gate._inside is held
