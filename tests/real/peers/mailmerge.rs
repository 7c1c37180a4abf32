//! What docx-mailmerge2 makes of a Seriendruck document.

use super::{compare, table};

#[test]
fn docx_mailmerge2_gives_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let cases = table(include_str!("mailmerge.txt"), folder.path());
    compare("render_mailmerge.py", folder.path(), &cases);
}
