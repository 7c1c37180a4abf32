//! What a token server means when it says no.

/// Why it says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// the client's secret is over
    SecretExpired,
    /// the client's secret is another one
    SecretWrong,
    /// there is no such client, tenant or scope, or the client may not ask so
    Client,
    /// nobody has agreed to what the client asks for
    Consent,
    /// the tenant forbids the client, or this sign-in
    Forbidden,
    /// the person must sign in again: what she gave is over, taken back or spent
    SignIn,
    /// the person said no
    Denied,
    /// it may pass by itself
    ForNow,
    /// anything else
    Other,
}

impl Refusal {
    /// What to do about it.
    pub fn hint(self) -> &'static str {
        match self {
            Self::SecretExpired => {
                "make a new client secret at the provider, write it where [oauth] client_secret_file says, and systemctl restart antragsbote"
            }
            Self::SecretWrong => {
                "compare client_secret with the provider's: it is the secret's value, not its id; then systemctl restart antragsbote"
            }
            Self::Client => "check client_id, tenant and scope in [oauth]",
            Self::Consent => {
                "have an administrator of the tenant grant the consent to the app's permissions"
            }
            Self::Forbidden => {
                "have an administrator of the tenant let this app and its account sign in"
            }
            Self::SignIn => "run `antragsbote login`",
            Self::Denied => "run `antragsbote login` again, and agree",
            Self::ForNow => "nothing is to be done, it is tried again",
            Self::Other => "check client_id, client_secret, tenant and scope in [oauth]",
        }
    }

    /// A fixed word for log and counters.
    pub fn kind(self) -> &'static str {
        match self {
            Self::SecretExpired | Self::SecretWrong => "oauth-secret",
            Self::Client => "oauth-client",
            Self::Consent | Self::Forbidden => "oauth-forbidden",
            Self::SignIn | Self::Denied => "oauth-signin",
            Self::ForNow => "oauth-server",
            Self::Other => "oauth-refused",
        }
    }
}
