#!/bin/sh
# Sends a signed request as a program with a key of its own: POSIX shell and curl.
#
#   ./signed-request.sh [ACCOUNT [METHOD [URL]]]        practice:ada GET /api/me
#
# The first time it asks for access and shows a code; approve it in Latchkey, or with `latchkey pair approve CODE`.
# Exit codes as the command line has them: 3 sign-in needed, 4 not allowed, 5 locked, 6 not running, 7 anything else.
set -eu
account=${1:-practice:ada} method=${2:-GET} url=${3:-/api/me}
key_file=${KEY_FILE:-$HOME/.latchkey-example.key}

say() { printf '%s\n' "$*" >&2; }
# A field of the last answer. Enough for what is read here; with jq at hand it would be `jq -r .FIELD`.
field() { printf '%s' "$answer" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p; s/.*\"$1\":\([0-9][0-9]*\).*/\1/p"; }

# Where Latchkey is stands in a file that it writes at each start. Never guess the port.
case $(uname) in
  Darwin) profile="$HOME/Library/Application Support/Latchkey" live= ;;
  *) profile=${XDG_CONFIG_HOME:-$HOME/.config}/Latchkey live=${XDG_RUNTIME_DIR:+$XDG_RUNTIME_DIR/latchkey} ;;
esac
live=${LATCHKEY_HOME:-${live:-$profile}}
api=$(sed -n 's/.*"http": *"\([^"]*\)".*/\1/p' "$live/endpoint.json" 2>/dev/null) || true
[ -n "$api" ] || { say 'Latchkey is not running.'; exit 6; }

# call KEY METHOD PATH [JSON]: sets `answer` and `status`. The key goes to curl over a pipe, because every user of the
# machine can read a program's arguments.
call() {
  key=$1 verb=$2 path=$3
  shift 3
  [ $# -eq 0 ] || set -- -H 'Content-Type: application/json' -d "$1"
  answer=$(
    { [ -z "$key" ] || printf 'Authorization: Bearer %s\n' "$key"; } |
      curl -sS -H @- -A signed-request.sh/1.0 -X "$verb" "$@" -w '\n%{http_code}' "$api$path"
  ) || { say 'Latchkey is not running.'; exit 6; }
  status=$(printf '%s' "$answer" | tail -n 1)
  answer=$(printf '%s' "$answer" | sed '$d')
}

# Says what went wrong and what to do about it, and ends.
give_up() {
  say "$(field message)"
  text=$(field text)
  [ -z "$text" ] || say "$text"
  case $(field code) in
    reauth_required) exit 3 ;; # The person has to sign in again.
    forbidden | destination_not_allowed) exit 4 ;; # The person has been asked: try again once they have decided.
    unauthenticated) rm -f "$key_file"; exit 4 ;; # Taken back, or expired. The next start asks anew.
    locked) exit 5 ;; # Until the person unlocks it.
    *) exit 7 ;;
  esac
}

pair() {
  call '' POST /v1/pair "{
    \"name\":\"Shell example\",\"purpose\":\"Shows what the API answers.\",
    \"wants\":[{\"account\":\"$account\",\"rights\":[\"see\",\"request\"]}]
  }"
  [ "$status" = 201 ] || give_up
  id=$(field id) secret=$(field secret) interval=$(field interval)
  say "Approve $(field code) in Latchkey, or with: latchkey pair approve $(field code)"
  while call "$secret" GET "/v1/pair/$id" && [ "$status" = 200 ] && [ "$(field state)" = waiting ]; do
    sleep "$interval"
  done
  [ "$status" = 200 ] || give_up
  found=$(field key)
  [ -n "$found" ] || { say "Access was not given: $(field state)."; exit 4; }
  # This answer alone has the key. Nobody else may read the file.
  (umask 077 && printf '%s\n' "$found" > "$key_file")
}

[ -s "$key_file" ] || pair
call "$(cat "$key_file")" POST "/v1/accounts/$account/request" "{\"method\":\"$method\",\"url\":\"$url\"}"
[ "$status" = 200 ] || give_up
# {"status":200,"headers":{…},"body":"…",…}: what the API answered, whatever it was.
printf '%s\n' "$answer"
