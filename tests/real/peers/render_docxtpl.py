"""Renders the templates of a folder with docxtpl, in one process.

NAME.docx and NAME.json become NAME.peer.docx, or NAME.peer.txt, which says why not.
"""

import json
import pathlib
import sys

from docxtpl import DocxTemplate

for data in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
    template = DocxTemplate(data.with_suffix(".docx"))
    try:
        template.render(json.loads(data.read_text("utf-8")), autoescape=True)
        template.save(data.with_suffix(".peer.docx"))
    except Exception as error:
        data.with_suffix(".peer.txt").write_text(f"{type(error).__name__}: {error}", "utf-8")
