"""How a program gets a key of its own, and calls Latchkey with it. Python's standard library only.

    python3 pair.py [ACCOUNT]        practice:ada

Shows a code; approve it in Latchkey, or with `latchkey pair approve CODE`. Other programs import `call` and `key`.
"""

import json
import os
import pathlib
import sys
import time
import urllib.error
import urllib.request

KEY_FILE = pathlib.Path(os.environ.get("KEY_FILE") or pathlib.Path.home() / ".latchkey-example-python.key")

# As the command line has them.
EXIT_CODES = {"reauth_required": 3, "forbidden": 4, "destination_not_allowed": 4, "unauthenticated": 4, "locked": 5}


class Refused(Exception):
    """An error of Latchkey's: `code` never changes its meaning, `action` says what to do."""

    def __init__(self, error):
        super().__init__(error["message"])
        self.code = error["code"]
        self.action = error.get("action", {})


def folder():
    """Where Latchkey writes, at each start, at which address it is."""
    env, home = os.environ, pathlib.Path.home()
    if env.get("LATCHKEY_HOME"):
        return pathlib.Path(env["LATCHKEY_HOME"])
    if sys.platform == "win32":
        return pathlib.Path(env["APPDATA"]) / "Latchkey"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "Latchkey"
    if env.get("XDG_RUNTIME_DIR"):
        return pathlib.Path(env["XDG_RUNTIME_DIR"]) / "latchkey"
    return pathlib.Path(env.get("XDG_CONFIG_HOME") or home / ".config") / "Latchkey"


def api():
    try:
        return json.loads((folder() / "endpoint.json").read_text())["http"]
    except FileNotFoundError:
        print("Latchkey is not running.", file=sys.stderr)
        raise SystemExit(6) from None


# Not through a proxy of the environment: this is this machine.
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def call(method, path, body=None, key=None):
    """One call. Raises `Refused` with the API's error."""
    headers = {"User-Agent": "python-example/1.0"}
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    data = None
    if body is not None:
        headers["Content-Type"] = "application/json"
        data = json.dumps(body).encode()
    request = urllib.request.Request(api() + path, data=data, method=method, headers=headers)
    try:
        with opener.open(request, timeout=90) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise Refused(json.load(error)["error"]) from None
    except urllib.error.URLError:
        print("Latchkey is not running.", file=sys.stderr)
        raise SystemExit(6) from None


def pair(account):
    """Asks, shows the code, waits for the person, and keeps the key where nobody else can read it."""
    wants = [{"account": account, "rights": ["see", "request", "token"]}]
    asked = call("POST", "/v1/pair", {"name": "Python example", "purpose": "Shows what the API answers.", "wants": wants})
    print(f"Approve {asked['code']} in Latchkey, or with: latchkey pair approve {asked['code']}", file=sys.stderr, flush=True)
    seen = asked
    while seen["state"] == "waiting":
        time.sleep(asked["interval"])
        seen = call("GET", f"/v1/pair/{asked['id']}", key=asked["secret"])
    if "key" not in seen:
        print(f"Access was not given: {seen['state']}.", file=sys.stderr)
        raise SystemExit(4)
    # This answer alone has the key.
    with open(os.open(KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(seen["key"])
    return seen["key"]


def key(account):
    """The key of before, or a new one."""
    return KEY_FILE.read_text().strip() if KEY_FILE.exists() else pair(account)


def main(work):
    """Runs it, and says what is wrong in Latchkey's own words."""
    try:
        work()
    except Refused as refused:
        print(refused, refused.action.get("text", ""), file=sys.stderr)
        # Taken back, or expired: the next start asks anew.
        if refused.code == "unauthenticated":
            KEY_FILE.unlink(missing_ok=True)
        raise SystemExit(EXIT_CODES.get(refused.code, 7)) from None


if __name__ == "__main__":
    main(lambda: key(sys.argv[1] if len(sys.argv) > 1 else "practice:ada"))
