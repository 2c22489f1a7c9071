"""The same drift search over many files, on one machine or on Spark."""
