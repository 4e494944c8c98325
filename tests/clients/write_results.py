"""Writes what was tried into the list of results, which docs/simulator-conformance.md is made of.

    write_results.py FOLDER RESULTS.json

FOLDER has a file for each program that ran. Clients that were not tried now keep their results.
"""

import datetime
import json
import sys
from pathlib import Path


def main():
    results = Path(sys.argv[2])
    today = datetime.date.today().isoformat()
    known = {result["client"]: result for result in json.loads(results.read_text())}
    for file in sorted(Path(sys.argv[1]).glob("*.json")):
        for result in json.loads(file.read_text()):
            # What could not be had this time may have been tried before.
            if result["version"] == "-" and known.get(result["client"], result)["version"] != "-":
                continue
            known[result["client"]] = {**result, "on": today}
    order = sorted(known.values(), key=lambda result: (result["client"].startswith("Recipe"), result["client"]))
    results.write_text(json.dumps(order, indent=2) + "\n")


main()
