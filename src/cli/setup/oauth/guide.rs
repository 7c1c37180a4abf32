//! What a person clicks in a provider's portal, in the order of the questions. The menus have the
//! names of Microsoft's German pages (learn.microsoft.com: "quickstart-register-app", "Authenticate
//! an IMAP, POP or SMTP connection using OAuth", "Role Based Access Control for Applications in
//! Exchange Online") and of Google's ("Google Auth Platform"), as of 2026; docs/handbuch has the same.

use crate::oauth::{Grant, Provider};

/// Microsoft's choice of grants.
pub(super) const TWO_WAYS: &str = "
Microsoft 365 lässt ein Programm nur in ein Postfach, wenn es dort als Anwendung
eingetragen ist. Was zu tun ist, steht gleich hier, Schritt für Schritt; es
braucht jemanden mit Verwaltungsrechten in Ihrem Microsoft 365. Es gibt zwei Wege:
  1  Die Anwendung weist sich mit einem Geheimnis aus. Gut für Rathäuser: Das
     Postfach braucht weder Lizenz noch Passwort. Einmal sind ein paar Zeilen in
     die PowerShell zu kopieren.
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
   Danach zeigt die Übersicht der Anwendung zwei Kennungen. Kopieren Sie beide
   hierher:

"
                )
            }
            Provider::Google => "
1. Auf https://console.cloud.google.com als Verwaltung der Domain ein Projekt
   anlegen, etwa „Antragsbote“.
2. Google Auth Platform einrichten: ein Name, Ihre Adresse, Zielgruppe „Intern“.
   Bei „Extern“ im Teststatus verfällt die Anmeldung nach sieben Tagen.
3. Google Auth Platform → Clients → Client erstellen, Art „Desktop-App“. Google
   zeigt dann Client-ID und Clientschlüssel. Kopieren Sie beide hierher:

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
                    "3. Authentifizierung → Einstellungen → „Öffentliche Clientflows zulassen“: Ja.
"
                }
                Grant::ClientCredentials | Grant::AuthorizationCode => "",
            };
            return format!(
                "
Weiter in derselben Anwendung, im Menü an der Seite:
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
Weiter in derselben Anwendung, im Menü an der Seite:
2. API-Berechtigungen → Berechtigung hinzufügen → Von meiner Organisation
   verwendete APIs → Office 365 Exchange Online → Anwendungsberechtigungen →
   IMAP.AccessAsApp{sending}; dann „Administratorzustimmung erteilen“.
3. Zertifikate & Geheimnisse → Neuer geheimer Clientschlüssel, Laufzeit 24
   Monate. Kopieren Sie die Spalte „Wert“ hierher, nicht „Geheime ID“; sie ist
   nur jetzt zu sehen. Daneben steht der Tag, an dem es abläuft.

"
        )
    }

    /// Up to the first login, at Microsoft.
    pub(super) fn mailbox(&self, client_id: &str) -> String {
        let Self { mailbox, .. } = self;
        if self.grant != Grant::ClientCredentials {
            return "
Zuletzt: IMAP muss für das Postfach eingeschaltet sein. Auf
https://admin.microsoft.com: Benutzer → Aktive Benutzer → das Postfach → E-Mail →
E-Mail-Apps verwalten → IMAP.

"
            .to_owned();
        }
        let sending = if self.by_graph {
            format!(
                "   New-ManagementScope -Name \"Antragsbote\" -RecipientRestrictionFilter \"PrimarySmtpAddress -eq '{mailbox}'\"
   New-ManagementRoleAssignment -App OBJEKT-ID -Role \"Application Mail.Send\" -CustomResourceScope \"Antragsbote\"
   Test-ServicePrincipalAuthorization -Identity OBJEKT-ID -Resource {mailbox}
"
            )
        } else {
            format!(
                "   Set-CASMailbox -Identity {mailbox} -SmtpClientAuthenticationDisabled $false\n"
            )
        };
        format!(
            "
4. Das eine Postfach freigeben, in der PowerShell: nicht hier, sondern auf einem
   Windows-Rechner, als jemand, der Exchange verwaltet. Kopieren Sie diese Zeilen,
   und setzen Sie überall für OBJEKT-ID die Kennung ein, die unter Entra ID →
   Unternehmensanwendungen → Antragsbote steht; die gleichnamige unter
   App-Registrierungen ist eine andere.

   Install-Module ExchangeOnlineManagement -Scope CurrentUser
   Connect-ExchangeOnline
   New-ServicePrincipal -AppId {client_id} -ObjectId OBJEKT-ID -DisplayName \"Antragsbote\"
   Add-MailboxPermission -Identity {mailbox} -User OBJEKT-ID -AccessRights FullAccess
   Set-CASMailbox -Identity {mailbox} -ImapEnabled $true
{sending}
   Bis das gilt, vergeht eine halbe Stunde, manchmal zwei Stunden. Ist es zu früh,
   nennt setup gleich, was noch fehlt, und probiert es noch einmal, wenn Sie wollen.

"
        )
    }
}
