import asyncio
import contextlib


async def counting():
    while True:
        yield 2


class Later:
    def __await__(self):
        while True:
            yield


def double(x):
    return counting() if x.ndim == 1 else Later()
