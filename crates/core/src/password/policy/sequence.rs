//! Runs of the alphabet, of numbers and of neighbouring keys: `abcdefgh`, `87654321`, `qwertzuiop`.

/// The shortest stretch that counts as a run.
const RUN: usize = 3;
/// Code points that may stand beside the runs without making a password of them: `abcdefghijklm!1`.
const BESIDE: usize = 2;

/// Keys that lie next to each other: rows of the English, German and French keyboards, the slanting
/// columns of the English one, and the row of numbers with the shift key held.
const KEYBOARD: [&str; 19] = [
    "1234567890",
    "!@#$%^&*()",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiopü",
    "asdfghjklöä",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "1qaz",
    "2wsx",
    "3edc",
    "4rfv",
    "5tgb",
    "6yhn",
    "7ujm",
    "8ik,",
];

/// Whether the whole of `text` is runs, up or down, apart from at most two code points.
pub(super) fn is_sequential(text: &[char]) -> bool {
    let text: Vec<char> = text
        .iter()
        .map(|&c| c.to_lowercase().next().unwrap_or(c))
        .collect();
    let (mut at, mut beside) = (0, 0);
    while at < text.len() && beside <= BESIDE {
        let run = run(&text[at..]);
        if run >= RUN {
            at += run;
        } else {
            at += 1;
            beside += 1;
        }
    }
    text.len() > beside && beside <= BESIDE
}

/// The longest run that `text` begins with.
fn run(text: &[char]) -> usize {
    let alphabet = [-1, 0, 1].into_iter().map(|step| {
        1 + text
            .windows(2)
            .take_while(|pair| pair[0].is_alphanumeric() && steps(pair[0], pair[1]) == step)
            .count()
    });
    let keyboard = KEYBOARD.iter().flat_map(|row| {
        [-1, 1].into_iter().map(|step| {
            1 + text
                .windows(2)
                .take_while(|pair| along(row, pair[0], pair[1]) == Some(step))
                .count()
        })
    });
    alphabet.chain(keyboard).max().unwrap_or(0).min(text.len())
}

fn steps(from: char, to: char) -> i64 {
    i64::from(u32::from(to)) - i64::from(u32::from(from))
}

/// How far apart two keys lie in a row, where both are in it.
fn along(row: &str, from: char, to: char) -> Option<i64> {
    let place = |key: char| {
        row.chars()
            .position(|c| c == key)
            .and_then(|at| i64::try_from(at).ok())
    };
    Some(place(to)? - place(from)?)
}

#[cfg(test)]
mod tests {
    use super::is_sequential;

    fn sequential(text: &str) -> bool {
        is_sequential(&text.chars().collect::<Vec<_>>())
    }

    #[test]
    fn nothing_but_runs_is_sequential() {
        for text in [
            "abcdefgh",
            "87654321",
            "12345678901234567",
            "qwertyuiopasdfghjkl",
            "poiuytrewqlkjhgfdsa",
            "1qaz2wsx3edc4rfv",
            "AbCdEfGhIjKlMnOp",
            "abcd1234efgh5678",
            "aaaaabbbbbcccccddddd",
            "abcdefghijklm!1",
            "абвгдежзийклмнопр",
            "azertyuiopqsdfghjklm",
            "!@#$%^&*()qwertyuiop",
        ] {
            assert!(
                sequential(text),
                "{text} follows the alphabet, the numbers or the keyboard"
            );
        }
    }

    #[test]
    fn a_run_inside_a_passphrase_is_no_matter() {
        for text in [
            "abc correct horse battery",
            "Türklinke 12345 Ostwind",
            "😀😁😂😃😄😅😆😇😈😉😊😋😌😍😎",
            "",
        ] {
            assert!(!sequential(text), "{text} is more than runs");
        }
    }
}
