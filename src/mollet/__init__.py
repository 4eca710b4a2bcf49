"""mollet: relief, diary and honest answers for people whose calf muscles cramp at night.

Every answer is a pure function of what the person said, what is known, a date and a seed. The packages are
questions, and each imports only what stands to its right: ``cli > web > store > report > exchange > advice > diary >
knowledge > words``.
"""

__version__ = "0.1.0"
