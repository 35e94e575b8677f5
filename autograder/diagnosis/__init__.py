"""Names the mistake behind a failed check, where the numbers leave no doubt: docs/diagnosis.md."""
