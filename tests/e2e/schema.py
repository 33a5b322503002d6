#!/usr/bin/python3
"""Which of the documents on standard input, a line each, are valid by a schema: schema.py SCHEMA <DOCUMENTS

SPDX-License-Identifier: Apache-2.0
"""
import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for line in sys.stdin:
    print("valid" if validator.is_valid(json.loads(line)) else "invalid")
