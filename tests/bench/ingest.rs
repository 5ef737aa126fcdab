//! How many events of the shop's own are acknowledged in a second: batches from many programs at once, each
//! by its token, committed before the answer.

use std::sync::Arc;
use std::time::Instant;

use keyholder_core::account::{Email, Name};
use keyholder_core::api_token::{ApiToken, NewApiToken, TokenDays, TokenScope};
use keyholder_core::audit::{Program, Source};
use keyholder_core::breach::NoBreachCheck;
use keyholder_core::clock::{SystemClock, entropy};
use keyholder_core::directory::{Authentication as _, NewOwner, Programs as _, StoredAuthentication};
use keyholder_core::password::{Argon2Params, Hasher, Password};
use keyholder_core::shop_event::{About, ShopEvent, ShopEventKind};
use keyholder_core::store::Store;
use keyholder_store_postgres::testing::fresh_store;

use crate::Result;
use crate::figure::Figure;
use crate::stores::Shelf;

/// Programs at the same time.
const PROGRAMS: usize = 16;
/// Requests of each, one after the other.
const REQUESTS: usize = 20;
/// Events of a request.
const BATCH: usize = 100;
/// Events per second that have to be acknowledged, on a file and on a server.
const RATES: (f64, f64) = (5_000.0, 3_000.0);

const OWNER: &str = "olga@mail.example";
const PASSWORD: &str = "three horses and a paper boat";

/// Over a fresh store of each kind.
pub(crate) async fn rates(shelf: &Shelf) -> Result<Vec<Figure>> {
    let file = Arc::new(shelf.fresh().await?);
    let (server, database) = fresh_store().await;
    let on_file = rate(file.clone()).await?;
    file.close().await?;
    let on_server = rate(server).await?;
    drop(database);
    let figure = |kind: &str, rate: f64, goal: f64| {
        Figure::new(
            format!("the shop's events acknowledged, {PROGRAMS} programs, {BATCH} in a request, {kind}"),
            format!("{rate:.0} /s"),
            format!("≥ {goal:.0} /s"),
            rate >= goal,
        )
    };
    Ok(vec![
        figure("SQLite", on_file, RATES.0),
        figure("PostgreSQL", on_server, RATES.1),
    ])
}

async fn rate(store: Arc<dyn Store>) -> Result<f64> {
    let hasher = Hasher::new(Argon2Params::floor(), None, 1);
    let rules = StoredAuthentication::new(
        store,
        hasher,
        Arc::new(SystemClock),
        Arc::new(NoBreachCheck),
        entropy()?,
    );
    let token = token(&rules).await?;
    let begun = Instant::now();
    let mut programs = tokio::task::JoinSet::new();
    for _ in 0..PROGRAMS {
        let program = rules.program(&token, source());
        programs.spawn(async move {
            for _ in 0..REQUESTS {
                program.record(events()?).await?;
            }
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
        });
    }
    while let Some(done) = programs.join_next().await {
        done?.map_err(|error| error.to_string())?;
    }
    let told = f64::from(u32::try_from(PROGRAMS * REQUESTS * BATCH)?);
    Ok(told / begun.elapsed().as_secs_f64())
}

fn source() -> Source {
    Source {
        program: Program::Api,
        address: Some("192.0.2.7".to_owned()),
        device: None,
        user_agent: None,
    }
}

/// Events as a shop tells them, one in ten about somebody.
fn events() -> std::result::Result<Vec<ShopEvent>, Box<dyn std::error::Error + Send + Sync>> {
    let about = About::Email(Email::parse(OWNER)?);
    let event = |n: usize| ShopEvent {
        kind: ShopEventKind::Order,
        what: format!("Order {n} was paid"),
        who: Some("till 2".to_owned()),
        account: n.is_multiple_of(10).then(|| about.clone()),
        facts: [("order".to_owned(), n.to_string())].into(),
    };
    Ok((0..BATCH).map(event).collect())
}

/// A token of a fresh shop.
async fn token(rules: &StoredAuthentication) -> Result<ApiToken> {
    let password = Password::new(PASSWORD.to_owned())?;
    let owner = NewOwner {
        email: Email::parse(OWNER)?,
        name: Name::parse("Olga")?,
        password: Password::new(PASSWORD.to_owned())?,
    };
    let signed_in = rules
        .set_up(Name::parse("Rose and Thorn")?, owner, source())
        .await?;
    let new = NewApiToken {
        name: Name::parse("till")?,
        scopes: vec![TokenScope::WriteEvents],
        provisioner: None,
        days: TokenDays::default(),
    };
    let directory = rules.directory(&signed_in.token);
    Ok(directory.create_api_token(new, &password).await?.token)
}
