//! The machine around the service: its clock, and the address for figures.

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use nix::unistd::{Group, getegid, geteuid, getgroups};
use tokio::process::Command;
use tokio::time::{Instant, timeout};

use super::finding::Finding;
use super::rights::{Use, obstacle, user_name};
use crate::cli::exit::Class;
use crate::clock;
use crate::config::{Config, Listen};
use crate::german::zeitpunkt;

const CLOCK: &str = "Uhr";
const METRICS: &str = "Kennzahlen";
const GROUP: &str = "Gruppe für deliver";

/// How long systemd may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// How far the clock may be off: schedules and certificates bear a minute.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(60);

/// Whether the system keeps its clock in step with others, as far as systemd tells.
pub(super) async fn clock() -> Vec<Finding> {
    let shown = Command::new("timedatectl")
        .args(["show", "--property=NTPSynchronized", "--value"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .output();
    let shown = timeout(PATIENCE, shown).await;
    let said = shown.ok().and_then(Result::ok).map(|output| output.stdout);
    let now = zeitpunkt(clock::now());
    vec![match said.as_deref().map(<[u8]>::trim_ascii) {
        Some(b"yes") => Finding::sound(CLOCK, format!("{now}, mit Zeitservern abgeglichen")),
        Some(b"no") => Finding::warning(
            CLOCK,
            format!("{now}, aber sie wird mit keinem Zeitserver abgeglichen"),
            "installieren Sie systemd-timesyncd oder chrony; dann: timedatectl set-ntp true",
        ),
        _ => Finding::sound(
            CLOCK,
            format!("{now}; ob sie abgeglichen wird, sagt dieser Rechner nicht"),
        ),
    }]
}

/// What a server's clock says about ours; `None` if both agree.
pub(super) fn against(server: Timestamp, told: Instant) -> Option<Finding> {
    let now = clock::now() - SignedDuration::try_from(told.elapsed()).unwrap_or_default();
    let ahead = now.duration_since(server);
    (ahead.abs() > TOLERANCE).then(|| ahead_of("des IMAP-Servers", ahead.as_secs()))
}

/// That our clock is ahead of another one, in seconds; below zero it is behind.
pub(super) fn ahead_of(whose: &str, seconds: i64) -> Finding {
    let direction = if seconds < 0 { "nach" } else { "vor" };
    let minutes = seconds.unsigned_abs() / 60;
    Finding::warning(
        CLOCK,
        format!("sie geht gegenüber der {whose} {minutes} Minuten {direction}"),
        "stellen Sie die Uhr dieses Rechners, am besten mit einem Zeitserver: timedatectl set-ntp true",
    )
}

/// Whether the address for figures is free, if there is to be one; the running service has it.
pub(super) fn metrics(config: &Config, runs: bool) -> Option<Finding> {
    let listen = config.metrics.as_ref()?;
    Some(match listen {
        _ if runs => Finding::sound(METRICS, listen.to_string()),
        Listen::Unix(path) => socket(path),
        Listen::Tcp(address) => match TcpListener::bind(address) {
            Ok(_) => Finding::sound(METRICS, format!("{listen} ist frei")),
            Err(error) => Finding::wrong(
                METRICS,
                Class::Config,
                format!("auf {listen} kann nicht gelauscht werden: {error}"),
                "nennen Sie unter [metrics] listen einen anderen Port; `ss -ltnp` zeigt, wer diesen hat",
            ),
        },
    })
}

fn socket(path: &Path) -> Finding {
    let folder = path.parent().unwrap_or(path);
    // The folder in /run is made when the service starts.
    match obstacle(folder, Use::Fill).filter(|_| folder.exists()) {
        Some((message, remedy)) => Finding::wrong(METRICS, Class::Config, message, remedy),
        None => Finding::sound(METRICS, path.display().to_string()),
    }
}

/// Whether the socket of `deliver` can be given to its group.
pub(super) fn group(config: &Config) -> Option<Finding> {
    let name = config.socket_group.as_deref()?;
    let wrong = |message: String, remedy: String| {
        Some(Finding::wrong(GROUP, Class::Config, message, remedy))
    };
    let Ok(Some(group)) = Group::from_name(name) else {
        let message = format!("die Gruppe {name} gibt es nicht");
        return wrong(message, format!("groupadd --system {name}"));
    };
    let own = getgroups().unwrap_or_default();
    let is_member = geteuid().is_root() || group.gid == getegid() || own.contains(&group.gid);
    if is_member {
        return Some(Finding::sound(GROUP, name));
    }
    let user = user_name(geteuid());
    wrong(
        format!(
            "der Benutzer {user} gehört nicht zur Gruppe {name} und kann ihr den Socket nicht geben"
        ),
        format!("usermod -aG {name} {user}"),
    )
}
