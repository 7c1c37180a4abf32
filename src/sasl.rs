//! SASL (RFC 4422): what is said to a server to log in with a token.
//!
//! In: whose mailbox, and a token. Out: the words of the mechanism. Never here: IMAP and SMTP,
//! whence tokens come.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A mechanism that takes a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bearer {
    /// RFC 7628
    Oauthbearer,
    /// what Google and Microsoft have had since before that
    Xoauth2,
}

impl Bearer {
    /// The best of those on offer; `offers` is asked for names in capitals.
    pub fn of(offers: impl Fn(&str) -> bool) -> Option<Self> {
        let known = [Self::Oauthbearer, Self::Xoauth2];
        known.into_iter().find(|known| offers(known.name()))
    }

    /// Its name, as servers offer it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Oauthbearer => "OAUTHBEARER",
            Self::Xoauth2 => "XOAUTH2",
        }
    }

    /// What is said first: `token` is for the mailbox of `username` on this server.
    pub fn initial(self, username: &str, host: &str, port: u16, token: &str) -> String {
        match self {
            Self::Oauthbearer => {
                // A comma would end the name (RFC 5801 section 4, saslname).
                let username = username.replace('=', "=3D").replace(',', "=2C");
                format!(
                    "n,a={username},\u{1}host={host}\u{1}port={port}\u{1}auth=Bearer {token}\u{1}\u{1}"
                )
            }
            Self::Xoauth2 => format!("user={username}\u{1}auth=Bearer {token}\u{1}\u{1}"),
        }
    }

    /// A server that refuses the token says why, and ends only when that has been answered: by this
    /// (RFC 7628 section 3.2.3).
    pub fn acknowledgement(self) -> &'static str {
        match self {
            Self::Oauthbearer => "\u{1}",
            Self::Xoauth2 => "",
        }
    }
}

/// How SASL's words go over IMAP (RFC 3501 section 6.2.2) and SMTP (RFC 4954 section 4).
pub fn encoded(words: &str) -> String {
    STANDARD.encode(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_is_preferred_to_what_was_before_it() {
        for (offer, best) in [
            (
                &["PLAIN", "XOAUTH2", "OAUTHBEARER"][..],
                Some(Bearer::Oauthbearer),
            ),
            (&["PLAIN", "XOAUTH2"], Some(Bearer::Xoauth2)),
            (&["PLAIN", "LOGIN"], None),
        ] {
            assert_eq!(Bearer::of(|name| offer.contains(&name)), best);
        }
    }

    /// The examples of RFC 7628 section 4.1 and of Google's page on XOAUTH2.
    #[test]
    fn words_are_those_of_the_examples() {
        let token = "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==";
        let words =
            Bearer::Oauthbearer.initial("user@example.com", "server.example.com", 143, token);
        assert_eq!(
            encoded(&words),
            "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcm\
             VyIHZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB"
        );
        assert_eq!(encoded(Bearer::Oauthbearer.acknowledgement()), "AQ==");
        let token = "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg";
        let words = Bearer::Xoauth2.initial("someuser@example.com", "imap.example.com", 993, token);
        assert_eq!(
            encoded(&words),
            "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQm\
             hkSFJoZG1semRHRXVZMjl0Q2cBAQ=="
        );
        assert_eq!(encoded(Bearer::Xoauth2.acknowledgement()), "");
    }

    #[test]
    fn a_name_ends_where_it_ends() {
        let words = Bearer::Oauthbearer.initial("a,b=c", "h", 1, "t");
        assert!(words.starts_with("n,a=a=2Cb=3Dc,\u{1}"), "{words}");
    }
}
