"""The mail that the measurements send."""

DOMAIN = "example.org"


def request(number, run=""):
    """A plain request; each comes from somebody else. `run` tells Message-IDs of several runs apart."""
    return (
        f"From: Person {number} <person-{number}@{DOMAIN}>\r\n"
        f"To: antrag@{DOMAIN}\r\n"
        "Subject: Musterantrag\r\n"
        "Date: Mon, 2 Mar 2026 10:00:00 +0100\r\n"
        f"Message-ID: <{run}{number}@{DOMAIN}>\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 8bit\r\n"
        "\r\n"
        "Guten Tag,\r\n\r\nbitte senden Sie uns den Musterantrag für den Ausländerbeirat der Stadt Fürth.\r\n\r\n"
        f"Viele Grüße\r\nPerson {number}\r\n"
    ).encode()
