"""From spectrograms to hits: thresholds, and the drift search."""
