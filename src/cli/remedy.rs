//! What is wrong with a peer or the log, in German, and what to do.

use rustls::CertificateError::{
    Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet,
    NotValidYetContext, UnknownIssuer,
};

use crate::secret::SecretError;
use crate::{log, mailbox, outbound, tls};

mod oauth;

pub(super) use crate::service::chain;
pub(super) use oauth::of_oauth;

/// What is wrong, and what to do.
pub(super) type Words = (String, &'static str);

const SERVER: &str =
    "es wird immer wieder versucht; bleibt es so, fragen Sie die Betreiber des Servers";
const LOGIN: &str = "prüfen Sie username und Passwort; manche Anbieter wollen ein eigenes Passwort für dieses Programm";
const TOKEN: &str = "steht unter username das Postfach? Bei Microsoft 365 braucht die App einen Dienstprinzipal in Exchange (New-ServicePrincipal) und das Recht am Postfach (Add-MailboxPermission), und IMAP muss dafür eingeschaltet sein (Set-CASMailbox -ImapEnabled $true); hat sich ein Mensch angemeldet, braucht er selbst ein Recht am Postfach";
const TOKEN_TO_SEND: &str = "steht unter username das Postfach, und darf die App oder wer sich angemeldet hat davon senden? Bei Microsoft 365 muss SMTP AUTH für das Postfach eingeschaltet sein; sonst setzen Sie unter [outbound] kind = \"graph\"";
const GRAPH_PERMISSION: &str = "mit grant = \"client_credentials\" braucht die App in Exchange Online die Rolle „Application Mail.Send“ für dieses Postfach (PowerShell, New-ManagementRoleAssignment; das Handbuch zeigt es unter „Microsoft 365“); hat sich ein Mensch angemeldet, braucht sie im Entra Admin Center unter „API-Berechtigungen“ Microsoft Graph, Mail.Send, und die Administratorzustimmung; neue Rechte gelten erst nach bis zu zwei Stunden";
const GRAPH_MAILBOX: &str = "prüfen Sie username unter [outbound]: den Benutzerprinzipalnamen eines Postfachs in Exchange Online, wie ihn das Microsoft 365 Admin Center unter „Benutzer“ nennt; hat es eine Lizenz oder ist es freigegeben?";
const GRAPH_SENDER: &str = "das Postfach muss als bot.address senden dürfen: im Exchange Admin Center unter „Postfächer“, „Delegierung“, „Senden als“";
const GRAPH_URL: &str = "es wird immer wieder versucht; bleibt es so, prüfen Sie url unter [outbound], und ob dieser Rechner sie per HTTPS erreicht";
const OTHER_NAME: &str = "nennen Sie unter host den Namen, der im Zertifikat steht";
const MAILDIR: &str = "der Ordner muss dem Benutzer gehören, unter dem antragsbote läuft";

/// Why the mailbox cannot be used.
pub(super) fn of_mailbox(error: &mailbox::Error) -> Words {
    use mailbox::Error as E;
    match error {
        E::Connect(error) => of_connection(error),
        E::Secret(error) => of_secret(error),
        E::Token(error) => of_oauth(error),
        E::Login { username, words } => (
            format!("der Server nimmt Name oder Passwort von {username} nicht an: {words}"),
            LOGIN,
        ),
        E::NotLetIn { username, words } => (
            format!("der Server lässt das Token nicht in das Postfach {username}: {words}"),
            TOKEN,
        ),
        E::NoMechanism => (
            "der Server bietet keine passende Anmeldung an".to_owned(),
            "prüfen Sie auth, host und security; mit auth = \"oauth\" muss er OAUTHBEARER oder XOAUTH2 anbieten",
        ),
        E::Folder { folder, words } => (
            format!("der Ordner \"{folder}\" ist nicht zu gebrauchen: {words}"),
            "prüfen Sie folder und archive, auch Groß- und Kleinschreibung",
        ),
        E::Maildir { path, source } => (
            format!(
                "das Maildir {} ist nicht zu gebrauchen: {source}",
                path.display()
            ),
            MAILDIR,
        ),
        other => (
            format!(
                "der IMAP-Server antwortet nicht wie erwartet: {}",
                chain(other)
            ),
            SERVER,
        ),
    }
}

/// Why replies cannot be sent.
pub(super) fn of_outbound(error: &outbound::Error) -> Words {
    use outbound::Error as E;
    match error {
        E::Connect(error) => of_connection(error),
        E::Secret(error) => of_secret(error),
        E::Token(error) => of_oauth(error),
        E::Refused { code, reply, .. } if error.is_switched_off() => (
            format!("Microsoft 365 nimmt für dieses Postfach kein SMTP mehr an: {code} {reply}"),
            "setzen Sie unter [outbound] kind = \"graph\"",
        ),
        E::Refused {
            step: outbound::Step::Token,
            code,
            reply,
            ..
        } => (
            format!("der Server nimmt das Token nicht an: {code} {reply}"),
            TOKEN_TO_SEND,
        ),
        E::Refused {
            step: outbound::Step::Login,
            code,
            reply,
            ..
        } => (
            format!("der Server nimmt Name oder Passwort nicht an: {code} {reply}"),
            LOGIN,
        ),
        E::NoMechanism => (
            "der Server bietet keine Anmeldung an".to_owned(),
            "manche Server bieten sie erst mit STARTTLS an, oder nicht auf Port 25; mit auth = \"oauth\" muss es OAUTHBEARER oder XOAUTH2 sein; braucht es keine, streichen Sie username",
        ),
        E::Graph(error) => of_graph(error),
        E::Program { program, source } => (
            format!(
                "{} kann nicht gestartet werden: {source}",
                program.display()
            ),
            "nennen Sie unter path den vollen Pfad von sendmail",
        ),
        E::Maildir { path, source } => (
            format!(
                "in das Maildir {} kann nicht geschrieben werden: {source}",
                path.display()
            ),
            MAILDIR,
        ),
        other => (
            format!(
                "der Mailserver antwortet nicht wie erwartet: {}",
                chain(other)
            ),
            SERVER,
        ),
    }
}

/// Why Microsoft Graph takes no mail, and where in Microsoft's portals that is put right.
fn of_graph(error: &outbound::GraphError) -> Words {
    let remedy = match outbound::GraphError::kind(error) {
        "graph-denied" => GRAPH_PERMISSION,
        "graph-mailbox" => GRAPH_MAILBOX,
        "sender" => GRAPH_SENDER,
        "protocol" | "no-answer" | "timeout" => GRAPH_URL,
        _ => SERVER,
    };
    (
        format!("Microsoft Graph nimmt keine Mails an: {}", chain(error)),
        remedy,
    )
}

/// Why the log cannot be opened.
pub(super) fn of_log(error: &log::Error) -> Words {
    use log::Error as E;
    match error {
        E::NoFolder(folder) => (
            format!("der Ordner {} fehlt", folder.display()),
            "legen Sie ihn an, für den Benutzer, unter dem der Dienst läuft, oder ändern Sie [log] url",
        ),
        E::CannotOpen { path, reason } => (
            format!("{} kann nicht geöffnet werden: {reason}", path.display()),
            "starten Sie dies als der Benutzer, unter dem der Dienst läuft",
        ),
        E::ReadOnly(path) => (
            format!("{} ist nicht beschreibbar", path.display()),
            "starten Sie dies als der Benutzer, unter dem der Dienst läuft",
        ),
        E::NotALog(path) => (
            format!("{} ist kein Protokoll von antragsbote", path.display()),
            "nennen Sie unter [log] url eine andere Datei; war diese es einmal, ist ihr Anfang zerstört: spielen Sie eine Sicherung ein",
        ),
        E::TooNew(path) => (
            format!("{} stammt von einer neueren Version", path.display()),
            "installieren Sie diese oder eine neuere",
        ),
        E::Damaged { path, reason } => (
            format!("{} ist beschädigt: {reason}", path.display()),
            "halten Sie den Dienst an; `sqlite3 ALT .recover | sqlite3 NEU` rettet, was lesbar ist, oder spielen Sie eine Sicherung ein; die alte Datei legen Sie mit ihren -wal und -shm beiseite",
        ),
        E::Replaced(path) => (
            format!("{} wurde entfernt oder ausgetauscht", path.display()),
            "legen Sie die Datei zurück, oder starten Sie den Dienst neu",
        ),
        E::Held(path) => (
            format!(
                "mit {} arbeitet schon ein anderer antragsbote",
                path.display()
            ),
            "halten Sie ihn erst an, oder geben Sie diesem unter [log] url eine eigene Datei",
        ),
        E::Busy(path) => (
            format!(
                "{} wird von einem anderen Programm festgehalten",
                path.display()
            ),
            "versuchen Sie es noch einmal; bleibt es so, suchen Sie das Programm, das die Datei offen hält",
        ),
        E::Full(path) => (
            format!("für {} ist kein Platz mehr", path.display()),
            "schaffen Sie Platz auf dem Datenträger",
        ),
        E::Failed { path, reason } => (
            format!("{} ist nicht zu gebrauchen: {reason}", path.display()),
            "versuchen Sie es noch einmal; ist der Datenträger voll?",
        ),
        E::Closed => (
            "das Protokoll ist schon geschlossen".to_owned(),
            "versuchen Sie es noch einmal",
        ),
    }
}

fn of_connection(error: &tls::Error) -> Words {
    use tls::Error as E;
    match error {
        E::HostNotFound { host, .. } => (
            format!("der Server {host} ist unbekannt"),
            "prüfen Sie die Schreibweise von host, und ob dieser Rechner Namen auflösen kann",
        ),
        E::Refused { host, port } => (
            format!("{host} nimmt auf Port {port} keine Verbindung an"),
            "prüfen Sie port; läuft der Server?",
        ),
        E::NoAnswer { host, port } | E::Unreachable { host, port, .. } => (
            format!("{host} ist auf Port {port} nicht zu erreichen"),
            "prüfen Sie host und port; vielleicht steht eine Firewall dazwischen",
        ),
        E::CaFile { path, source } => (
            format!(
                "ca_file {} kann nicht gelesen werden: {source}",
                path.display()
            ),
            "erwartet wird eine Datei mit Zertifikaten in PEM",
        ),
        E::NoRoots { .. } => (
            "auf diesem Rechner sind keine Wurzelzertifikate zu finden".to_owned(),
            "installieren Sie das Paket ca-certificates, oder prüfen Sie SSL_CERT_FILE und ca_file",
        ),
        E::NotOffered { host } => (
            format!("{host} bietet kein STARTTLS an"),
            "setzen Sie security = \"tls\" und den Port dafür (IMAP 993, SMTP 465)",
        ),
        E::Injected { host } => (
            format!("die Verbindung zu {host} wird manipuliert: nach STARTTLS kam Klartext"),
            "setzen Sie security = \"tls\" und den Port dafür (IMAP 993, SMTP 465)",
        ),
        E::Certificate { host, source, .. } => of_certificate(host, source),
        E::Handshake { host, source } => (
            format!("mit {host} kommt kein TLS zustande: {source}"),
            "passt der Port? 993 und 465 gehören zu security = \"tls\", 143 und 587 zu \"starttls\"",
        ),
    }
}

fn of_certificate(host: &str, error: &rustls::Error) -> Words {
    let rustls::Error::InvalidCertificate(fault) = error else {
        return (
            format!("das Zertifikat von {host} ist nicht zu gebrauchen: {error}"),
            SERVER,
        );
    };
    match fault {
        Expired | ExpiredContext { .. } => (
            format!("das Zertifikat von {host} ist abgelaufen"),
            "die Betreiber des Servers müssen es erneuern; stimmt die Uhr dieses Rechners?",
        ),
        NotValidYet | NotValidYetContext { .. } => (
            format!("das Zertifikat von {host} gilt noch nicht"),
            "stimmt die Uhr dieses Rechners?",
        ),
        NotValidForNameContext { presented, .. } => (
            format!(
                "das Zertifikat von {host} lautet auf einen anderen Namen: {}",
                names(presented)
            ),
            OTHER_NAME,
        ),
        NotValidForName => (
            format!("das Zertifikat von {host} lautet auf einen anderen Namen"),
            OTHER_NAME,
        ),
        UnknownIssuer => (
            format!("dem Aussteller des Zertifikats von {host} wird nicht vertraut"),
            "ist es eine eigene Zertifizierungsstelle, nennen Sie ihr Zertifikat unter ca_file",
        ),
        _ => (
            format!("das Zertifikat von {host} ist nicht zu gebrauchen: {error}"),
            SERVER,
        ),
    }
}

/// The first names that a certificate is for; rustls writes them as `DnsName("mail.example.org")`.
fn names(presented: &[String]) -> String {
    const MOST: usize = 5;
    let bare = |name: &String| {
        let inner = name
            .split_once('(')
            .and_then(|(_, rest)| rest.strip_suffix(')'));
        inner.unwrap_or(name).trim_matches('"').to_owned()
    };
    let mut names: Vec<String> = presented.iter().take(MOST).map(bare).collect();
    if presented.len() > MOST {
        names.push("…".to_owned());
    }
    names.join(", ")
}

/// Why a password cannot be read.
pub(super) fn of_secret(error: &SecretError) -> Words {
    let remedy = match error {
        SecretError::File { .. } | SecretError::Empty { .. } | SecretError::NotText { .. } => {
            "das Passwort gehört in die erste Zeile der Datei, und der Dienst muss sie lesen dürfen"
        }
        SecretError::Command { .. } | SecretError::Failed { .. } | SecretError::Slow { .. } => {
            "rufen Sie password_command von Hand auf: der Befehl muss das Passwort ohne Rückfrage drucken"
        }
    };
    (
        format!("das Passwort kann nicht gelesen werden: {}", chain(error)),
        remedy,
    )
}
