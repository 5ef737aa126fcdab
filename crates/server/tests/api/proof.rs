//! What somebody can do who got hold of a token, of a whole request, or of the name of a device: nothing.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use keyholder_core::audit::Action;
use keyholder_core::clock::Rng;
use keyholder_core::session::SessionToken;
use keyholder_core::testing::directory_contract::{GOOD, OLGA, WRONG, here, password};
use keyholder_core::wire::{
    DeviceSecret, GetMe, Lock, Origin, PROOF_HEADER, Secret, SignIn, SignInBody, Signed, TIME_HEADER,
};
use rand::SeedableRng as _;

use crate::doubles::Flaw;
use crate::world::{As, NOBODY, PEER, Told, World};

const ME: &str = "/v1/sessions/current";
const POLICY: &str = "/v1/policy";
const TOUCH: &str = "/v1/sessions/current/touch";

/// A request as it can be recorded: the whole of it.
#[derive(Clone)]
struct Recorded {
    method: &'static str,
    target: &'static str,
    body: &'static str,
    token: String,
    proof: Option<String>,
}

impl Recorded {
    fn of(world: &World, method: &'static str, target: &'static str, token: &str) -> Self {
        let recorded = Self {
            method,
            target,
            body: "",
            token: token.to_owned(),
            proof: None,
        };
        recorded.signed_by(world, &world.device)
    }

    fn signed_by(self, world: &World, device: &DeviceSecret) -> Self {
        let token = SessionToken::parse(&self.token);
        let signed = Signed {
            method: self.method,
            target: self.target,
            body: self.body.as_bytes(),
            token: token.as_ref(),
        };
        let proof = Some(world.proof(&signed, device).to_string());
        Self { proof, ..self }
    }

    fn request(&self) -> Request<Body> {
        let mut request = Request::builder()
            .method(self.method)
            .uri(self.target)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        if !self.body.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        if let Some(proof) = &self.proof {
            request = request.header(PROOF_HEADER, proof);
        }
        request.body(Body::from(self.body)).unwrap()
    }
}

/// What a thief of Olga's token gets at, who has seen her requests besides.
async fn stolen(world: &World) -> Vec<&'static str> {
    let token = world.olga().await;
    let (read, done) = (
        Recorded::of(world, "GET", ME, &token),
        Recorded::of(world, "POST", TOUCH, &token),
    );
    for hers in [&read, &done] {
        let told = world.send(hers.request()).await;
        assert!(told.status.is_success(), "hers is answered: {}", told.shown());
    }
    let late = Recorded::of(world, "GET", ME, &token);
    let fresh = |target| Recorded::of(world, "GET", target, &token);
    let thief = DeviceSecret::fresh(&mut Rng::seed_from_u64(666));
    let attempts = [
        (
            "the token alone",
            Recorded {
                proof: None,
                ..read.clone()
            },
        ),
        ("a proof of one's own", fresh(ME).signed_by(world, &thief)),
        (
            "a proof of something else",
            Recorded {
                target: POLICY,
                ..fresh(ME)
            },
        ),
        (
            "another query",
            Recorded {
                target: "/v1/sessions/current?a=b",
                ..fresh(ME)
            },
        ),
        (
            "another method",
            Recorded {
                method: "POST",
                target: TOUCH,
                ..fresh(TOUCH)
            },
        ),
        (
            "another body",
            Recorded {
                body: "null",
                ..fresh(ME)
            },
        ),
        ("what was read, again", read.clone()),
        ("what was done, again", done.clone()),
        (
            "no proof at all",
            Recorded {
                proof: Some("x".to_owned()),
                ..read
            },
        ),
    ];
    let mut open = Vec::new();
    let ended = world.send(nobody(&token)).await.without_number();
    assert_eq!(
        ended.status,
        StatusCode::UNAUTHORIZED,
        "a session that there is not"
    );
    let mut tell = |what, told: Told| {
        if told.without_number() != ended {
            open.push(what);
        }
    };
    for (what, attempt) in attempts {
        tell(what, world.send(attempt.request()).await);
    }
    let elsewhere = World::send_to(world.another_node(), PEER, done.request()).await;
    tell("what was done, again at another node", elsewhere);
    world.scene.wait(61);
    tell(
        "what was never sent, a minute later",
        world.send(late.request()).await,
    );
    open
}

/// A request of a session that there is not.
fn nobody(token: &str) -> Request<Body> {
    let reversed: String = token.chars().rev().collect();
    // Zero bits at the end, as every token has them.
    let token = format!("{}A", &reversed[1..]);
    Recorded {
        method: "GET",
        target: ME,
        body: "",
        token,
        proof: None,
    }
    .request()
}

#[tokio::test]
async fn p26_a_stolen_token_opens_nothing() {
    let world = World::open().await;
    assert_eq!(
        stolen(&world).await,
        [""; 0],
        "each is told the same as whoever has no session"
    );
}

#[tokio::test]
async fn p26_mutant_a_service_that_binds_nothing_is_found() {
    let world = World::open().await.flawed(Flaw::BindsNothing);
    let open = stolen(&world).await;
    assert!(open.contains(&"the token alone"), "the measure sees it: {open:?}");
}

#[tokio::test]
async fn p26_mutant_a_service_that_forgets_what_was_done_is_found() {
    let world = World::open().await;
    let nodes = world.flawed(Flaw::ForgetsWhatWasDone);
    let open = stolen(&nodes).await;
    assert_eq!(
        open,
        ["what was done, again at another node"],
        "one node remembers by itself, and no other"
    );
}

