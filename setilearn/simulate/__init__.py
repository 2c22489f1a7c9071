"""Made-up spectrograms, hits and voltages, with the truth about what is in them."""
