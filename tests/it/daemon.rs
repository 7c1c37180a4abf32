//! The daemon on a pair of Maildirs.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::program::{self, CONFIG};

/// Nothing here takes longer, on a loaded machine either; reaching it is a failure.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a request says where it does not matter what it asks for.
pub(crate) const FUERTH: &str = "Bitte den Musterantrag für den Landkreis Fürth, Ausländerbeirat.";

/// A folder with a configuration and two Maildirs.
pub(crate) struct House(pub(crate) program::House);

impl House {
    pub(crate) fn new() -> Self {
        let house = Self(program::House::new());
        for maildir in ["in", "out"] {
            for part in ["cur", "new", "tmp"] {
                fs::create_dir_all(house.path(maildir).join(part)).unwrap();
            }
        }
        house.configure("");
        house
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path(name)
    }

    /// Writes the configuration, with more of it.
    pub(crate) fn configure(&self, more: &str) {
        self.0.write("antragsbote.toml", format!("{CONFIG}{more}"));
    }

    /// Starts the daemon, and waits until it is ready.
    pub(crate) fn serve(&self) -> Daemon {
        self.serve_until("ready", |_| {})
    }

    /// Starts the daemon otherwise, and waits until it says this.
    pub(crate) fn serve_until(&self, words: &str, change: impl FnOnce(&mut Command)) -> Daemon {
        let mut command = self.0.command(&["serve"]);
        change(&mut command);
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut seen = Vec::new();
        let ready = lines.by_ref().map_while(Result::ok).any(|line| {
            seen.push(line.clone());
            line.contains(words)
        });
        assert!(ready, "the daemon did not say {words}: {seen:#?}");
        let told = Arc::new(Mutex::new(Vec::new()));
        let listener = Arc::clone(&told);
        thread::spawn(move || {
            lines
                .map_while(Result::ok)
                .for_each(|line| listener.lock().unwrap().push(line));
        });
        Daemon { child, told }
    }

    /// Puts a mail into the mailbox, as a mail server delivers it.
    pub(crate) fn put(&self, name: &str, mail: &str) {
        let inbox = self.path("in");
        fs::write(inbox.join("tmp").join(name), mail).unwrap();
        fs::rename(inbox.join("tmp").join(name), inbox.join("new").join(name)).unwrap();
    }

    /// All replies so far, in no order that means anything.
    pub(crate) fn replies(&self) -> Vec<String> {
        let mut replies: Vec<String> = files(&self.path("out/new"))
            .iter()
            .map(|path| fs::read_to_string(path).unwrap())
            .collect();
        replies.sort();
        replies
    }

    /// The replies, once there are so many.
    pub(crate) fn wait_for_replies(&self, count: usize) -> Vec<String> {
        until(
            || self.replies().len() >= count,
            &format!("{count} replies"),
        );
        self.replies()
    }

    /// Puts a mail in and waits for the reply to it.
    pub(crate) fn ask(&self, id: &str, mail: &str) -> String {
        self.put(id, mail);
        let answered = format!("In-Reply-To: <{id}@example.net>");
        let find = || {
            let mut replies = self.replies().into_iter();
            replies.find(|reply| reply.contains(&answered))
        };
        until(|| find().is_some(), &answered);
        find().unwrap()
    }

    /// One JSON object a request, oldest first.
    pub(crate) fn log(&self) -> Vec<serde_json::Value> {
        let run = self.0.run(&["log", "export", "--format", "jsonl"]);
        assert_eq!(run.code, 0, "{run:?}");
        run.output()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Waits until the requests, oldest first, are in these states.
    pub(crate) fn wait_for_states(&self, states: &[&str]) {
        let have = || -> Vec<String> {
            let rows = self.log();
            rows.iter()
                .map(|row| row["state"].as_str().unwrap().to_owned())
                .collect()
        };
        until(
            || have() == states,
            &format!("states {states:?}, have {:?}", have()),
        );
    }

    /// What was decided about the last request: its decision and the keys of its documents.
    pub(crate) fn last(&self) -> (String, Vec<String>) {
        let row = self.log().pop().unwrap();
        let documents = row["documents"].as_array().unwrap().iter();
        let keys = documents.map(|document| document["kommune"].as_str().unwrap().to_owned());
        (row["decision"].as_str().unwrap().to_owned(), keys.collect())
    }
}

/// What lies in a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect()
}

/// Waits until it is so.
pub(crate) fn until(done: impl Fn() -> bool, what: &str) {
    let begin = Instant::now();
    while !done() {
        assert!(begin.elapsed() < PATIENCE, "waited in vain for {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// `antragsbote serve`; killed with this value unless it was stopped.
pub(crate) struct Daemon {
    child: Child,
    /// what it wrote to standard error since it was ready
    told: Arc<Mutex<Vec<String>>>,
}

impl Daemon {
    /// Sends a signal ("-HUP").
    pub(crate) fn signal(&self, signal: &str) {
        let sent = Command::new("kill")
            .args([signal, &self.child.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
    }

    /// The event lines since it was ready.
    pub(crate) fn told(&self) -> String {
        self.told.lock().unwrap().join("\n")
    }

    /// Reloads, and waits until it says so in these words.
    pub(crate) fn reload(&self, words: &str) {
        self.signal("-HUP");
        until(|| self.told().contains(words), words);
    }

    /// Kills it without warning, as a power cut does.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Stops as systemd does.
    pub(crate) fn stop(mut self) {
        self.signal("-TERM");
        let begin = Instant::now();
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}");
        assert!(
            begin.elapsed() < Duration::from_secs(5),
            "stopping took too long"
        );
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // After `stop` there is nothing left to kill, and that is well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A mail of Anna's with this text.
pub(crate) fn request(id: &str, text: &str) -> String {
    format!(
        "From: Anna Beispiel <anna@example.net>\nTo: antrag@example.org\nSubject: Musterantrag\n\
         Message-ID: <{id}@example.net>\nDate: Mon, 12 Jan 2026 09:14:02 +0100\n\
         MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
    )
}
