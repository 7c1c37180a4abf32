//! What can be wrong, by the fixed words that errors have for it ([`Trouble::kind`]): in
//! English for event lines, in German for mails to the administrator. One table.

/// One kind of trouble.
#[derive(Debug, Clone, Copy)]
pub struct Trouble {
    /// its fixed word: an interface, in the journal as ERROR_KIND
    pub kind: &'static str,
    /// whether somebody has to do something; else it may pass by itself
    pub lasts: bool,
    /// what it means, as a clause
    pub words: &'static str,
    /// what to do, as a clause
    pub remedy: &'static str,
    /// what it means, as a German sentence
    pub satz: &'static str,
}

/// The trouble of this kind.
pub fn of(kind: &str) -> Option<&'static Trouble> {
    TABLE.iter().find(|trouble| trouble.kind == kind)
}

const fn lasting(
    kind: &'static str,
    words: &'static str,
    remedy: &'static str,
    satz: &'static str,
) -> Trouble {
    Trouble {
        kind,
        lasts: true,
        words,
        remedy,
        satz,
    }
}

const fn passing(
    kind: &'static str,
    words: &'static str,
    remedy: &'static str,
    satz: &'static str,
) -> Trouble {
    Trouble {
        lasts: false,
        ..lasting(kind, words, remedy, satz)
    }
}

const ASK: &str = "it is tried again; if it stays, ask whoever runs the server";
const LOOK: &str = "`antragsbote log show` with its id says why; what is mended goes out by `antragsbote log retry`";
const OWNER: &str = "the file and its folder must belong to the user that runs the service";
const FILES: &str =
    "`antragsbote check --offline` shows it; mend it, then systemctl reload-or-restart antragsbote";
const BACKUP: &str = "stop the service and put back a backup, or save what can be read, as the handbook's page on the log says";
const REPORT: &str = "please report it with these lines";

