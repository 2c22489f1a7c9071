"""The mystery at the end of each lesson, `MYSTERY` in the module with its number."""
