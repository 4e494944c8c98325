"""Calls every simulated operation with SailPoint's Python SDK, and reads each answer into its models.

    python_sdk.py STEPS.json

The simulator is that of SAIL_BASE_URL. The result is a line for each problem, and a last line with
totals; the exit code is 1 if there was a problem that is not known.
"""

import glob
import importlib
import inspect
import json
import os
import re
import sys
import typing
import urllib.request
from importlib.metadata import version

import sailpoint
from sailpoint.configuration import Configuration

# Problems that are the SDK's own, by operation: why.
KNOWN = {}


LISTS = ("limit", "offset", "count", "filters", "sorters")


def plain(name):
    return name.replace("_", "").lower()


def functions():
    root = os.path.dirname(sailpoint.__file__)
    found = {}
    for file in sorted(glob.glob(root + "/*/api/*_api.py")):
        package = os.path.relpath(file, root).split(os.sep)[0]
        for name in re.findall(r"    def (\w+)\(\n", open(file).read()):
            if not name.startswith("_") and not name.endswith(("_with_http_info", "_without_preload_content")):
                found.setdefault(plain(name), (package, os.path.basename(file)[:-3], name))
    return found


def filled(value, known):
    if isinstance(value, dict):
        return {name: filled(part, known) for name, part in value.items()}
    if isinstance(value, list):
        return [filled(part, known) for part in value]
    if isinstance(value, str) and "$" in value:
        for name, replacement in known.items():
            if value == "$" + name:
                return replacement
            if isinstance(replacement, str):
                value = value.replace("$" + name, replacement)
    return value


def modelled(annotation, value):
    """The value as the SDK's model of the parameter, as its users build it."""
    if hasattr(annotation, "from_dict") and isinstance(value, (dict, list)):
        return annotation.from_dict({"operations": value} if isinstance(value, list) else value)
    arguments = typing.get_args(annotation)
    if typing.get_origin(annotation) is list and isinstance(value, list):
        return [modelled(arguments[0], part) for part in value]
    for argument in arguments:
        if hasattr(argument, "from_dict") or typing.get_args(argument):
            return modelled(argument, value)
    return value


def at(document, pointer):
    for part in [part for part in pointer.split("/") if part]:
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document


def control(path, body=None):
    request = urllib.request.Request(os.environ["SAIL_BASE_URL"] + "/_simulator/" + path)
    if body is not None:
        request = urllib.request.Request(
            request.full_url, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
    return json.load(urllib.request.urlopen(request))


def main():
    steps = json.load(open(sys.argv[1]))
    configuration = Configuration()
    configuration.experimental = True
    configuration.suppress_experimental_warnings = True
    by_name, clients, known = functions(), {}, {}
    called, problems = set(), []
    for step in steps:
        operation = step["op"]
        if plain(operation) not in by_name:
            problems.append((operation, "the SDK has no such operation"))
            continue
        package, module, name = by_name[plain(operation)]
        if (package, module) not in clients:
            api = importlib.import_module(f"sailpoint.{package}.api.{module}")
            client = importlib.import_module(f"sailpoint.{package}.api_client").ApiClient(configuration)
            kind = next(value for key, value in vars(api).items() if plain(key) == plain(module))
            clients[package, module] = kind(client)
        function = getattr(clients[package, module], name + "_with_http_info")
        raw = getattr(clients[package, module], name + "_without_preload_content")
        parameters = inspect.signature(function).parameters
        given = {plain(key): value for key, value in filled(step.get("args", {}), known).items()}
        arguments, body_name, body = {}, None, filled(step.get("body"), known)
        for parameter in parameters:
            if parameter.startswith("_"):
                continue
            if plain(parameter) in given:
                arguments[parameter] = given.pop(plain(parameter))
            elif parameter == "x_sail_point_experimental":
                arguments[parameter] = "true"
            elif parameter == "file" and "file" in step:
                arguments[parameter] = ("accounts.csv", step["file"].encode())
            elif body is not None and parameter not in LISTS:
                arguments[parameter], body_name, body = body, parameter, None
        called.add(operation)
        try:
            arguments = {
                key: modelled(parameters[key].annotation, value) if key == body_name else value
                for key, value in arguments.items()
            }
            answer = function(**arguments)
            text = answer.raw_data
        except Exception as error:  # noqa: BLE001 every kind is a finding
            status = getattr(error, "status", None)
            if status in step.get("allow", []):
                continue
            problems.append((operation, f"{type(error).__name__}: {str(error)[:300]!r}"))
            try:
                text = raw(**arguments).data if "save" in step and status is None else None
            except Exception:  # noqa: BLE001
                text = None
        if text and "save" in step:
            document = json.loads(text)
            for key, pointer in step["save"].items():
                try:
                    known[key] = at(document, pointer)
                except (KeyError, IndexError):
                    problems.append((operation, f"the answer has no {pointer}"))
        if "advance" in step:
            control("clock/advance", {"seconds": step["advance"]})
    simulated = set(control("operations"))
    for operation in sorted(simulated - called):
        print(f"not called: {operation}")
    unknown = [problem for problem in problems if problem[0] not in KNOWN]
    for operation, problem in problems:
        note = f" (known: {KNOWN[operation]})" if operation in KNOWN else ""
        print(f"{operation}: {problem}{note}")
    print(
        f"Python SDK {version('sailpoint')}: {len(steps)} steps, {len(called & simulated)} of"
        f" {len(simulated)} operations, {len(problems)} problems, {len(unknown)} of them not known"
    )
    if "CLIENT_RESULTS" in os.environ:
        result = {
            "client": "Python SDK, `sailpoint`",
            "version": version("sailpoint"),
            "tried": f"{len(called & simulated)} of the {len(simulated)} simulated operations in {len(steps)} steps,"
            " each answer read into the SDK's strict models",
            "result": f"{len(unknown)} problems that are not known",
        }
        with open(os.environ["CLIENT_RESULTS"] + "/python.json", "w") as file:
            json.dump([result], file)
    sys.exit(1 if unknown else 0)


main()
