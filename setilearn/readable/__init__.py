"""The five algorithms of the course once more, in plain NumPy: short, slow, and made to be read and broken.

Each module has at most 60 lines and does what a fast one of the package does. A lesson shows it by
``inspect.getsource``; a test holds the fast one to it.
"""
