//! Reload: what was changed is taken up while the service runs, by SIGHUP, and motion by
//! motion when `template check` found one sound. What is broken stays as it was.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::task::spawn_blocking;

use super::alarm::{Alarms, Cause};
use super::meters::Load;
use super::{LOOK_ANYWAY, Service, Shared, deferral};
use crate::answer::Knowledge;
use crate::config::{self, Broken, Config, Loaded, load_knowledge, renew_motion};
use crate::log::{self, Checked};
use crate::template::TemplateId;

/// What of the files is in use.
#[derive(Debug)]
pub(super) struct InUse {
    /// the folder of templates; the built-in ones if `None`
    templates: Option<PathBuf>,
    /// what is broken, and why, by the folder it lies in
    broken: BTreeMap<String, Broken>,
}

impl InUse {
    /// What a service starts with.
    pub(super) fn of(config: &Config, broken: BTreeMap<String, Broken>) -> Self {
        Self {
            templates: config.templates.clone(),
            broken,
        }
    }

    /// How taking it up has ended.
    pub(super) fn load(&self) -> Load {
        match self.broken.is_empty() {
            true => Load::Complete,
            false => Load::Partial,
        }
    }

    /// How much is broken, by its kind.
    fn kinds(&self) -> BTreeMap<&'static str, usize> {
        let mut kinds = BTreeMap::new();
        for broken in self.broken.values() {
            *kinds.entry(broken.kind).or_default() += 1;
        }
        kinds
    }

    /// Says what is broken at the start, a line for each kind.
    pub(super) fn announce_start(&self, knowledge: &Knowledge) {
        let motions = knowledge.catalogue.sound();
        for (kind, broken) in self.kinds() {
            tracing::error!(
                error.kind = kind,
                motions,
                broken,
                "started but for what is broken, requests for it wait"
            );
        }
    }

    /// Says what a reload has come to, a line for each kind of what is broken.
    fn announce_reload(&self, knowledge: &Knowledge) {
        let motions = knowledge.catalogue.sound();
        if self.broken.is_empty() {
            tracing::info!(motions, "reloaded");
        }
        for (kind, broken) in self.kinds() {
            tracing::error!(
                error.kind = kind,
                motions,
                broken,
                "reloaded but for what is broken, there the last sound state stays in use"
            );
        }
    }

    /// Has the administrator told of what is broken, or that nothing is any more.
    pub(super) fn tell(&self, alarms: &Alarms) {
        let lines = self.broken.values().flat_map(|broken| &broken.lines);
        let lines: Vec<&str> = lines.map(String::as_str).collect();
        if lines.is_empty() {
            alarms.clear(Cause::Reload);
        } else {
            alarms.raise(Cause::Reload, &lines.join("\n"));
        }
    }

    /// Nothing was taken up: that is broken too, under this name.
    fn fail(&mut self, shared: &Shared, name: String, broken: Broken) {
        shared.meters.loaded(Load::Failed);
        self.broken.insert(name, broken);
        self.tell(&shared.alarms);
    }
}

impl Service {
    /// Takes up changed motions, texts, register and policy; each that is broken stays as it
    /// was, all of them if the configuration itself is, and the administrator is told.
    /// Requests under way keep the old ones; those that wait for a motion are looked at again.
    pub async fn reload(&self, read: Result<Config, config::Error>) {
        let shared = &self.shared;
        let mut in_use = shared.in_use.lock().await;
        match load(shared, read).await {
            Ok((config, loaded)) => {
                *in_use = InUse::of(&config, loaded.broken);
                in_use.announce_reload(&loaded.knowledge);
                shared.knowledge.send_replace(Arc::new(loaded.knowledge));
                shared.meters.loaded(in_use.load());
                let fixed = shared.config.fixed_sections_changed(&config);
                if !fixed.is_empty() {
                    tracing::warn!(
                        error.kind = "restart",
                        config.sections = fixed.join(" "),
                        "what the service has open stays as it was"
                    );
                }
                in_use.tell(&shared.alarms);
                deferral::recall(shared).await;
            }
            Err(broken) => {
                tracing::error!(
                    error.kind = broken.kind,
                    "nothing reloaded, the last sound state stays in use"
                );
                in_use.fail(shared, String::new(), broken);
            }
        }
    }
}

/// What a configuration leads to now.
async fn load(
    shared: &Shared,
    read: Result<Config, config::Error>,
) -> Result<(Config, Loaded), Broken> {
    let config = read?;
    let last = Arc::clone(&shared.knowledge.borrow());
    let work = move || load_knowledge(&config, Some(&last)).map(|loaded| (config, loaded));
    match spawn_blocking(work).await {
        Ok(loaded) => Ok(loaded?),
        Err(_) => Err(panicked(
            "Das Programm scheitert an einer der Dateien; bitte melden Sie das.",
        )),
    }
}

fn panicked(words: &str) -> Broken {
    Broken {
        kind: "panic",
        lines: vec![words.to_owned()],
    }
}

/// Takes up what `template check` found sound, until the service stops.
pub(super) async fn run(shared: Arc<Shared>) -> anyhow::Result<()> {
    while !shared.stop.is_cancelled() {
        if let Err(error) = look(&shared).await {
            // The stages that live by the log tell of it.
            tracing::debug!(error.kind = error.kind(), "what was checked is unknown");
        }
        let pause = tokio::time::sleep(LOOK_ANYWAY);
        shared.stop.run_until_cancelled(pause).await;
    }
    Ok(())
}

async fn look(shared: &Shared) -> Result<(), log::Error> {
    for checked in shared.log.checked().await? {
        let refused = take_up(shared, &checked).await.err();
        shared.log.settle_checked(checked, refused).await?;
    }
    Ok(())
}

/// Takes up one motion; the error says in German why it cannot be.
async fn take_up(shared: &Shared, checked: &Checked) -> Result<(), String> {
    let mut in_use = shared.in_use.lock().await;
    let folder = in_use.templates.clone();
    let Some(folder) = folder.filter(|folder| is_same(folder, &checked.folder)) else {
        return Err(
            "er verwendet einen anderen Vorlagenordner; nach einer Änderung der \
                    Konfiguration hilft: systemctl reload antragsbote"
                .to_owned(),
        );
    };
    let Some(id) = TemplateId::parse(&checked.motion) else {
        return Err("der Name ist keiner".to_owned());
    };
    let last: Arc<Knowledge> = Arc::clone(&shared.knowledge.borrow());
    let renewed = spawn_blocking(move || renew_motion(&folder, &id, &last)).await;
    let problem = match renewed {
        Ok(Ok(knowledge)) => {
            // Not even noticed by who waits for a reload: that starts the hour of the breaker anew.
            shared.knowledge.send_if_modified(|last| {
                *last = Arc::new(knowledge);
                false
            });
            shared.meters.loaded(Load::Complete);
            tracing::info!(motions = 1, "reloaded what was checked");
            if in_use.broken.remove(&checked.motion).is_some() && in_use.broken.is_empty() {
                in_use.tell(&shared.alarms);
            }
            deferral::recall(shared).await;
            return Ok(());
        }
        Ok(Err(error)) => Broken::from(error),
        Err(_) => panicked("das Programm scheitert an der Vorlage; bitte melden Sie das"),
    };
    tracing::error!(
        error.kind = problem.kind,
        broken = 1,
        "what was checked cannot be taken up, the last sound state stays in use"
    );
    let words = problem.lines.join("; ");
    in_use.fail(shared, checked.motion.clone(), problem);
    Err(words)
}

/// Whether two paths lead to the same folder.
fn is_same(one: &Path, other: &Path) -> bool {
    one == other
        || matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}
