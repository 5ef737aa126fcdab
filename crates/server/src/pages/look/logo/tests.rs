//! Of a hostile picture nothing is left but what draws.

use proptest::prelude::*;

use super::*;

const HEAD: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 9 9\">";

fn cleaned(inside: &str) -> String {
    let svg = format!("{HEAD}{inside}</svg>");
    Logo::clean(svg.as_bytes()).map_or_else(|refused| refused.to_string(), Logo::into_svg)
}

/// What a browser could do with it, were it opened by itself.
fn harm(svg: &str) -> Option<&'static str> {
    let svg = svg.to_lowercase();
    let signs = [
        "<script",
        "href=\"javascript:",
        "attributename=\"href\"",
        "attributename=\"on",
        "<foreignobject",
        "<iframe",
        "<embed",
        "<object",
        "<handler",
        "onload",
        "onerror",
        "onclick",
        "onbegin",
        "href=\"http",
        "url(http",
        "data:text",
        "<!entity",
        "<!doctype",
        "@import",
    ];
    signs.into_iter().find(|sign| svg.contains(sign))
}

const HOSTILE: [&str; 16] = [
    "<script>alert(1)</script>",
    "<script href=\"https://evil.example/x.js\"/>",
    "<rect onclick=\"alert(1)\" onload=\"alert(1)\" width=\"9\" height=\"9\"/>",
    "<foreignObject><iframe xmlns=\"http://www.w3.org/1999/xhtml\" src=\"https://evil.example\"/></foreignObject>",
    "<a href=\"javascript:alert(1)\"><text>x</text></a>",
    "<a xlink:href=\"JaVaScRiPt:alert(1)\"><text>x</text></a>",
    "<a xlink:href=\"&#106;avascript:alert(1)\"><text>x</text></a>",
    "<image href=\"https://evil.example/track.png\" width=\"9\" height=\"9\"/>",
    "<image href=\"data:text/html,&lt;script&gt;alert(1)&lt;/script&gt;\"/>",
    "<use href=\"https://evil.example/x.svg#a\"/>",
    "<style>@import url(https://evil.example/x.css);</style>",
    "<style>rect { background: url(https://evil.example/x) }</style>",
    "<rect style=\"fill: url(https://evil.example/x)\"/>",
    "<animate attributeName=\"href\" values=\"javascript:alert(1)\" onbegin=\"alert(1)\"/>",
    "<set attributeName=\"onclick\" to=\"alert(1)\"/>",
    "<x:script xmlns:x=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\">alert(1)</x:script>",
];

#[test]
fn what_draws_stays() {
    let drawn = cleaned("<g fill=\"#0a6b5c\"><path d=\"M0 0h9v9z\"/><circle cx=\"4\" cy=\"4\" r=\"2\"/></g>");
    for part in [
        "viewBox=\"0 0 9 9\"",
        "fill=\"#0a6b5c\"",
        "d=\"M0 0h9v9z\"",
        "<circle",
    ] {
        assert!(drawn.contains(part), "{part} is left of {drawn}");
    }
}

#[test]
fn what_harms_goes() {
    for hostile in HOSTILE {
        let clean = cleaned(hostile);
        assert_eq!(harm(&clean), None, "{hostile} became {clean}");
    }
}

#[test]
fn the_measure_sees_what_is_not_cleaned() {
    let unseen = HOSTILE.iter().find(|hostile| harm(hostile).is_none());
    assert_eq!(
        unseen,
        Some(&"<a xlink:href=\"&#106;avascript:alert(1)\"><text>x</text></a>"),
        "all but what only a parser reads"
    );
}

#[test]
fn what_is_no_picture_is_refused() {
    for other in [
        "",
        "no picture",
        "<html><body/></html>",
        "<svg",
        "\u{0}",
        "<?xml version=\"1.0\"?>",
    ] {
        assert!(Logo::clean(other.as_bytes()).is_err(), "{other:?}");
    }
    let large = vec![b' '; LARGEST + 1];
    assert_eq!(
        Logo::clean(&large),
        Err(LogoRefused::TooLarge),
        "nor one that is too large"
    );
}

#[test]
fn a_small_file_does_not_grow() {
    let laughs: Vec<_> = (1..10)
        .map(|step| format!("<!ENTITY a{step} \"{}\">", format!("&a{};", step - 1).repeat(10)))
        .collect();
    let laughs = format!(
        "<!DOCTYPE svg [<!ENTITY a0 \"aaaaaaaaaa\">{}]>{HEAD}<text>&a9;</text></svg>",
        laughs.concat()
    );
    let grown = Logo::clean(laughs.as_bytes()).map_or(0, |logo| logo.into_svg().len());
    assert!(grown <= LARGEST, "it grew to {grown} bytes");
}

proptest! {
    #[test]
    fn however_it_is_mixed_nothing_harms(
        pieces in prop::collection::vec(
            prop_oneof![
                prop::sample::select(&HOSTILE).prop_map(str::to_owned),
                prop::sample::select(&["<g>", "</g>", "<rect width=\"9\"/>", "<![CDATA[", "]]>", "<!--", "-->"])
                    .prop_map(str::to_owned),
                "[ -~]{0,12}",
            ],
            0..8,
        ),
    ) {
        let svg = format!("{HEAD}{}</svg>", pieces.concat());
        if let Ok(logo) = Logo::clean(svg.as_bytes()) {
            let clean = logo.into_svg();
            // Text that says so is text: only what stands within tags can do anything.
            let tags = clean.split('<').skip(1).filter_map(|piece| piece.split_once('>'));
            let tags: Vec<_> = tags.map(|(tag, _)| format!("<{tag}>")).collect();
            let tags = tags.concat();
            prop_assert_eq!(harm(&tags), None, "{} became {}", svg, clean);
        }
    }

    #[test]
    fn no_bytes_break_it(bytes: Vec<u8>) {
        prop_assert!(Logo::clean(&bytes).is_err(), "no picture is made of nothing");
    }
}
