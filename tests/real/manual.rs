//! The manual and the completions, read by those who read them: man, whatis and the shells.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::support::run;

/// A folder with every manual page.
fn pages() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_antragsbote"));
    run(program.arg("man").arg(folder.path()));
    folder
}

fn completions(shell: &str, file: &Path) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_antragsbote"));
    let script = run(program.args(["completions", shell]));
    fs::write(file, script).unwrap();
}

/// What is offered after `antragsbote log s`, asked by a script that finds the completions in `$1`.
fn offered(shell: &[&str], file: &Path) -> Vec<String> {
    let (program, arguments) = shell.split_first().unwrap();
    let told = run(Command::new(program).args(arguments).arg(file));
    let mut words: Vec<String> = told.split_whitespace().map(str::to_owned).collect();
    words.sort();
    words
}

#[test]
fn man_shows_each_page_without_a_warning_and_whatis_finds_it() {
    let folder = pages();
    let mut count = 0;
    for page in fs::read_dir(folder.path()).unwrap() {
        let page = page.unwrap();
        let mut man = Command::new("man");
        man.args(["--warnings", "--encoding=UTF-8", "--local-file"])
            .arg(page.path());
        let output = man
            .env("LC_ALL", "C.UTF-8")
            .env("MANROFFSEQ", "")
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{page:?}");
        assert!(output.status.success(), "{page:?}");
        let whatis = run(Command::new("lexgrog").arg(page.path()));
        let file = page.file_name().into_string().unwrap();
        let (title, _) = file.rsplit_once('.').unwrap();
        assert!(whatis.contains(&format!(": \"{title} - ")), "{whatis}");
        count += 1;
    }
    assert!(count > 25, "{count}");
}

#[test]
fn bash_zsh_and_fish_take_the_completions_and_offer_the_commands() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("antragsbote");
    completions("bash", &file);
    let ask = r#"source "$1"; COMP_WORDS=(antragsbote log s); COMP_CWORD=2
                 _antragsbote antragsbote s log; echo "${COMPREPLY[@]}""#;
    assert_eq!(
        offered(&["bash", "-ec", ask, "-"], &file),
        ["show", "stats"]
    );

    completions("fish", &file);
    let ask = "source $argv[1]; complete -C 'antragsbote log s' | cut -f 1";
    assert_eq!(
        offered(&["fish", "--no-config", "-c", ask], &file),
        ["show", "stats"]
    );

    // zsh completes only where somebody types; here it says whether the script is sound.
    completions("zsh", &file);
    assert_eq!(offered(&["zsh", "-n"], &file), [""; 0]);
}
