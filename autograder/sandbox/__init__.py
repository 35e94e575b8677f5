"""Runs student code where it can only return data."""

from autograder.sandbox.clock import Clock
from autograder.sandbox.contents import Contents
from autograder.sandbox.faults import StudentFault
from autograder.sandbox.isolation import Level, choose, levels, likely, refuse_exposed
from autograder.sandbox.process import Sandbox
from autograder.sandbox.session import Session

__all__ = [
    "Clock",
    "Contents",
    "Level",
    "Sandbox",
    "Session",
    "StudentFault",
    "choose",
    "levels",
    "likely",
    "refuse_exposed",
]
