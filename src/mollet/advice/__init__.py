"""What does it mean for them? Urgency, causes, plan, relief and claims: pure functions of facts and catalogue.

All that is advised passes one gate (``gate.judge``); every sentence keeps its sources and the answers it rests on.
"""
