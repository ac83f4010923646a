#!/usr/bin/env bash
# Sends an event over HTTP. The exit code is 0 once the stream has stored it.
# CLIENT, VIGIL_URL and VIGIL_TOKEN (role sender) come from the environment.
set -euo pipefail

curl --silent --show-error --fail-with-body --max-time 10 \
  ${VIGIL_TOKEN:+--header "Authorization: Bearer $VIGIL_TOKEN"} \
  --header 'Content-Type: application/json' \
  --data '{"machineId":"m1","celsius":85}' \
  "${VIGIL_URL:-http://localhost:3000}/api/clients/${CLIENT:-client-03}/events/temperature"
