"""Says which findings of Schemathesis are known to be no defects of the simulator, by kind.

    schemathesis_kinds.py REPORT.json

The exit code is 1 if there is a finding of another kind, or of a known kind in another operation.
"""

import json
import os
import re
import sys

# The kind, the operations in which it is known, and why it is no defect.
KNOWN = {
    "ST101": (r"/search-attribute-config", "operations that are not simulated answer 501"),
    "ST103": (r"", "404 for an id that nothing has, 415 for another media type, 501: see docs/simulator.md"),
    "ST108": (
        r"^GET /accounts/v1(/{id})?$|^POST /search/v1$",
        "the description says `nullable` beside `allOf`, and a `oneOf` of documents that fit several",
    ),
    "ST201": (
        r"^POST |^GET /authorization/v1/custom-user-levels$|^GET /identity-profiles/v1/export$",
        "a null counts as absent, as in the examples of the description, and so does an empty `limit` or `offset`",
    ),
    "ST204": (
        r"^PATCH /identity-profiles/v1/(bulk-delete|export|identity-preview|import)$",
        "the path is also that of a profile with this word as its id",
    ),
    "ST202": (r"", "values that are of the right type and mean nothing in this tenant: unknown ids, fields of filters"),
}


def main():
    report = json.load(open(sys.argv[1]))
    unknown = 0
    for finding in report["failures"]:
        operations, why = KNOWN.get(finding["code"], ("^$", ""))
        others = [name for name in finding["operations"] if not re.search(operations, name)]
        known = len(finding["operations"]) - len(others)
        if known:
            print(f"{finding['code']} {finding['title']}, known, in {known} operations: {why}")
        for name in others:
            print(f"{finding['code']} {finding['title']}, NOT KNOWN: {name}")
        unknown += len(others)
    cases = report["test_cases"]["generated"]
    tested = report["operations"]["tested"]
    print(f"Schemathesis {report['schemathesis_version']}: {cases} cases, {tested} operations, {unknown} findings that are not known")
    if "CLIENT_RESULTS" in os.environ:
        result = {
            "client": "Schemathesis",
            "version": report["schemathesis_version"],
            "tried": f"{tested} operations of the description, all checks",
            "result": f"{unknown} findings that are not known",
        }
        with open(os.environ["CLIENT_RESULTS"] + "/schemathesis.json", "w") as file:
            json.dump([result], file)
    sys.exit(1 if unknown else 0)


main()
