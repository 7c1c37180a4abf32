"""Compares documents with their templates: FOLDER holds NAME.before.docx and NAME.after.docx.

Prints what is wrong with a document and was not so with its template: XML that expat
does not read, and what the validator finds. No output means that nothing is.
"""

import pathlib
import sys
import xml.parsers.expat
import zipfile

from openxml_audit import OpenXmlValidator

validator = OpenXmlValidator(max_errors=0)


def findings(path):
    found = set()
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                try:
                    xml.parsers.expat.ParserCreate(namespace_separator=" ").Parse(archive.read(name), True)
                except xml.parsers.expat.ExpatError as error:
                    found.add(f"{name}: {xml.parsers.expat.ErrorString(error.code)}")
    for error in validator.validate(str(path)).errors:
        found.add(f"{error.part_uri}: {error.description}")
    return found


for after in sorted(pathlib.Path(sys.argv[1]).glob("*.after.docx")):
    before = after.with_name(after.name.replace(".after.", ".before."))
    for finding in sorted(findings(after) - findings(before)):
        print(f"{after.name.split('.')[0]}: {finding}")
