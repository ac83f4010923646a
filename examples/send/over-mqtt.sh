#!/usr/bin/env bash
# Sends an event over MQTT 3.1.1 with mosquitto_pub. The exit code 0 does not say that the stream has stored it.
# CLIENT, MQTT_HOST, MQTT_PORT, MQTT_USER and MQTT_PASSWORD come from the environment.
set -euo pipefail

mosquitto_pub --host "${MQTT_HOST:-localhost}" --port "${MQTT_PORT:-1883}" \
  ${MQTT_USER:+--username "$MQTT_USER" --pw "$MQTT_PASSWORD"} \
  --qos 1 --topic "events/${CLIENT:-client-03}/temperature" --message '{"machineId":"m1","celsius":85}'
