//! Whether a password is known to strangers.

use std::time::Duration;

use keyholder_breach::testing::{Behaviour, Garbage, RangeServer};
use keyholder_tests::desk::Desk;
use keyholder_tests::story::Told;
use keyholder_tests::window::Window;

use crate::shop;

const LEAKED: &str = "hunter hunter hunter two";

#[tokio::test]
async fn a_breach_check_answers_in_words_and_never_says_more_than_it_knows() -> Told {
    let corpus = vec![(LEAKED.to_owned(), 4_711)];
    let server = RangeServer::start(Behaviour::Honest(corpus.clone())).await?;
    let desk = Desk::new("breach")?.with("KEYHOLDER_RANGE_URL", server.base_url());
    let (window, _) = shop::opened(&desk).await?;
    window.press("Breach check").await?;
    window.screen("breach").await?;
    window.picture("1-before").await?;

    check(&window, LEAKED).await?;
    window.see("Breached: seen in data leaks 4,711 times").await?;
    window.picture("2-breached").await?;
    check(&window, "seven quiet lamps over the counter").await?;
    window.see("Not on the breach list of").await?;
    window.picture("3-not-found").await?;

    server
        .behave(Behaviour::Slow(Duration::from_secs(10), corpus))
        .await?;
    check(&window, LEAKED).await?;
    window
        .see("Not checked The breach list did not answer in time.")
        .await?;
    window.picture("4-slow").await?;
    server.behave(Behaviour::Garbage(Garbage::Html)).await?;
    check(&window, LEAKED).await?;
    window
        .see("Not checked What came back is not an answer to the question.")
        .await?;
    window.picture("5-garbage").await?;
    server.behave(Behaviour::RefusesConnection).await?;
    check(&window, LEAKED).await?;
    window
        .see("Not checked There was no way to the breach list.")
        .await?;

    let requests = server.requests();
    assert!(!requests.is_empty(), "the server was asked");
    for request in requests {
        assert!(
            request.prefix().is_some(),
            "five characters leave, no more: {}",
            request.raw()
        );
    }
    Ok(())
}

async fn check(window: &Window, password: &str) -> Told {
    window.fill("Password to check", password).await?;
    window.press("Check").await
}