/// Every kind there is.
pub const TABLE: &[Trouble] = &[
    // connections
    passing(
        "host-not-found",
        "the server's name is unknown",
        "check host, and whether this machine resolves names",
        "Der Name des Servers ist unbekannt.",
    ),
    passing(
        "refused",
        "the server takes no connection",
        "check port; does the server run?",
        "Der Server nimmt keine Verbindung an.",
    ),
    passing(
        "no-answer",
        "the server cannot be reached",
        "check host and port, and firewalls in between",
        "Der Server ist nicht zu erreichen.",
    ),
    passing(
        "unreachable",
        "the server cannot be reached",
        "check host and port, and this machine's network",
        "Der Server ist nicht zu erreichen.",
    ),
    lasting(
        "roots",
        "the certificates to trust cannot be read",
        "install ca-certificates; check ca_file and SSL_CERT_FILE",
        "Wurzelzertifikate oder ca_file können nicht gelesen werden.",
    ),
    lasting(
        "starttls",
        "the server offers no safe STARTTLS",
        "set security = \"tls\" and the port for it: IMAP 993, SMTP 465",
        "Der Server bietet keine sichere Verbindung (STARTTLS) an.",
    ),
    lasting(
        "certificate",
        "the server's certificate does not do",
        "`antragsbote check` says why: give host as it stands in the certificate, the issuer's certificate as ca_file, or have an expired one renewed",
        "Das Zertifikat des Servers wird nicht angenommen.",
    ),
    lasting(
        "handshake",
        "there is no TLS with the server",
        "check port: 993 and 465 take security = \"tls\", 143 and 587 take \"starttls\"",
        "Mit dem Server kommt keine sichere Verbindung (TLS) zustande.",
    ),
    passing(
        "timeout",
        "the server does not answer in time",
        ASK,
        "Der Server antwortet nicht rechtzeitig.",
    ),
    passing(
        "lost",
        "the server ends the connection",
        ASK,
        "Der Server beendet die Verbindung.",
    ),
    passing(
        "bye",
        "the server ends the connection",
        ASK,
        "Der Server beendet die Verbindung.",
    ),
    passing(
        "protocol",
        "the server does not answer as expected",
        "check host, port and security; it is tried again",
        "Der Server antwortet nicht wie erwartet.",
    ),
    // logins
    lasting(
        "login",
        "the server refuses the user name or the password",
        "check username and the password, some providers want one made for this program; systemd hands a changed one over at a start: systemctl restart antragsbote",
        "Der Server nimmt Name oder Passwort nicht an.",
    ),
    lasting(
        "no-login",
        "the server offers no login",
        "some offer one only after STARTTLS, or none on port 25; strike out username if none is needed; auth = \"oauth\" needs OAUTHBEARER or XOAUTH2",
        "Der Server bietet keine Anmeldung an.",
    ),
    lasting(
        "oauth-login",
        "the server does not let the token into the mailbox",
        "`antragsbote check` shows its words; is username the mailbox, has the app or whoever signed in a right to it, are IMAP and SMTP switched on for it?",
        "Der Server lässt den Boten mit seinem Token nicht in das Postfach.",
    ),
    lasting(
        "smtp-off",
        "sending by SMTP is switched off in this Microsoft 365",
        "set kind = \"graph\" in [outbound], or have SMTP AUTH switched on for the mailbox",
        "Das Senden per SMTP ist bei diesem Microsoft 365 abgeschaltet.",
    ),
    passing(
        "oauth-server",
        "the token server does not answer as one",
        "check token_url, and whether this machine may reach it by HTTPS; it is tried again",
        "Der Anmeldedienst (OAuth) antwortet nicht wie erwartet.",
    ),
    lasting(
        "oauth-secret",
        "the token server takes the client secret no more",
        "make a new client secret at the provider, write it where client_secret_file of [oauth] says, with its last day as client_secret_expires, and systemctl restart antragsbote",
        "Der Anmeldedienst (OAuth) nimmt das Geheimnis (client_secret) nicht an: es ist abgelaufen oder ein anderes.",
    ),
    lasting(
        "oauth-client",
        "the token server does not know this client, or what it asks for",
        "check client_id, tenant, grant and scope in [oauth]",
        "Der Anmeldedienst (OAuth) kennt diese App, den Mandanten oder das Gewünschte nicht.",
    ),
    lasting(
        "oauth-forbidden",
        "the tenant does not let this app in",
        "have an administrator of the tenant grant the consent to the app's permissions, switch it on, and let it past the rules for sign-ins",
        "Der Mandant lässt diese App nicht zu.",
    ),
    lasting(
        "oauth-signin",
        "somebody has to sign in for this program",
        "`antragsbote login`",
        "Die Anmeldung am Anmeldedienst (OAuth) gilt nicht oder nicht mehr.",
    ),
    lasting(
        "oauth-clock",
        "this machine's clock differs from the token server's",
        "set the clock, for instance by timedatectl set-ntp true",
        "Die Uhr dieses Rechners geht falsch.",
    ),
    lasting(
        "oauth-store",
        "the file of tokens cannot be used",
        "oauth.json and its folder must belong to the user that runs the service, and have room; what is no file of tokens has to be moved aside",
        "Die Datei der Token (oauth.json) ist nicht zu gebrauchen.",
    ),
    lasting(
        "oauth-end",
        "the client secret or the sign-in ends soon",
        "make a new client secret at the provider, or run `antragsbote login`, as the mail to [admin] address says",
        "Das Geheimnis oder die Anmeldung am Anmeldedienst (OAuth) endet bald.",
    ),
    lasting(
        "oauth-refused",
        "the token server refuses",
        "check client_id, client_secret, tenant and scope in [oauth]",
        "Der Anmeldedienst (OAuth) lehnt den Zugang ab.",
    ),
    lasting(
        "secret",
        "the password cannot be read",
        "check password_file or password_command; systemd hands a changed one over at a start: systemctl restart antragsbote",
        "Das Passwort kann nicht gelesen werden.",
    ),
    // the mailbox
    lasting(
        "folder",
        "a folder of the mailbox cannot be used",
        "check folder and archive in [mailbox], upper and lower case too",
        "Der Ordner des Postfachs ist nicht zu gebrauchen.",
    ),
    lasting(
        "archive",
        "the archive takes none",
        "check archive in [mailbox]: it must be there, be writable and have room; requests are answered all the same",
        "Das Archiv des Postfachs nimmt nichts an.",
    ),
    lasting(
        "maildir",
        "the Maildir cannot be used",
        "it must belong to the user that runs the service, and have room",
        "Der Maildir-Ordner ist nicht zu gebrauchen.",
    ),
    passing(
        "refused-command",
        "the server refuses a command",
        ASK,
        "Der Server antwortet nicht wie erwartet.",
    ),
    // the way out
    passing(
        "greeting",
        "the mail server does not talk to this machine",
        "check host and port; ask whoever runs the server whether it bars this machine's address",
        "Der Mailserver spricht nicht mit diesem Rechner.",
    ),
    lasting(
        "sender",
        "the mail server refuses the bot's own address",
        "have whoever runs the server let this login send as [bot] address, or set the username that may; no reply is given up meanwhile",
        "Der Mailserver nimmt die Adresse des Antragsboten als Absender nicht an.",
    ),
    passing(
        "throttled",
        "Microsoft Graph wants to be left in peace for a while",
        "nothing is to be done, it is tried again when it says so",
        "Microsoft Graph nimmt vorerst nichts an.",
    ),
    lasting(
        "graph-denied",
        "Microsoft Graph does not let the app send",
        "give the app Mail.Send of Microsoft Graph with an administrator's consent, and let it at this mailbox; `antragsbote check` says what Graph answers",
        "Microsoft Graph lässt die App nicht verschicken.",
    ),
    lasting(
        "graph-mailbox",
        "Microsoft Graph does not know the mailbox that is to send",
        "check username in [outbound]: a mailbox of this tenant, with a licence or shared",
        "Microsoft Graph kennt das Postfach nicht, das verschicken soll.",
    ),
    lasting(
        "refused-for-good",
        "the mail server refuses it for good",
        LOOK,
        "Der Mailserver lehnt die Antwort endgültig ab.",
    ),
    passing(
        "refused-for-now",
        "the mail server refuses it for now",
        "nothing is to be done, it is tried again",
        "Der Mailserver nimmt die Antwort vorerst nicht an.",
    ),
    lasting(
        "address",
        "nothing can be sent to this address",
        LOOK,
        "An diese Adresse lässt sich nichts senden.",
    ),
    passing(
        "sendmail",
        "the sendmail program cannot be run, or fails",
        "check path in [outbound]; the mail system's own log says more",
        "Das Programm sendmail kann nicht gestartet werden oder scheitert.",
    ),
    lasting(
        "bounce",
        "a mail server reports that it cannot be delivered",
        LOOK,
        "Eine Antwort kam als unzustellbar zurück.",
    ),
    passing(
        "lease",
        "another process has taken it over",
        "nothing is to be done",
        "Ein anderer Prozess hat die Arbeit übernommen.",
    ),
    // the log
    lasting(
        "no-folder",
        "the folder of the log is missing",
        "make it, or correct url in [log]",
        "Die Datei des Protokolls kann nicht geöffnet werden.",
    ),
    lasting(
        "cannot-open",
        "the file of the log cannot be opened",
        OWNER,
        "Die Datei des Protokolls kann nicht geöffnet werden.",
    ),
    lasting(
        "read-only",
        "the file of the log cannot be written to",
        OWNER,
        "Die Datei des Protokolls kann nicht beschrieben werden.",
    ),
    lasting(
        "not-a-log",
        "the file of the log is something else, or its beginning is destroyed",
        BACKUP,
        "Die Datei des Protokolls ist beschädigt.",
    ),
    lasting(
        "damaged",
        "the file of the log is damaged",
        BACKUP,
        "Die Datei des Protokolls ist beschädigt.",
    ),
    lasting(
        "too-new",
        "the log was written by a later version",
        "install that version",
        "Das Protokoll stammt von einer neueren Version.",
    ),
    passing(
        "busy",
        "another program holds the file of the log",
        "it is tried again; if it stays, look for that program",
        "Ein anderes Programm hält das Protokoll fest.",
    ),
    lasting(
        "held",
        "another antragsbote works on the log",
        "stop one of them, or give each a log of its own",
        "Ein anderer Antragsbote arbeitet schon mit dem Protokoll.",
    ),
    lasting(
        "replaced",
        "the file of the log was removed or replaced",
        "put it back, or systemctl restart antragsbote",
        "Die Datei des Protokolls wurde entfernt oder ausgetauscht.",
    ),
    lasting(
        "full",
        "there is no room left on the disk of the log",
        "make room; it goes on by itself",
        "Auf dem Datenträger ist kein Platz mehr.",
    ),
    lasting(
        "failed",
        "the file of the log cannot be read or written",
        "`antragsbote check --offline` says why; is the disk sound?",
        "Die Datei des Protokolls kann nicht gelesen oder beschrieben werden.",
    ),
    passing(
        "closed",
        "the work on the log broke off",
        "nothing is to be done, the service starts anew; if that goes on, has it memory enough?",
        "Die Arbeit am Protokoll ist abgebrochen; der Dienst startet neu.",
    ),
    // the configuration, and what it names
    lasting(
        "configuration",
        "the configuration has faults",
        FILES,
        "Die Konfiguration hat Fehler.",
    ),
    lasting(
        "unreadable",
        "a file or folder cannot be read",
        "let the user that runs the service read it: `antragsbote check --offline` names it; then systemctl reload antragsbote",
        "Eine Datei oder ein Ordner kann nicht gelesen werden.",
    ),
    lasting(
        "templates",
        "templates have faults",
        FILES,
        "Vorlagen haben Fehler.",
    ),
    lasting(
        "register",
        "the register has faults",
        FILES,
        "Das Register hat Fehler.",
    ),
    lasting(
        "restart",
        "sections of the configuration have changed that are taken up at a start alone",
        "systemctl restart antragsbote",
        "Manche Änderung gilt erst nach einem Neustart des Dienstes.",
    ),
    lasting(
        "text",
        "the text of mails to the administrator, or the address in [admin], cannot be used",
        "`antragsbote check --offline` shows it",
        "Der Text der Nachricht oder die Adresse unter [admin] ist nicht zu gebrauchen.",
    ),
    // the service
    lasting(
        "rival",
        "each mail is answered once, by whoever takes it first",
        "find the other, perhaps on a former machine, and stop one of the two",
        "Ein anderer Antragsbote holt Mails aus demselben Postfach.",
    ),
    passing(
        "clock",
        "the clock has jumped, or the service was off for a week",
        "check the clock: timedatectl",
        "Die Uhr dieses Rechners ist gesprungen.",
    ),
    lasting(
        "breaker",
        "replies have reached policy.replies_per_hour",
        "`antragsbote log list` shows who asks; it goes on when the hour is over, or by systemctl reload antragsbote",
        "Es sind so viele Antworten entstanden wie erlaubt.",
    ),
    passing(
        "resolver",
        "the DNS gives no answer",
        "check the name servers of this machine, /etc/resolv.conf",
        "Der Namensdienst (DNS) antwortet nicht.",
    ),
    passing(
        "socket",
        "no client can be taken at the socket for `deliver`",
        "it is tried again; if it stays, too many files are open",
        "Am Socket für `deliver` kann niemand angenommen werden.",
    ),
    passing(
        "metrics",
        "the place for figures cannot be used",
        "free the address or socket under listen in [metrics], or name another and systemctl restart antragsbote; mail is answered all the same",
        "Die Kennzahlen können nicht angeboten werden.",
    ),
    lasting(
        "late",
        "a stage of the service is not heard of in time",
        "nothing is to be done, systemd starts the service anew unless it is heard of; if that goes on, please report it with these lines",
        "Ein Teil des Dienstes meldet sich nicht mehr.",
    ),
    passing(
        "system",
        "the system refuses it",
        "the lines around this one say more",
        "Das Betriebssystem lässt es nicht zu.",
    ),
    lasting(
        "broken",
        "the program cannot cope with it",
        LOOK,
        "Das Programm kommt damit nicht zurecht.",
    ),
    lasting(
        "panic",
        "a fault of the program",
        REPORT,
        "Das ist ein Fehler des Programms; bitte melden Sie ihn.",
    ),
    lasting(
        "other",
        "nobody has foreseen it",
        REPORT,
        "Damit hat niemand gerechnet; bitte melden Sie es.",
    ),
];
