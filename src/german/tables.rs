//! Tables of words, which rooms keep in files beside their code.
//!
//! A table begins with its name in brackets; one sign sets its entries apart; lines that
//! begin with "#" are comments.

/// The entries of one table of a file.
pub fn table(file: &'static str, name: &str, sign: char) -> impl Iterator<Item = &'static str> {
    let lines = file
        .lines()
        .skip_while(move |line| title(line) != Some(name));
    lines
        .skip(1)
        .take_while(|line| title(line).is_none())
        .filter(|line| !line.starts_with('#'))
        .flat_map(move |line| line.split(sign))
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
}

/// The name of the table that a line begins.
fn title(line: &str) -> Option<&str> {
    line.strip_prefix('[')?.strip_suffix(']')
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn a_table_ends_where_the_next_begins() {
        let file = "# of words\n\n[one]\na b; c,\n d\n\n# others\n[two]\ne;\n";
        let entries = |name: &str, sign: char| table(file, name, sign).collect::<Vec<_>>();
        assert_eq!(entries("one", ';'), ["a b", "c,", "d"]);
        assert_eq!(entries("one", ','), ["a b; c", "d"]);
        assert_eq!(entries("two", ';'), ["e"]);
        assert!(entries("three", ';').is_empty());
    }
}
