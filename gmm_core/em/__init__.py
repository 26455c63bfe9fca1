"""Expectation-Maximization, one step at a time, and what may differ from plain EM.

The E-step computes expected sufficient statistics; the M-step turns them into a mixture. Advancing
(`start`, `step`, `iterate`) and stopping (`run`) are separate.
"""

from gmm_core.em.annealing import Annealing
from gmm_core.em.bound import expected_log_joint, lower_bound
from gmm_core.em.maximization import m_step
from gmm_core.em.runs import EM, EMEnd, EMRun, resume, run
from gmm_core.em.steps import EMState, iterate, start, step
from gmm_core.iteration import StopReason

__all__ = [
    "EM",
    "Annealing",
    "EMEnd",
    "EMRun",
    "EMState",
    "StopReason",
    "expected_log_joint",
    "iterate",
    "lower_bound",
    "m_step",
    "resume",
    "run",
    "start",
    "step",
]
