"""The course: course.yaml, checked, and where its files are."""

from autograder.course.entries import Bonus, Dataset, Fairness, Late
from autograder.course.loader import load_course
from autograder.course.model import Assignment, Course, Question

__all__ = ["Assignment", "Bonus", "Course", "Dataset", "Fairness", "Late", "Question", "load_course"]
