"""The same grading on many machines: a Dask cluster in place of the suite's process."""
