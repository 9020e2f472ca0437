"""A hook as it would be written in Python: reads the document, adds an event, and writes the whole of it anew.

The payload of the client comes on standard input. A temporary file and a rename keep readers from half a document; two
hooks at once still lose each other's events.
"""
import argparse
import json
import os
import sys
from datetime import datetime, timezone


def now():
    return datetime.now(timezone.utc).isoformat().replace("+00:00", "Z")


def load(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {
            "schema_version": "1.0.0",
            "system_name": "Bench",
            "pipeline_started_at": now(),
            "pipeline_status": "running",
            "current_context": {},
            "statistics": {"total_events": 0, "total_skills_invoked": 0},
            "events": [],
        }


def event_of(payload, args):
    return {
        "event_id": "evt-" + os.urandom(6).hex(),
        "event_type": "skill_invoke_start",
        "timestamp": now(),
        "level": "skill",
        "parent_event_id": None,
        "activity": {"type": "skill", "name": payload["tool_input"]["skill"], "intent": None},
        "context": {"session_id": payload["session_id"], "stage": args.stage},
        "hierarchy": {"depth": 0, "path": []},
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--state", required=True)
    parser.add_argument("--stage", default="prototype")
    args = parser.parse_args()
    payload = json.load(sys.stdin)
    document = load(args.state)
    document["events"].append(event_of(payload, args))
    document["statistics"]["total_events"] += 1
    document["statistics"]["total_skills_invoked"] += 1
    document["pipeline_updated_at"] = now()
    temporary = f"{args.state}.{os.getpid()}.tmp"
    with open(temporary, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=2)
    os.replace(temporary, args.state)


main()
