"""The engines written in Python, and deflating alone, each asked for by a line on standard input.

    python engines.py FOLDER < lines of "engine [file for the first document]"
"""

import io
import json
import pathlib
import sys
import time
import zlib

import deflate
import docxtpl
import mailmerge

import template

FOLDER = pathlib.Path(sys.argv[1])
RECORDS = json.loads((FOLDER / "records.json").read_text(encoding="utf-8"))


def with_docxtpl(record, template=(FOLDER / "jinja.docx").read_bytes()):
    document = docxtpl.DocxTemplate(io.BytesIO(template))
    document.render(record)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_docx_mailmerge2(record, template=(FOLDER / "mergefield.docx").read_bytes()):
    out = io.BytesIO()
    with mailmerge.MailMerge(io.BytesIO(template)) as document:
        document.merge(**record)
        document.write(out)
    return out.getvalue()


def changed_parts(record):
    """The parts that one merge changes, merged."""
    parts = template.parts(lambda name, _: template.run(record[name]))
    return [parts[name] for name in ("word/document.xml", "word/header1.xml")]


def with_libdeflate(record):
    for part in CHANGED[record["kommune"]]:
        deflate.deflate_compress(part, 6)


def with_zlib(record):
    for part in CHANGED[record["kommune"]]:
        compress = zlib.compressobj(6, wbits=-15)
        compress.compress(part)
        compress.flush()


CHANGED = {record["kommune"]: changed_parts(record) for record in RECORDS}
ENGINES = {
    "docxtpl": with_docxtpl,
    "docx-mailmerge2": with_docx_mailmerge2,
    "libdeflate": with_libdeflate,
    "zlib": with_zlib,
}


def measured(engine, file):
    walls = []
    before = time.process_time_ns()
    for record in RECORDS:
        start = time.perf_counter_ns()
        document = engine(record)
        walls.append(time.perf_counter_ns() - start)
        if file:
            pathlib.Path(file).write_bytes(document)
            return {}
    return {"wall": walls, "processor": (time.process_time_ns() - before) / len(RECORDS)}


for line in sys.stdin:
    name, *file = line.split()
    print(json.dumps(measured(ENGINES[name], *file or [None])), flush=True)
