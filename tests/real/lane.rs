//! A daemon's own mailbox, log and folder in a house that several share.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use antragsbote::halt::Point;

use crate::arrived::Arrived;
use crate::correspondence::request;
use crate::support::{Daemon, House, Settings, command, eventually};

/// How long a daemon may take to where it is to stand, or to its end, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// How replies leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// to the house's Postfix
    Smtp,
    /// into a Maildir
    Maildir,
    /// by a sendmail program
    Sendmail,
}

/// One daemon's part of a house.
#[derive(Debug)]
pub(crate) struct Lane<'a> {
    /// the folder of its files, below the house's
    pub(crate) name: String,
    /// the configuration; the log lies beside it
    pub(crate) config: PathBuf,
    house: &'a House,
    person: &'static str,
    far: PathBuf,
}

impl<'a> Lane<'a> {
    /// Writes a configuration of that name for this person's mailbox; its log is new.
    pub(crate) fn new(house: &'a House, person: &'static str, name: &str, way: Way) -> Self {
        let folder = house.path(name);
        fs::create_dir(&folder).unwrap();
        let far = match way {
            Way::Smtp => house.dovecot.maildir("anna"),
            Way::Maildir | Way::Sendmail => folder.join("far"),
        };
        let text = fs::read_to_string(house.configure(Settings::default())).unwrap();
        let text = text
            .replacen(
                "username = \"antrag@",
                &format!("username = \"{person}@"),
                1,
            )
            .replacen("\"kennwort\"", "\"../kennwort\"", 1)
            .replacen(
                "replies_per_sender_per_hour = 1000",
                "replies_per_sender_per_hour = 100000\ndocuments_per_sender_per_hour = 100000",
                1,
            );
        let (before, after) = text.split_once("[outbound]").unwrap();
        let (smtp, after) = after.split_once("[log]").unwrap();
        let outbound = match way {
            Way::Smtp => smtp.to_owned(),
            Way::Maildir => "\nkind = \"maildir\"\npath = \"far\"\n".to_owned(),
            Way::Sendmail => {
                let program = sendmail(&folder, &far);
                format!("\nkind = \"sendmail\"\npath = \"{}\"\n", program.display())
            }
        };
        let config = folder.join("antragsbote.toml");
        fs::write(&config, format!("{before}[outbound]{outbound}[log]{after}")).unwrap();
        Self {
            name: name.to_owned(),
            config,
            house,
            person,
            far,
        }
    }

    /// Puts a request into the mailbox.
    pub(crate) fn drop_in(&self, id: &str) {
        self.house.dovecot.drop_in(self.person, id, &request(id));
    }

    /// Starts the daemon, waits until it stands at this point, and kills it.
    pub(crate) fn kill_at(&self, point: Point) {
        let point = point.name();
        let mut serve = command(&self.config, &["serve"]);
        let mut daemon = Daemon::run(&self.config, serve.env("ANTRAGSBOTE_HALT", point));
        eventually(&format!("the halt at {point}"), PATIENCE, || {
            assert!(!daemon.has_ended(), "the daemon has ended before {point}");
            daemon.stands().then_some(())
        });
        daemon.kill();
    }

    /// Has a daemon answer everything.
    pub(crate) fn finish(&self, ids: &[String]) {
        let daemon = Daemon::start(&self.config);
        let mut arrived = self.arrived();
        eventually(&format!("replies to {ids:?}"), PATIENCE, || {
            let replies = arrived.look();
            ids.iter().all(|id| replies.contains_key(id)).then_some(())
        });
        daemon.stop();
    }

    /// Has a daemon set aside what was answered.
    pub(crate) fn clear(&self) {
        let daemon = Daemon::start(&self.config);
        eventually("an empty mailbox", PATIENCE, || {
            self.is_settled().then_some(())
        });
        daemon.stop();
    }

    /// What lies at the far end.
    pub(crate) fn arrived(&self) -> Arrived {
        Arrived::new(&self.far)
    }

    /// Whether nothing is left in the mailbox.
    pub(crate) fn is_settled(&self) -> bool {
        let maildir = self.house.dovecot.maildir(self.person);
        let is_empty = |folder| fs::read_dir(maildir.join(folder)).unwrap().next().is_none();
        ["new", "cur"].into_iter().all(is_empty)
    }
}

/// A program that takes mail as sendmail does: what there is until the end of its input. It goes on when its caller is
/// killed.
fn sendmail(folder: &Path, far: &Path) -> PathBuf {
    for name in ["tmp", "new"] {
        fs::create_dir_all(far.join(name)).unwrap();
    }
    let program = folder.join("sendmail");
    let far = far.display();
    let take = format!("cat > {far}/tmp/$$ && mv {far}/tmp/$$ {far}/new/$$");
    fs::write(
        &program,
        format!("#!/bin/sh\nexec setsid -w sh -c '{take}'\n"),
    )
    .unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    program
}
