# -*- coding: utf-7 -*-
+AGkAbQBwAG8AcgB0- os


def double(x):
    return 2 * x
