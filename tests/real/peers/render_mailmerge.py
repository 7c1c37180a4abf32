"""Merges the templates of a folder with docx-mailmerge2, in one process.

NAME.docx and NAME.json become NAME.peer.docx, or NAME.peer.txt, which says why not.
"""

import json
import pathlib
import sys

from mailmerge import MailMerge

for data in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
    try:
        with MailMerge(data.with_suffix(".docx")) as template:
            template.merge(**json.loads(data.read_text("utf-8")))
            template.write(data.with_suffix(".peer.docx"))
    except Exception as error:
        data.with_suffix(".peer.txt").write_text(f"{type(error).__name__}: {error}", "utf-8")
