"""What helps me? Two arms of a diary compared: the table, the fit, and the one rule that turns them into a word."""
