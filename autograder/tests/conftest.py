"""What holds for all tests: examples of a property have no deadline, since a busy machine is no reason to fail."""

from hypothesis import settings

settings.register_profile("without_deadline", deadline=None)
settings.load_profile("without_deadline")
