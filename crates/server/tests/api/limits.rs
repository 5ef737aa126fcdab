//! How often an address may ask, whatever its headers say.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use keyholder_core::account::Role;
use keyholder_core::audit::Action;
use keyholder_core::error::Code;
use keyholder_core::limit::LimitName;
use keyholder_core::testing::directory_contract::{CARLA, GOOD, OLGA, WRONG, here, password, reason};
use keyholder_core::wire::{
    AskLimit, ClearLimit, ClearLimitBody, GetMe, ListLimits, SignIn, SignInBody, SubjectBody, to_body,
};

use crate::world::{As, NOBODY, Told, World, program};

/// Asks for the shop's front, saying to be somebody else each time.
async fn visit(world: &World, turn: u32) -> Told {
    let request = Request::get("/v1/shop")
        .header("x-forwarded-for", format!("198.51.100.{}", turn % 250))
        .header("forwarded", format!("for=198.51.100.{}", turn % 250))
        .header("x-real-ip", "198.51.100.9");
    world.send(request.body(Body::empty()).unwrap()).await
}

/// How many of a hundred are answered.
async fn answered(world: &World) -> usize {
    let mut answered = 0;
    for turn in 0..100 {
        answered += usize::from(visit(world, turn).await.status == StatusCode::OK);
    }
    answered
}

#[tokio::test]
async fn p15_no_header_gives_an_address_more_requests() {
    let world = World::open().await.limited(&[]);
    assert_eq!(
        answered(&world).await,
        60,
        "sixty a minute, whoever they say they are"
    );
    let reached = world.scene.trail(Action::LimitReached).await;
    assert_eq!(reached.len(), 1, "the trail has it once");
    assert_eq!(
        reached[0].source.address.as_deref(),
        Some(crate::world::PEER),
        "with the address that is seen"
    );
}

#[tokio::test]
async fn p15_mutant_a_service_that_believes_everybody_is_found() {
    let world = World::open().await.limited(&["0.0.0.0/0".parse().unwrap()]);
    assert_eq!(
        answered(&world).await,
        100,
        "who believes every header has no limits: the measure must see it"
    );
}

