"""The seed's motion as a file that Word might have saved, with marks in any engine's syntax.

    write(path, mark)    mark("beirat", "Der") gives the runs of one blank

16 parts, header, footer, logo; 4 variables in 10 blanks. The same bytes each time.
"""

import pathlib
import random
import re
import struct
import zipfile
import zlib
from xml.sax.saxutils import escape

ROOT = pathlib.Path(__file__).resolve().parents[2]
MOTION = ROOT / "templates/nationaler-integrationsplan/motion.md"

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
SCHEMAS = "http://schemas.openxmlformats.org"
MICROSOFT = "http://schemas.microsoft.com/office"
RELATIONSHIPS = f"{SCHEMAS}/officeDocument/2006/relationships"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "wpc": f"{MICROSOFT}/word/2010/wordprocessingCanvas",
        "mc": f"{SCHEMAS}/markup-compatibility/2006",
        "o": "urn:schemas-microsoft-com:office:office",
        "r": RELATIONSHIPS,
        "m": f"{SCHEMAS}/officeDocument/2006/math",
        "v": "urn:schemas-microsoft-com:vml",
        "wp14": f"{MICROSOFT}/word/2010/wordprocessingDrawing",
        "wp": f"{SCHEMAS}/drawingml/2006/wordprocessingDrawing",
        "w10": "urn:schemas-microsoft-com:office:word",
        "w": f"{SCHEMAS}/wordprocessingml/2006/main",
        "w14": f"{MICROSOFT}/word/2010/wordml",
        "w15": f"{MICROSOFT}/word/2012/wordml",
        "w16cid": f"{MICROSOFT}/word/2016/wordml/cid",
        "w16se": f"{MICROSOFT}/word/2015/wordml/symex",
        "wpg": f"{MICROSOFT}/word/2010/wordprocessingGroup",
        "wpi": f"{MICROSOFT}/word/2010/wordprocessingInk",
        "wne": f"{MICROSOFT}/word/2006/wordml",
        "wps": f"{MICROSOFT}/word/2010/wordprocessingShape",
    }.items()
)
IGNORABLE = f'{NAMESPACES} mc:Ignorable="w14 w15 w16se w16cid wp14"'

FORMAT = '<w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/><w:sz w:val="22"/><w:szCs w:val="22"/></w:rPr>'

MARK = re.compile(r"\{\{ (?:(\w+) )?(\w+) \}\}")


def run(text, properties=FORMAT):
    """A run of text."""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def merge_field(name):
    """A complex MERGEFIELD as Word writes it."""
    def char(kind):
        return f'<w:r>{FORMAT}<w:fldChar w:fldCharType="{kind}"/></w:r>'

    instruction = f'<w:r>{FORMAT}<w:instrText xml:space="preserve"> MERGEFIELD {name} </w:instrText></w:r>'
    return char("begin") + instruction + char("separate") + run(f"«{name}»") + char("end")


def blocks():
    """The motion's paragraphs: style and Markdown text."""
    styles = {"# ": "Titel", "## ": "berschrift1", "> ": "Zitat"}
    for line in MOTION.read_text(encoding="utf-8").splitlines():
        line = "" if line in (">", "---") else line
        if not line:
            continue
        prefix = next((p for p in ("## ", "# ", "> ") if line.startswith(p)), "")
        text = line.removeprefix(prefix)
        item = re.match(r"\d+\. ", text)
        style = "Listenabsatz" if item else styles.get(prefix, "")
        yield style, text[item.end():] if item else text


def text(value):
    """The body's text, each blank as `value(name)` gives it."""
    return "".join(MARK.sub(lambda mark: value(mark[2].lower()), line) for _, line in blocks())


