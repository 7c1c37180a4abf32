//! Questions and answers: on a terminal, or line by line where there is none.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::path::Path;

use nix::sys::signal::{SigSet, Signal};

use super::exit::{Class, Failure};
use super::{block_on, remedy};
use crate::secret::Secret;

/// How often one question is asked: whoever has not found an answer by then needs other help.
const TRIES: usize = 5;
/// How many characters a line of a terminal holds at least.
const WIDTH: usize = 80;
/// No answer is longer, in bytes; what feeds more is not a person.
const LONGEST: u64 = 4096;

/// What is asked.
pub(super) struct Question<'a> {
    /// in words, without a colon
    pub(super) words: &'a str,
    /// what Enter alone stands for
    pub(super) offer: Option<&'a str>,
    /// what is offered stands, too, where a script has no more to say
    pub(super) may_be_left_open: bool,
    /// what answers it on the command line
    pub(super) option: &'static str,
}

/// Whoever answers.
pub(super) struct Dialogue {
    terminal: bool,
    asked: bool,
    greeting: String,
}

impl Dialogue {
    /// With what is to be said before the first question, if there is one.
    pub(super) fn new(greeting: String) -> Self {
        Self {
            terminal: io::stdin().is_terminal(),
            asked: false,
            greeting,
        }
    }

    /// Says something on the way to a question.
    pub(super) fn tell(&mut self, text: &str) {
        say(&std::mem::take(&mut self.greeting));
        say(text);
    }

    /// Whether anything has been asked at all: a script that gives every answer is asked nothing.
    pub(super) fn has_asked(&self) -> bool {
        self.asked
    }

    /// The answer that was given as an option; else asks until one can be used.
    ///
    /// # Errors
    /// [`Class::Usage`] if the option cannot be used, or if there is no answer.
    pub(super) fn answer<T>(
        &mut self,
        given: Option<&str>,
        question: &Question<'_>,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, Failure> {
        match given {
            Some(given) => read(given.trim()).map_err(|why| {
                let option = question.option;
                Failure::say(Class::Usage, format!("{option} \"{given}\": {why}"))
            }),
            None => self.ask(question, read),
        }
    }

    /// Asks, and says why an answer cannot be used, until one can.
    ///
    /// # Errors
    /// [`Class::Usage`] if there is none.
    pub(super) fn ask<T>(
        &mut self,
        question: &Question<'_>,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, Failure> {
        let offer = question.offer.map(|offer| format!(" [{offer}]"));
        let prompt = format!("{}{}: ", question.words, offer.unwrap_or_default());
        for _ in 0..TRIES {
            let typed = match self.line(&prompt) {
                Some(typed) => typed,
                None if question.may_be_left_open && !self.terminal => String::new(),
                None => return Err(self.ended(question)),
            };
            let typed = match typed.trim() {
                "" => question.offer.unwrap_or_default(),
                typed => typed,
            };
            match read(typed) {
                Ok(answer) => return Ok(answer),
                Err(why) => say(&format!("  Das geht nicht: {why}.\n")),
            }
        }
        let message = format!("keine brauchbare Antwort auf: {}", question.words);
        Err(Failure::say(Class::Usage, message)
            .hint(format!("geben Sie sie mit {}", question.option)))
    }

    /// A question to be answered with yes or no; Enter alone is `usual`.
    ///
    /// # Errors
    /// [`Class::Usage`] if there is no answer.
    pub(super) fn confirm(
        &mut self,
        words: &str,
        usual: bool,
        option: &'static str,
    ) -> Result<bool, Failure> {
        let question = Question {
            words,
            offer: Some(if usual { "J/n" } else { "j/N" }),
            may_be_left_open: false,
            option,
        };
        self.ask(&question, |typed| match typed.to_lowercase().as_str() {
            "j/n" => Ok(usual),
            "j" | "ja" | "y" | "yes" => Ok(true),
            "n" | "nein" | "no" => Ok(false),
            _ => Err("die Antwort ist j oder n".to_owned()),
        })
    }

    /// Waits until a person has done what she was told.
    ///
    /// # Errors
    /// [`Class::Usage`] if she breaks off.
    pub(super) fn pause(&mut self) -> Result<(), Failure> {
        let question = Question {
            words: "Weiter mit Enter, sobald das getan ist",
            offer: None,
            may_be_left_open: true,
            option: "",
        };
        self.ask(&question, |_| Ok(()))
    }