async fn try_to_sign_in(world: &World, turn: u32) -> Told {
    let body = SignInBody::new(&format!("n{turn}@mail.example"), &password(WRONG), &program());
    let request = Request::post("/v1/sessions")
        .header(header::CONTENT_TYPE, "application/json")
        .header("x-forwarded-for", format!("198.51.100.{turn}"));
    let body = to_body(&body).unwrap().unwrap();
    world.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn p15_no_header_gives_an_address_more_tries() {
    let world = World::open().await.limited(&[]);
    for turn in 0..5 {
        let told = try_to_sign_in(&world, turn).await;
        assert_eq!(told.status, StatusCode::UNAUTHORIZED, "five tries are evaluated");
    }
    let told = try_to_sign_in(&world, 5).await;
    assert_eq!(told.status, StatusCode::TOO_MANY_REQUESTS, "the sixth is not");
    assert_eq!(
        told.problem().code,
        Code::TooManyRequests,
        "and says so to programs"
    );
    assert_eq!(told.header("retry-after"), Some("12"), "with how long to wait");
    assert_eq!(
        told.header("ratelimit-policy"),
        Some(r#""sign_in";q=5;w=60"#),
        "how high it is"
    );
    assert_eq!(
        told.header("ratelimit"),
        Some(r#""sign_in";r=0;t=12"#),
        "and what is left"
    );
    world.scene.wait(12);
    let told = try_to_sign_in(&world, 6).await;
    assert_eq!(
        told.status,
        StatusCode::UNAUTHORIZED,
        "whoever waits as told is heard"
    );
}

#[tokio::test]
async fn an_answer_says_what_is_left() {
    let world = World::open().await.limited(&[]);
    let told = visit(&world, 0).await;
    assert_eq!(
        told.header("ratelimit-policy"),
        Some(r#""api";q=60;w=60"#),
        "before anybody is refused"
    );
    assert_eq!(
        told.header("ratelimit"),
        Some(r#""api";r=59;t=1"#),
        "and one comes back each second"
    );
}

#[tokio::test]
async fn whoever_has_a_session_asks_as_often_as_they_like_and_whoever_makes_one_up_does_not() {
    let world = World::open().await.limited(&[]);
    let olga = world.olga().await;
    for _ in 0..100 {
        let told = world.ask::<GetMe>(As::holder(&olga), &(), &(), &()).await;
        assert_eq!(told.status, StatusCode::OK, "a console that is busy");
        assert_eq!(told.header("ratelimit"), None, "has no limit");
    }
    let made_up = "A".repeat(43);
    let mut refused = Vec::new();
    for _ in 0..100 {
        refused.push(
            world
                .ask::<GetMe>(As::holder(&made_up), &(), &(), &())
                .await
                .status,
        );
    }
    let shut = refused
        .iter()
        .filter(|status| **status == StatusCode::UNAUTHORIZED)
        .count();
    // Her sign-in was a request without a session.
    assert_eq!(shut, 59, "a token that opens nothing is no way around");
    assert_eq!(
        refused.last(),
        Some(&StatusCode::TOO_MANY_REQUESTS),
        "then there is no use in guessing"
    );
    let told = world.ask::<GetMe>(As::holder(&olga), &(), &(), &()).await;
    assert_eq!(
        told.status,
        StatusCode::OK,
        "and Olga at the same address is not held up"
    );
}

#[tokio::test]
async fn a_page_of_the_shop_asks_for_a_limit() {
    let world = World::open().await.limited(&[]);
    world.enrolled(CARLA, Role::Customer).await;
    let (olga, carla) = (world.olga().await, world.token(CARLA).await);
    let name = LimitName::parse("newsletter").unwrap();
    let body = SubjectBody {
        subject: "2001:db8:1:2::7".to_owned(),
    };
    for left in (0..10).rev() {
        let told = world.ask::<AskLimit>(As::holder(&olga), &name, &(), &body).await;
        assert_eq!(told.done::<AskLimit>().left, left, "counted down");
    }
    let told = world.ask::<AskLimit>(As::holder(&olga), &name, &(), &body).await;
    assert!(
        !told.done::<AskLimit>().allowed,
        "the answer is a no, not an error of who asks"
    );
    let told = world.ask::<AskLimit>(As::holder(&carla), &name, &(), &body).await;
    assert_eq!(
        told.status,
        StatusCode::FORBIDDEN,
        "a customer uses up nobody's limit"
    );
    let unknown = LimitName::parse("gift-card").unwrap();
    let told = world
        .ask::<AskLimit>(As::holder(&olga), &unknown, &(), &body)
        .await;
    assert_eq!(told.status, StatusCode::NOT_FOUND, "which nobody has named");

    let told = world.ask::<ListLimits>(As::holder(&olga), &(), &(), &()).await;
    let held_up = told.done::<ListLimits>().held_up;
    assert_eq!(held_up[0].subject, "2001:db8:1:2::/64", "a household is held up");
    let body = ClearLimitBody {
        subject: body.subject,
        reason: reason("It was me"),
    };
    let told = world
        .ask::<ClearLimit>(As::holder(&olga), &name, &(), &body)
        .await;
    told.done::<ClearLimit>();
    let told = world.ask::<ListLimits>(As::holder(&olga), &(), &(), &()).await;
    assert!(told.done::<ListLimits>().held_up.is_empty(), "and let go on");
}

#[tokio::test]
async fn a_console_on_this_machine_has_no_limits() {
    let world = World::open().await.limited(&[]);
    for turn in 0..70 {
        let body = SignInBody::new(OLGA, &password(GOOD), &here());
        let request = world.request::<SignIn>(NOBODY, &(), &(), &body);
        let told = world.send_from("127.0.0.1", request).await;
        assert_eq!(
            told.status,
            StatusCode::CREATED,
            "try {turn}: whoever sits here has the store at hand"
        );
    }
    let headers: HeaderMap = visit(&world, 0).await.headers;
    assert!(headers.contains_key("ratelimit"), "while others have");
}
