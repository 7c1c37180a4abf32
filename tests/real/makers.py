"""Takes Word documents out of source packages from PyPI: FOLDER, then NAME==VERSION each.

Each document becomes FOLDER/HASH.docx, once however often it is shipped; `index` says
where it came from. No code of the packages is run, as `pip download` would do to learn
their metadata: pip's own finder gives the archives, and they are only unpacked.
"""

import hashlib
import io
import pathlib
import sys
import tarfile
import zipfile

from pip._internal.commands.download import DownloadCommand
from pip._vendor.packaging.specifiers import SpecifierSet


def archives(requirements):
    command = DownloadCommand("download", "")
    options, _ = command.parse_args(["--no-binary", ":all:", *requirements])
    with command.main_context():
        session = command._build_session(options)
        finder = command._build_package_finder(options, session)
        for requirement in requirements:
            name, _, version = requirement.partition("==")
            best = finder.find_best_candidate(name, SpecifierSet("==" + version)).best_candidate
            if best is None:
                sys.exit(f"{requirement} has no source package")
            response = session.get(best.link.url_without_fragment)
            response.raise_for_status()
            best.link.as_hashes().check_against_chunks([response.content])
            yield requirement, best.link.filename, response.content


def files(filename, content):
    if filename.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name, archive.read(name)
    else:
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            for member in archive:
                if member.isfile():
                    yield member.name, archive.extractfile(member).read()


folder = pathlib.Path(sys.argv[1])
index = {}
for requirement, filename, content in archives(sys.argv[2:]):
    for name, document in files(filename, content):
        if name.lower().endswith((".docx", ".dotx")):
            digest = hashlib.sha256(document).hexdigest()[:16]
            (folder / f"{digest}.docx").write_bytes(document)
            index.setdefault(digest, f"{requirement.partition('==')[0]}/{name.partition('/')[2]}")
lines = sorted(f"{digest} {name}\n" for digest, name in index.items())
(folder / "index").write_text("".join(lines), encoding="utf-8")