    /// A password, which a terminal does not show.
    ///
    /// # Errors
    /// [`Class::Usage`] if there is none.
    pub(super) fn password(
        &mut self,
        words: &str,
        option: &'static str,
    ) -> Result<String, Failure> {
        self.secret(words, option, |_| Ok(()))
    }

    /// A secret that passes a check, which a terminal does not show.
    ///
    /// # Errors
    /// [`Class::Usage`] if there is none.
    pub(super) fn secret(
        &mut self,
        words: &str,
        option: &'static str,
        check: impl Fn(&str) -> Result<(), String>,
    ) -> Result<String, Failure> {
        let question = Question {
            words,
            offer: None,
            may_be_left_open: false,
            option,
        };
        let secretly = if self.terminal {
            " (wird nicht angezeigt)"
        } else {
            ""
        };
        let prompt = format!("{words}{secretly}: ");
        for _ in 0..TRIES {
            let typed = if self.terminal {
                self.asked = true;
                self.tell(&prompt);
                hidden()
            } else {
                self.line(&prompt)
            };
            let typed = typed.ok_or_else(|| self.ended(&question))?;
            let why = match typed.as_str() {
                "" => Err("ohne Passwort ist keine Anmeldung möglich".to_owned()),
                typed => check(typed),
            };
            match why {
                Ok(()) => return Ok(typed),
                Err(why) => say(&format!("  Das geht nicht: {why}.\n")),
            }
        }
        Err(self.ended(&question))
    }

    /// What is typed, without its line end; `None` at the end of the input.
    fn line(&mut self, prompt: &str) -> Option<String> {
        self.asked = true;
        self.tell(prompt);
        let line = read_line();
        // What is typed brings its own line end to the screen.
        if !self.terminal || line.is_none() {
            say("\n");
        }
        line
    }

    fn ended(&self, question: &Question<'_>) -> Failure {
        if self.terminal {
            return Failure::say(Class::Usage, "abgebrochen; geschrieben wurde nichts");
        }
        Failure::say(
            Class::Usage,
            format!("keine Antwort auf: {}", question.words),
        )
        .hint(format!("geben Sie sie mit {}", question.option))
    }
}

/// Shows something to whoever answers.
pub(super) fn say(text: &str) {
    let mut err = io::stderr().lock();
    // Whoever cannot read it can still answer.
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

/// A paragraph in lines that fit a terminal.
pub(super) fn wrapped(text: &str) -> String {
    let mut lines = String::new();
    let mut width = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > WIDTH {
            lines.push('\n');
            width = 0;
        } else if width > 0 {
            lines.push(' ');
            width += 1;
        }
        lines.push_str(word);
        width += length;
    }
    lines + "\n"
}

/// A line of the standard input, without its end; `None` where the input ends or is no text.
fn read_line() -> Option<String> {
    let mut line = String::new();
    let read = io::stdin().lock().take(LONGEST).read_line(&mut line);
    let whole = matches!(read, Ok(1..));
    whole.then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}

/// A secret: the first line of a file, or a line of the standard input if it is called `-`.
///
/// # Errors
/// [`Class::NoInput`] if there is none.
pub(super) fn read_secret(file: &Path, option: &str) -> Result<String, Failure> {
    if file == Path::new("-") {
        let typed = read_line().filter(|line| !line.is_empty());
        return typed.ok_or_else(|| {
            let message = format!("{option} -: auf der Standardeingabe steht nichts");
            Failure::say(Class::NoInput, message)
        });
    }
    let secret = Secret::File(file.to_owned());
    block_on(async { Ok::<_, Failure>(secret.read().await) })?.map_err(|error| {
        let (words, _) = remedy::of_secret(&error);
        Failure::say(Class::NoInput, format!("{option}: {words}"))
            .hint("es gehört in die erste Zeile der Datei")
    })
}

/// A line of the terminal that it does not show.
fn hidden() -> Option<String> {
    // Ctrl-C is answered once the terminal shows again what is typed.
    let interrupt = SigSet::from(Signal::SIGINT);
    let _ = interrupt.thread_block();
    let typed = rpassword::read_password();
    let _ = interrupt.thread_unblock();
    typed.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_is_broken_between_words() {
        let word = "Ää".repeat(20);
        let text = format!("{word} {} {word}\n  {word}", "x".repeat(39));
        let lines = format!("{word} {}\n{word}\n{word}\n", "x".repeat(39));
        assert_eq!(wrapped(&text), lines);
        assert_eq!(wrapped(&"x".repeat(90)), "x".repeat(90) + "\n");
    }
}
