//! The pages on which people sign in and look after their own account: rendered here, whole without
//! scripts, by the same rules as every console.
//!
//! A page asks [`Authentication`](keyholder_core::directory::Authentication) and
//! [`Directory`](keyholder_core::directory::Directory) and decides nothing itself. What it keeps is in the
//! browser alone, sealed.

mod account;
mod assets;
mod border;
mod confirm;
pub(crate) mod cookies;
mod disowned;
mod form;
mod invitation;
mod keys;
mod links;
mod look;
mod passkey;
pub(crate) mod paths;
mod registration;
mod reset;
pub(crate) mod return_to;
mod sign_in;
mod sign_in_link;
mod trouble;
mod views;
mod visit;
mod words;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{ConnectInfo, Path, Request};
use axum::http::{HeaderMap, header};
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use keyholder_core::clock::Rng;
use keyholder_core::directory::{ByMail, PageSessions, Passkeys};
use keyholder_core::link::Purpose;
use keyholder_core::password::Pepper;
use tower_http::catch_panic::CatchPanicLayer;
use url::Origin;

use self::cookies::{Cookies, NONCE_BYTES};
use self::keys::Keys;
pub use self::look::{Colour, Logo, LogoRefused, Look};
pub use self::paths::PATHS;
use self::views::Frame;
use self::visit::Visit;
use self::words::{ENGLISH, Words};
use crate::border::panicked;
use crate::endpoint::Endpoint;
use crate::forward_auth;
use crate::passkeys::Place;
use crate::routes::router;
use crate::settings::PublicUrl;

/// Everything the pages need. Clones are the same pages.
#[derive(Clone)]
pub struct Pages(Arc<Inner>);

/// What the pages ask beside the way in.
pub struct PageRules {
    /// Their sessions.
    pub sessions: Arc<dyn PageSessions>,
    /// What goes by a mailbox.
    pub by_mail: Arc<dyn ByMail>,
    /// What goes by a passkey.
    pub passkeys: Arc<dyn Passkeys>,
}

struct Inner {
    endpoint: Endpoint,
    rules: PageRules,
    /// Where passkeys are made and used, if they are.
    place: Option<Place>,
    keys: Arc<Keys>,
    look: Look,
    public_url: PublicUrl,
    named: Vec<Origin>,
    rng: Mutex<Rng>,
}

