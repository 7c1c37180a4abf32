//! Access tokens: kept while they are good, renewed ahead of time, once for all that wait.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::Shared;
use jiff::Timestamp;
use tokio::time::Instant;

use super::ask::{Given, is_off};
use super::store::{Kept, Lock, Unsaved};
use super::{AccessToken, Audience, Error, Grant, Tokens};
use crate::clock;

/// What a process knows beside the store.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// what is under way, and whether it asks the token server in any case: whoever gives up
    /// waiting leaves it to the next, so that no answer is lost
    renewals: BTreeMap<(Audience, bool), Renewal>,
    /// what could not be written
    pub(super) unsaved: Option<Unsaved>,
    /// what a server would not have, should the store still hold it
    refused: BTreeMap<Audience, String>,
    /// for whom a refresh token is over, as the token server says, and when and how it said so
    spent: BTreeMap<Audience, (String, Instant, Error)>,
    /// for whom the last renewal failed, and why
    trouble: BTreeMap<Audience, Error>,
    /// by how much this machine's clock was last ahead, in seconds
    ahead: Option<i64>,
    /// until when the token server has its peace, and what it said
    rest: Option<(Instant, u16)>,
}

/// A refresh token that is over stays so, mostly: whoever rules the tenant may let it count again.
const SPENT: Duration = Duration::from_hours(1);

type Renewal = Shared<Pin<Box<dyn Future<Output = Result<AccessToken, Error>> + Send>>>;

