"""From spectrograms to hits and events: thresholds, drift, on and off."""
