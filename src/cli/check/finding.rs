//! What one look found, and how it is said: as lines for people, as JSON for programs.

use serde_json::{Value, json};

use crate::cli::exit::Class;
use crate::cli::flaw::Flaw;

/// What one look found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Finding {
    /// what was looked at
    subject: &'static str,
    level: Level,
    /// what is there, or what is wrong
    message: String,
    /// what to do; empty where there is nothing to do
    remedy: String,
    /// which setting is to blame, for whoever can ask for another one
    flaw: Option<Flaw>,
}

/// How grave it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Sound,
    /// it works, and yet should be otherwise
    Warning,
    /// it keeps the service from working
    Wrong(Class),
}

impl Finding {
    /// Something that is as it should be, or merely worth knowing.
    pub(in crate::cli) fn sound(subject: &'static str, message: impl Into<String>) -> Self {
        Self {
            subject,
            level: Level::Sound,
            message: message.into(),
            remedy: String::new(),
            flaw: None,
        }
    }

    /// Something that works and yet should be otherwise.
    pub(in crate::cli) fn warning(
        subject: &'static str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            subject,
            level: Level::Warning,
            message: message.into(),
            remedy: remedy.into(),
            flaw: None,
        }
    }

    /// Something that keeps the service from working.
    pub(in crate::cli) fn wrong(
        subject: &'static str,
        class: Class,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            subject,
            level: Level::Wrong(class),
            message: message.into(),
            remedy: remedy.into(),
            flaw: None,
        }
    }

    /// With the setting that is to blame.
    pub(super) fn blaming(mut self, flaw: Option<Flaw>) -> Self {
        self.flaw = flaw;
        self
    }

    /// The setting that is to blame, if one is.
    pub(in crate::cli) fn flaw(&self) -> Option<Flaw> {
        self.flaw
    }

    /// Whether nothing keeps the service from working.
    pub(in crate::cli) fn is_sound(&self) -> bool {
        self.failed().is_none()
    }

    /// Whether there is nothing to do about it either.
    pub(in crate::cli) fn is_well(&self) -> bool {
        self.level == Level::Sound
    }

    /// What picks the exit code.
    pub(in crate::cli) fn failed(&self) -> Option<Class> {
        match self.level {
            Level::Wrong(class) => Some(class),
            Level::Sound | Level::Warning => None,
        }
    }

    fn as_json(&self) -> Value {
        let level = match self.level {
            Level::Sound => "ok",
            Level::Warning => "warning",
            Level::Wrong(_) => "error",
        };
        let remedy = Some(self.remedy.as_str()).filter(|remedy| !remedy.is_empty());
        json!({
            "name": self.subject,
            "ok": self.is_sound(),
            "level": level,
            "message": self.message,
            "remedy": remedy,
        })
    }
}

/// One line a look; below what is wrong or risky, what to do.
pub(in crate::cli) fn as_lines(findings: &[Finding]) -> String {
    let line = |finding: &Finding| {
        let sign = match finding.level {
            Level::Sound => '✓',
            Level::Warning => '!',
            Level::Wrong(_) => '✗',
        };
        let remedy = match finding.remedy.as_str() {
            "" => String::new(),
            remedy => format!("  → {remedy}\n"),
        };
        // What a server says may play with the terminal.
        let message = finding.message.replace(char::is_control, " ");
        format!("{sign} {}: {message}\n{remedy}", finding.subject)
    };
    findings.iter().map(line).collect()
}

/// The same for programs.
pub(super) fn as_json(findings: &[Finding]) -> String {
    let checks: Vec<Value> = findings.iter().map(Finding::as_json).collect();
    let ok = findings.iter().all(Finding::is_sound);
    format!("{:#}\n", json!({"ok": ok, "checks": checks}))
}