impl Tokens {
    /// A token that is good for some minutes at least.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn access(&self, audience: Audience) -> Result<AccessToken, Error> {
        let kept = self.kept().await?;
        let Some(token) = self.good(&kept, audience) else {
            return self.renewal(audience, false).await;
        };
        // Another process may have put right what this one could not.
        if self.memory().trouble.remove(&audience).is_some() {
            self.0.news.notify_one();
        }
        Ok(token)
    }

    /// A new token, whether or not a kept one is still good: shows that the token server gives one.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn renewed(&self, audience: Audience) -> Result<AccessToken, Error> {
        self.renewal(audience, true).await
    }

    /// A server would not have this token: the next one is a new one. Whether there may be one that does
    /// better: not if this one came fresh from the token server.
    pub async fn refused(&self, audience: Audience, token: &AccessToken) -> bool {
        self.memory().refused.insert(audience, token.text.clone());
        if let Ok((lock, mut kept)) = self.locked().await
            && kept.forget(audience, &token.text)
        {
            self.keep(&lock, kept).await;
        }
        !token.is_fresh
    }

    /// Why there was no token when one was last asked for, for anybody.
    pub fn troubles(&self) -> Vec<Error> {
        self.memory().trouble.values().cloned().collect()
    }

    /// Why what is kept is not on disk, if it is not.
    pub fn unsaved(&self) -> Option<Error> {
        let memory = self.memory();
        memory.unsaved.as_ref().map(|unsaved| unsaved.error.clone())
    }

    /// By how many seconds this machine's clock is ahead of the token server's, if it is wrong;
    /// below zero it is behind.
    pub fn clock_ahead(&self) -> Option<i64> {
        self.memory().ahead.filter(|&seconds| is_off(seconds))
    }

    /// Ends when there is something new to [`Tokens::troubles`] or [`Tokens::clock_ahead`].
    pub async fn news(&self) {
        self.0.news.notified().await;
    }

    /// Takes the answers that are on their way, and writes down what could not be written when
    /// it came, if that can be done now.
    pub async fn settle(&self) {
        let under_way: Vec<Renewal> = self.memory().renewals.values().cloned().collect();
        for renewal in under_way {
            let _ = renewal.await;
        }
        if self.memory().unsaved.is_none() {
            return;
        }
        if let Ok((lock, kept)) = self.locked().await {
            self.keep(&lock, kept).await;
        }
    }

    /// What is kept, if it is this token's turn still.
    fn good(&self, kept: &Kept, audience: Audience) -> Option<AccessToken> {
        let text = kept.good(audience, self.scope(audience), clock::now())?;
        let is_refused = self.memory().refused.get(&audience) == Some(text);
        (!is_refused).then(|| AccessToken {
            text: text.clone(),
            is_fresh: false,
        })
    }

    /// One for all that wait.
    fn renewal(&self, audience: Audience, in_any_case: bool) -> Renewal {
        let renewing = self.clone();
        let begin = || {
            let renewal = async move {
                let renewed = Box::pin(renewing.renew(audience, in_any_case)).await;
                let mut memory = renewing.memory();
                memory.renewals.remove(&(audience, in_any_case));
                match &renewed {
                    Ok(_) => memory.trouble.remove(&audience),
                    Err(error) => memory.trouble.insert(audience, error.clone()),
                };
                drop(memory);
                renewing.0.news.notify_one();
                renewed
            };
            let renewal: Pin<Box<dyn Future<Output = _> + Send>> = Box::pin(renewal);
            renewal.shared()
        };
        let mut memory = self.memory();
        let renewal = memory.renewals.entry((audience, in_any_case));
        renewal.or_insert_with(begin).clone()
    }

    /// A good one that is kept, unless it is to be new in any case; else one from the token server.
    pub(super) async fn renew(
        &self,
        audience: Audience,
        in_any_case: bool,
    ) -> Result<AccessToken, Error> {
        let (lock, kept) = self.locked().await?;
        // Another process may have renewed it while this one waited for the lock.
        if let Some(token) = self.good(&kept, audience)
            && !in_any_case
        {
            return Ok(token);
        }
        let scope = self.scope(audience);
        let given = match (self.config().grant, kept.refresh()) {
            (Grant::ClientCredentials, _) => self.by_client(scope).await?,
            (_, Some(refresh)) => match self.spent(audience, refresh) {
                Some(error) if !in_any_case => return Err(error),
                _ => self.by_kept(audience, refresh).await?,
            },
            (_, None) => return Err(Error::SignedOut),
        };
        Ok(self.take(&lock, kept, audience, given).await)
    }

    /// Takes note if the refresh token is over.
    async fn by_kept(&self, audience: Audience, refresh: &str) -> Result<Given, Error> {
        let given = self.by_refresh(refresh, self.scope(audience)).await;
        if let Err(error) = &given
            && error.is_spent()
        {
            let spent = (refresh.to_owned(), Instant::now(), error.clone());
            self.memory().spent.insert(audience, spent);
        }
        given
    }

    /// What the token server said of this refresh token, if it was not long ago that it is over.
    fn spent(&self, audience: Audience, refresh: &str) -> Option<Error> {
        let memory = self.memory();
        let (spent, at, error) = memory.spent.get(&audience)?;
        (spent == refresh && at.elapsed() < SPENT).then(|| error.clone())
    }

    /// Keeps what was given, before any of it is used: the old refresh token may be worth nothing now.
    pub(super) async fn take(
        &self,
        lock: &Lock,
        mut kept: Kept,
        audience: Audience,
        given: Given,
    ) -> AccessToken {
        let text = given.access.clone();
        kept.take(audience, self.scope(audience), given, clock::now());
        self.keep(lock, kept).await;
        self.memory().refused.remove(&audience);
        AccessToken {
            text,
            is_fresh: true,
        }
    }

    /// Notes by how much this machine's clock is ahead, where the server says what time it is.
    pub(super) fn note_clock(&self, ahead: Option<i64>) {
        if let Some(ahead) = ahead {
            self.memory().ahead = Some(ahead);
        }
    }

    /// Leaves the token server alone for a while.
    pub(super) fn rest(&self, until: Option<Instant>, status: u16) {
        self.memory().rest = until.map(|until| (until, status));
    }

    /// What the token server said when it asked for the peace it still has.
    pub(super) fn rests(&self) -> Option<u16> {
        let (until, status) = self.memory().rest?;
        (Instant::now() < until).then_some(status)
    }

    /// Until when what a person has given is good, if the server said so.
    pub(super) async fn refresh_end(&self) -> Option<Timestamp> {
        self.kept().await.ok()?.refresh_end()
    }
}
