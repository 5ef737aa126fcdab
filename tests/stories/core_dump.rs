//! What the window and its web view leave on the disk when they crash.

use keyholder_tests::desk::Desk;
use keyholder_tests::story::Told;

/// The most that a core dump of that process may have, in bytes.
fn limit(pid: u32) -> Told<String> {
    let limits = std::fs::read_to_string(format!("/proc/{pid}/limits"))?;
    let limit = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max core file size"))
        .and_then(|numbers| numbers.split_whitespace().next());
    Ok(limit.ok_or("no limit")?.to_owned())
}

/// The names of these programs that hold what is typed, each with its limit.
fn limits(family: &[u32], names: [&'static str; 2]) -> Told<Vec<(&'static str, String)>> {
    let mut found = Vec::new();
    for &pid in family {
        // One that has ended meanwhile holds nothing.
        let Ok(name) = std::fs::read_to_string(format!("/proc/{pid}/comm")) else {
            continue;
        };
        for wanted in names {
            if name.trim() == wanted {
                found.push((wanted, limit(pid)?));
            }
        }
    }
    found.sort();
    Ok(found)
}

#[tokio::test]
async fn p07_neither_the_window_nor_its_web_view_can_be_dumped() -> Told {
    let desk = Desk::new("p07-core")?;
    let window = desk.open(&[]).await?;
    window.screen("ways").await?;
    // The kernel keeps fifteen letters of a name.
    let found = limits(&window.family(), ["WebKitWebProces", "keyholder-deskt"])?;
    assert_eq!(
        found,
        [
            ("WebKitWebProces", "1".to_owned()),
            ("keyholder-deskt", "1".to_owned())
        ],
        "one byte: no file, and on Linux nothing for a program that collects dumps either"
    );
    Ok(())
}
