//! The pieces of evidence for and against a name: the one table of weights.
//!
//! Each has points for "it is used as the name of a place" and points for "it is asked
//! for". A name counts as a place from one point on. Asked for is what has [`ASKED`] points
//! or more; if nothing has, the strongest of those with one point or more. Evidence that
//! excludes weighs more than all that may speak for a name. The account that is given of a
//! decision names every piece with its points, so that it can be done again by hand.

/// From here on a name is asked for, whatever else is named.
pub(super) const ASKED: i32 = 4;

/// What excludes outweighs all the rest together.
const NEVER: i32 = -99;

/// The rows of the table: name, points as a place, points as asked for, the words for people;
/// `{}` stands for the words of the mail that are meant.
macro_rules! signs {
    ($($(#[$doc:meta])* $sign:ident: $place:expr, $asked:expr, $says:literal;)*) => {
        /// One piece of evidence.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Sign {
            $($(#[$doc])* $sign),*
        }

        const TABLE: &[(Sign, i32, i32, &str)] = &[$((Sign::$sign, $place, $asked, $says)),*];
    };
}

signs! {
    Named: 1, 1, "genannt";
    /// "für Fürth"
    For: 0, 3, "hinter „für“";
    /// "wir in Fürth"
    OfUs: 2, 3, "hinter „wir“ oder „uns“";
    /// "wir kommen aus Fürth"
    Home: 2, 0, "dort sind die Schreibenden zu Hause";
    /// "Fürth auch"
    Too: 0, 3, "mit „auch“";
    /// "Fürth braucht ihn"
    Needs: 0, 3, "bittet selbst darum";
    /// "Ausländerbeirat Fürth"
    AtBody: 4, 3, "beim Gremium „{}“";
    /// "Ausländerbeirat in Fürth"
    NearBody: 3, 3, "beim Gremium „{}“";
    /// behind an article: says nothing about a word that is no name
    BodyBefore: 0, 3, "beim Gremium „{}“";
    /// "für den Ausländerbeirat Fürth"
    BodyAsked: 0, 3, "das Gremium ist erbeten";
    /// "ich bin Mitglied im Ausländerbeirat Fürth"
    Member: 4, 1, "nur als Mitglied von „{}“";
    Kind: 9, 1, "mit der Art („Stadt“, „Landkreis“ …)";
    PostalCode: 9, 0, "mit Postleitzahl";
    /// "Kommune Fürth"
    Label: 9, 0, "hinter „Kommune“ oder „Ort“";
    Addition: 2, 0, "mit Zusatz";
    Preposition: 3, 0, "hinter einem Verhältniswort";
    OwnLine: 4, 0, "in eigener Zeile";
    Listed: 4, 0, "in einer Reihe mit anderen";
    /// "Lage", "Roth"
    Ordinary: -2, 0, "auch ein gewöhnliches Wort oder ein Familienname";
    /// "waren", "leer": small letters are what one expects
    Common: -3, 0, "kleingeschrieben ein häufiges Wort";
    Small: -3, 0, "kleingeschrieben";
    /// no capital tells a noun from a verb
    Flat: -2, 0, "die Mail unterscheidet Groß und Klein nicht";
    /// "Hochtaunus"
    Part: -4, 0, "nur Teil eines Kreisnamens";
    /// "HN"
    Plate: -4, 0, "nur ein Autokennzeichen";
    Glued: -3, 0, "mit Bindestrich an einem anderen Wort";
    Person: NEVER, 0, "hinter Anrede oder Vornamen";
    Sender: NEVER, 0, "Name der schreibenden Person";
    Address: NEVER, 0, "Teil einer Mail- oder Netzadresse";
    NamedAfter: NEVER, 0, "Name einer Einrichtung";
    Street: NEVER, 0, "Name einer Straße";
    /// "In Fürth schneit es."
    Idle: 0, -1, "in einem Satz, der um nichts bittet";
    Denied: 0, NEVER, "verneint";
    Corrected: 0, NEVER, "im selben Satz berichtigt";
    Letterhead: 0, NEVER, "Anschrift";
    Lives: 0, NEVER, "wo jemand wohnt, arbeitet oder sich trifft";
    Mentioned: 0, NEVER, "nur erwähnt";
    /// "neben Fürth", "ein Ort bei Fürth"
    Beside: 0, NEVER, "nur in der Nähe";
    /// "Zülpich folgt später"
    Later: 0, NEVER, "jetzt noch nicht oder nicht mehr erbeten";
    Thanked: 0, NEVER, "dafür ist nur gedankt";
    Compared: 0, NEVER, "nur als Beispiel";
    Reported: 0, NEVER, "was andere taten oder schon erledigt ist";
    /// "für Letzteren"
    OtherOne: 0, NEVER, "„Ersteren“ oder „Letzteren“ schließt aus";
    /// "zuerst in den Integrationsausschuss"
    Stage: 0, NEVER, "nur eine Station der Beratung";
    /// "der frühere Ausländerbeirat"
    OtherBody: 0, NEVER, "ein früheres oder fremdes Gremium";
    /// "Integrationsbeirat (früher Ausländerbeirat) Fürth" for the first
    BodySetAside: 0, NEVER, "bei „{}“, das nicht gemeint ist";
}

/// The evidence gathered for one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Signs(u64);

impl Signs {
    pub(super) fn add(&mut self, sign: Sign) {
        self.0 |= 1 << sign as u64;
    }

    pub(super) fn add_if(&mut self, holds: bool, sign: Sign) {
        if holds {
            self.add(sign);
        }
    }

    pub(super) fn without(self, sign: Sign) -> Self {
        Self(self.0 & !(1 << sign as u64))
    }

    pub(super) fn has(self, sign: Sign) -> bool {
        self.0 & (1 << sign as u64) != 0
    }

    /// Takes over what speaks for or against another one's being asked for: for the next of a list.
    pub(super) fn inherit(&mut self, other: Self) {
        let bodies = [Sign::AtBody, Sign::NearBody, Sign::BodyBefore];
        self.add_if(other.has(Sign::Member), Sign::Member);
        self.add_if(bodies.iter().any(|sign| other.has(*sign)), Sign::BodyBefore);
        for (sign, ..) in other.rows().filter(|row| row.1 <= 0 && row.2 != 0) {
            self.add(*sign);
        }
    }

    /// What speaks for the name's being a place.
    pub(super) fn as_place(self) -> i32 {
        self.rows().map(|(_, place, ..)| place).sum()
    }

    /// What speaks for its being asked for.
    pub(super) fn as_asked(self) -> i32 {
        self.rows().map(|(_, _, asked, _)| asked).sum()
    }

    /// Whether it is asked for, whatever else is named.
    pub(super) fn is_asked(self) -> bool {
        self.as_asked() >= ASKED
    }

    /// Whether it is more than mentioned.
    pub(super) fn counts(self) -> bool {
        self.as_asked() > 0
    }

    /// "Erbeten, 7 Punkte: genannt (+1), hinter „für“ (+3) …", for the points that `points` picks.
    fn tell(self, detail: &str, points: impl Fn(i32, i32) -> i32) -> String {
        let parts: Vec<String> = self
            .rows()
            .filter_map(|(_, place, asked, says)| {
                let points = points(*place, *asked);
                let excludes = points == NEVER;
                let says = says.replace("{}", detail);
                match points {
                    0 => None,
                    _ if excludes => Some(format!("{says} (schließt aus)")),
                    _ => Some(format!("{says} ({points:+})")),
                }
            })
            .collect();
        parts.join(", ")
    }

    /// Why it is asked for or not, with the points.
    pub(super) fn tell_asked(self, detail: &str) -> String {
        self.tell(detail, |_, asked| asked)
    }

    /// Why it is a place or not, with the points.
    pub(super) fn tell_place(self, detail: &str) -> String {
        self.tell(detail, |place, _| place)
    }

    fn rows(self) -> impl Iterator<Item = &'static (Sign, i32, i32, &'static str)> {
        TABLE.iter().filter(move |(sign, ..)| self.has(*sign))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_excludes_outweighs_the_rest() {
        assert!(TABLE.len() <= 64);
        let most = |column: fn(&(Sign, i32, i32, &str)) -> i32| -> i32 {
            TABLE.iter().map(column).filter(|points| *points > 0).sum()
        };
        assert!(most(|row| row.1) + NEVER < 0 && most(|row| row.2) + NEVER < 0);
    }

    #[test]
    fn a_sum_can_be_done_again_by_hand() {
        let mut signs = Signs::default();
        for sign in [Sign::AtBody, Sign::Named, Sign::Ordinary] {
            signs.add(sign);
        }
        assert_eq!((signs.as_place(), signs.as_asked()), (3, 4));
        assert_eq!(
            signs.tell_asked("Ausländerbeirat"),
            "genannt (+1), beim Gremium „Ausländerbeirat“ (+3)"
        );
    }
}
