#!/usr/bin/env bash
# Sends an event with the nats CLI (https://github.com/nats-io/natscli), and prints the acknowledgement of the stream.
# CLIENT, NATS_URL (nats://user:password@host:port) come from the environment.
set -euo pipefail

answer=$(nats --server "${NATS_URL:-nats://localhost:4222}" --timeout 10s \
  request --raw "events.${CLIENT:-client-03}.temperature" '{"machineId":"m1","celsius":85}')
echo "$answer"
[[ $answer == *'"seq":'* ]]
