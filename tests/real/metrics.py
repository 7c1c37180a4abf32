"""Fetches both pages from a port, and reads the figures as Prometheus's own client library does.

Prints {"health": [status, page], "samples": {"name{label=word,...}": value}} as JSON.
"""

import http.client
import json
import sys

from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST
from prometheus_client.openmetrics.parser import text_string_to_metric_families

KIND = "application/openmetrics-text; version=1.0.0; charset=utf-8"
assert CONTENT_TYPE_LATEST == KIND, CONTENT_TYPE_LATEST


def get(path):
    connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=10)
    connection.request("GET", path, headers={"Accept": KIND})
    response = connection.getresponse()
    return response, response.read().decode()


response, text = get("/metrics")
assert response.status == 200, response.status
assert response.getheader("Content-Type") == KIND, response.getheader("Content-Type")
samples = {}
for family in text_string_to_metric_families(text):
    assert family.documentation, family.name
    for sample in family.samples:
        labels = ",".join(f"{name}={word}" for name, word in sorted(sample.labels.items()))
        samples[f"{sample.name}{{{labels}}}"] = sample.value
response, page = get("/healthz")
print(json.dumps({"health": [response.status, json.loads(page)], "samples": samples}))
