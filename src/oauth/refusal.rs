//! What a token server means when it says no.

use super::Provider;

/// Why it says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// the client's secret is over
    SecretExpired,
    /// the client's secret is another one
    SecretWrong,
    /// there is no such client or tenant, or the client may not ask so
    Client,
    /// there is nothing of this name to be asked for
    Scope,
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
                "compare client_secret with the provider's, and client_id: the secret is its value, not its id; then systemctl restart antragsbote"
            }
            Self::Client => "check client_id, tenant and grant in [oauth]",
            Self::Scope => "check scope in [oauth]; after a change of it run `antragsbote login`",
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
            Self::Client | Self::Scope => "oauth-client",
            Self::Consent | Self::Forbidden => "oauth-forbidden",
            Self::SignIn | Self::Denied => "oauth-signin",
            Self::ForNow => "oauth-server",
            Self::Other => "oauth-refused",
        }
    }
}

/// Entra ID's numbers, where they say more than the code beside them. Those with a name are in "Microsoft
/// Entra authentication and authorization error codes", the others in Microsoft's pages on single ones.
/// They may change, says Microsoft: what is not here goes by the code.
const ENTRA: &[(u32, Refusal)] = &[
    // InvalidClientSecretExpiredKeysProvided
    (7_000_222, Refusal::SecretExpired),
    // "Invalid client secret is provided."
    (7_000_215, Refusal::SecretWrong),
    // UnauthorizedClient_DoesNotMatchRequest: no such app in this tenant
    (700_016, Refusal::Client),
    // InvalidTenantName
    (90_002, Refusal::Client),
    // "Specified tenant identifier is neither a valid DNS name, nor a valid external domain"
    (900_023, Refusal::Client),
    // InvalidResourceServicePrincipalNotFound: often another tenant, without Exchange Online
    (500_011, Refusal::Client),
    // a secret is missing, mostly as public client flows are not allowed; or there should be none
    (7_000_218, Refusal::Client),
    (700_025, Refusal::Client),
    // DelegationDoesNotExist, MisconfiguredApplication and what became of it: nothing asked for in the
    // registration, or not consented to
    (65_001, Refusal::Consent),
    (65_005, Refusal::Consent),
    (650_056, Refusal::Consent),
    (650_057, Refusal::Consent),
    // AdminConsentRequired, AdminConsentRequiredDueToRiskyApp
    (90_094, Refusal::Consent),
    (900_941, Refusal::Consent),
    // UnauthorizedClientApplicationDisabled
    (7_000_112, Refusal::Forbidden),
    // the service principal of Exchange or Graph is disabled, or a subscription has lapsed
    (500_014, Refusal::Forbidden),
    // IdsLocked, UserDisabled, EntitlementGrantsNotFound
    (50_053, Refusal::Forbidden),
    (50_057, Refusal::Forbidden),
    (50_105, Refusal::Forbidden),
    // ConditionalAccessFailed, DeviceNotCompliant, DeviceNotDomainJoined,
    // ApplicationUsedIsNotAnApprovedApp, BlockedByConditionalAccess, ProofUpBlockedDueToRisk
    (50_131, Refusal::Forbidden),
    (53_000, Refusal::Forbidden),
    (53_001, Refusal::Forbidden),
    (53_002, Refusal::Forbidden),
    (53_003, Refusal::Forbidden),
    (53_004, Refusal::Forbidden),
    // "User blocked due to risk on home tenant"
    (53_011, Refusal::Forbidden),
    // a device is required to be managed, or to comply
    (530_003, Refusal::Forbidden),
    (530_004, Refusal::Forbidden),
    // BlockedByConditionalAccessOnSecurityPolicy, BlockedBySecurityDefaults
    (530_032, Refusal::Forbidden),
    (530_035, Refusal::Forbidden),
    // UserDeclinedConsent
    (65_004, Refusal::Denied),
    // RetryableError, LoopDetected, ExternalServerRetryableError, RequestTimeout,
    // RequestBudgetExceededError, MsodsServiceUnavailable, TenantThrottlingError
    (50_033, Refusal::ForNow),
    (50_196, Refusal::ForNow),
    (90_006, Refusal::ForNow),
    (90_012, Refusal::ForNow),
    (90_024, Refusal::ForNow),
    (90_033, Refusal::ForNow),
    (90_055, Refusal::ForNow),
];

/// RFC 6749 sections 4.1.2.1 and 5.2, RFC 8628 section 3.5, OpenID Connect Core section 3.1.2.6, and what
/// providers add.
const CODES: &[(&str, Refusal)] = &[
    ("invalid_client", Refusal::SecretWrong),
    ("unauthorized_client", Refusal::Client),
    ("unsupported_grant_type", Refusal::Client),
    ("unsupported_response_type", Refusal::Client),
    ("invalid_request", Refusal::Client),
    ("invalid_scope", Refusal::Scope),
    ("invalid_grant", Refusal::SignIn),
    ("access_denied", Refusal::Denied),
    ("consent_required", Refusal::Consent),
    ("interaction_required", Refusal::SignIn),
    ("login_required", Refusal::SignIn),
    ("server_error", Refusal::ForNow),
    ("temporarily_unavailable", Refusal::ForNow),
    ("slow_down", Refusal::ForNow),
    // Microsoft's
    ("authorization_declined", Refusal::Denied),
    ("invalid_resource", Refusal::Client),
    // Google's
    ("deleted_client", Refusal::Client),
    ("disabled_client", Refusal::Forbidden),
    ("admin_policy_enforced", Refusal::Forbidden),
    ("org_internal", Refusal::Forbidden),
];

