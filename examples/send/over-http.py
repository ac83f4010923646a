"""Sends an event over HTTP, with the standard library only. CLIENT, VIGIL_URL and VIGIL_TOKEN come from the environment."""
import json
import os
import urllib.request

url = os.environ.get("VIGIL_URL", "http://localhost:3000")
client = os.environ.get("CLIENT", "client-03")
headers = {"Content-Type": "application/json"}
if "VIGIL_TOKEN" in os.environ:
    headers["Authorization"] = "Bearer " + os.environ["VIGIL_TOKEN"]

event = json.dumps({"machineId": "m1", "celsius": 85}).encode()
request = urllib.request.Request(f"{url}/api/clients/{client}/events/temperature", event, headers)
# Raises HTTPError unless the stream has stored the event.
with urllib.request.urlopen(request, timeout=10) as answer:
    print(json.load(answer)["sequence"])
