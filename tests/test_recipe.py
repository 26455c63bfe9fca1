"""What CONTRIBUTING.md says of adding one: a row and a function, and the tests and the sidebar have it."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CORE = "tests/gmm_core/"
APP = "tests/ui/app/test_app.py"

# Of each kind, tests that are parametrised over its registry, and that nobody wrote for a toy.
CONTRACTS = {
    "a family": [
        f"{CORE}families/test_families.py::test_an_entry_describes_itself",
        f"{CORE}families/test_families.py::test_the_m_step_is_a_maximum",
        f"{CORE}em/test_em.py::test_a_run_is_the_iteration_cut_off",
        f"{CORE}em/test_em.py::test_the_bound_lies_between_successive_likelihoods",
    ],
    "a start": [
        f"{CORE}starts/test_initialization.py::test_an_entry_describes_itself",
        f"{CORE}starts/test_initialization.py::test_every_start_works_in_any_dimension",
        f"{CORE}starts/test_initialization.py::test_a_start_depends_on_the_generator_alone",
    ],
    "a generator": [
        f"{CORE}datasets/test_generators.py::test_a_generator_introduces_itself",
        f"{CORE}datasets/test_generators.py::test_a_knob_is_usable_as_a_control",
        f"{CORE}datasets/test_generators.py::test_the_seed_decides",
    ],
    "an algorithm": [
        f"{CORE}test_iteration.py::test_no_step_loses",
        f"{CORE}test_iteration.py::test_a_run_is_the_steps_one_after_the_other",
        f"{CORE}test_iteration.py::test_a_run_that_is_resumed_is_the_one_that_was_not_broken_off",
    ],
}


def outcomes(*tests: str) -> dict[str, set[str]]:
    """By test, how its cases with a toy ended."""
    options = ("-p", "tests.toys", "-k", "toy", "-v", "-n", "0", "-p", "no:cacheprovider", "--no-header")
    command = [sys.executable, "-m", "pytest", *options, *tests]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    ended: dict[str, set[str]] = {}
    for test, outcome in re.findall(r"^(\S+?)\[[^\n]*\] (PASSED|FAILED|ERROR|SKIPPED)", answer.stdout, re.M):
        ended.setdefault(test, set()).add(outcome)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return ended


def test_a_toy_of_each_kind_inherits_the_contract_tests() -> None:
    tests = [test for tests in CONTRACTS.values() for test in tests]
    assert outcomes(*tests) == {test: {"PASSED"} for test in tests}


def test_a_toy_can_be_chosen_in_the_sidebar() -> None:
    tests = [
        f"{APP}::test_every_other_family_can_be_chosen_and_undo_takes_it_back",
        f"{APP}::test_every_data_set_can_be_chosen",
        f"{APP}::test_a_control_changes_its_field_and_undo_takes_it_back",
    ]
    assert outcomes(*tests) == {test: {"PASSED"} for test in tests}
