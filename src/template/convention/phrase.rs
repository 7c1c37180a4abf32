//! Alternatives as one reads them: "auf die Stadt/ den Landkreis XXX**".

use std::ops::Range;

use super::blank::Blank;
use super::case::{Cases, Preposition, of_article};
use super::determiner::Determiner;
use super::note::{self, Meaning};
use super::token::{Kind, Token};
use super::vocabulary::{Noun, Sort, Vocabulary};
use super::{Notes, Text};

/// One of several to choose from.
#[derive(Debug)]
struct Member {
    determiner: Determiner,
    /// `None`: a blank
    noun: Option<Noun>,
    blank: Option<Blank>,
    star: Option<Meaning>,
    has_star: bool,
    end: usize,
}

/// So many nouns to choose from are a list of something else.
const MOST: usize = 16;

/// Several nouns to choose from, or one with a blank or alone.
#[derive(Debug)]
pub(super) struct Phrase {
    /// the tokens it is made of
    pub(super) tokens: Range<usize>,
    /// the first of them that goes if its preposition stays
    pub(super) core: usize,
    /// the first word of it behind the preposition
    pub(super) first_word: usize,
    pub(super) preposition: Option<Preposition>,
    /// whether the preposition goes in any case: "am" is "an dem"
    pub(super) contracted: bool,
    /// "eine", "unser" stand before it
    pub(super) other_determiner: bool,
    pub(super) has_article: bool,
    /// the cases that it can be in
    pub(super) cases: Cases,
    /// `None`: nothing but a blank, which may stand for anything
    pub(super) sort: Option<Sort>,
    /// how many nouns there are to choose from
    pub(super) choices: usize,
    /// whether the nouns are parted by words, rather than by strokes
    pub(super) in_words: bool,
    pub(super) is_genitive: bool,
    pub(super) blank: Option<Blank>,
    pub(super) has_star: bool,
    pub(super) is_bracketed: bool,
}

/// Reads the phrases of a paragraph.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) text: &'a Text<'a>,
    pub(super) vocabulary: Vocabulary<'a>,
    pub(super) notes: &'a Notes,
}