class Body:
    """Paragraphs with the ids and the torn runs that editing in Word leaves behind."""

    def __init__(self, mark):
        self.mark = mark
        self.chance = random.Random(3)

    def hexadecimal(self):
        return f"{self.chance.randrange(1 << 31):08X}"

    def torn(self, text):
        """Runs that together say the text."""
        runs = []
        while text:
            length = self.chance.choice((40, 90, 160, 400))
            piece, text = text[:length], text[length:]
            runs.append(run(piece).replace("<w:r>", f'<w:r w:rsidR="00{self.hexadecimal()[:6]}">'))
        return '<w:proofErr w:type="gramStart"/>'.join(runs)

    def paragraph(self, style, text):
        ids = f'w14:paraId="{self.hexadecimal()}" w14:textId="77777777" w:rsidR="00A77B3E" w:rsidRDefault="00A77B3E"'
        name = f'<w:pStyle w:val="{style}"/>' if style else ""
        number = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>' if style == "Listenabsatz" else ""
        properties = f'<w:pPr>{name}{number}<w:spacing w:after="120"/><w:jc w:val="both"/>{FORMAT}</w:pPr>'
        content, at = "", 0
        for mark in MARK.finditer(text):
            content += self.torn(text[at:mark.start()]) + self.mark(mark[2].lower(), mark[1] or "")
            at = mark.end()
        return f"<w:p {ids}>{properties}{content}{self.torn(text[at:])}</w:p>"

    def document(self):
        paragraphs = "".join(self.paragraph(style, text) for style, text in blocks())
        section = (
            '<w:sectPr w:rsidR="00A77B3E"><w:headerReference w:type="default" r:id="rId7"/>'
            '<w:footerReference w:type="default" r:id="rId8"/><w:pgSz w:w="11906" w:h="16838"/>'
            '<w:pgMar w:top="1417" w:right="1417" w:bottom="1134" w:left="1417" w:header="708" '
            'w:footer="708" w:gutter="0"/><w:cols w:space="708"/><w:docGrid w:linePitch="360"/></w:sectPr>'
        )
        return f"<w:document {IGNORABLE}><w:body>{paragraphs}{section}</w:body></w:document>"

    def header(self):
        graphic = f"{SCHEMAS}/drawingml/2006"
        picture = (
            '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="1440000" cy="720000"/>'
            '<wp:docPr id="1" name="Grafik 1" descr="Logo"/>'
            f'<a:graphic xmlns:a="{graphic}/main"><a:graphicData uri="{graphic}/picture">'
            f'<pic:pic xmlns:pic="{graphic}/picture"><pic:nvPicPr><pic:cNvPr id="1" name="logo.png"/><pic:cNvPicPr/>'
            '</pic:nvPicPr><pic:blipFill><a:blip r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="1440000" cy="720000"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
            "</wp:inline></w:drawing></w:r>"
        )
        content = f'<w:pPr><w:pStyle w:val="Kopfzeile"/></w:pPr>{picture}{run("Stand: ")}{self.mark("datum", "")}'
        return f"<w:hdr {IGNORABLE}><w:p>{content}</w:p></w:hdr>"

    def footer(self):
        page = run("Seite ") + '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        return f'<w:ftr {IGNORABLE}><w:p><w:pPr><w:pStyle w:val="Fuzeile"/></w:pPr>{page}</w:p></w:ftr>'


def styles():
    """Styles, with the list of latent ones that Word writes into each file."""
    accents = [f" Accent {n}" for n in range(1, 7)]
    kinds = ["Light Shading", "Light List", "Light Grid", "Medium Shading 1", "Medium Shading 2", "Medium List 1"]
    kinds += ["Medium List 2", "Medium Grid 1", "Medium Grid 2", "Medium Grid 3", "Dark List", "Colorful Shading"]
    kinds += [f"{table} Table {n}" for table in ("Grid", "List") for n in range(1, 8)]
    latent = [f"{name} {n}" for name in ("heading", "toc", "index", "List", "List Bullet") for n in range(1, 10)]
    latent += [kind + accent for kind in kinds for accent in ["", *accents]]
    exceptions = "".join(
        f'<w:lsdException w:name="{name}" w:semiHidden="1" w:uiPriority="{40 + n % 60}" w:unhideWhenUsed="1"/>'
        for n, name in enumerate(latent)
    )
    own = ["Standard", "Titel", "berschrift1", "berschrift2", "Zitat", "Listenabsatz", "Kopfzeile", "Fuzeile"]
    defined = "".join(
        f'<w:style w:type="paragraph"{" w:default=" + chr(34) + "1" + chr(34) if name == "Standard" else ""} '
        f'w:styleId="{name}"><w:name w:val="{name}"/><w:qFormat/><w:rsid w:val="00{n}C3F{n}A"/><w:pPr>'
        f'<w:spacing w:before="{n * 60}" w:after="120" w:line="259" w:lineRule="auto"/></w:pPr>{FORMAT}</w:style>'
        for n, name in enumerate(own)
    )
    return (
        f"<w:styles {IGNORABLE}><w:docDefaults><w:rPrDefault>{FORMAT}</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        f'<w:latentStyles w:defLockedState="0" w:count="376">{exceptions}</w:latentStyles>{defined}</w:styles>'
    )


