"""Mail for tests/deploy: sends by SMTP, and reads what lies in a Maildir.

mail.py listening PORT...            succeeds if all of them answer on this machine
mail.py send TO SUBJECT NAME...      a mail from each NAME@muster.test; the text comes from standard input
mail.py replies MAILDIR NAME...      for each different reply to the mail of one of them its name
mail.py motion MAILDIR NAME          the reply's text, its file's name and the text of the Word document
mail.py letters MAILDIR              subject and text of every mail
"""

import email
import email.message
import email.policy
import io
import re
import smtplib
import socket
import sys
import zipfile
from pathlib import Path


def listening(*ports):
    for port in ports:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", int(port))) != 0:
                sys.exit(1)


def send(to, subject, *names):
    text = sys.stdin.read()
    with smtplib.SMTP("127.0.0.1", 25, timeout=30) as server:
        for name in names:
            mail = email.message.EmailMessage()
            mail["From"], mail["To"], mail["Subject"] = f"{name}@muster.test", to, subject
            mail["Message-ID"] = identifier(name)
            mail.set_content(text)
            server.send_message(mail)


def read(maildir):
    """The mails of a Maildir that may change meanwhile."""
    for folder in "new", "cur":
        for path in sorted(Path(maildir, folder).glob("*")):
            try:
                yield email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            except FileNotFoundError:
                continue


def identifier(name):
    return f"<{name}@post.muster.test>"


def replies(maildir, *names):
    # A crash between the server's answer and our note of it may make a copy, with the same Message-ID.
    found = {(str(mail["In-Reply-To"]), str(mail["Message-ID"])) for mail in read(maildir)}
    for name in names:
        for answered, _ in found:
            if answered == identifier(name):
                print(name)


def motion(maildir, name):
    mail = next(mail for mail in read(maildir) if mail["In-Reply-To"] == identifier(name))
    print(mail.get_body(("plain",)).get_content())
    [document] = mail.iter_attachments()
    print(document.get_filename())
    with zipfile.ZipFile(io.BytesIO(document.get_content())) as package:
        assert package.testzip() is None
        text = package.read("word/document.xml").decode()
    print(re.sub(r"<[^>]*>", "", text.replace("</w:p>", "\n")))


def letters(maildir):
    for mail in read(maildir):
        print(mail["Subject"], mail.get_body(("plain",)).get_content(), sep="\n")


if __name__ == "__main__":
    command, *words = sys.argv[1:]
    {task.__name__: task for task in (listening, send, replies, motion, letters)}[command](*words)
