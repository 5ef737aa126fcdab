//! A service on a loopback port, and a console that asks it from afar.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;

use keyholder_app::device_key::DeviceKeyring;
use keyholder_app::remote::{Address, Connection, Deadlines, RemoteAuthentication, Trust};
use keyholder_core::clock::{FixedClock, Rng, entropy};
use keyholder_core::directory::{Authentication, StoredAuthentication};
use keyholder_core::session::DeviceKey;
use keyholder_core::testing::directory_contract::Way;
use keyholder_core::wire::DeviceSecret;
use keyholder_server::testing::held_to_its_word;
use keyholder_server::{Endpoint, SetUpOffer, router};
use rand::SeedableRng as _;

use crate::story::Told;

/// The way over HTTP: the real client, and the real router on a free port. What they say to each other is
/// held against the `OpenAPI` document.
#[derive(Debug, Clone, Copy)]
pub struct OverHttp;

impl Way for OverHttp {
    #[expect(clippy::expect_used, reason = "a story without a port cannot go on")]
    fn to(&self, rules: StoredAuthentication, clock: &FixedClock) -> Arc<dyn Authentication> {
        Arc::new(asked_from_afar(rules, clock).expect("a service on a loopback port"))
    }

    fn seen_from(&self) -> &'static str {
        "127.0.0.1"
    }

    fn device(&self) -> Option<DeviceKey> {
        Some(device().key())
    }
}

fn asked_from_afar(rules: StoredAuthentication, clock: &FixedClock) -> Told<RemoteAuthentication> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let address = Address::parse(&format!("http://{}", listener.local_addr()?))?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let clock = Arc::new(clock.clone());
    let endpoint = Endpoint::new(Arc::new(rules), clock.clone(), &[], SetUpOffer::Open, entropy()?);
    let service = held_to_its_word(router(endpoint)).into_make_service_with_connect_info::<SocketAddr>();
    // As long as the story: its runtime ends it.
    tokio::spawn(async move { axum::serve(listener, service).await });
    let connection = Connection::new(address, Trust::System, Deadlines::default(), clock)?;
    Ok(RemoteAuthentication::over(
        connection.with_device(DeviceKeyring::holding(device())),
    ))
}

/// Every console of a story runs on the same device, also after a restart.
fn device() -> DeviceSecret {
    DeviceSecret::fresh(&mut Rng::seed_from_u64(5))
}
