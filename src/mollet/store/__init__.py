"""Where is it kept? The person's entries, measures and derived nights, on the embedded database; only this speaks to it."""