def theme():
    """A theme: colours, fonts for each script, fills and lines."""
    colours = "dk1 lt1 dk2 lt2 accent1 accent2 accent3 accent4 accent5 accent6 hlink folHlink".split()
    scripts = "Jpan Hang Hans Hant Arab Hebr Thai Ethi Beng Gujr Khmr Knda Guru Cans Cher Yiii Tibt Thaa Deva Telu".split()
    scheme = "".join(f'<a:{c}><a:srgbClr val="{n * 1118481:06X}"/></a:{c}>' for n, c in enumerate(colours))
    fonts = "".join(f'<a:font script="{script}" typeface="Arial {script}"/>' for script in scripts)
    fonts = f'<a:latin typeface="Arial"/><a:ea typeface=""/><a:cs typeface=""/>{fonts}'
    stop = '<a:gs pos="{}"><a:schemeClr val="phClr"><a:tint val="{}"/><a:satMod val="{}"/></a:schemeClr></a:gs>'
    stops = "".join(stop.format(n * 50000, 50000 - n * 9000, 300000 + n * 7000) for n in range(3))
    fill = f'<a:gradFill rotWithShape="1"><a:gsLst>{stops}</a:gsLst><a:lin ang="5400000" scaled="0"/></a:gradFill>'
    line = '<a:ln w="{}"><a:solidFill><a:schemeClr val="phClr"/></a:solidFill><a:prstDash val="solid"/></a:ln>'
    return (
        f'<a:theme xmlns:a="{SCHEMAS}/drawingml/2006/main" name="Office"><a:themeElements>'
        f'<a:clrScheme name="Office">{scheme}</a:clrScheme><a:fontScheme name="Office">'
        f"<a:majorFont>{fonts}</a:majorFont><a:minorFont>{fonts}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="Office"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{''.join(line.format(w) for w in (6350, 12700, 19050))}</a:lnStyleLst>"
        f"<a:effectStyleLst>{'<a:effectStyle><a:effectLst/></a:effectStyle>' * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )


def numbering():
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%{n + 1}."/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{720 * (n + 1)}" w:hanging="360"/></w:pPr></w:lvl>'
        for n in range(9)
    )
    return (
        f'<w:numbering {IGNORABLE}><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>{levels}'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )


def font_table():
    fonts = "".join(
        f'<w:font w:name="{name}"><w:panose1 w:val="020B0604020202020204"/><w:charset w:val="00"/>'
        '<w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font>'
        for name in ("Arial", "Times New Roman", "Calibri", "Symbol", "Courier New", "Wingdings")
    )
    return f"<w:fonts {IGNORABLE}>{fonts}</w:fonts>"


def logo():
    """A picture of 120 × 82 points whose grain no compression removes."""
    grain = random.Random(3)
    rows = b"".join(b"\0" + grain.randbytes(120 * 3) for _ in range(82))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    size = struct.pack(">IIBBBBB", 120, 82, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def relationships(**targets):
    entries = "".join(
        f'<Relationship Id="{name}" Type="{RELATIONSHIPS if kind != "metadata/core-properties" else PACKAGE}/{kind}" '
        f'Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{SCHEMAS}/package/2006/relationships">{entries}</Relationships>'


PACKAGE = f"{SCHEMAS}/package/2006/relationships"


def content_types(parts):
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    kinds = {"document": "document.main", "header1": "header", "footer1": "footer"}
    overrides = {
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        "word/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
    }
    for part in parts:
        if part.endswith(".xml") and part not in overrides:
            name = pathlib.PurePosixPath(part).stem
            overrides[part] = f"{word}.{kinds.get(name, name)}+xml"
    listed = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in overrides.items())
    return (
        f'<Types xmlns="{SCHEMAS}/package/2006/content-types"><Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{listed}</Types>'
    )


def parts(mark):
    """All parts, by name."""
    body = Body(mark)
    core = (
        f'<cp:coreProperties xmlns:cp="{SCHEMAS}/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Musterantrag</dc:title></cp:coreProperties>'
    )
    word = {
        "word/document.xml": body.document(),
        "word/_rels/document.xml.rels": relationships(
            rId1=("numbering", "numbering.xml"),
            rId2=("styles", "styles.xml"),
            rId3=("settings", "settings.xml"),
            rId4=("webSettings", "webSettings.xml"),
            rId5=("fontTable", "fontTable.xml"),
            rId6=("theme", "theme/theme1.xml"),
            rId7=("header", "header1.xml"),
            rId8=("footer", "footer1.xml"),
        ),
        "word/header1.xml": body.header(),
        "word/_rels/header1.xml.rels": relationships(rId1=("image", "media/logo.png")),
        "word/footer1.xml": body.footer(),
        "word/theme/theme1.xml": theme(),
        "word/settings.xml": f'<w:settings {IGNORABLE}><w:zoom w:percent="100"/><w:defaultTabStop w:val="708"/>'
        f'<w:themeFontLang w:val="de-DE"/></w:settings>',
        "word/styles.xml": styles(),
        "word/webSettings.xml": f"<w:webSettings {IGNORABLE}><w:optimizeForBrowser/></w:webSettings>",
        "word/fontTable.xml": font_table(),
        "word/numbering.xml": numbering(),
        "docProps/core.xml": core,
        "docProps/app.xml": f'<Properties xmlns="{SCHEMAS}/officeDocument/2006/extended-properties">'
        "<Application>Microsoft Office Word</Application></Properties>",
    }
    root = relationships(
        rId1=("officeDocument", "word/document.xml"),
        rId2=("metadata/core-properties", "docProps/core.xml"),
        rId3=("extended-properties", "docProps/app.xml"),
    )
    every = {"[Content_Types].xml": content_types(word), "_rels/.rels": root, **word}
    return {name: (HEAD + xml).encode() for name, xml in every.items()} | {"word/media/logo.png": logo()}


def write(path, mark):
    """Writes the package."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for name, content in parts(mark).items():
            package.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
