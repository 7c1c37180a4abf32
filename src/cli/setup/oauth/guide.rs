//! What a person clicks in a provider's portal, in the order of the questions. The menus have the
//! names of Microsoft's German pages (learn.microsoft.com: "quickstart-register-app", "Authenticate
//! an IMAP, POP or SMTP connection using OAuth", "Role Based Access Control for Applications in
//! Exchange Online") and of Google's ("Google Auth Platform"), as of 2026; docs/handbuch has the same.

use crate::oauth::{Grant, Provider};

/// Microsoft's choice of grants.
pub(super) const TWO_WAYS: &str = "
Zwei Wege führen dorthin:
  1  Die Anwendung weist sich mit einem Geheimnis aus. Gut für Rathäuser: Das
     Postfach braucht weder Lizenz noch Passwort. Nötig ist die PowerShell.
  2  Ein Mensch meldet das Postfach einmal im Browser an, mit einem Code. Ohne
     PowerShell; viele Organisationen sperren das.
";

/// What is registered, and what for.
#[derive(Debug)]
pub(super) struct Guide<'a> {
    pub(super) provider: Provider,
    pub(super) grant: Grant,
    /// the name that the bot logs in with
    pub(super) mailbox: &'a str,
    /// whether replies leave by Microsoft Graph, or else by SMTP
    pub(super) by_graph: bool,
}

impl Guide<'_> {
    /// Up to the client's name.
    pub(super) fn registration(&self) -> String {
        match self.provider {
            Provider::Microsoft => {
                let redirect = match self.grant {
                    Grant::AuthorizationCode => {
                        "Umleitungs-URI: Öffentlicher Client/nativ, http://localhost. Registrieren."
                    }
                    Grant::ClientCredentials | Grant::DeviceCode => {
                        "Umleitungs-URI: leer lassen. Registrieren."
                    }
                };
                format!(
                    "
1. Die Anwendung eintragen, auf https://entra.microsoft.com:
   Entra ID → App-Registrierungen → Neue Registrierung
   Name: Antragsbote. Unterstützte Kontotypen: nur dieses
   Organisationsverzeichnis. {redirect}
   Die beiden Kennungen stehen dann in der Übersicht.

"
                )
            }
            Provider::Google => "
1. Auf https://console.cloud.google.com als Verwaltung der Domain ein Projekt
   anlegen, etwa „Antragsbote“.
2. Google Auth Platform → Zielgruppe: „Intern“. Bei „Extern“ im Teststatus
   verfällt die Anmeldung nach sieben Tagen.
3. Google Auth Platform → Clients → Client erstellen, Art „Desktop-App“.

"
            .to_owned(),
            Provider::Other => String::new(),
        }
    }

    /// Up to the client's secret.
    pub(super) fn permissions(&self) -> String {
        if self.provider != Provider::Microsoft {
            return String::new();
        }
        if self.grant != Grant::ClientCredentials {
            let sending = if self.by_graph {
                "Mail.Send"
            } else {
                "SMTP.Send"
            };
            let flows = match self.grant {
                Grant::DeviceCode => {
                    "
3. Authentifizierung → Einstellungen → „Öffentliche Clientflows zulassen“: Ja.
"
                }
                Grant::ClientCredentials | Grant::AuthorizationCode => "",
            };
            return format!(
                "
2. API-Berechtigungen → Berechtigung hinzufügen → Microsoft Graph →
   Delegierte Berechtigungen → IMAP.AccessAsUser.All, {sending},
   offline_access; dann „Administratorzustimmung erteilen“.
{flows}"
            );
        }
        let sending = if self.by_graph {
            ""
        } else {
            " und SMTP.SendAsApp"
        };
        format!(
            "
2. API-Berechtigungen → Berechtigung hinzufügen → Von meiner Organisation
   verwendete APIs → Office 365 Exchange Online → Anwendungsberechtigungen →
   IMAP.AccessAsApp{sending}; dann „Administratorzustimmung erteilen“.
3. Zertifikate & Geheimnisse → Neuer geheimer Clientschlüssel, Laufzeit 24
   Monate. Gebraucht wird die Spalte „Wert“, nicht „Geheime ID“; sie ist nur
   jetzt zu sehen.

"
        )
    }

    /// Up to the first login, at Microsoft.
    pub(super) fn mailbox(&self, client_id: &str) -> String {
        let Self { mailbox, .. } = self;
        let imap = "IMAP muss für das Postfach eingeschaltet sein: Exchange Admin Center →
   Postfächer → E-Mail-Apps verwalten → IMAP.";
        if self.grant != Grant::ClientCredentials {
            return format!("\n   {imap}\n\n");
        }
        let sending = if self.by_graph {
            format!(
                "   New-ManagementScope -Name \"Antragsbote\" -RecipientRestrictionFilter \"PrimarySmtpAddress -eq '{mailbox}'\"
   New-ManagementRoleAssignment -App OBJEKT-ID -Role \"Application Mail.Send\" -CustomResourceScope \"Antragsbote\"
"
            )
        } else {
            format!(
                "   Set-CASMailbox -Identity {mailbox} -SmtpClientAuthenticationDisabled $false\n"
            )
        };
        format!(
            "
4. Das eine Postfach freigeben, in der PowerShell. Die OBJEKT-ID steht unter
   Entra ID → Unternehmensanwendungen → Antragsbote; die gleichnamige unter
   App-Registrierungen ist eine andere.

   Install-Module ExchangeOnlineManagement
   Connect-ExchangeOnline
   New-ServicePrincipal -AppId {client_id} -ObjectId OBJEKT-ID -DisplayName \"Antragsbote\"
   Add-MailboxPermission -Identity {mailbox} -User OBJEKT-ID -AccessRights FullAccess
{sending}
   Bis das gilt, vergeht eine halbe Stunde, manchmal zwei.
   {imap}

"
        )
    }
}
