"""Measures what many requests cost: a long log, a long queue, a long run. Prints one table.

    cargo build --release && python3 benches/stamina.py

Python's standard library only. Maildirs at both ends, so that what is measured is the daemon.
"""

import argparse
import contextlib
import os
import pathlib
import signal
import socket
import sqlite3
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.request

from mails import request
from servers import free_port

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Yard:
    """A folder with a Maildir at each end of the daemon, or a mail server at the far one."""

    def __init__(self, root, name, smtp=None):
        self.root = root / name
        for maildir in ("in", "out"):
            for part in ("cur", "new", "tmp"):
                (self.root / maildir / part).mkdir(parents=True)
        outbound = 'kind = "maildir"\npath = "out"'
        if smtp:
            outbound = f'kind = "smtp"\nhost = "127.0.0.1"\nport = {smtp}\nsecurity = "none"'
        self.metrics = f"127.0.0.1:{free_port()}"
        self.config = self.root / "antragsbote.toml"
        self.config.write_text(
            '[bot]\naddress = "antrag@example.org"\n\n[mailbox]\nkind = "maildir"\npath = "in"\narchive = "erledigt"\n\n'
            f'[outbound]\n{outbound}\n\n[log]\nurl = "sqlite:log.db"\n\n[metrics]\nlisten = "{self.metrics}"\n\n'
            # What keeps real mailboxes from harm keeps a measurement from its end.
            "[policy]\nreplies_per_domain_per_hour = 1000000\nreplies_per_hour = 1000000\n"
        )

    def put(self, number):
        name = f"{1_700_000_000 + number}.{number}.bench"
        written = self.root / "in/tmp" / name
        written.write_bytes(request(number))
        written.rename(self.root / "in/new" / name)

    def count(self, folder):
        with os.scandir(self.root / folder) as entries:
            return sum(1 for _ in entries)

    def rows(self, state):
        """How many requests are in this state; asked of the database itself, which costs the daemon nothing."""
        with contextlib.closing(sqlite3.connect(f"file:{self.root}/log.db?mode=ro", uri=True)) as log:
            return log.execute("SELECT count(*) FROM request WHERE state = ?", (state,)).fetchone()[0]


class Daemon:
    """`serve`, until the end of the block; `start_ms` is the time until it is ready."""

    def __init__(self, program, yard):
        self.log = yard.root / "daemon.txt"
        begin = time.monotonic()
        with self.log.open("wb") as errors:
            self.process = subprocess.Popen([program, "--config", yard.config, "serve"], stderr=errors)
        while b" ready" not in self.log.read_bytes():
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.001)
        self.start_ms = (time.monotonic() - begin) * 1000

    def __enter__(self):
        return self

    def memory_mb(self, field="VmHWM"):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        (line,) = (line for line in status.splitlines() if line.startswith(field + ":"))
        return int(line.split()[1]) / 1024

    def __exit__(self, *error):
        if error[0] is None:
            self.process.send_signal(signal.SIGTERM)
            assert self.process.wait(6) == 0, self.log.read_text()[-2000:]
        else:
            self.process.kill()


def until(what, condition, limit=3600):
    begin = time.monotonic()
    while not condition():
        assert time.monotonic() - begin < limit, f"waited in vain for {what}"
        time.sleep(0.2)
    return time.monotonic() - begin


def command_ms(program, yard, *arguments, times=11):
    measured = []
    for _ in range(times):
        begin = time.monotonic()
        run = subprocess.run([program, "--config", yard.config, "log", *arguments], capture_output=True, check=True)
        measured.append((time.monotonic() - begin) * 1000)
    return statistics.median(measured), run.stdout.decode()


def scrape_ms(yard):
    """What Prometheus waits for the figures of a daemon that nobody has asked before."""
    begin = time.monotonic()
    with urllib.request.urlopen(f"http://{yard.metrics}/metrics", timeout=30) as page:
        page.read()
    return (time.monotonic() - begin) * 1000


class Sink:
    """A mail server that takes everything, or is down."""

    def __init__(self):
        self.port = free_port()
        self.taken = set()

    def start(self):
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        reader, say = client.makefile("rb"), lambda text: client.sendall(text + b"\r\n")
        say(b"220 bench ESMTP")
        for line in reader:
            verb = line[:4].upper()
            if verb == b"DATA":
                say(b"354 go")
                for text in reader:
                    if text == b".\r\n":
                        break
                    if text.lower().startswith(b"in-reply-to:"):
                        answers = text
                assert answers not in self.taken, answers
                self.taken.add(answers)
                say(b"250 2.0.0 taken")
            elif verb == b"QUIT":
                return say(b"221 bye")
            else:
                say(b"250-bench\r\n250 8BITMIME" if verb == b"EHLO" else b"250 2.1.0 ok")


