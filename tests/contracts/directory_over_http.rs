//! The contract of the consoles' questions, asked over HTTP: the real client, the real router on a
//! loopback port, and behind it the rules over a real SQLCipher file.
//!
//! The same rules and the same store as in `directory_over_sqlite`; what is measured here is the border.

#![expect(clippy::unwrap_used, reason = "a story fails by panicking")]

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;

use keyholder_app::remote::{Address, Connection, Deadlines, RemoteAuthentication, Trust};
use keyholder_core::clock::{FixedClock, entropy};
use keyholder_core::directory::{Authentication, StoredAuthentication};
use keyholder_core::testing::directory_contract::Way;
use keyholder_server::{Endpoint, SetUpOffer, router};
use keyholder_tests::fresh_store;

/// A service on a free port, and a console that asks it.
struct OverHttp;

impl Way for OverHttp {
    fn to(&self, rules: StoredAuthentication, clock: &FixedClock) -> Arc<dyn Authentication> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let at = listener.local_addr().unwrap();
        let clock = Arc::new(clock.clone());
        let endpoint = Endpoint::new(
            Arc::new(rules),
            clock.clone(),
            &[],
            SetUpOffer::Open,
            entropy().unwrap(),
        );
        let service = router(endpoint).into_make_service_with_connect_info::<SocketAddr>();
        // As long as the story: its runtime ends it.
        tokio::spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, service).await
        });
        let address = Address::parse(&format!("http://{at}")).unwrap();
        let connection = Connection::new(address, Trust::System, Deadlines::default(), clock).unwrap();
        Arc::new(RemoteAuthentication::over(connection))
    }

    fn seen_from(&self) -> &'static str {
        "127.0.0.1"
    }
}

keyholder_core::directory_contract!(fresh_store().await, Arc::new(OverHttp));
