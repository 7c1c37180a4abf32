"""What documents look like: LibreOffice lays them out, poppler draws them."""

import html
import os
import re
import subprocess
import tempfile
from pathlib import Path

from bitmap import Bitmap

LIMIT = 300  # seconds, for a machine that is busy


class Desk:
    """A folder in which documents are laid out, all at once: LibreOffice is slow to start."""

    def __init__(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.folder = Path(self.scratch.name)
        self.files = []

    def lay(self, document, ending="docx"):
        """Puts a document on the desk; gives its number."""
        path = self.folder / f"{len(self.files)}.{ending}"
        path.write_bytes(document)
        self.files.append(path)
        return len(self.files) - 1

    def print(self):
        home = {name: str(self.folder) for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")}
        run(["soffice", f"-env:UserInstallation=file://{self.folder}/profile", "--headless", "--norestore",
             "--convert-to", "pdf", "--outdir", str(self.folder), *map(str, self.files)],
            env={**os.environ, "SAL_USE_VCLPLUGIN": "svp", **home})

    def page(self, document, number=1, dpi=96):
        return Page(self.files[document].with_suffix(".pdf"), number, dpi)


class Page:
    """A page as it is printed: its picture, and where its words stand."""

    def __init__(self, pdf, number, dpi):
        only = ["-f", str(number), "-l", str(number)]
        self.picture = Bitmap.of_ppm(run(["pdftoppm", "-r", str(dpi), *only, str(pdf)]))
        text = run(["pdftotext", "-bbox", *only, str(pdf), "-"]).decode()
        number = r'"([\d.]+)"'
        found = re.findall(rf"<word xMin={number} yMin={number} xMax={number} yMax={number}>(.*?)</word>", text)
        scale = dpi / 72
        self.words = [(html.unescape(word), *(float(place) * scale for place in places)) for *places, word in found]
        self.scale = dpi / 96

    def find(self, phrase):
        """Where a phrase stands, each time: the boxes of its words; whatever clings to the last one counts."""
        wanted = phrase.split()
        texts = [word for word, *_ in self.words]
        for at in range(len(texts) - len(wanted) + 1):
            first, last = texts[at:at + len(wanted) - 1], texts[at + len(wanted) - 1]
            if first == wanted[:-1] and last.rstrip(".,:") in (wanted[-1], wanted[-1].rstrip(".,:")):
                yield [box for _, *box in self.words[at:at + len(wanted)]]

    def mark(self, phrases, colour):
        """Marks phrases as with a highlighter.

        A phrase that is missing ends this: the picture would not show what is said of it."""
        marked = set()
        for phrase in phrases:
            found = list(self.find(phrase))
            if not found:
                raise SystemExit(f"the page does not say: {phrase}")
            marked.update(lines(found))
        for left, top, right, bottom in sorted(marked):
            self.picture.tint(left - 2, top, right - left + 4, bottom - top, colour)

    def extent(self, margin=36):
        """From where to where the page has text, without its footer: rows of its picture."""
        margin, footer = margin * self.scale, self.picture.height * 0.92
        top, bottom = min(box[1] for _, *box in self.words), max(box[3] for _, *box in self.words if box[3] < footer)
        return max(int(top - margin), 0), int(bottom + margin)


def lines(found):
    """The boxes of phrases, joined where they stand side by side."""
    for boxes in found:
        current = None
        for left, top, right, bottom in boxes:
            if current and abs(current[1] - top) < 3:
                current = (current[0], min(current[1], top), right, max(current[3], bottom))
            else:
                if current:
                    yield tuple(map(round, current))
                current = (left, top, right, bottom)
        yield tuple(map(round, current))


def card(paragraphs, width, fill="#ffffff", margin=14):
    """A page with nothing but a few paragraphs: pairs of a style and a text. `width` and `margin` are points."""
    styles = {
        "text": 'fo:font-size="10.5pt"', "small": 'fo:font-size="9pt"', "bold": 'fo:font-size="9.5pt" fo:font-weight="bold"',
        "grey": 'fo:font-size="9.5pt" fo:color="#555555"', "title": 'fo:font-size="13pt" fo:font-weight="bold"',
    }
    made = "".join(
        f'<style:style style:name="{name}" style:family="paragraph"><style:paragraph-properties '
        f'fo:margin-top="0pt" fo:margin-bottom="4pt" fo:line-height="125%"/><style:text-properties '
        f'style:font-name="Sans" fo:language="de" fo:country="DE" {text}/></style:style>' for name, text in styles.items())
    body = "".join(f'<text:p text:style-name="{style}">{html.escape(text)}</text:p>' for style, text in paragraphs)
    body = body.replace("\n", "<text:line-break/>")
    names = ("office", "style", "text", "fo", "svg")
    uris = [f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in names[:3]]
    uris += [f"urn:oasis:names:tc:opendocument:xmlns:{name}-compatible:1.0" for name in ("xsl-fo", "svg")]
    spaces = " ".join(f'xmlns:{name}="{uri}"' for name, uri in zip(names, uris))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document {spaces} office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">
<office:font-face-decls><style:font-face style:name="Sans" svg:font-family="'Liberation Sans'"/></office:font-face-decls>
<office:automatic-styles>{made}<style:page-layout style:name="page"><style:page-layout-properties
fo:page-width="{width}pt" fo:page-height="700pt" fo:margin="{margin}pt" fo:background-color="{fill}"/>
</style:page-layout></office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="page"/></office:master-styles>
<office:body><office:text>{body}</office:text></office:body></office:document>""".encode()


def run(command, **options):
    """What a program prints; ends this if it fails or takes too long."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=LIMIT, check=True, stdin=subprocess.DEVNULL, **options)
    except FileNotFoundError:
        raise SystemExit(f"{command[0]} is missing: apt install libreoffice-writer-nogui poppler-utils") from None
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"{command[0]} fails: {error.stderr.decode(errors='replace')}") from None
    return done.stdout
