"""Sends a signed request, and gets an access token. Python's standard library only; pairs as `pair.py` does.

    python3 signed_request.py [ACCOUNT [METHOD [URL]]]        practice:ada GET /api/me

Exit codes: 3 sign-in needed, 4 not allowed, 5 locked, 6 not running, 7 anything else.
"""

import json
import sys
import urllib.parse

from pair import call, key, main


def work():
    account, method, url = (sys.argv[1:] + ["practice:ada", "GET", "/api/me"][len(sys.argv) - 1 :])[:3]
    path = "/v1/accounts/" + urllib.parse.quote(account, safe=":")
    own = key(account)

    # Latchkey attaches the credentials. An error of the API is an answer, too: look at its status.
    answer = call("POST", path + "/request", {"method": method, "url": url}, own)
    print(answer["status"], answer["body"] if answer["body"] is not None else answer["body_base64"])

    # For programs that must have a token. A right of its own: who holds one can send it anywhere.
    token = call("POST", path + "/token", {"min_validity": 60}, own)
    print(json.dumps({name: token[name] for name in ("token_type", "expires_in", "scopes")}))


if __name__ == "__main__":
    main(work)
