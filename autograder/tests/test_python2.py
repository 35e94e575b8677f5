"""Python 2 as Python 3: what is recognised, and what it becomes."""

from __future__ import annotations

import pytest

from autograder.worker.python2 import is_python2, translate


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("print 'a %d' % i\n", "print('a %d' % i)\n"),
        ("print\n", "print()\n"),
        ("print a, b,\n", 'print(a, b, end=" ")\n'),
        ("print ('a'), b\n", "print(('a'), b)\n"),
        ("print >>sys.stderr, 'a'\n", "print( 'a')\n"),
        ("if x: print 'a'; print 'b'\n", "if x: print('a'); print('b')\n"),
        ("print 'a' # print 'b'\n", "print('a') # print 'b'\n"),
        ("print 'a %s' % (\n    x)\n", "print('a %s' % (\n    x))\n"),
        ("raise ValueError, 'no'\n", "raise ValueError( 'no')\n"),
        ("try:\n  f()\nexcept (A, B), e:\n  pass\n", "try:\n  f()\nexcept (A, B) as e:\n  pass\n"),
        ("if a <> b: pass\n", "if a != b: pass\n"),
    ],
)
def test_statements_of_python_2_become_those_of_python_3(old, new):
    assert translate(old) == new
    compile(new, "", "exec")


@pytest.mark.parametrize(
    "text",
    ["print 'a'\n", "print >>sys.stderr, 'a'\n", "for i in xrange(3): pass\n", "raise E, 'no'\n", "if a <> b: pass\n"],
)
def test_what_only_python_2_runs_is_python_2(text):
    assert is_python2(text)


@pytest.mark.parametrize(
    "text",
    [
        "print('a %d' % i)\n",
        'def f():\n    """\n    print the loss, then stop\n    """\n',
        "printed = 1\nprint(printed)\n",
        "from past.builtins import xrange\nfor i in xrange(3): pass\n",
        "def f(:\n",
    ],
)
def test_other_code_is_not_python_2(text):
    assert not is_python2(text)
