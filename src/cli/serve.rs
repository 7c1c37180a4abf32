//! `serve`: the daemon.

use std::path::Path;
use std::sync::Arc;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::exit::{Class, Failure};
use super::{Settings, block_on, confine};
use crate::config::{self, Config};
use crate::log::Log;
use crate::notify::Manager;
use crate::service::Service;

/// Runs the service until SIGTERM or SIGINT; SIGHUP takes up changed motions, texts,
/// register and policy.
pub(super) fn run(settings: &Settings) -> Result<(), Failure> {
    let file = settings.file()?;
    block_on(serve(settings, &file))
}

async fn serve(settings: &Settings, file: &Path) -> Result<(), Failure> {
    // Before anything else, so that an early signal is not lost, nor the death of the daemon.
    let mut signals = Signals::watch()?;
    let manager = Arc::new(Manager::of_environment());
    let mut service = start(settings, &manager).await?;
    // A mailbox out of reach is no failed start: what waits is sent, `deliver` is served.
    manager.ready().await;
    service.report_to(Arc::clone(&manager));
    let ready = service.ready();
    tokio::pin!(ready);
    let mut waiting = true;
    let failure = loop {
        tokio::select! {
            _ = signals.terminate.recv() => break None,
            _ = signals.interrupt.recv() => break None,
            _ = signals.hangup.recv() => {
                manager.reloading().await;
                service.reload(Config::load(file)).await;
                manager.ready().await;
            }
            () = &mut ready, if waiting => {
                waiting = false;
                tracing::info!("ready");
            }
            error = service.failure() => break Some(error),
        }
    };
    tracing::info!("stopping");
    manager.stopping().await;
    let stopped = service.stop().await;
    match failure {
        Some(error) => Err(Failure::new(Class::Unavailable, error)),
        None => stopped.map_err(|error| Failure::new(Class::Unavailable, error)),
    }
}

/// Opens the log and starts all stages.
async fn start(settings: &Settings, manager: &Manager) -> Result<Service, Failure> {
    let config = settings.config()?;
    let loaded = config::load_knowledge(&config, None)?;
    if confine::is_root() {
        tracing::warn!("running as root: a user of its own is enough for this service");
    }
    manager.status("öffnet das Protokoll").await;
    let starting = async {
        let log = Log::open(&config.log).await?;
        Ok(Service::start(config, loaded, log).await?)
    };
    manager.wait_for(starting).await
}

/// What a person or the service manager may say to the daemon.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
}

impl Signals {
    fn watch() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }
}
