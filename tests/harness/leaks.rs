//! Whether a secret lies anywhere on the disk.

use std::fs;
use std::path::Path;

use data_encoding::{BASE64, HEXLOWER, HEXUPPER};
use memchr::memmem;

use crate::story::Told;

/// A secret in every form in which a program could let it slip.
#[derive(Debug)]
pub struct Canary {
    what: &'static str,
    forms: Vec<Vec<u8>>,
}

impl Canary {
    /// A secret as it is typed or shown.
    pub fn text(what: &'static str, text: &str) -> Self {
        let bare: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
        let mut forms = Vec::new();
        for text in [text, &text.to_lowercase(), &bare, &bare.to_lowercase()] {
            forms.push(text.as_bytes().to_vec());
            forms.push(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
            // Without what depends on the bytes around it.
            let encoded = BASE64.encode(text.as_bytes());
            forms.push(encoded.as_bytes()[..encoded.len() - 4].to_vec());
            forms.push(percent_encoded(text).into_bytes());
        }
        Self { what, forms }
    }

    /// A secret that is a number, raw and in letters.
    #[must_use]
    pub fn or_bytes(mut self, bytes: &[u8]) -> Self {
        let letters = [
            BASE64.encode(bytes),
            HEXLOWER.encode(bytes),
            HEXUPPER.encode(bytes),
        ];
        self.forms.extend(letters.map(String::into_bytes));
        self.forms.push(bytes.to_vec());
        self
    }

    fn is_in(&self, content: &[u8]) -> bool {
        self.forms
            .iter()
            .any(|form| memmem::find(content, form).is_some())
    }
}

/// What of these secrets lies in which file below the folder, names of files included.
///
/// # Errors
/// A file cannot be read.
pub fn leaks(folder: &Path, secrets: &[Canary]) -> Told<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let kind = fs::symlink_metadata(&path)?.file_type();
        let content = if kind.is_file() {
            fs::read(&path)?
        } else {
            Vec::new()
        };
        for secret in secrets {
            if secret.is_in(&content) || secret.is_in(path.as_os_str().as_encoded_bytes()) {
                found.push(format!("{} in {}", secret.what, path.display()));
            }
        }
        if kind.is_dir() {
            found.extend(leaks(&path, secrets)?);
        }
    }
    Ok(found)
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