impl<'a> Reader<'a> {
    pub(super) fn token(&self, at: usize) -> Option<&'a Token> {
        self.text.tokens.get(at)
    }

    fn is(&self, at: usize, kind: &Kind) -> bool {
        self.token(at).is_some_and(|token| token.kind == *kind)
    }

    pub(super) fn lower(&self, at: usize) -> Option<String> {
        let token = self.token(at).filter(|token| token.kind == Kind::Word);
        token.map(Token::lower)
    }

    /// The phrase that begins here.
    pub(super) fn phrase(&self, start: usize) -> Option<Phrase> {
        let lead = self.determiner(start);
        let mut at = lead.end;
        let opened = self.opens(at, !lead.is_empty()).then_some(at);
        at += usize::from(opened.is_some());
        let inner = match opened {
            Some(_) => self.within_bracket(lead, at),
            None => lead,
        };
        let mut members = vec![self.member(inner, true)?];
        let mut in_words = false;
        let mut end = members.first()?.end;
        while let Some((next, is_word)) = self.separator(end).filter(|_| members.len() < MOST) {
            let determiner = self.determiner(next);
            let Some(member) = self.member(determiner, false) else {
                break;
            };
            let fits = members.iter().all(|other| other.fits(&member));
            if member.noun.is_none() || members.iter().any(|m| m.noun.is_none()) || !fits {
                break;
            }
            in_words |= is_word;
            end = member.end;
            members.push(member);
        }
        let mut tail = Tail::default();
        if opened.is_some() {
            if !self.is(end, &Kind::Close) {
                return None;
            }
            tail = self.tail(end + 1, members.iter().any(Member::is_kommune));
            end = tail.end;
        }
        self.assemble(start..end, &members, opened, tail, in_words)
    }

    /// An opening bracket that goes with what it holds.
    fn opens(&self, at: usize, determined: bool) -> bool {
        let open = self.token(at).filter(|token| token.kind == Kind::Open);
        open.is_some_and(|token| determined || token.text != "(")
    }

    fn member(&self, determiner: Determiner, first: bool) -> Option<Member> {
        let mut at = determiner.end;
        let is_adjective = self.lower(at).is_some_and(|word| {
            ["kreisfreie", "kreisangehörige"]
                .iter()
                .any(|stem| word.starts_with(stem))
        });
        at += usize::from(is_adjective);
        let head = self.token(at)?;
        let rest = self.text.tokens.get(at..)?;
        let known = self.vocabulary.noun(rest);
        let known = known.or_else(|| Some((self.shortened(at, head)?, 1)));
        let unknown = || {
            let is_choice = !first || self.separator(at + 1).is_some();
            Some((Vocabulary::unknown_body(head).filter(|_| is_choice)?, 1))
        };
        let (noun, blank) = match (known.or_else(unknown), &head.kind) {
            (Some((noun, count)), _) => {
                at += count;
                (Some(noun), None)
            }
            (None, Kind::Blank(blank)) if *blank != Blank::Note => {
                at += 1;
                (None, Some(blank.clone()))
            }
            _ => return None,
        };
        let names_kommune = noun.is_some_and(|noun| noun.sort == Some(Sort::Kommune));
        let mut tail = self.tail(at, names_kommune);
        let is_open = |blank: &Blank| matches!(blank, Blank::Line | Blank::Letters);
        if blank.as_ref().or(tail.blank.as_ref()).is_some_and(is_open) {
            self.label(&mut tail);
        }
        Some(Member {
            determiner,
            noun,
            blank: tail.blank.or(blank),
            star: tail.star,
            has_star: tail.has_star,
            end: tail.end,
        })
    }

    /// "Stadt-" in "Stadt-/Gemeinderat".
    fn shortened(&self, at: usize, head: &Token) -> Option<Noun> {
        let (next, _) = self.separator(at + 1)?;
        self.vocabulary.shortened(&head.text, self.token(next)?)
    }

    /// Stars, and the blank for a name behind a kind.
    fn tail(&self, start: usize, names_kommune: bool) -> Tail {
        let mut tail = Tail {
            end: start,
            ..Tail::default()
        };
        self.star(&mut tail);
        let is_name = |blank: &&Blank| match blank {
            Blank::Label(sort, _) => sort.is_none_or(|sort| sort == Sort::Kommune),
            Blank::Part | Blank::Note | Blank::Place => false,
            _ => true,
        };
        let blank = self.token(tail.end).and_then(|token| match &token.kind {
            Kind::Blank(blank) if names_kommune => Some(blank),
            _ => None,
        });
        if let Some(blank) = blank.filter(is_name) {
            tail.blank = Some(blank.clone());
            tail.end += 1;
            self.star(&mut tail);
        } else if names_kommune && self.is_place(tail.end) {
            tail.blank = Some(Blank::Place);
            tail.end += 1;
        }
        tail
    }

    /// Whether a municipality is named here.
    pub(super) fn is_place(&self, at: usize) -> bool {
        let token = self
            .token(at)
            .filter(|token| token.is_capital() && !token.glued);
        token.is_some_and(|token| self.vocabulary.register.means(&token.text).is_some())
    }

    /// "______ (Name der Kommune)" is one blank.
    fn label(&self, tail: &mut Tail) {
        let label = self.token(tail.end).map(|token| &token.kind);
        if let Some(Kind::Blank(blank @ Blank::Label(Some(_), _))) = label {
            tail.blank = Some(blank.clone());
            tail.end += 1;
        }
    }

    /// Takes a star along that does not lead to a note of the author's.
    fn star(&self, tail: &mut Tail) {
        let star = self.token(tail.end);
        let Some(star) = star.filter(|star| star.kind == Kind::Star && star.glued) else {
            return;
        };
        let is_part = self
            .token(tail.end + 1)
            .is_some_and(|next| next.glued && matches!(next.kind, Kind::Word | Kind::Star));
        let meaning = self.notes.stars.get(&note::key(&star.text)).copied();
        if !is_part && meaning != Some(Meaning::Other) {
            tail.star = meaning;
            tail.has_star = true;
            tail.end += 1;
        }
    }

    /// What stands between alternatives: where the next begins, and whether it is a word.
    pub(super) fn separator(&self, at: usize) -> Option<(usize, bool)> {
        if self.is(at, &Kind::Slash) {
            let breaks = self.is(at + 1, &Kind::Break);
            return Some((at + 1 + usize::from(breaks), false));
        }
        let word = self.lower(at)?;
        if !matches!(
            word.as_str(),
            "oder" | "bzw" | "beziehungsweise" | "resp" | "respektive"
        ) {
            return None;
        }
        let stop = self.token(at + 1);
        let dotted = stop.is_some_and(|stop| stop.kind == Kind::Stop && stop.glued);
        Some((at + 1 + usize::from(dotted), true))
    }

    fn assemble(
        &self,
        tokens: Range<usize>,
        members: &[Member],
        opened: Option<usize>,
        tail: Tail,
        in_words: bool,
    ) -> Option<Phrase> {
        let first = &members.first()?.determiner;
        let nouns = || members.iter().filter_map(|member| member.noun);
        let of_nouns = nouns().find_map(|noun| noun.sort);
        let blank = tail.blank.or(members.iter().find_map(|m| m.blank.clone()));
        if of_nouns.is_none() && nouns().next().is_some() {
            return None;
        }
        let stars = members.iter().filter_map(|m| m.star).chain(tail.star);
        let for_kommune = stars.into_iter().any(|star| star == Meaning::Kommune);
        let of_blank = match &blank {
            Some(Blank::Label(sort, _)) => *sort,
            Some(Blank::Sample) => Some(Sort::Kommune),
            Some(Blank::Letters | Blank::Line | Blank::Nobody) if for_kommune => {
                Some(Sort::Kommune)
            }
            _ => None,
        };
        // a preposition of all nouns stands before the first or before each
        let same = |member: &Member| {
            let word = |determiner: &Determiner| determiner.preposition.map(|p| p.word);
            word(&member.determiner).is_none() || word(&member.determiner) == word(first)
        };
        let cases = if members.iter().all(same) {
            cases(members)
        } else {
            Cases::ALL & Cases::NOMINATIVE & Cases::DATIVE
        };
        Some(Phrase {
            core: opened.unwrap_or(first.articles_at).min(first.articles_at),
            first_word: first.articles_at,
            preposition: first.preposition,
            contracted: first.contracted,
            other_determiner: members.iter().any(|member| member.determiner.other),
            has_article: members.iter().any(|m| !m.determiner.articles.is_empty()),
            cases,
            sort: of_nouns.or(of_blank),
            choices: nouns().count(),
            in_words,
            is_genitive: nouns().any(|noun| noun.is_genitive),
            blank,
            has_star: tail.has_star || members.iter().any(|member| member.has_star),
            is_bracketed: opened.is_some(),
            tokens,
        })
    }
}

