"""The published data sets: where they are, how to get them whole, what stands in for one."""
