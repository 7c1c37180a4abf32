"""Compares documents with their templates: FOLDER holds NAME.after.docx and, if there was one, NAME.before.docx.

Prints what is wrong with a document and was not so with its template: XML that expat
does not read, and what the validator finds. No output means that nothing is.
"""

import pathlib
import sys
import xml.parsers.expat
import zipfile

from openxml_audit import OpenXmlValidator

def findings(path):
    found = set()
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                try:
                    xml.parsers.expat.ParserCreate(namespace_separator=" ").Parse(archive.read(name), True)
                except xml.parsers.expat.ExpatError as error:
                    found.add(f"{name}: {xml.parsers.expat.ErrorString(error.code)}")
    # one for each document: it remembers parts by their names
    for error in OpenXmlValidator(max_errors=0).validate(str(path)).errors:
        found.add(f"{error.part_uri}: {error.description}")
    return found


for after in sorted(pathlib.Path(sys.argv[1]).glob("*.after.docx")):
    before = after.with_name(after.name.replace(".after.", ".before."))
    known = findings(before) if before.exists() else set()
    for finding in sorted(findings(after) - known):
        print(f"{after.name.removesuffix('.after.docx')}: {finding}")
