"""Checks accounts with SailPoint's Python SDK, as a script does, and by `steersman plan`.

Run it with sdk.sh, which makes the environment. The requests are counted by the tenant.
"""

import json
import os
import subprocess
import sys
import time
import urllib.request

from sailpoint.configuration import Configuration
from sailpoint.accounts import AccountsApi
from sailpoint.accounts import ApiClient as AccountsClient
from sailpoint.auth_users import ApiClient as AuthUsersClient
from sailpoint.auth_users import AuthUsersApi
from sailpoint.identities import ApiClient as IdentitiesClient
from sailpoint.identities import IdentitiesApi
from sailpoint.personal_access_tokens import ApiClient as TokensClient
from sailpoint.personal_access_tokens import PersonalAccessTokensApi

LEVELS = (["CERT_ADMIN"], ["SOURCE_ADMIN"], ["CERT_ADMIN", "SOURCE_ADMIN"])


def control(method, path, body=None):
    """Asks the simulator itself."""
    request = urllib.request.Request(
        os.environ["SAIL_BASE_URL"] + "/_simulator/" + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def name(number):
    return f"bulk{number:06}"


def levels(number):
    return LEVELS[number % len(LEVELS)]


def check_with_sdk(accounts):
    """Account, identity, user levels and tokens of one after the other."""
    configuration = Configuration()
    configuration.experimental = True
    configuration.suppress_experimental_warnings = True
    by_name = AccountsApi(AccountsClient(configuration))
    identities = IdentitiesApi(IdentitiesClient(configuration))
    users = AuthUsersApi(AuthUsersClient(configuration))
    tokens = PersonalAccessTokensApi(TokensClient(configuration))
    different = 0
    for number in range(accounts):
        found = by_name.list_accounts_v1(filters=f'name eq "{name(number)}"')
        identity = identities.get_identity_v1(id=found[0].identity_id)
        held = users.get_auth_user_v1(id=identity.id).capabilities or []
        owned = tokens.list_personal_access_tokens_v1(owner_id=identity.id)
        is_as_meant = sorted(held) == sorted(levels(number)) and not owned
        different += 0 if is_as_meant else 1
    return different


def check_with_steersman(program):
    """All of them; 0 says that nothing differs, 2 that something does."""
    words = [program, "plan", "spec", "--detailed-exitcode"]
    ended = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if ended.returncode not in (0, 2):
        sys.exit(ended.stdout.decode())
    return 0 if ended.returncode == 0 else 1


def measured(what, check):
    """Runs a check and prints its row of the table."""
    control("DELETE", "requests")
    began = time.monotonic()
    different = check()
    seconds = time.monotonic() - began
    sent = sum(control("GET", "requests/counts").values())
    throttled = len(control("GET", "requests?status=429"))
    print(f"| {what} | {sent:,} | {throttled} | {seconds:.1f} s | {different} |", flush=True)
    return different


def main():
    accounts, program = int(sys.argv[1]), sys.argv[2]
    for number in range(accounts):
        control("POST", "levels/set", {"account": name(number), "levels": levels(number)})
    words = [program, "adopt", "Bulk", "--to", "spec"]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # What was asked until here is no part of either check.
    time.sleep(10)
    print(f"| {accounts:,} accounts | requests | throttled | time | different |")
    print("|---|---:|---:|---:|---:|")
    first = measured("Python SDK, one account after the other", lambda: check_with_sdk(accounts))
    time.sleep(10)
    second = measured("`steersman plan`", lambda: check_with_steersman(program))
    if first or second:
        sys.exit("a check found a difference, and there is none")


main()
