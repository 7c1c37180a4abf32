"""Asks for a motion as Anna and reads the answer: client.py CA_FILE SUBMISSION_PORT IMAPS_PORT PASSWORD"""

import email
import email.policy
import imaplib
import io
import smtplib
import ssl
import sys
import time
import zipfile
from email.message import EmailMessage

ANNA = "anna@example.org"
PATIENCE_S = 60


def ask(context, port, password):
    request = EmailMessage()
    request["From"] = f"Anna Müller <{ANNA}>"
    request["To"] = "antrag@example.org"
    request["Subject"] = "Antrag für Fürth"
    request["Message-ID"] = "<python@example.org>"
    request.set_content(
        "Guten Tag,\n\nbitte senden Sie uns den Musterantrag"
        " für den Ausländerbeirat der Stadt Fürth.\n\nViele Grüße\nAnna Müller\n"
    )
    with smtplib.SMTP("localhost", port, timeout=30) as server:
        server.starttls(context=context)
        server.login(ANNA, password)
        server.send_message(request)


def fetch(context, port, password):
    with imaplib.IMAP4_SSL("localhost", port, ssl_context=context, timeout=30) as server:
        server.login(ANNA, password)
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            server.select("INBOX")
            _, found = server.search(None, "HEADER", "In-Reply-To", "<python@example.org>")
            if found[0]:
                _, data = server.fetch(found[0].split()[0], "(RFC822)")
                return email.message_from_bytes(data[0][1], policy=email.policy.default)
            time.sleep(0.1)
    sys.exit(f"no reply within {PATIENCE_S} seconds")


def main():
    ca_file, submission, imaps, password = sys.argv[1:]
    context = ssl.create_default_context(cafile=ca_file)
    ask(context, int(submission), password)
    reply = fetch(context, int(imaps), password)

    assert reply["Auto-Submitted"] == "auto-replied", reply["Auto-Submitted"]
    assert reply["X-Auto-Response-Suppress"] == "All", reply["X-Auto-Response-Suppress"]
    assert reply["References"] == "<python@example.org>", reply["References"]
    assert reply["To"].addresses[0].addr_spec == ANNA, reply["To"]
    for subtype in ("plain", "html"):
        text = reply.get_body((subtype,)).get_content()
        assert "Fürth" in text and "Ausländerbeirat" in text, text
    (document,) = reply.iter_attachments()
    name = document.get_filename()
    assert name == "Musterantrag_Stadt-Fürth_Ausländerbeirat.docx", name
    with zipfile.ZipFile(io.BytesIO(document.get_content())) as package:
        assert package.testzip() is None
        assert "Fürth" in package.read("word/document.xml").decode()


main()
