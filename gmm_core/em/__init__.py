"""Expectation-Maximization, one step at a time, and what may differ from plain EM."""

from gmm_core.em.em import (
    EMRun,
    EMState,
    StopReason,
    expected_log_joint,
    iterate,
    lower_bound,
    m_step,
    resume,
    run,
    start,
    step,
)

__all__ = [
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
