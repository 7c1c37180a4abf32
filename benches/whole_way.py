"""Measures the whole way through real servers and prints one table.

    cargo build --release && python3 benches/whole_way.py

Needs root (Postfix) and the packages of ../tests/packages; Python's standard library only.
"""

import argparse
import contextlib
import os
import pathlib
import queue
import signal
import socket
import statistics
import subprocess
import threading
import time

from mails import DOMAIN, request
from servers import PASSWORD, Servers

ROOT = pathlib.Path(__file__).resolve().parent.parent
BATCH = 100


class Lines:
    """A connection that speaks lines."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.reader = self.socket.makefile("rb")

    def say(self, data):
        self.socket.sendall(data)

    def line(self):
        line = self.reader.readline()
        assert line, "the server closed the connection"
        return line


def imap_login(port, user):
    imap = Lines(port)
    imap.line()
    imap_command(imap, f"LOGIN {user}@{DOMAIN} {PASSWORD}")
    imap_command(imap, "SELECT INBOX")
    return imap


def imap_command(imap, command):
    imap.say(f"t {command}\r\n".encode())
    mails = 0
    while not (line := imap.line()).startswith(b"t "):
        if line.endswith(b"}\r\n"):
            imap.reader.read(int(line[line.rindex(b"{") + 1 : -3]))
            mails += 1
    assert line.startswith(b"t OK"), line
    return mails


def bare_loop(servers, user, count, reply):
    """One IMAP connection fetching many at once, one SMTP connection with pipelining; no log, no moving."""
    body = b"".join(b"." + line if line.startswith(b".") else line for line in reply.splitlines(True))
    envelope = f"MAIL FROM:<antrag@{DOMAIN}>\r\nRCPT TO:<person@{DOMAIN}>\r\nDATA\r\n".encode()
    begin = time.monotonic()
    imap = imap_login(servers.imap, user)
    smtp = Lines(servers.smtp)
    smtp.line()
    smtp.say(b"EHLO bench\r\n")
    while not smtp.line().startswith(b"250 "):
        pass
    smtp.say(envelope)
    sent = 0
    for first in range(1, count + 1, BATCH):
        for _ in range(imap_command(imap, f"UID FETCH {first}:{first + BATCH - 1} BODY.PEEK[]")):
            for code in (b"250", b"250", b"354"):
                assert smtp.line().startswith(code)
            sent += 1
            # RFC 2920: the next envelope may follow the final dot at once.
            smtp.say(body + b".\r\n" + (envelope if sent < count else b""))
            assert smtp.line().startswith(b"250")
    assert sent == count, sent
    return time.monotonic() - begin


class Tap:
    """Stands between the daemon and a server and notes when the server says something."""

    def __init__(self, port, words):
        self.words, self.target, self.heard = words, port, queue.Queue()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.create_connection(("127.0.0.1", self.target))
            for one, other, listens in ((client, server, False), (server, client, True)):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._pass_on, args=(one, other, listens), daemon=True).start()

    def _pass_on(self, one, other, listens):
        with contextlib.suppress(OSError):
            while data := one.recv(1 << 16):
                if listens and self.words in data:
                    self.heard.put(time.monotonic())
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def daemon(servers, program, user, imap=None, smtp=None):
    """`serve` on a user's mailbox, with a fresh log."""
    folder = servers.root / f"bot-{user}"
    folder.mkdir()
    config = folder / "antragsbote.toml"
    config.write_text(
        f"""
[bot]
address = "antrag@{DOMAIN}"

[mailbox]
kind = "imap"
host = "127.0.0.1"
port = {imap or servers.imap}
security = "none"
username = "{user}@{DOMAIN}"
password = "{PASSWORD}"
archive = "Erledigt"

[outbound]
kind = "smtp"
host = "127.0.0.1"
port = {smtp or servers.smtp}
security = "none"

[log]
url = "sqlite:log.db"
"""
    )
    log = folder / "daemon.txt"
    with log.open("wb") as errors:
        process = subprocess.Popen([program, "--config", config, "serve"], stderr=errors)
    try:
        yield process, log
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0, log.read_text()
    finally:
        process.kill()