/// Signs in on that device, which is to be known or not.
async fn from(world: &World, device: &DeviceSecret, secret: &str, keep_device: bool) -> Told {
    let body = SignInBody {
        origin: Origin {
            program: here().program,
            keep_device,
        },
        ..SignInBody::new(OLGA, &password(secret), &here())
    };
    world.ask_from::<SignIn>(device, NOBODY, &(), &(), &body).await
}

/// Who gets to try a password while strangers keep Olga's account busy.
async fn let_in(world: &World) -> Vec<&'static str> {
    let hers = DeviceSecret::fresh(&mut Rng::seed_from_u64(1));
    let other = DeviceSecret::fresh(&mut Rng::seed_from_u64(2));
    assert!(
        from(world, &hers, GOOD, true).await.status.is_success(),
        "once before"
    );
    assert!(
        from(world, &other, GOOD, false).await.status.is_success(),
        "and here as a guest"
    );
    let stranger = DeviceSecret::fresh(&mut Rng::seed_from_u64(3));
    for _ in 0..5 {
        from(world, &stranger, WRONG, false).await;
    }
    let mut tried = Vec::new();
    let mut tell = |who, told: Told| {
        if told.status != StatusCode::TOO_MANY_REQUESTS {
            tried.push(who);
        }
    };
    tell("a stranger", from(world, &stranger, GOOD, false).await);
    tell(
        "a stranger who wants to be known",
        from(world, &stranger, GOOD, true).await,
    );
    tell(
        "a device that was not kept",
        from(world, &other, GOOD, true).await,
    );
    tell("the known device, unnamed", from(world, &hers, GOOD, false).await);
    tell("the known device", from(world, &hers, GOOD, true).await);
    tried
}

#[tokio::test]
async fn p14_only_whoever_has_the_key_of_a_known_device_is_let_in_at_once() {
    let world = World::open().await;
    assert_eq!(let_in(&world).await, ["the known device"], "everybody else waits");
}

#[tokio::test]
async fn p14_mutant_a_service_that_believes_what_is_said_of_a_device_is_found() {
    let hers = DeviceSecret::fresh(&mut Rng::seed_from_u64(1)).key();
    let world = World::open().await.flawed(Flaw::BelievesAnyDevice(hers));
    let tried = let_in(&world).await;
    assert!(
        tried.contains(&"a stranger who wants to be known"),
        "the measure sees it: {tried:?}"
    );
}

#[tokio::test]
async fn the_name_of_a_device_is_not_a_thing_one_can_say() {
    let world = World::open().await;
    let known = world.device.key().device();
    let body = serde_json::json!({
        "email": OLGA,
        "password": GOOD,
        "origin": { "program": "api", "device": known },
    });
    let request = Request::post("/v1/sessions").header(header::CONTENT_TYPE, "application/json");
    let told = world
        .send(request.body(Body::from(body.to_string())).unwrap())
        .await;
    assert_eq!(
        told.status,
        StatusCode::BAD_REQUEST,
        "there is no such field: {}",
        told.shown()
    );
}

#[tokio::test]
async fn a_console_comes_with_the_key_of_its_device() {
    let world = World::open().await;
    let body = SignInBody::new(OLGA, &password(GOOD), &here());
    let request = Request::post("/v1/sessions").header(header::CONTENT_TYPE, "application/json");
    let body = Body::from(serde_json::to_vec(&body).unwrap());
    let told = world.send(request.body(body).unwrap()).await;
    assert_eq!(
        told.status,
        StatusCode::BAD_REQUEST,
        "without one it is no console: {}",
        told.shown()
    );
    assert_eq!(
        world.scene.trail(Action::SignInPassword).await.len(),
        0,
        "and its password was not looked at"
    );
}

#[tokio::test]
async fn the_device_that_is_known_stands_in_the_trail() {
    let world = World::open().await;
    let device = DeviceSecret::fresh(&mut Rng::seed_from_u64(1));
    from(&world, &device, GOOD, true).await;
    let event = world.scene.trail(Action::SignInPassword).await.remove(0);
    assert_eq!(
        event.source.device,
        Some(device.key().device()),
        "under the name that follows from its key"
    );
}

#[tokio::test]
async fn a_locked_session_is_opened_again_by_its_device_alone() {
    let world = World::open().await;
    let token = world.olga().await;
    world
        .ask::<Lock>(As::holder(&token), &(), &(), &())
        .await
        .done::<Lock>();
    let thief = DeviceSecret::fresh(&mut Rng::seed_from_u64(666));
    let body = keyholder_core::wire::PasswordBody {
        password: Secret::new(GOOD.to_owned()),
    };
    let stolen = world
        .ask_from::<keyholder_core::wire::Unlock>(&thief, As::holder(&token), &(), &(), &body)
        .await;
    assert_eq!(
        stolen.status,
        StatusCode::UNAUTHORIZED,
        "not even with the password"
    );
    let opened = world
        .ask::<keyholder_core::wire::Unlock>(As::holder(&token), &(), &(), &body)
        .await;
    let token = opened.token();
    let me = world.ask::<GetMe>(As::holder(&token), &(), &(), &()).await;
    assert!(me.status.is_success(), "hers goes on under the new token");
    let stolen = world
        .ask_from::<GetMe>(&thief, As::holder(&token), &(), &(), &())
        .await;
    assert_eq!(stolen.status, StatusCode::UNAUTHORIZED, "which is bound as well");
}

#[tokio::test]
async fn every_answer_tells_the_time_of_the_service() {
    let world = World::open().await;
    let told = world
        .send(Request::get("/v1/shop").body(Body::empty()).unwrap())
        .await;
    let now = keyholder_core::clock::Clock::now(&world.scene.clock).as_second();
    assert_eq!(
        told.header(TIME_HEADER),
        Some(now.to_string().as_str()),
        "so that a console with a wrong clock can sign"
    );
}
