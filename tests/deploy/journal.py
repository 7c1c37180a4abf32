"""What the journal tells of a service; standard input is `journalctl --output json`.

journal.py fields NAME...    each different set of values of these fields, where an entry has all of them
journal.py words WORD...     the fields that hold one of these words
"""

import json
import sys

command, *words = sys.argv[1:]
entries = [json.loads(line) for line in sys.stdin]


def text(value):
    # What is no UTF-8 comes as a list of bytes.
    return bytes(value).decode(errors="replace") if isinstance(value, list) else str(value)


if command == "fields":
    found = {" ".join(text(entry[name]) for name in words) for entry in entries if all(name in entry for name in words)}
else:
    found = {
        f"{name}={text(value)}"
        for entry in entries
        for name, value in entry.items()
        if any(word in text(value) for word in words)
    }
print("\n".join(sorted(found)))
