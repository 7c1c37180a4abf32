//! Lines for a shell, as far as the handbook uses one.

/// One command of a line, its redirections left out.
pub(super) type Command = Vec<String>;

/// The commands of a line; `None` if a quotation does not end.
pub(super) fn commands(line: &str) -> Option<Vec<Command>> {
    let mut commands = vec![Command::new()];
    let mut word: Option<String> = None;
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match rest.next()? {
                        end if end == c => break,
                        '\\' if c == '"' => word.push(rest.next()?),
                        inner => word.push(inner),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(rest.next()?),
            '#' if word.is_none() => break,
            '|' | '&' | ';' | '(' | ')' | '<' | '>' | ' ' => {
                commands.last_mut()?.extend(word.take());
                match c {
                    ' ' => {}
                    // What follows is a file, not an argument.
                    '<' | '>' => {
                        while rest.next_if(|c| matches!(c, '>' | '&' | ' ')).is_some() {}
                        while rest.next_if(|c| !c.is_whitespace()).is_some() {}
                    }
                    _ => commands.push(Command::new()),
                }
            }
            c => word.get_or_insert_default().push(c),
        }
    }
    commands.last_mut()?.extend(word);
    commands.retain(|command| !command.is_empty());
    Some(commands.into_iter().map(without_sudo).collect())
}

/// What is run in the end: without `sudo` and its options, and without variables.
fn without_sudo(command: Command) -> Command {
    let mut words = command.into_iter().peekable();
    let is_variable = |word: &String| {
        word.split_once('=')
            .is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
    };
    while words.next_if(is_variable).is_some() {}
    if words.next_if(|word| word == "sudo").is_some() {
        while let Some(option) = words.next_if(|word| word.starts_with('-')) {
            if option == "-u" {
                words.next();
            }
        }
    }
    while words.next_if(is_variable).is_some() {}
    words.collect()
}

/// The lines of a block, those that end in a backslash put together with their next.
pub(super) fn lines<'a>(lines: impl Iterator<Item = (usize, &'a str)>) -> Vec<(usize, String)> {
    let mut whole: Vec<(usize, String)> = Vec::new();
    let mut goes_on = false;
    for (number, line) in lines {
        let (text, continued) = match line.strip_suffix('\\') {
            Some(text) => (text, true),
            None => (line, false),
        };
        match whole.last_mut() {
            Some((_, start)) if goes_on => start.push_str(text.trim_start()),
            _ => whole.push((number, text.to_owned())),
        }
        goes_on = continued;
    }
    whole
}

#[test]
fn a_line_is_taken_apart() {
    for (line, expected) in [
        (
            "antragsbote check   # alles",
            &[&["antragsbote", "check"][..]][..],
        ),
        (
            "sudo -u antragsbote antragsbote log list | less",
            &[&["antragsbote", "log", "list"], &["less"]],
        ),
        (
            "antragsbote kommune find 'a b' >x.txt",
            &[&["antragsbote", "kommune", "find", "a b"]],
        ),
        (
            "A=b antragsbote serve && echo \"x\\\"y\" 2>&1",
            &[&["antragsbote", "serve"], &["echo", "x\"y", "2"]],
        ),
        ("# nichts", &[]),
    ] {
        let expected: Vec<Vec<String>> = expected
            .iter()
            .map(|words| words.iter().map(|&word| word.into()).collect())
            .collect();
        assert_eq!(commands(line), Some(expected), "{line}");
    }
    assert_eq!(commands("echo 'offen"), None);
}
