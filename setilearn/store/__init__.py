"""Hits, events and reviews kept: in files of several formats, and in a database behind one URL."""
