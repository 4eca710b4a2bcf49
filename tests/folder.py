"""The data folder of a process that tests, named before Django reads its settings: no test may ever meet a real diary.

Named in ``pyproject.toml`` as a plugin, which comes before all others; each worker has a folder of its own.
"""

import os
import tempfile

SESSION = tempfile.TemporaryDirectory(prefix="mollet-tests-", ignore_cleanup_errors=True)
os.environ["MOLLET_DATA"] = SESSION.name
