"""Words and figures inside templates."""
