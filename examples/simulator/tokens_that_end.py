"""Lists personal access tokens that end within some days, with Python's standard library alone.

    steersman simulator --seed examples/simulator/seed.yaml > sail.env &
    until [ -s sail.env ]; do sleep 0.1; done; . ./sail.env
    python3 examples/simulator/tokens_that_end.py 10000
"""

import datetime
import json
import os
import sys
import urllib.parse
import urllib.request

BASE = os.environ["SAIL_BASE_URL"].rstrip("/")


def answer(request):
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


def access_token():
    form = {
        "grant_type": "client_credentials",
        "client_id": os.environ["SAIL_CLIENT_ID"],
        "client_secret": os.environ["SAIL_CLIENT_SECRET"],
    }
    return answer(urllib.request.Request(BASE + "/oauth/token", urllib.parse.urlencode(form).encode()))["access_token"]


def tokens(bearer):
    """All tokens, page by page."""
    offset, limit = 0, 250
    while True:
        url = f"{BASE}/personal-access-tokens/v1?limit={limit}&offset={offset}"
        page = answer(urllib.request.Request(url, headers={"Authorization": "Bearer " + bearer}))
        yield from page
        if len(page) < limit:
            return
        offset += limit


def main():
    days = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
    for token in tokens(access_token()):
        expires = token["expirationDate"]
        if expires and datetime.datetime.fromisoformat(expires.replace("Z", "+00:00")) < end:
            print(expires, token["owner"]["name"], token["name"])


main()
