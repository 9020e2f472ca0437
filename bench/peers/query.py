"""A query as it would be written in Python: parses the whole document, and prints its head."""
import argparse
import json

parser = argparse.ArgumentParser()
parser.add_argument("verb", choices=["status"])
parser.add_argument("--state", required=True)
args = parser.parse_args()
with open(args.state, encoding="utf-8") as file:
    document = json.load(file)
keys = ["schema_version", "system_name", "pipeline_status", "pipeline_updated_at", "statistics"]
print(json.dumps({key: document.get(key) for key in keys}, indent=2))
