//! The words that somebody who knows the person or the shop would try first.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// What is known about the account whose password is set. An empty text says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// The shop's name.
    pub shop: &'a str,
    /// The person's own name.
    pub name: &'a str,
    /// The person's e-mail address.
    pub email: &'a str,
}

/// Where a word of the context comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum ContextKind {
    /// The shop's name.
    Shop,
    /// The person's name.
    Name,
    /// The e-mail address, either side of the @.
    Email,
}

impl fmt::Display for ContextKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shop => "the shop's name",
            Self::Name => "your own name",
            Self::Email => "your e-mail address",
        })
    }
}

/// One word of the context, folded: lower case, without accents.
pub(in crate::password) struct Word {
    pub(in crate::password) text: String,
    kind: ContextKind,
}

/// The longest password looked at, in code points: no simple variant of a name is longer.
const LONGEST: usize = 128;
/// Words taken from each text, and code points from each word: nobody's name is longer, and a text
/// of a mebibyte must not cost more.
const WORDS: usize = 16;
const WORD: usize = 64;
/// What may be added to names without making a password of them: twelve figures or marks (a date
/// written out), or four letters.
const ADDED: u32 = 12;
const LETTER: u32 = 3;
/// Words that people put around a name. They count as nothing.
const AROUND: [&str; 16] = [
    "the", "and", "my", "is", "i", "am", "love", "shop", "store", "admin", "owner", "login", "pass",
    "password", "welcome", "secret",
];

impl Context<'_> {
    /// The words of the context, folded.
    pub(in crate::password) fn words(&self) -> Vec<Word> {
        [
            (self.shop, ContextKind::Shop),
            (self.name, ContextKind::Name),
            (self.email, ContextKind::Email),
        ]
        .into_iter()
        .flat_map(|(text, kind)| {
            text.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c))
                .filter(|word| word.chars().nth(1).is_some())
                .take(WORDS)
                .map(move |word| Word {
                    text: folded(word.chars().take(WORD)).into_iter().collect(),
                    kind,
                })
        })
        .collect()
    }

    /// Where the names come from if the whole of `text` is made of names of the context, forwards or
    /// backwards, in any case, with or without accents and with figures for letters, with no more
    /// than a date or a few marks added.
    pub(super) fn derived(&self, text: &[char]) -> Option<ContextKind> {
        if text.len() > LONGEST {
            return None;
        }
        let text = folded(text.iter().copied());
        let names = self.words();
        let names: Vec<(Vec<char>, Option<ContextKind>)> = names
            .iter()
            .map(|word| (word.text.chars().collect(), Some(word.kind)))
            .chain(AROUND.iter().map(|word| (word.chars().collect(), None)))
            .collect();
        cheapest_cover(&text, &names)
    }
}

/// The way to write the first so many code points with the fewest added, and with which name: one
/// row for those that use a name, one for those that do not yet.
#[derive(Clone, Copy, Default)]
struct Cover {
    named: Option<(u32, ContextKind)>,
    bare: Option<u32>,
}

impl Cover {
    fn offer_named(&mut self, added: u32, kind: ContextKind) {
        if added <= ADDED && self.named.is_none_or(|(best, _)| added < best) {
            self.named = Some((added, kind));
        }
    }

    fn offer_bare(&mut self, added: u32) {
        if added <= ADDED && self.bare.is_none_or(|best| added < best) {
            self.bare = Some(added);
        }
    }
}

fn cheapest_cover(text: &[char], words: &[(Vec<char>, Option<ContextKind>)]) -> Option<ContextKind> {
    let mut covers = vec![Cover::default(); text.len() + 1];
    covers[0].bare = Some(0);
    for at in 0..text.len() {
        let here = covers[at];
        if here.named.is_none() && here.bare.is_none() {
            continue;
        }
        let added = if text[at].is_alphabetic() { LETTER } else { 1 };
        if let Some((so_far, kind)) = here.named {
            covers[at + 1].offer_named(so_far + added, kind);
        }
        if let Some(so_far) = here.bare {
            covers[at + 1].offer_bare(so_far + added);
        }
        for (word, kind) in words.iter().filter(|(word, _)| written(word, &text[at..])) {
            let next = &mut covers[at + word.len()];
            if let Some((so_far, first)) = here.named {
                next.offer_named(so_far, first);
            }
            match (here.bare, kind) {
                (Some(so_far), Some(kind)) => next.offer_named(so_far, *kind),
                (Some(so_far), None) => next.offer_bare(so_far),
                (None, _) => {}
            }
        }
    }
    covers[text.len()].named.map(|(_, kind)| kind)
}

/// Whether `text` begins with the word, read from either end.
fn written(word: &[char], text: &[char]) -> bool {
    let Some(text) = text.get(..word.len()) else {
        return false;
    };
    let forwards = || text.iter().zip(word).all(|(&c, &letter)| stands_for(c, letter));
    let backwards = || {
        text.iter()
            .zip(word.iter().rev())
            .all(|(&c, &letter)| stands_for(c, letter))
    };
    forwards() || backwards()
}

/// Whether `c` is the letter, or one of the figures and marks often written for it.
fn stands_for(c: char, letter: char) -> bool {
    c == letter
        || match letter {
            'a' => "4@".contains(c),
            'b' => "8".contains(c),
            'c' => "(".contains(c),
            'e' => "3€".contains(c),
            'g' => "69".contains(c),
            'i' | 'l' => "1!|".contains(c),
            'o' => "0".contains(c),
            's' => "5$".contains(c),
            't' => "7+".contains(c),
            'z' => "2".contains(c),
            _ => false,
        }
}

/// Lower case, without accents.
fn folded(text: impl Iterator<Item = char>) -> Vec<char> {
    text.nfd()
        .filter(|&c| !is_combining_mark(c))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Context, ContextKind};

    const ROSE: Context<'_> = Context {
        shop: "Rosé & Garden",
        name: "Anna Müller",
        email: "a.mueller@blumenhof.example",
    };

    fn derived(text: &str) -> Option<ContextKind> {
        ROSE.derived(&text.chars().collect::<Vec<_>>())
    }

    #[test]
    fn names_and_their_simple_variants_are_known() {
        for (text, which) in [
            ("RoseGarden2026!", ContextKind::Shop),
            ("nedraGésoR", ContextKind::Shop),
            ("R0s3-G4rd3n-2026", ContextKind::Shop),
            ("annamullerrosegarden", ContextKind::Name),
            ("ANNA MÜLLER 1984-03-21", ContextKind::Name),
            ("my password is Anna", ContextKind::Name),
            ("a.mueller@blumenhof.example", ContextKind::Email),
            ("Blumenhof12345678", ContextKind::Email),
        ] {
            assert_eq!(
                derived(text),
                Some(which),
                "{text} is a variant of a name that others know"
            );
        }
    }

    #[test]
    fn a_passphrase_with_a_name_in_it_is_taken() {
        for text in [
            "anna paints seven fences",
            "garden correct horse battery",
            "12345678",
            "password",
            "",
        ] {
            assert_eq!(derived(text), None, "{text} is more than names, or has none");
        }
    }
}
