//! A person signs in, once: by a code on another device (RFC 8628), in a browser (RFC 6749
//! section 4.1 with RFC 7636), or with a refresh token brought along.

use std::time::Duration;

use oauth2::basic::BasicClient;
use oauth2::url::form_urlencoded;
use oauth2::{
    AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    StandardDeviceAuthorizationResponse,
};

use super::ask::{Given, LANDING, LONGEST_SIGN_IN, is_sound};
use super::{Error, Grant, Provider, Tokens};

/// The longest code that is read.
const LONGEST: usize = 16 * 1024;

/// A sign-in on another device (RFC 8628 section 3.2).
///
/// Google has it, but not for mail: what may be asked for by a code is a short list there
/// ("OAuth 2.0 for TV and Limited-Input Device Applications", allowed scopes).
#[derive(Debug)]
pub struct Device {
    /// what the person types there
    pub user_code: String,
    /// where she types it
    pub verification_uri: String,
    /// how long she has
    pub expires_in: Duration,
    tokens: Tokens,
    code: StandardDeviceAuthorizationResponse,
}

/// A sign-in in a browser, on this machine or any other.
#[derive(Debug)]
pub struct Browse {
    /// what the person opens; it ends at `http://localhost`, which no browser finds: she brings
    /// the address that it shows then
    pub address: String,
    tokens: Tokens,
    state: CsrfToken,
    verifier: PkceCodeVerifier,
}

impl Tokens {
    /// Begins a sign-in on another device.
    ///
    /// # Errors
    /// When the provider will not, or is not asked for it by the configuration.
    pub async fn device(&self) -> Result<Device, Error> {
        let code = self.device_code(self.scope(self.config().first)).await?;
        Ok(Device {
            user_code: code.user_code().secret().clone(),
            verification_uri: code.verification_uri().to_string(),
            expires_in: code.expires_in().min(LONGEST_SIGN_IN),
            tokens: self.clone(),
            code,
        })
    }

    /// Begins a sign-in in a browser; nothing is asked yet.
    ///
    /// # Errors
    /// When the configuration has no address for it.
    pub fn browse(&self) -> Result<Browse, Error> {
        let config = self.config();
        let url = config.endpoints.authorization.clone();
        let url = AuthUrl::new(url.ok_or(Error::NotConfigured)?);
        let landing = RedirectUrl::new(LANDING.to_owned()).map_err(|_| Error::Protocol)?;
        let client = BasicClient::new(ClientId::new(config.client_id.clone()))
            .set_auth_uri(url.map_err(|_| Error::NotConfigured)?)
            .set_redirect_uri(landing);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let scope = self.scope(config.first).split_whitespace();
        let mut asking = client
            .authorize_url(CsrfToken::new_random)
            .add_scopes(scope.map(|scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(challenge);
        if config.provider == Provider::Google {
            // Only so there is a refresh token, and again one at the second sign-in.
            asking = asking
                .add_extra_param("access_type", "offline")
                .add_extra_param("prompt", "consent");
        }
        let (address, state) = asking.url();
        Ok(Browse {
            address: address.to_string(),
            tokens: self.clone(),
            state,
            verifier,
        })
    }

    /// Takes a refresh token that was had elsewhere: tries it, and keeps it.
    ///
    /// # Errors
    /// When it is good for nothing, or cannot be kept.
    pub async fn bring(&self, refresh_token: &str) -> Result<(), Error> {
        let token = refresh_token.trim();
        if !is_sound(token) {
            return Err(Error::NoToken);
        }
        let scope = self.scope(self.config().first);
        let mut given = self.by_refresh(token, scope).await?;
        given.refresh.get_or_insert_with(|| token.to_owned());
        self.signed_in(given).await
    }

    /// Whether somebody has signed in for this client, or none has to.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn is_signed_in(&self) -> Result<bool, Error> {
        let needs_nobody = self.config().grant == Grant::ClientCredentials;
        Ok(needs_nobody || self.kept().await?.refresh().is_some())
    }

    /// Keeps what a sign-in has brought, instead of all that was kept.
    async fn signed_in(&self, given: Given) -> Result<(), Error> {
        if given.refresh.is_none() {
            return Err(Error::NotLasting);
        }
        let lock = self.lock().await?;
        self.begin(&lock, given).await
    }
}

impl Device {
    /// Waits until the person is done; what it brings is in the store then.
    ///
    /// # Errors
    /// When she denies it, takes too long, or the tokens cannot be kept.
    pub async fn wait(self) -> Result<(), Error> {
        let given = self.tokens.by_device(&self.code).await?;
        self.tokens.signed_in(given).await
    }
}

impl Browse {
    /// Where the browser ended: its address, as the person pasted it. What it brings is in the
    /// store then. After another address the right one may still come.
    ///
    /// # Errors
    /// When it is not this sign-in's address, she denied it, or the tokens cannot be kept.
    pub async fn landed(&self, pasted: &str) -> Result<(), Error> {
        let field = |name: &str| field(pasted, name);
        let state = field("state").ok_or(Error::NotLanded)?;
        if state != *self.state.secret() {
            return Err(Error::OtherSignIn);
        }
        if let Some(code) = field("error") {
            let description = field("error_description").unwrap_or_default();
            return Err(self.tokens.no(&code, &description));
        }
        let code = field("code").ok_or(Error::NotLanded)?;
        let verifier = PkceCodeVerifier::new(self.verifier.secret().clone());
        let given = self.tokens.by_code(code, verifier).await?;
        self.tokens.signed_in(given).await
    }
}

/// A field of an address's query (RFC 6749 section 4.1.2).
fn field(address: &str, name: &str) -> Option<String> {
    let (_, query) = address.trim().split_once('?')?;
    let query = query.split('#').next().unwrap_or(query);
    let mut fields = form_urlencoded::parse(query.as_bytes());
    let (_, value) = fields.find(|(found, _)| found == name)?;
    (value.len() <= LONGEST).then(|| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_person_pastes_is_read_leniently() {
        for (pasted, expected) in [
            ("http://localhost/?code=a%2Fb+c&state=x", Some("a/b c")),
            ("  http://localhost/?state=x&code=1#_\n", Some("1")),
            ("localhost/?code=%C3%A4", Some("ä")),
            ("http://localhost/?code=%4ä", Some("%4ä")),
            ("http://localhost/?xcode=1", None),
            ("http://localhost/", None),
            ("", None),
        ] {
            assert_eq!(field(pasted, "code").as_deref(), expected, "{pasted}");
        }
    }
}
