//! Has the running service take up motions that were found sound.

use std::path::Path;
use std::time::Duration;

use crate::cli::exit::Failure;
use crate::cli::{block_on, print};
use crate::clock;
use crate::config::Config;
use crate::log::{Checked, Error, Log, TakenUp};

/// How long the service may take to say what became of it: it looks every three seconds.
const PATIENCE: Duration = Duration::from_secs(8);
/// How often it is asked.
const AGAIN: Duration = Duration::from_millis(100);

/// Tells a running service of these motions, and says what it makes of them. Without one that
/// works on the log of this configuration, or where the log cannot be written to, there is
/// nothing to say: whoever starts takes up what there is.
pub(super) fn offer(config: &Config, motions: &[String]) -> Result<(), Failure> {
    let Some(folder) = config.templates.as_deref() else {
        return Ok(());
    };
    // Whoever merely checks must not make a log, least of all as root.
    if !config.log.path.exists() {
        return Ok(());
    }
    let told = block_on(async {
        let Ok(log) = Log::open(&config.log).await else {
            return Ok::<_, Failure>(Vec::new());
        };
        let told = match log.is_held() {
            true => tell(&log, folder, motions).await.unwrap_or_default(),
            false => Vec::new(),
        };
        log.close().await;
        Ok(told)
    })?;
    let lines = told.iter().map(|(motion, taken)| match taken {
        TakenUp::Yes => format!("✓ {motion}: der laufende Dienst verwendet diesen Stand\n"),
        TakenUp::Refused(words) => {
            format!("! {motion}: der laufende Dienst kann das nicht übernehmen: {words}\n")
        }
        TakenUp::NotYet => String::new(),
    });
    print(lines.collect::<String>())
}

async fn tell(
    log: &Log,
    folder: &Path,
    motions: &[String],
) -> Result<Vec<(String, TakenUp)>, Error> {
    let folder = folder.canonicalize().unwrap_or(folder.to_owned());
    let checked = |motion: &String| Checked {
        motion: motion.clone(),
        folder: folder.clone(),
        at: clock::now(),
    };
    let notes: Vec<Checked> = motions.iter().map(checked).collect();
    for note in &notes {
        log.note_checked(note.clone()).await?;
    }
    let mut told = Vec::new();
    let asked = async {
        for note in notes {
            let taken = loop {
                match log.taken_up(&note.motion).await? {
                    TakenUp::NotYet => tokio::time::sleep(AGAIN).await,
                    taken => break taken,
                }
            };
            told.push((note.motion.clone(), taken.clone()));
            if matches!(taken, TakenUp::Refused(_)) {
                log.settle_checked(note, None).await?;
            }
        }
        Ok(())
    };
    // What it has no time for now it takes up later.
    tokio::time::timeout(PATIENCE, asked)
        .await
        .unwrap_or(Ok(()))?;
    Ok(told)
}
