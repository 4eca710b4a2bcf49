"""Where is it kept? Entries, measures and derived nights, on the embedded database; only this package speaks to it."""
