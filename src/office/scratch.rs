//! The temporary folder in which LibreOffice works, and its profile there.

use std::fs::{self, DirBuilder};
use std::io::{self, Write as _};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use crate::clock;

/// Links in documents are not followed: neither to the network, for which there is a proxy
/// that does not exist, nor to files of this machine. Nothing is asked at the first start.
const SETTINGS: [(&str, &str, &str); 7] = [
    (
        "Office.Common/Security/Scripting",
        "BlockUntrustedRefererLinks",
        "true",
    ),
    (
        "Office.Common/Security/Scripting",
        "DisableMacrosExecution",
        "true",
    ),
    ("Office.Common/Misc", "FirstRun", "false"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "localhost"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Office.Common/Save/Document", "UseUserData", "false"),
];

/// A folder that nobody else can read; it goes with this value.
#[derive(Debug)]
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// A new one.
    pub(super) fn new() -> Result<Self, (PathBuf, io::Error)> {
        let name = format!("antragsbote-{}", clock::request_id().as_str());
        let path = std::env::temp_dir().join(name);
        match DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => Ok(Self(path)),
            Err(error) => Err((path, error)),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // what was killed a moment ago may still be writing its last file
        for _ in 0..50 {
            if fs::remove_dir_all(&self.0).is_ok() || !self.0.exists() {
                return;
            }
            sleep(Duration::from_millis(20));
        }
    }
}

/// Makes a profile in the folder; gives its address.
pub(super) fn profile(scratch: &Path) -> Result<String, (PathBuf, io::Error)> {
    let profile = scratch.join("profile");
    let file = profile.join("user/registrymodifications.xcu");
    let make = || {
        fs::create_dir_all(profile.join("user"))?;
        fs::write(&file, settings())
    };
    make().map_err(|error| (file.clone(), error))?;
    Ok(address(&profile))
}

/// The settings as LibreOffice keeps them.
fn settings() -> String {
    let items = SETTINGS.map(|(path, name, value)| {
        format!(
            "<item oor:path=\"/org.openoffice.{path}\"><prop oor:name=\"{name}\" \
             oor:op=\"fuse\"><value>{value}</value></prop></item>\n"
        )
    });
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <oor:items xmlns:oor=\"http://openoffice.org/2001/registry\">\n{}</oor:items>\n",
        items.concat()
    )
}

/// A path as a URL (RFC 8089).
fn address(path: &Path) -> String {
    let mut url = b"file://".to_vec();
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' => url.push(*byte),
            byte if byte.is_ascii_alphanumeric() => url.push(*byte),
            // Writing to a vector cannot fail.
            byte => drop(write!(url, "%{byte:02X}")),
        }
    }
    String::from_utf8_lossy(&url).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_urls() {
        assert_eq!(
            address(Path::new("/tmp/a b/ü#")),
            "file:///tmp/a%20b/%C3%BC%23"
        );
    }

    #[test]
    fn a_scratch_goes_with_all_in_it() {
        let scratch = Scratch::new().unwrap();
        let path = scratch.path().to_owned();
        profile(&path).unwrap();
        drop(scratch);
        assert!(!path.exists());
    }
}
