"""What goes in and out? Files of other programs become measures and entries; the diary leaves as a table or complete.

Each format is a module with ``sniff`` and ``read``, ``write`` or both, and one line in :mod:`mollet.exchange.formats`.
A reader only says what it found; keeping it is the business of the store.
"""
