"""Files to spectrograms: filterbanks of two formats, and raw voltages."""
