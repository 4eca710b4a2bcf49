"""The tests, in folders that mirror src/mollet; a package, so that no installed one of the same name hides it."""
