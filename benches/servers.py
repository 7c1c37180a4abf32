"""Dovecot and Postfix for measurements, on the same settings as the tests: ../tests/support/servers."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from mails import DOMAIN

TEMPLATES = pathlib.Path(__file__).resolve().parent.parent / "tests/support/servers"
PASSWORD = "geheim"
NOBODY = 65534


class Servers:
    """Both servers in a temporary folder; everything for @example.org lands in one Maildir, "alle"."""

    def __enter__(self):
        if os.geteuid() != 0:
            raise SystemExit("Postfix starts as root only: run this as root")
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="antragsbote-bench-"))
        self.root.chmod(0o755)
        self.mail = self.root / "mail"
        self.imap, self.smtp = free_port(), free_port()
        self.folder(self.mail)
        self._certificate()
        self._start_dovecot()
        self._start_postfix()
        return self

    def __exit__(self, *_):
        master = self.root / "postfix/queue/pid/master.pid"
        os.kill(int(master.read_text()), signal.SIGTERM)
        self._postfix.wait(30)
        self._dovecot.terminate()
        self._dovecot.wait(30)
        shutil.rmtree(self.root, ignore_errors=True)

    def folder(self, path):
        path.mkdir(parents=True, exist_ok=True)
        os.chown(path, NOBODY, NOBODY)
        return path

    def maildir(self, user):
        """The Maildir of a user, made if it is missing."""
        self.folder(self.mail / DOMAIN)
        maildir = self.folder(self.mail / DOMAIN / user)
        for name in ("new", "cur", "tmp"):
            self.folder(maildir / name)
        return maildir

    def drop_in(self, user, name, raw):
        """Puts a mail into a user's INBOX, unread."""
        maildir = self.mail / DOMAIN / user
        written = maildir / "tmp" / name
        written.write_bytes(raw)
        os.chown(written, NOBODY, NOBODY)
        written.rename(maildir / "new" / name)

    def inbox(self, user):
        """How many mails lie in a user's INBOX."""
        maildir = self.mail / DOMAIN / user
        return sum(len(os.listdir(maildir / folder)) for folder in ("new", "cur"))

    def until_delivered(self):
        """Waits until Postfix has nothing left to do."""
        queue = self.root / "postfix/queue"
        names = ("maildrop", "incoming", "active", "deferred")
        while any(files for name in names for _, _, files in os.walk(queue / name)):
            time.sleep(0.05)

    def accepted(self):
        """Follows the log: each call gives the number of mails accepted from the bot since the last one."""
        log = (self.root / "postfix/postfix.log").open("rb")
        log.seek(0, os.SEEK_END)
        rest = b""

        def count():
            nonlocal rest
            *lines, rest = (rest + log.read()).split(b"\n")
            # The queue manager takes a mail up when it has been accepted.
            return sum(b"/qmgr[" in line and b"from=<antrag@" in line for line in lines)

        return count

    def _certificate(self):
        self.certificate, self.key = self.root / "server.pem", self.root / "server.key"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
            + ["-subj", "/CN=localhost", "-days", "2", "-out", self.certificate, "-keyout", self.key],
            check=True,
            capture_output=True,
        )

    def _start_dovecot(self):
        version = subprocess.run(["dovecot", "--version"], check=True, capture_output=True, text=True)
        name = "dovecot.conf" if version.stdout.startswith("2.3.") else "dovecot-2.4.conf"
        root = self.root / "dovecot"
        root.mkdir()
        self.sasl = root / "sasl"
        settings = self._fill(
            name, ROOT=root, INTERNAL_USER="dovecot", INTERNAL_GROUP="dovecot", LOGIN_USER="dovenull",
            PASSWORD=PASSWORD, IMAP=self.imap, IMAPS=free_port(), BEARER="", OAUTH2="",
        )  # fmt: skip
        (root / "dovecot.conf").write_text(settings)
        self._dovecot = subprocess.Popen(["dovecot", "-F", "-c", root / "dovecot.conf"])
        until_listening(self.imap)

    def _start_postfix(self):
        root = self.root / "postfix"
        (root / "etc").mkdir(parents=True)
        (root / "queue").mkdir()
        main = self._fill("main.cf", ROOT=root, DOMAIN=DOMAIN, SASL=self.sasl)
        master = self._fill("master.cf", SMTP=self.smtp, SUBMISSION=free_port(), SUBMISSIONS=free_port())
        (root / "etc/main.cf").write_text(main)
        (root / "etc/master.cf").write_text(master)
        (root / "etc/mailboxes").write_text(f"@{DOMAIN} {DOMAIN}/alle/\n")
        command = ["postfix", "-c", root / "etc", "start-fg"]
        self._postfix = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until_listening(self.smtp)

    def _fill(self, name, **values):
        values.update(MAIL=self.mail, UID=NOBODY, GID=NOBODY, CERTIFICATE=self.certificate, KEY=self.key)
        text = (TEMPLATES / name).read_text()
        for key, value in values.items():
            text = text.replace(f"@{key}@", str(value))
        return text


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until_listening(port):
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
    raise SystemExit(f"nothing listens on port {port}")
