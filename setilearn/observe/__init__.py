"""Where spectrograms come from: files, simulation, the registry of real data."""
