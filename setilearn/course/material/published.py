"""Lesson 07: what was published of Voyager's lines."""

# (tool, frequency in MHz, drift in Hz/s, SNR): turbo_seti's table of the recording, seticore's (its
# `data/voyager.hits`), and what hyperseti published.
PUBLISHED = (
    ("turbo_seti", 8419.274374, -0.397966, 31.22),
    ("turbo_seti", 8419.297028, -0.377557, 245.71),
    ("turbo_seti", 8419.319368, -0.397966, 30.61),
    ("seticore", 8419.274374, -0.397966, 31.24),
    ("seticore", 8419.274693, -0.387762, 28.88),
    ("seticore", 8419.297028, -0.377557, 245.83),
    ("seticore", 8419.319368, -0.397966, 30.63),
    ("seticore", 8419.319684, -0.367353, 29.34),
    ("hyperseti", 8419.274531, -0.401793, 304.94),
    ("hyperseti", 8419.297028, -0.382660, 1289.28),
    ("hyperseti", 8419.319530, -0.401793, 303.90),
)
