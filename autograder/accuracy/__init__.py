"""Accuracy questions: training watched from outside the sandbox, measuring on images that nobody has seen, fairness."""