def fill(servers, user, count):
    """Puts requests into a user's mailbox and lets Dovecot index them."""
    servers.maildir(user)
    for number in range(count):
        servers.drop_in(user, f"{number:06}.bench", request(number, f"{time.monotonic_ns()}."))
    imap_login(servers.imap, user).say(b"t LOGOUT\r\n")


def throughput(servers, program, count):
    """Mails in a second: the loop's better run of two, the daemon's runs up to the last reply and up to the last move."""
    command = [program, "answer"]
    answer = subprocess.run(command, input=request(0), check=True, capture_output=True, cwd=servers.root)
    reply = answer.stdout.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    loops, ours, archived = [], [], []
    for run in range(3):
        if run < 2:
            fill(servers, f"schleife-{run}", count)
            loops.append(count / bare_loop(servers, f"schleife-{run}", count, reply))
            servers.until_delivered()
        user = f"lauf-{run}"
        fill(servers, user, count)
        accepted, total = servers.accepted(), 0
        begin = time.monotonic()
        with daemon(servers, program, user):
            while total < count:
                time.sleep(0.005)
                total += accepted()
                assert time.monotonic() - begin < 300, f"only {total} replies in five minutes"
            ours.append(count / (time.monotonic() - begin))
            while servers.inbox(user):
                time.sleep(0.005)
            archived.append(count / (time.monotonic() - begin))
        assert total == count, f"{total} replies to {count} requests"
        servers.until_delivered()
    return len(reply), max(loops), ours, archived


def latency_ms(servers, program, times):
    """From Dovecot's EXISTS to the idling daemon to Postfix's 250 for the reply; also the idle memory."""
    servers.maildir("warten")
    exists, taken = Tap(servers.imap, b" EXISTS"), Tap(servers.smtp, b"250 2.0.0 Ok: queued")
    measured = []
    with daemon(servers, program, "warten", exists.port, taken.port) as (process, log):
        while "ready" not in log.read_text():
            time.sleep(0.01)
        time.sleep(1)
        memory_mb = resident_mb(process.pid)
        for number in range(times):
            while not exists.heard.empty():
                exists.heard.get()
            servers.drop_in("warten", f"{number:06}.bench", request(number, f"{time.monotonic_ns()}."))
            accepted = taken.heard.get(timeout=30)
            measured.append((accepted - exists.heard.get(timeout=30)) * 1000)
            # Let the daemon move the mail and go back to waiting.
            while servers.inbox("warten"):
                time.sleep(0.05)
            time.sleep(1)
    return measured, memory_mb


def resident_mb(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def start_ms(program, times=21):
    """A whole run of the program that needs the whole register."""
    measured = []
    for _ in range(times):
        begin = time.monotonic()
        subprocess.run([program, "kommune", "show", "09563000"], check=True, capture_output=True)
        measured.append((time.monotonic() - begin) * 1000)
    return measured


def main():
    parser = argparse.ArgumentParser(description="Measures the whole way through real servers.")
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "target/release/antragsbote")
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--latency", type=int, default=50, help="how many times latency is measured")
    options = parser.parse_args()
    program = options.program.resolve()

    start = start_ms(program)
    with Servers() as servers:
        size, loop, ours, archived = throughput(servers, program, options.mails)
        latency, memory_mb = latency_ms(servers, program, options.latency)

    median = statistics.median
    rows = [
        (f"bare loop, {options.mails} mails, better of two", f"{loop:.0f} mails/s", ""),
        ("`serve`, the same, median of three", f"{median(ours):.0f} mails/s", ""),
        ("`serve` until the last mail is archived", f"{median(archived):.0f} mails/s", ""),
        ("ratio", f"{median(ours) / loop * 100:.0f} %", "≥ 80 %"),
        (f"EXISTS to 250, median of {len(latency)}", f"{median(latency):.1f} ms", "< 100 ms"),
        (f"start with the whole register, median of {len(start)}", f"{median(start):.1f} ms", "< 100 ms"),
        ("resident memory of the idle daemon", f"{memory_mb:.1f} MB", "< 40 MB"),
    ]
    print(f"{os.cpu_count()} processors, replies of {size} bytes, runs of `serve`: "
          + ", ".join(f"{rate:.0f}" for rate in ours) + " mails/s\n")  # fmt: skip
    print("| what | measured | wanted |\n| --- | ---: | ---: |")
    for row in rows:
        print("| " + " | ".join(row) + " |")


main()
