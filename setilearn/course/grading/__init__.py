"""Judge returned notebooks: each in a kernel of its own, in a box, exercise by exercise.

The answers are judged in the teacher's process, out of reach of the notebook: plain answers are copied
there, functions are called from there in the notebook's kernel.
"""
