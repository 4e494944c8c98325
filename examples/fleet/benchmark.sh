#!/usr/bin/env bash
# Plans COUNT simulated tenants, PARALLEL at a time: benchmark.sh [COUNT] [PARALLEL]
#
# Each process serves its own simulated tenant, so time and memory include the simulator.
# Needs `steersman` in the path, jq and Python 3 (for the memory of the processes).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
count=${1:-100} parallel=${2:-8}
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
"$here/generate.sh" "$work/tenants" "$count"
python3 - "$here/plan-all.sh" "$work/tenants" "$parallel" "$work/results" --simulate <<'PYTHON'
import resource, subprocess, sys, time
start = time.monotonic()
code = subprocess.run(sys.argv[1:]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
scale = 1 if sys.platform == "darwin" else 1024
print(f"{time.monotonic() - start:.1f} s, {used.ru_utime + used.ru_stime:.1f} s of CPU, "
      f"largest process {used.ru_maxrss * scale / 2**20:.0f} MiB")
sys.exit(0 if code in (0, 2) else code)
PYTHON
jq -s '{requests: (map(.estimate.readRequests) | {min: min, max: max})}' "$work"/results/t*.json