impl Pages {
    /// The pages over `endpoint`, which people reach at `public_url`. Their cookies are sealed with a key
    /// that comes from `pepper`. Whoever signs in may go on to the origins in `return_to`.
    pub fn new(
        endpoint: Endpoint,
        rules: PageRules,
        pepper: &Pepper,
        look: Look,
        public_url: PublicUrl,
        return_to: &[PublicUrl],
        rng: Rng,
    ) -> Self {
        Self(Arc::new(Inner {
            endpoint,
            rules,
            place: Place::at(&public_url),
            keys: Arc::new(Keys::of(pepper)),
            look,
            public_url,
            named: return_to.iter().map(PublicUrl::origin).collect(),
            rng: Mutex::new(rng),
        }))
    }

    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.0.endpoint
    }

    pub(crate) fn sessions(&self) -> &dyn PageSessions {
        &*self.0.rules.sessions
    }

    fn by_mail(&self) -> Arc<dyn ByMail> {
        Arc::clone(&self.0.rules.by_mail)
    }

    fn passkeys(&self) -> &dyn Passkeys {
        &*self.0.rules.passkeys
    }

    fn look(&self) -> &Look {
        &self.0.look
    }

    fn keys(&self) -> &Keys {
        &self.0.keys
    }

    /// Where else somebody may go on to.
    pub(crate) fn named(&self) -> &[Origin] {
        &self.0.named
    }

    pub(crate) fn cookies(&self, headers: &HeaderMap) -> Cookies {
        Cookies::of(headers, &self.0.keys, self.0.public_url.is_https())
    }

    #[expect(clippy::unused_self, reason = "another shop may speak another language")]
    fn words(&self) -> &'static Words {
        &ENGLISH
    }

    /// What every page has around it, for somebody who has no form to fill in.
    fn frame(&self, title: String, shop: &str) -> Frame {
        Frame {
            words: self.words(),
            title,
            shop: shop.to_owned(),
            style: self.0.look.style_path().to_owned(),
            icon: self.0.look.icon_path().to_owned(),
            logo: self.0.look.logo_path().map(str::to_owned),
            word: String::new(),
            script: self
                .0
                .place
                .as_ref()
                .map(|_| self.0.look.script_path().to_owned()),
            onward: String::new(),
            signed_in: false,
            shortest: 0,
        }
    }

    /// The hosts under which a browser may know us: the one that it asked for, and the public one.
    fn hosts(&self, request: &Request) -> Vec<String> {
        let headers = request.headers();
        let asked = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let forwarded = peer.and_then(|ConnectInfo(peer)| {
            crate::proxy::Chain::of(peer.ip(), headers, &self.0.endpoint.proxies).host
        });
        let public = self.0.public_url.as_str().split_once("://");
        let hosts = [
            asked.map(str::to_owned),
            forwarded,
            public.map(|(_, host)| host.to_owned()),
        ];
        hosts.into_iter().flatten().collect()
    }

    fn random(&self) -> [u8; NONCE_BYTES] {
        let mut random = [0; NONCE_BYTES];
        let mut rng = self.0.rng.lock().unwrap_or_else(PoisonError::into_inner);
        rand::Rng::fill_bytes(&mut *rng, &mut random);
        random
    }

    /// A generator of its own for one act.
    fn rng(&self) -> Rng {
        use rand::SeedableRng as _;
        Rng::from_rng(&mut *self.0.rng.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Everything that a service answers: its pages, and what programs ask ([`router`]).
///
/// It must be served with `ConnectInfo<SocketAddr>` of each peer.
pub fn site(pages: &Pages) -> Router {
    let routes = Router::new()
        .route(paths::START, get(account::home))
        .route(paths::SIGN_IN, get(sign_in::ask).post(sign_in::give))
        .route(paths::CODE, get(sign_in::ask_code).post(sign_in::give_code))
        .route(
            paths::RECOVERY_CODE,
            get(sign_in::ask_recovery_code).post(sign_in::give_recovery_code),
        )
        .route(paths::WELCOME, get(sign_in::welcome).post(sign_in::enrol))
        .route(paths::SIGN_OUT, post(sign_in::sign_out))
        .route(paths::SIGNED_OUT, get(sign_in::signed_out))
        .route(paths::ACCOUNT, get(account::show))
        .route(paths::NAME, post(account::rename))
        .route(
            paths::PASSWORD,
            get(account::password::ask).post(account::password::change),
        )
        .route(
            paths::SECOND_FACTOR,
            get(account::second_factor::ask).post(account::second_factor::begin),
        )
        .route(paths::CONFIRM, post(account::second_factor::confirm))
        .route(paths::LATER, post(account::second_factor::put_off))
        .route(
            paths::REMOVE,
            get(account::second_factor::ask_remove).post(account::second_factor::remove),
        )
        .route(
            paths::RECOVERY_CODES,
            get(account::second_factor::ask_codes).post(account::second_factor::replace_codes),
        )
        .route(paths::PASSKEY, post(passkey::ask))
        .route(paths::PASSKEY_USE, post(passkey::give))
        .route(paths::PASSKEY_ADD, get(passkey::ask_add).post(passkey::begin_add))
        .route(paths::PASSKEY_MADE, post(passkey::add))
        .route(
            paths::PASSKEY_REMOVE,
            get(passkey::ask_remove).post(passkey::remove),
        )
        .route(paths::END, post(account::end_session))
        .route(paths::HISTORY, get(account::history::show))
        .route(paths::ASSETS, get(assets::file))
        .route(forward_auth::PATH, get(forward_auth::ask))
        .merge(by_mail())
        .layer(CatchPanicLayer::custom(panicked))
        .with_state(pages.clone());
    router(pages.endpoint().clone())
        .merge(routes)
        .layer(from_fn_with_state(pages.clone(), border::border))
}

/// The pages of letters: where they are asked for, and where their links lead.
fn by_mail() -> Router<Pages> {
    let follow = |purpose: Purpose| {
        get(move |visit: Visit, Path(token): Path<String>| links::follow(purpose, visit, token))
    };
    Router::new()
        .route(paths::SENT, get(links::sent))
        .route(paths::FORGOT, get(reset::ask).post(reset::request))
        .route(paths::RESET, get(reset::show).post(reset::set))
        .route(paths::RESET_LINK, follow(Purpose::Reset))
        .route(
            paths::ASK_LINK,
            get(sign_in_link::ask).post(sign_in_link::request),
        )
        .route(
            paths::SIGN_IN_LINK,
            get(sign_in_link::show).post(sign_in_link::enter),
        )
        .route(paths::SIGN_IN_LINK_LINK, follow(Purpose::SignIn))
        .route(paths::INVITATION, get(invitation::show).post(invitation::accept))
        .route(paths::INVITATION_LINK, follow(Purpose::Invitation))
        .route(
            paths::REGISTER,
            get(registration::ask).post(registration::request),
        )
        .route(
            paths::REGISTRATION,
            get(registration::show).post(registration::finish),
        )
        .route(paths::REGISTRATION_LINK, follow(Purpose::Registration))
        .route(paths::ADDRESS, get(confirm::ask).post(confirm::request))
        .route(paths::CONFIRM_ADDRESS, get(confirm::show).post(confirm::confirm))
        .route(paths::CONFIRM_ADDRESS_LINK, follow(Purpose::Address))
        .route(paths::NOT_ME, get(disowned::show).post(disowned::disown))
        .route(paths::NOT_ME_LINK, follow(Purpose::Disown))
}
