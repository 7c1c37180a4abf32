"""Writes a motion as python-docx does: FOLDER with motion.json, a list of [style, text].

In torn.docx every few letters are a run of their own, some bold, some red, with a header,
a table and a text that is highlighted.
"""

import json
import pathlib
import sys

from docx import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.shared import RGBColor

folder = pathlib.Path(sys.argv[1])
motion = json.loads((folder / "motion.json").read_text(encoding="utf-8"))

document = Document()
document.core_properties.title = "Antrag zum Nationalen Integrationsplan"


def tear(paragraph, text):
    for number, start in enumerate(range(0, len(text), 3)):
        run = paragraph.add_run(text[start : start + 3])
        run.bold = number % 3 == 1 or None
        if number % 5 == 2:
            run.font.color.rgb = RGBColor(0xC0, 0, 0)


for style, text in motion:
    tear(document.add_paragraph(style=style), text)
header = document.sections[0].header.paragraphs[0]
tear(header, "Antrag des Ausländerbeirats/Integrationsbeirats* der Stadt/des Landkreises XXX**")
cell = document.add_table(1, 1).cell(0, 0)
tear(cell.paragraphs[0], "Datum der Sitzung: ____________")
run = cell.add_paragraph().add_run("Ansprechperson")
run.font.highlight_color = WD_COLOR_INDEX.YELLOW
document.save(folder / "torn.docx")
