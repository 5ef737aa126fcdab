//! What letters say, in a language. Each language is a file beside this one that fills in [`Words`]; all
//! words of a letter are in there, and nothing but words.

mod english;

pub(super) use self::english::english;

/// A letter in words: plain text, with nothing escaped.
#[derive(Debug)]
pub(super) struct Words {
    /// The language of it all (RFC 5646).
    pub(super) language: &'static str,
    /// What a list of letters shows.
    pub(super) subject: String,
    /// The letter in one line.
    pub(super) title: String,
    /// What happened, by paragraphs.
    pub(super) opening: Vec<String>,
    /// What can be looked up, each with what it is.
    pub(super) facts: Vec<(&'static str, String)>,
    /// Where to go.
    pub(super) way: Option<Way>,
    /// What else to know or do, by paragraphs.
    pub(super) closing: Vec<String>,
    /// Why this letter came.
    pub(super) footer: String,
}

/// A place to go.
#[derive(Debug)]
pub(super) struct Way {
    /// What is done there.
    pub(super) label: &'static str,
    /// Its address.
    pub(super) url: String,
    /// Until when it is there, if it ends.
    pub(super) lasts: Option<String>,
    /// What to do where the button cannot be pressed; the address follows.
    pub(super) otherwise: &'static str,
}
