//! Reload: what was changed is taken up while the service runs, by SIGHUP, and motion by
//! motion when `template check` found one sound. What is broken stays as it was.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::task::spawn_blocking;

use super::alarm::Cause;
use super::meters::Load;
use super::{LOOK_ANYWAY, Service, Shared};
use crate::answer::Knowledge;
use crate::config::{self, Config, renew_knowledge, renew_motion};
use crate::log::{self, Checked};
use crate::template::TemplateId;

/// What of the files is in use.
#[derive(Debug)]
pub(super) struct InUse {
    /// the folder of templates; the built-in ones if `None`
    templates: Option<PathBuf>,
    /// what stays as it was, and why, by the folder it lies in
    broken: BTreeMap<String, Vec<String>>,
}

impl InUse {
    /// What a service starts with is sound.
    pub(super) fn of(config: &Config) -> Self {
        Self {
            templates: config.templates.clone(),
            broken: BTreeMap::new(),
        }
    }

    /// Has the administrator told of what is broken, or that nothing is any more.
    fn tell(&self, shared: &Shared) {
        let lines: Vec<&str> = self.broken.values().flatten().map(String::as_str).collect();
        if lines.is_empty() {
            shared.alarms.clear(Cause::Reload);
        } else {
            shared.alarms.raise(Cause::Reload, &lines.join("\n"));
        }
    }
}

impl Service {
    /// Takes up changed motions, texts, register and policy; each that is broken stays as it
    /// was, all of them if the configuration itself is, and the administrator is told.
    /// Requests under way keep the old ones.
    pub async fn reload(&self, loaded: Result<Config, config::Error>) {
        let shared = &self.shared;
        let mut in_use = shared.in_use.lock().await;
        let config = match loaded {
            Ok(config) => config,
            Err(error) => {
                tracing::error!(
                    error.kind = error.kind(),
                    "nothing reloaded, the last sound state stays in use; `antragsbote check --offline` says why"
                );
                shared.meters.loaded(Load::Failed);
                in_use.broken.insert(String::new(), error.in_brief());
                in_use.tell(shared);
                return;
            }
        };
        let templates = config.templates.clone();
        let last = Arc::clone(&shared.knowledge.borrow());
        let Ok(renewed) = spawn_blocking(move || renew_knowledge(&config, &last)).await else {
            tracing::error!(
                error.kind = "broken",
                "nothing reloaded, the last sound state stays in use: the program broke on the files"
            );
            shared.meters.loaded(Load::Failed);
            let words = "Das Programm scheitert an einer der Dateien; bitte melden Sie das.";
            in_use.broken.insert(String::new(), vec![words.to_owned()]);
            in_use.tell(shared);
            return;
        };
        let motions = renewed.knowledge.catalogue.offers().len();
        let broken = renewed.broken.len();
        shared.knowledge.send_replace(Arc::new(renewed.knowledge));
        *in_use = InUse {
            templates,
            broken: renewed.broken,
        };
        shared.meters.loaded(match broken {
            0 => Load::Complete,
            _ => Load::Partial,
        });
        if broken == 0 {
            tracing::info!(motions, "reloaded");
        } else {
            tracing::error!(
                error.kind = "templates",
                motions,
                broken,
                "reloaded but for what is broken: there the last sound state stays in use; `antragsbote check --offline` says why"
            );
        }
        in_use.tell(shared);
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
                in_use.tell(shared);
            }
            return Ok(());
        }
        Ok(Err(error)) => error.in_brief(),
        Err(_) => vec!["das Programm scheitert an der Vorlage; bitte melden Sie das".to_owned()],
    };
    tracing::error!(
        error.kind = "templates",
        broken = 1,
        "what was checked cannot be taken up, the last sound state stays in use"
    );
    shared.meters.loaded(Load::Failed);
    let words = problem.join("; ");
    in_use.broken.insert(checked.motion.clone(), problem);
    in_use.tell(shared);
    Err(words)
}

/// Whether two paths lead to the same folder.
fn is_same(one: &Path, other: &Path) -> bool {
    one == other
        || matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}
