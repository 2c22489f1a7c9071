"""From spectrograms to hits and events: noise, thresholds, drift, on and off."""