/// What follows a noun.
#[derive(Debug, Default)]
struct Tail {
    blank: Option<Blank>,
    star: Option<Meaning>,
    has_star: bool,
    end: usize,
}

impl Member {
    fn is_kommune(&self) -> bool {
        self.noun
            .is_some_and(|noun| noun.sort == Some(Sort::Kommune))
    }

    /// Whether both can be alternatives of one another.
    fn fits(&self, other: &Self) -> bool {
        let sort = |member: &Self| member.noun.and_then(|noun| noun.sort);
        match (sort(self), sort(other)) {
            (Some(sort), Some(other)) => sort == other,
            // no municipality is told by how its name ends
            (Some(sort), None) | (None, Some(sort)) => sort != Sort::Kommune,
            (None, None) => true,
        }
    }
}

/// The cases that all members allow together.
fn cases(members: &[Member]) -> Cases {
    let first = members.first().map(|first| &first.determiner);
    let governs = first.and_then(|first| first.preposition).map(|p| p.governs);
    let shared = first.map_or(&[][..], |first| &first.articles);
    let zipped = shared.len() == members.len() && shared.len() > 1;
    let mut cases = governs.unwrap_or(Cases::ALL);
    let mut before = shared;
    for (number, member) in members.iter().enumerate() {
        let own = &member.determiner.articles;
        let is_own = number == 0 || !own.is_empty();
        let articles = match shared.get(number..=number) {
            Some(article) if zipped => article,
            _ if is_own => own,
            _ => before,
        };
        before = articles;
        let genus = member.noun.map(|noun| noun.genus);
        let of_noun = member.noun.map_or(Cases::ALL, Cases::of);
        let of_articles = articles.iter().map(|article| of_article(article, genus));
        let of_articles = of_articles.reduce(|all, each| all | each);
        let allowed = of_articles.map_or(of_noun, |of_articles| of_articles & of_noun);
        // "der Stadtrat/Stadtverordnetenversammlung": the article is that of the first
        if is_own || zipped || !(cases & allowed).is_empty() {
            cases = cases & allowed;
        }
    }
    cases
}
