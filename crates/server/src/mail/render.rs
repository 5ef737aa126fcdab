//! A letter as its reader sees it: its subject, its plain text, and the same as HTML.

use askama::Template;
use jiff::Timestamp;
use keyholder_core::letter::Letter;

use super::letterhead::Letterhead;
use super::words::{Way, Words, english};
use crate::pages::Colour;

/// Characters in a line of text, for terminals and quotes (RFC 5322, 2.1.1: at most 78).
const WIDTH: usize = 72;

/// A letter that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// For programs that show no HTML, and for people who want none.
    pub text: String,
    /// Asks for nothing from elsewhere: no pictures, no fonts, no scripts.
    pub html: String,
}

/// Writes a letter. The same arguments give the same letter.
///
/// # Errors
/// The template could not be filled in.
pub fn render(letter: &Letter, head: &Letterhead, now: Timestamp) -> Result<Rendered, askama::Error> {
    let words = english(letter, head, now);
    let html = Html {
        shop: head.shop(),
        accent: head.accent,
        ink: head.accent.words_on(),
        words: &words,
    };
    Ok(Rendered {
        text: text(&words),
        html: html.render()?,
        subject: words.subject,
    })
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Html<'a> {
    shop: &'a str,
    accent: Colour,
    ink: Colour,
    words: &'a Words,
}

fn text(words: &Words) -> String {
    let mut parts = vec![words.title.clone()];
    parts.extend(words.opening.iter().map(|paragraph| wrapped(paragraph)));
    if !words.facts.is_empty() {
        let lines = words
            .facts
            .iter()
            .map(|(what, value)| format!("  {what:<6}{value}"));
        parts.push(lines.collect::<Vec<_>>().join("\n"));
    }
    if let Some(Way {
        label, url, lasts, ..
    }) = &words.way
    {
        parts.push(format!("{label}:\n{url}"));
        parts.extend(lasts.as_deref().map(wrapped));
    }
    parts.extend(words.closing.iter().map(|paragraph| wrapped(paragraph)));
    // What follows such a line is no part of what is said (RFC 3676, 4.3).
    parts.push(format!("-- \n{}", wrapped(&words.footer)));
    parts.join("\n\n") + "\n"
}

/// The words on lines that are not too long; a word alone may be.
fn wrapped(paragraph: &str) -> String {
    let mut lines = vec![String::new()];
    for word in paragraph.split(' ') {
        let fits = |line: &String| line.chars().count() + 1 + word.chars().count() <= WIDTH;
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if fits(line) => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}
