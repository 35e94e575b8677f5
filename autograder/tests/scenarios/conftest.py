# Suites in here belong to scenarios; test_scenarios.py runs them through the command line.
collect_ignore_glob = ["*"]
