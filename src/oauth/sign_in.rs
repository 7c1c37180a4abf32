//! A person signs in, once: by a code on another device (RFC 8628), in a browser (RFC 6749
//! section 4.1 with RFC 7636), or with a refresh token brought along.

use std::time::Duration;

use super::{Error, Tokens};

/// A sign-in on another device (RFC 8628 section 3.2).
#[derive(Debug)]
pub struct Device {
    /// what the person types there
    pub user_code: String,
    /// where she types it
    pub verification_uri: String,
    /// the same with the code in it, for those who can click
    pub verification_uri_complete: Option<String>,
    /// how long she has
    pub expires_in: Duration,
    #[expect(dead_code, reason = "the wait comes next")]
    tokens: Tokens,
}

/// A sign-in in a browser, on this machine or any other.
#[derive(Debug)]
pub struct Browse {
    /// what the person opens; it ends at `http://localhost`, which no browser finds: she brings
    /// the address that it shows then
    pub address: String,
    #[expect(dead_code, reason = "the landing comes next")]
    tokens: Tokens,
}

impl Tokens {
    /// Begins a sign-in on another device.
    ///
    /// # Errors
    /// When the provider will not, or is not asked for it by the configuration.
    pub async fn device(&self) -> Result<Device, Error> {
        Err(Error::NotConfigured)
    }

    /// Begins a sign-in in a browser; nothing is asked yet.
    ///
    /// # Errors
    /// When the configuration has no address for it.
    pub fn browse(&self) -> Result<Browse, Error> {
        Err(Error::NotConfigured)
    }

    /// Takes a refresh token that was had elsewhere: tries it, and keeps it.
    ///
    /// # Errors
    /// When it is good for nothing, or cannot be kept.
    pub async fn bring(&self, _refresh_token: &str) -> Result<(), Error> {
        Err(Error::NotConfigured)
    }

    /// Whether somebody has signed in for this client, or none has to.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn is_signed_in(&self) -> Result<bool, Error> {
        Ok(false)
    }
}

impl Device {
    /// Waits until the person is done; what it brings is in the store then.
    ///
    /// # Errors
    /// When she denies it, takes too long, or the tokens cannot be kept.
    pub async fn wait(self) -> Result<(), Error> {
        Err(Error::NotConfigured)
    }
}

impl Browse {
    /// Where the browser ended: its address, as the person pasted it. What it brings is in the
    /// store then.
    ///
    /// # Errors
    /// When it is not this sign-in's address, she denied it, or the tokens cannot be kept.
    pub async fn landed(self, _pasted: &str) -> Result<(), Error> {
        Err(Error::NotConfigured)
    }
}
