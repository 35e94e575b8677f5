import resource

for name in ("RLIMIT_NOFILE", "RLIMIT_FSIZE", "RLIMIT_NPROC", "RLIMIT_DATA", "RLIMIT_STACK"):
    resource.setrlimit(getattr(resource, name), (0, 0))
