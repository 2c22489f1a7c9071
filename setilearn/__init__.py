"""setilearn: learn to search for extraterrestrial technology in radio-telescope data.

The map of the package, in the order in which data flow through it:

- `setilearn.spectrogram`, `setilearn.tracks`, `setilearn.noise`, `setilearn.telescope`, `setilearn.tables`:
  the ground floor; a `Spectrogram` is the one thing that flows
- `setilearn.read`, `setilearn.polyphase`: from files and voltages to spectrograms
- `setilearn.simulate`: made-up spectrograms, with the truth
- `setilearn.archive`: the published data sets
- `setilearn.search`: from spectrograms to hits
- `setilearn.events`: from hits to events
- `setilearn.store`: hits, events and reviews kept, in files and behind one URL
- `setilearn.distributed`: the same search over many files, on one machine or on Spark
- `setilearn.learn`: from hits to pictures, and from pictures to labels
- `setilearn.show`: every picture, still or interactive
- `setilearn.course`: what makes a notebook a lesson (blanks, checks, hints, progress)

The public names stand in `__init__.pyi`, for people, for editors, and for `lazy_loader`, which loads each
when it is first used, so that ``import setilearn`` is quick.
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
