//! The command line: every command of the contract, exit codes, help, closed pipes.

use std::process::Stdio;

use crate::program::House;

#[test]
fn help_names_every_command() {
    let house = House::new();
    let commands: [(&str, &[&str]); 5] = [
        (
            "",
            &[
                "serve",
                "demo",
                "answer",
                "deliver",
                "render",
                "setup",
                "check",
                "template",
                "kommune",
                "log",
                "completions",
                "man",
            ],
        ),
        (
            "template",
            &["list", "check", "fields", "import", "export", "preview"],
        ),
        ("kommune", &["find", "show", "import"]),
        (
            "log",
            &[
                "list", "show", "stats", "export", "retry", "forget", "purge",
            ],
        ),
        (
            "render",
            &[
                "--template",
                "--template-file",
                "--kommune",
                "--beirat",
                "--rat",
                "--set",
                "--data",
                "-o",
                "--config",
            ],
        ),
    ];
    for (command, words) in commands {
        let arguments: Vec<_> = command.split_whitespace().chain(["--help"]).collect();
        let run = house.run(&arguments);
        assert_eq!(run.code, 0);
        for word in words {
            assert!(run.output().contains(word), "{command} --help lacks {word}");
        }
    }
}

#[test]
fn wrong_use_is_64() {
    let house = House::new();
    for arguments in [
        &[][..],
        &["bogus"],
        &["template"],
        &["answer", "--bogus"],
        &["kommune", "find"],
        &["render", "-o", "x.docx"],
        &[
            "render",
            "--template",
            "a",
            "--template-file",
            "b",
            "-o",
            "x.docx",
        ],
        &[
            "render",
            "--template",
            "nationaler-integrationsplan",
            "-o",
            "x.docx",
        ],
        &[
            "render",
            "--template-file",
            "b",
            "--kommune",
            "Fürth",
            "-o",
            "x.docx",
        ],
        &[
            "render",
            "--template-file",
            "b",
            "--set",
            "ohne Gleichheitszeichen",
            "-o",
            "x.docx",
        ],
        &["log", "purge"],
        &["log", "purge", "--older-than", "lange"],
        &["completions", "bogus"],
    ] {
        let run = house.run(arguments);
        assert_eq!(run.code, 64, "{arguments:?}: {}", run.errors);
        assert_eq!(run.output(), "", "{arguments:?}");
    }
}

#[test]
fn what_does_not_exist_is_66() {
    let house = House::new();
    for arguments in [
        &["answer", "gibt-es-nicht.eml"][..],
        &["render", "--template-file", "gibt-es-nicht.docx", "-o", "-"],
        &[
            "render",
            "--template",
            "gibt-es-nicht",
            "--data",
            "gibt-es-nicht.json",
            "-o",
            "-",
        ],
        &["template", "fields", "gibt-es-nicht"],
        &["template", "check", "gibt-es-nicht"],
        &["template", "export", "gibt-es-nicht"],
        &["template", "preview", "gibt-es-nicht"],
    ] {
        let run = house.run(arguments);
        assert_eq!(run.code, 66, "{arguments:?}: {}", run.errors);
        assert!(run.errors.contains("gibt-es-nicht"), "{}", run.errors);
    }
}

#[test]
fn what_is_not_done_yet_says_so() {
    let house = House::new();
    for arguments in [
        &["template", "import", "x.docx"][..],
        &[
            "template",
            "check",
            "nationaler-integrationsplan",
            "--annotate",
            "x.docx",
        ],
    ] {
        let run = house.run(arguments);
        assert_eq!(run.code, 69, "{arguments:?}: {}", run.errors);
        assert_eq!(run.errors.lines().count(), 1, "{}", run.errors);
        assert!(run.errors.contains("noch nicht"), "{}", run.errors);
    }
}

#[test]
fn completions_and_the_manual_are_printed() {
    let house = House::new();
    for shell in ["bash", "zsh", "fish"] {
        let run = house.run(&["completions", shell]);
        assert_eq!(run.code, 0);
        assert!(run.output().contains("purge"), "{shell}");
    }
    let run = house.run(&["man"]);
    assert_eq!(run.code, 0);
    assert!(run.output().contains(".TH antragsbote 1"));
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let house = House::new();
    for arguments in [
        &["completions", "bash"][..],
        &["man"],
        &["kommune", "find", "Neustadt"],
        &["--help"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = house.command(arguments);
        command
            .stdin(Stdio::null())
            .stdout(writer)
            .stderr(Stdio::piped());
        let output = command.spawn().unwrap().wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
    }
}

#[test]
fn output_that_cannot_be_written_is_73() {
    let house = House::new();
    let run = house.run(&[
        "template",
        "export",
        "nationaler-integrationsplan",
        "-o",
        "gibt/es/nicht.docx",
    ]);
    assert_eq!(run.code, 73, "{}", run.errors);
    assert!(run.errors.contains("gibt/es/nicht.docx"));
}
