use axum::http::HeaderMap;
use keyholder_core::limit::Allowance;

use super::tell;

#[test]
fn a_program_reads_what_is_left_and_when_there_is_more() {
    let now = "2026-03-02T08:00:00Z".parse().unwrap();
    let allowance = Allowance {
        limit: "sign_in".to_owned(),
        count: 5,
        window_secs: 60,
        allowed: false,
        left: 0,
        until: "2026-03-02T08:00:11.2Z".parse().unwrap(),
    };
    let mut headers = HeaderMap::new();
    tell(&mut headers, &allowance, now);
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    assert_eq!(
        header("ratelimit-policy"),
        Some(r#""sign_in";q=5;w=60"#),
        "five within a minute"
    );
    assert_eq!(
        header("ratelimit"),
        Some(r#""sign_in";r=0;t=12"#),
        "none left; whoever comes a moment too early comes for nothing"
    );
}