def long_run(program, root, count):
    """So many requests pass through one daemon, put in while it works."""
    yard = Yard(root, "lauf")
    seen = []
    with Daemon(program, yard) as daemon:
        begin = time.monotonic()
        for number in range(count):
            yard.put(number)
            # As much as arrives in a burst, never the whole hundred thousand at once.
            if number % 2000 == 1999:
                until("replies", lambda: yard.count("out/new") > number - 2000)
                seen.append(daemon.memory_mb("VmRSS"))
        until("all replies", lambda: yard.count("out/new") == count)
        until("all rows", lambda: yard.rows("answered") == count)
        took = time.monotonic() - begin
        until("all mail set aside", lambda: yard.count("in/new") == 0)
        peak = daemon.memory_mb()
    tenth = max(1, len(seen) // 10)
    steady = statistics.mean(seen[-tenth:]) - statistics.mean(seen[tenth : 2 * tenth] or seen)
    return yard, peak, steady, count / took


def long_log(program, root, yard, rows):
    """The commands on a long log, and how much longer the daemon takes to start."""
    measured = [(f"`log {name}`", *command_ms(program, yard, name)) for name in ("list", "stats")]
    newest = measured[0][2].splitlines()[1].split()[0]
    measured.append(("`log show`", *command_ms(program, yard, "show", newest)))
    begin = time.monotonic()
    export = subprocess.Popen([program, "--config", yard.config, "log", "export"], stdout=subprocess.PIPE)
    lines, peak = 0, 0
    for _ in export.stdout:
        lines += 1
        if lines % 1000 == 0:
            status = pathlib.Path(f"/proc/{export.pid}/status").read_text()
            peak = max(peak, int(status.split("VmRSS:")[1].split()[0]) / 1024)
    assert export.wait() == 0 and lines == rows, lines
    export_s = time.monotonic() - begin
    starts, scrapes = [], []
    for which in (yard, Yard(root, "leer")):
        own = []
        for _ in range(7):
            with Daemon(program, which) as daemon:
                own.append(daemon.start_ms)
                if which is yard:
                    scrapes.append(scrape_ms(yard))
        starts.append(statistics.median(own))
    begin = time.monotonic()
    subprocess.run([program, "--config", yard.config, "log", "forget", "person-7@example.org"], check=True, capture_output=True)
    forget_s = time.monotonic() - begin
    return measured, export_s, peak, starts, statistics.median(scrapes), forget_s


def long_queue(program, root, count):
    """So many replies wait while the mail server is down; then it is back."""
    sink = Sink()
    yard = Yard(root, "schlange", sink.port)
    for number in range(count):
        yard.put(number)
    with Daemon(program, yard) as daemon:
        decided = until("decisions", lambda: yard.rows("waiting") == count)
        peak = daemon.memory_mb()
    commands = [command_ms(program, yard, name)[0] for name in ("list", "stats")]
    with Daemon(program, yard) as daemon:
        start, low = daemon.start_ms, daemon.memory_mb()
        sink.start()
        sent = until("replies", lambda: len(sink.taken) == count)
        until("rows", lambda: yard.rows("answered") == count)
        peak = max(peak, daemon.memory_mb())
    return decided, peak, commands, start, low, sent


def main():
    parser = argparse.ArgumentParser(description="Measures what many requests cost.")
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "target/release/antragsbote")
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--waiting", type=int, default=10_000)
    options = parser.parse_args()
    program = options.program.resolve()
    with tempfile.TemporaryDirectory(prefix="antragsbote-bench-") as folder:
        root = pathlib.Path(folder)
        yard, peak, steady, rate = long_run(program, root, options.requests)
        long = long_log(program, root, yard, options.requests)
        measured, export_s, export_mb, (start, empty), scrape, forget_s = long
        decided, queue_mb, commands, queue_start, _, sent = long_queue(program, root, options.waiting)
    n, w = f"{options.requests:,}", f"{options.waiting:,}"
    rows = [
        (f"{n} requests through the daemon", f"{rate:.0f} requests/s", ""),
        ("its memory at most", f"{peak:.1f} MB", "< 60 MB"),
        ("its memory, last tenth less second tenth", f"{steady:+.1f} MB", "steady"),
        *((f"{name} on {n} rows", f"{ms:.0f} ms", "< 100 ms") for name, ms, _ in measured),
        (f"`log export` of {n} rows", f"{export_s:.1f} s, {export_mb:.0f} MB", "streams"),
        ("`log forget` there", f"{forget_s:.1f} s", ""),
        ("start there, more than with an empty log", f"{start - empty:+.0f} ms", "< 100 ms"),
        ("the first `/metrics` there", f"{scrape:.0f} ms", "< 20 ms"),
        (f"{w} decided while the mail server is down", f"{decided:.1f} s", ""),
        ("memory of the daemon meanwhile and after", f"{queue_mb:.1f} MB", "< 60 MB"),
        (f"`log list`, `log stats` on {w} waiting", " / ".join(f"{ms:.0f} ms" for ms in commands), "< 100 ms"),
        (f"start with {w} waiting", f"{queue_start:.0f} ms", ""),
        ("the server is back: all sent", f"{sent:.1f} s", ""),
    ]
    print(f"{os.cpu_count()} processors\n\n| what | measured | wanted |\n| --- | ---: | ---: |")
    for row in rows:
        print("| " + " | ".join(row) + " |")


main()
