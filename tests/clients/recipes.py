"""Runs the recipes of docs/simulator-clients.md, each with the client that it is for.

    recipes.py PAGE FOLDER [PYTHON]

The simulator is that of SAIL_BASE_URL. Programs are made in FOLDER, whose subfolder `typescript` has
the SDK for TypeScript; PYTHON is a Python that has the SDK for Python. The result is a line for each
recipe, `passed`, `failed` or `left out`; the exit code is 1 if one failed.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

page, folder = Path(sys.argv[1]), Path(sys.argv[2]).resolve()
python_with_sdk = sys.argv[3] if len(sys.argv) > 3 else None
EXPECTED = "Active Directory"


def recipes():
    """The first block of code below each heading of the second level."""
    found = {}
    for section in re.split(r"^## ", page.read_text(), flags=re.M)[1:]:
        name = section.split("\n", 1)[0].strip()
        block = re.search(r"^```(\w+)\n(.*?)^```$", section, flags=re.M | re.S)
        found[name] = (block[1], block[2])
    return found


def written(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def first_line(*command):
    run = subprocess.run(command, capture_output=True, text=True)
    return (run.stdout or run.stderr).split("\n", 1)[0].strip()


def version_of_module(folder_of_module):
    return json.loads((folder_of_module / "package.json").read_text())["version"]


def prepared(name, text):
    """The command of a recipe and the version of its client, or why it is left out."""
    def needs(program):
        return None if shutil.which(program) else f"there is no {program}"

    if name == "curl":
        return needs("curl") or (["sh", "-c", text], first_line("curl", "--version").split(" (")[0])
    if name == "Python":
        return ["python3", "-c", text], first_line("python3", "--version")
    if name == "Python SDK":
        if not python_with_sdk:
            return "the SDK for Python could not be installed"
        ask = "from importlib.metadata import version; print(version('sailpoint'))"
        return [python_with_sdk, "-c", text], "sailpoint " + first_line(python_with_sdk, "-c", ask)
    if name == "TypeScript SDK":
        sdk = folder / "typescript/node_modules/sailpoint-api-client"
        if not sdk.is_dir():
            return "the SDK for TypeScript could not be installed"
        # It has no types of its own, so it is JavaScript as it is.
        program = written(folder / "typescript/recipe.mjs", text)
        return ["node", str(program)], "sailpoint-api-client " + version_of_module(sdk)
    if name == "Go":
        program = written(folder / "recipes/main.go", text)
        return needs("go") or (["go", "run", str(program)], first_line("go", "version"))
    if name == "PowerShell":
        program = written(folder / "recipes/recipe.ps1", text)
        return needs("pwsh") or (["pwsh", "-NoProfile", "-File", str(program)], first_line("pwsh", "--version"))
    if name == "Terraform":
        program = written(folder / "recipes/terraform/main.tf", text)
        lacking = needs("terraform")
        if lacking:
            return lacking
        if subprocess.run(["terraform", "fmt", "-check", str(program)], capture_output=True).returncode:
            return ["false"], "terraform fmt"
        if subprocess.run(["terraform", "init"], cwd=program.parent, capture_output=True).returncode:
            return "its provider hashicorp/http cannot be had; the file is well-formed"
        script = f"cd {program.parent} && terraform apply -auto-approve"
        return ["sh", "-c", script], first_line("terraform", "version")
    if name == "SailPoint CLI":
        return needs("sail") or (["sh", "-c", text], first_line("sail", "--version"))
    return ["false"], "no way to run it"


def main():
    for name in ("base_url", "client_id", "client_secret"):
        os.environ[f"TF_VAR_{name}"] = os.environ["SAIL_" + name.upper()]
    results, failed = [], 0
    for name, (_, text) in recipes().items():
        found = prepared(name, text)
        result = {"client": f"Recipe {name}", "tried": "lists the sources"}
        if isinstance(found, str):
            print(f"recipe {name}: left out: {found}")
            results.append({**result, "version": "-", "result": f"not run: {found}"})
            continue
        command, version = found
        run = subprocess.run(command, capture_output=True, text=True, timeout=300)
        passed = run.returncode == 0 and EXPECTED in run.stdout
        failed += not passed
        print(f"recipe {name}, {version}: {'passed' if passed else 'FAILED'}")
        if not passed:
            print(run.stdout + run.stderr)
        results.append({**result, "version": version, "result": "passed" if passed else "failed"})
    if "CLIENT_RESULTS" in os.environ:
        Path(os.environ["CLIENT_RESULTS"], "recipes.json").write_text(json.dumps(results))
    sys.exit(1 if failed else 0)


main()
