#!/usr/bin/env bash
# A tour of operating a rule: create it, send events, ask why, acknowledge and snooze its alert, see what an
# edit would do, edit it, take the edit back, pause and resume it, delete it.
# Start vigil first (npm start), then run this. VIGIL_URL is the address of vigil, if it is another;
# VIGIL_TOKEN a token of an admin, as soon as vigil has tokens.
set -euo pipefail
url=${VIGIL_URL:-http://localhost:3000}
rule=$url/api/clients/tour/rules/too-hot
folder=$(dirname "$0")

curl() { command curl ${VIGIL_TOKEN:+-H "Authorization: Bearer $VIGIL_TOKEN"} "$@"; }
say() { printf '\n# %s\n' "$1"; }
vigil() { node "$folder/../bin/vigil.mjs" "$@" --url "$url"; }
send() { curl -sSf -X POST "$url/api/clients/tour/events/temperature" -d "$1"; echo; }
put() { curl -sSf -X PUT "$rule" -H 'content-type: application/json' "$@" -o /dev/null; }
# Waits for a line of the explanation: events take a moment.
await() {
  for _ in $(seq 100); do
    if vigil explain tour too-hot 2>/dev/null | grep "$1"; then return; fi
    sleep 0.2
  done
  echo "The rule does not say: $1" >&2
  exit 1
}
above() {
  cat <<RULE
{ "where": [{ "property": "type", "equals": "temperature" }], "partitionBy": ["machineId"],
  "evaluate": { "type": "any", "having": { "calc": "latest", "property": "celsius", "gt": $1 } } }
RULE
}

say 'Create a rule: any machine is above 80 degrees.'
above 80 | put -d @-

say 'A machine reports 75 degrees. Why does the rule not fire?'
send '{"machineId":"m1","celsius":75}'
await 'any: no. 0 of 1'
vigil explain tour too-hot --partition m1

say 'It reports 85 degrees: the alert fires.'
send '{"machineId":"m1","celsius":85}'
await 'The alert is firing'

say 'What fires now? Say that you take care of it, and notify nobody for two hours.'
for _ in $(seq 100); do
  alert=$(vigil alerts list tour --json | sed -n 's/.*"id": *"\([^"]*\)".*/\1/p' | head -1)
  [ -n "$alert" ] && break
  sleep 0.2
done
vigil alerts acknowledge tour "$alert" --by ana --note 'Replacing the filter.'
vigil alerts snooze tour "$alert" --by ana --until 2h
curl -sSf -X POST "$url/api/clients/tour/alerts/$alert/unsnooze" -d '{"by":"ana"}'; echo
vigil explain tour too-hot
vigil alerts show tour "$alert"

say 'What would another threshold do, and what another partitionBy? Nothing is stored.'
dry_run() { curl -sSf -X PUT "$rule?dryRun=true" -H 'content-type: application/json' -d @-; echo; }
above 90 | dry_run
above 90 | sed 's/machineId/line/' | dry_run
say 'What would it have done with a limit of 90 degrees?'
draft=$(mktemp)
{ echo '{ "id": "too-hot", "clientId": "tour",'; above 90 | sed '1s/{//'; } > "$draft"
vigil rules preview "$draft" --since 1h
rm "$draft"

say 'Edit the rule, unless somebody else has changed it: the alert resolves.'
etag=$(curl -sSf -D - -o /dev/null "$rule" | tr -d '\r' | awk 'tolower($1) == "etag:" { print $2 }')
above 90 | put -H "if-match: $etag" -d @-
await 'The alert is inactive'

say 'The same edit once more is refused: the rule has a newer version.'
above 95 | curl -sS -X PUT "$rule" -H 'content-type: application/json' -H "if-match: $etag" -d @-
echo

say 'Take the edit back: the alert fires again.'
vigil rules history tour too-hot
vigil rules rollback tour too-hot "$(echo "$etag" | tr -d '"')"
await 'The alert is firing'

say 'Rebuild its state from the event stream: nothing differs, so nothing is published.'
vigil reset --client tour --rule too-hot

say 'Pause the rule: an event that would resolve the alert waits until it is resumed.'
vigil pause --client tour --rule too-hot --note 'maintenance'
send '{"machineId":"m1","celsius":70}'
await 'Paused since'
vigil resume --client tour --rule too-hot --mode silently
await 'The alert is inactive'

say 'Delete the rule.'
vigil rules delete tour too-hot
