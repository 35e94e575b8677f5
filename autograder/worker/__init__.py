"""What runs inside a sandbox, beside a student's code: the standard library, numpy and msgspec, nothing else.

The folder is loaded on its own there, without the rest of `autograder`; the trusted side shares only `wire`.
"""
