//! `serve`: the daemon.
#![allow(
    clippy::disallowed_methods,
    reason = "a command of the shell reads files through config"
)]

use std::path::Path;

use anyhow::Context;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::config::{self, Config};
use crate::log::Log;
use crate::service::Service;

/// What a person or systemd may say to the daemon.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    /// Ends when a stop is asked for.
    async fn stop(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Runs the service until SIGTERM or SIGINT; SIGHUP takes up changed motions, texts,
/// register and policy from `file`.
pub(super) async fn run(config: Config, file: &Path) -> anyhow::Result<()> {
    // Before anything else, so that an early signal is not lost.
    let mut signals = Signals::new().context("signals cannot be watched")?;
    let knowledge = config::load_knowledge(&config)?;
    let log = Log::open(&config.log).await?;
    let mut service = Service::start(config, knowledge, log).await?;
    let mut ready = false;
    loop {
        tokio::select! {
            () = signals.stop() => break,
            _ = signals.hangup.recv() => reload(&service, file),
            error = service.failure() => {
                let stopped = service.stop().await;
                return Err(stopped.err().map_or(error, |second| second.context("stopping failed too")));
            }
            () = service.ready(), if !ready => {
                ready = true;
                tracing::info!("ready");
                notify(&[sd_notify::NotifyState::Ready]);
            }
        }
    }
    tracing::info!("stopping");
    notify(&[sd_notify::NotifyState::Stopping]);
    service.stop().await
}

/// Takes up what changed; what is broken leaves the last sound state in use.
fn reload(service: &Service, file: &Path) {
    let loaded = Config::load(file).and_then(|config| config::load_knowledge(&config));
    match loaded {
        Ok(knowledge) => {
            service.reload(knowledge);
            tracing::info!("reloaded");
        }
        Err(error) => tracing::error!(
            error = format!("{error:#}"),
            "nothing reloaded, the last sound state stays in use"
        ),
    }
}

fn notify(states: &[sd_notify::NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!(error = %error, "the service manager cannot be told");
    }
}
