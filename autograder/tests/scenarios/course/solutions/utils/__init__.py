"""Support code: there is none."""
