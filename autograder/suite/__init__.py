"""Hidden suites: collected once, run against each submission from outside its sandbox."""
