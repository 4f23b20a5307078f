"""The schema for editors, asked of a validator of others: `pip install jsonschema`, then
`jardin policy schema | python3 core/compliance/tests/schema.py` at the root of the project."""

import datetime
import glob
import json
import re
import sys
import tomllib

import jsonschema


def as_json(value):
    """A policy as editors hand it to a schema: days and times are texts."""
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return str(value) if isinstance(value, (datetime.date, datetime.time)) else value


def main():
    schema = json.load(sys.stdin)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    files = [
        *glob.glob("examples/*/policy.toml"),
        *glob.glob("tests/data/*/policy.toml"),
        *glob.glob("core/policy/tests/policies/*.toml"),
        *glob.glob("core/policy/tests/cases/*.toml"),
    ]
    assert len(files) > 40, files
    for file in files:
        text = open(file, encoding="utf-8").read()
        for error in validator.iter_errors(as_json(tomllib.loads(text))):
            sys.exit(f"{file}: {error.json_path}: {error.message}")
        misspelt = re.sub(r"(?m)^profiling\b", "profilling", text, count=1)
        if validator.is_valid(as_json(tomllib.loads(misspelt))):
            sys.exit(f"{file}: a misspelt key is taken")
    print(f"{len(files)} policies fit the schema, and none with a misspelt key")


main()