/// How Google says "invalid_client" of a client that it does not know, and not of its secret.
const GOOGLE_UNKNOWN_CLIENT: &str = "The OAuth client was not found.";

/// The longest code that is shown.
const LONGEST: usize = 40;

/// What an error of a token server means, and what of it can be shown: its number or its code.
/// The words around them may name people.
pub(super) fn of(provider: Provider, code: &str, description: &str) -> (Refusal, String) {
    if provider == Provider::Microsoft
        && let Some(number) = entra_number(description)
    {
        let known = ENTRA.iter().find(|(known, _)| *known == number);
        let refusal = known.map_or_else(|| of_code(code), |(_, refusal)| *refusal);
        return (refusal, format!("AADSTS{number}"));
    }
    let is_code = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let is_shown = (1..=LONGEST).contains(&code.len()) && code.chars().all(is_code);
    let shown = if is_shown { code } else { "unknown" };
    let refusal = match (provider, description) {
        (Provider::Google, GOOGLE_UNKNOWN_CLIENT) => Refusal::Client,
        _ => of_code(code),
    };
    (refusal, shown.to_owned())
}

fn of_code(code: &str) -> Refusal {
    let known = CODES.iter().find(|(known, _)| *known == code);
    known.map_or(Refusal::Other, |(_, refusal)| *refusal)
}

/// "AADSTS7000222: The provided client secret …"
fn entra_number(description: &str) -> Option<u32> {
    let (_, rest) = description.split_once("AADSTS")?;
    let end = rest.find(|c: char| !c.is_ascii_digit());
    let (number, _) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
    number.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_named_by_its_number_else_by_its_code() {
        let microsoft = Provider::Microsoft;
        for (provider, code, description, refusal, shown) in [
            (
                microsoft,
                "invalid_client",
                "AADSTS7000222: The provided client secret keys for app 'a@example.org' are expired. Trace ID: 1",
                Refusal::SecretExpired,
                "AADSTS7000222",
            ),
            (
                microsoft,
                "invalid_client",
                "AADSTS7000215: Invalid client secret provided.",
                Refusal::SecretWrong,
                "AADSTS7000215",
            ),
            (
                microsoft,
                "unauthorized_client",
                "AADSTS700016: Application was not found in the directory",
                Refusal::Client,
                "AADSTS700016",
            ),
            (
                microsoft,
                "invalid_request",
                "AADSTS90002: Tenant 'x' not found.",
                Refusal::Client,
                "AADSTS90002",
            ),
            (
                microsoft,
                "invalid_grant",
                "AADSTS65001: The user or administrator has not consented",
                Refusal::Consent,
                "AADSTS65001",
            ),
            (
                microsoft,
                "unauthorized_client",
                "AADSTS7000112: Application is disabled.",
                Refusal::Forbidden,
                "AADSTS7000112",
            ),
            (
                microsoft,
                "invalid_grant",
                "AADSTS53003: Access has been blocked by Conditional Access policies.",
                Refusal::Forbidden,
                "AADSTS53003",
            ),
            (
                microsoft,
                "invalid_grant",
                "AADSTS700082: The refresh token has expired due to inactivity.",
                Refusal::SignIn,
                "AADSTS700082",
            ),
            (
                microsoft,
                "invalid_client",
                "AADSTS7000218: The request body must contain the following parameter",
                Refusal::Client,
                "AADSTS7000218",
            ),
            (
                microsoft,
                "invalid_grant",
                "AADSTS50196: The server terminated an operation because it encountered a client request loop",
                Refusal::ForNow,
                "AADSTS50196",
            ),
            // a number of tomorrow
            (
                microsoft,
                "invalid_grant",
                "AADSTS7999999",
                Refusal::SignIn,
                "AADSTS7999999",
            ),
            (
                microsoft,
                "new_error",
                "AADSTS1: x",
                Refusal::Other,
                "AADSTS1",
            ),
            (
                Provider::Google,
                "invalid_grant",
                "Token has been expired or revoked.",
                Refusal::SignIn,
                "invalid_grant",
            ),
            (
                Provider::Google,
                "invalid_client",
                "The OAuth client was not found.",
                Refusal::Client,
                "invalid_client",
            ),
            (
                Provider::Google,
                "invalid_client",
                "Unauthorized",
                Refusal::SecretWrong,
                "invalid_client",
            ),
            (
                Provider::Google,
                "deleted_client",
                "The OAuth client was deleted.",
                Refusal::Client,
                "deleted_client",
            ),
            (
                Provider::Other,
                "invalid_client",
                "AADSTS7000222 is not spoken here",
                Refusal::SecretWrong,
                "invalid_client",
            ),
            (
                Provider::Other,
                "access_denied",
                "",
                Refusal::Denied,
                "access_denied",
            ),
            (
                Provider::Other,
                "anna@example.org is unknown",
                "",
                Refusal::Other,
                "unknown",
            ),
            (Provider::Other, "", "", Refusal::Other, "unknown"),
        ] {
            let named = of(provider, code, description);
            assert_eq!(named, (refusal, shown.to_owned()), "{code} {description}");
        }
    }

    #[test]
    fn no_number_stands_twice() {
        let mut numbers: Vec<u32> = ENTRA.iter().map(|(number, _)| *number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), ENTRA.len());
    }
}
