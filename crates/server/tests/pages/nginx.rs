//! Debian's nginx in front of a plain page, with the lines of the README.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::HeaderMap;
use keyholder_core::account::Role;
use keyholder_core::second_factor::TotpSecret;
use keyholder_core::testing::directory_contract::{CARLA, GOOD, email};
use reqwest::{Client, Method, Response, StatusCode};
use tempfile::TempDir;

use crate::world::{World, site_behind};

/// What a browser says that it wants.
const PAGE: &str = "text/html,application/xhtml+xml";

/// A back office behind nginx and Keyholder.
struct Office {
    world: World,
    url: String,
    nginx: Child,
    _folder: TempDir,
}

impl Drop for Office {
    fn drop(&mut self) {
        // What has ended by itself needs no ending. Its workers go with it.
        let _ = self.nginx.kill();
        let _ = self.nginx.wait();
    }
}

/// A port that nobody has.
fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}

async fn serve(router: Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .unwrap();
    let address = listener.local_addr().unwrap();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

/// The lines that the README tells people to write.
fn lines_of_the_readme() -> String {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let (_, lines) = readme.split_once("```nginx\n").unwrap();
    lines.split_once("```").unwrap().0.to_owned()
}

impl Office {
    async fn open() -> Self {
        let world = World::open().await;
        let port = free_port();
        let url = format!("http://localhost:{port}");
        let here = ["127.0.0.0/8".parse().unwrap()];
        let way_in = Arc::new(world.scene.rules.clone());
        let keyholder = serve(site_behind(way_in, &world.scene, &url, &here)).await;
        // It says whom it takes somebody for.
        let hello = async |headers: HeaderMap| {
            let told = |name| {
                let values: Vec<_> = headers.get_all(name).iter().collect();
                format!("{values:?}")
            };
            format!("Hello {} {}", told("remote-email"), told("remote-role"))
        };
        let office = serve(Router::new().fallback(hello)).await;
        let folder = tempfile::tempdir().unwrap();
        let lines = lines_of_the_readme()
            .replace("127.0.0.1:8700", &keyholder.to_string())
            .replace("127.0.0.1:3000", &office.to_string());
        let place = folder.path().display();
        let user = if rustix::process::geteuid().is_root() {
            "user root;"
        } else {
            ""
        };
        let settings = format!(
            "{user} worker_processes 1; daemon off; master_process off; pid {place}/pid; error_log {place}/error.log;
             events {{ worker_connections 64; }}
             http {{
                 access_log off;
                 client_body_temp_path {place}/body; proxy_temp_path {place}/proxy;
                 fastcgi_temp_path {place}/fastcgi; uwsgi_temp_path {place}/uwsgi; scgi_temp_path {place}/scgi;
                 server {{ listen 127.0.0.1:{port}; {lines} }}
             }}"
        );
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, settings).unwrap();
        let nginx = Command::new("/usr/sbin/nginx")
            .arg("-p")
            .arg(folder.path())
            .arg("-c")
            .arg(&file)
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("nginx does not start: {error}: run cargo xtask setup"))
            .unwrap();
        let office = Self {
            world,
            url,
            nginx,
            _folder: folder,
        };
        office.answers().await;
        office
    }

    /// Waits until nginx answers.
    async fn answers(&self) {
        let mut glances = tokio::time::interval(Duration::from_millis(20));
        let mut answered = false;
        for _ in 0..500 {
            glances.tick().await;
            answered = Client::new().get(&self.url).send().await.is_ok();
            if answered {
                break;
            }
        }
        assert!(answered, "nginx does not answer");
    }
}

/// A browser that comes over the network, and goes nowhere by itself.
struct Visitor<'o> {
    office: &'o Office,
    client: Client,
    cookies: BTreeMap<String, String>,
    word: String,
}

impl<'o> Visitor<'o> {
    fn of(office: &'o Office) -> Self {
        let client = Client::builder().redirect(reqwest::redirect::Policy::none());
        Self {
            office,
            client: client.no_proxy().build().unwrap(),
            cookies: BTreeMap::new(),
            word: String::new(),
        }
    }

    async fn ask(&mut self, path: &str, accept: &str, form: Option<&[(&str, &str)]>) -> Response {
        let method = if form.is_some() { Method::POST } else { Method::GET };
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.office.url))
            .header("accept", accept)
            // A lie, of which nothing may come through.
            .header("remote-email", "olga@rose.example")
            .header("remote-role", "owner");
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        if let Some(fields) = form {
            let mut body = form_urlencoded::Serializer::new(String::new());
            body.append_pair("form", &self.word).extend_pairs(fields);
            request = request
                .header("content-type", "application/x-www-form-urlencoded")
                .header("origin", &self.office.url)
                .body(body.finish());
        }
        let response = request.send().await.unwrap();
        for line in response.headers().get_all("set-cookie") {
            let (cookie, _) = line.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = cookie.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        response
    }

    /// Looks at a page, and gives status, place and text.
    async fn look(&mut self, path: &str) -> (StatusCode, String, String) {
        let response = self.ask(path, PAGE, None).await;
        self.seen(response).await
    }

    async fn fill(&mut self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String, String) {
        let response = self.ask(path, PAGE, Some(fields)).await;
        self.seen(response).await
    }

    async fn seen(&mut self, response: Response) -> (StatusCode, String, String) {
        let place = response.headers().get("location");
        let place = place.map_or("", |place| place.to_str().unwrap()).to_owned();
        let status = response.status();
        let text = response.text().await.unwrap();
        if let Some((_, rest)) = text.split_once("name=\"form\" value=\"") {
            rest.split_once('"').unwrap().0.clone_into(&mut self.word);
        }
        (status, place, text)
    }

    /// From the page that was wanted to the page that was wanted, by way of the sign-in.
    async fn comes_in(&mut self, phone: &TotpSecret) {
        let (status, place, _) = self.look("/orders?open=1&by=day").await;
        assert_eq!(
            (status, place.as_str()),
            (
                StatusCode::FOUND,
                "/auth/sign-in?return_to=%2Forders%3Fopen%3D1%26by%3Dday"
            ),
            "a stranger is sent to sign in"
        );
        let (status, _, text) = self.look(&place).await;
        assert!(
            status.is_success() && text.contains("Sign in to Rose and Thorn"),
            "{text}"
        );
        let (_, step, _) = self.fill(&place, &[("email", CARLA), ("password", GOOD)]).await;
        assert!(step.starts_with("/auth/sign-in/code"), "then the code: {step}");
        let (status, ..) = self.look("/orders").await;
        assert_eq!(status, StatusCode::FOUND, "the password alone opens nothing");
        self.look(&step).await;
        let code = self.office.world.scene.code(phone);
        let (_, place, _) = self.fill(&step, &[("code", &code)]).await;
        assert_eq!(place, "/orders?open=1&by=day", "back to where they wanted to go");
        let (status, _, text) = self.look(&place).await;
        assert_eq!(
            (status, text.as_str()),
            (StatusCode::OK, "Hello [\"carla@mail.example\"] [\"staff\"]"),
            "as who they are, whatever they said"
        );
    }

    async fn program(&mut self) -> StatusCode {
        self.ask("/orders", "application/json", None).await.status()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nginx_lets_through_who_is_signed_in_and_nobody_else() {
    let office = Office::open().await;
    let scene = &office.world.scene;
    let (phone, _) = office.world.with_phone(CARLA, Role::Staff).await;
    scene.wait(60);
    let mut visitor = Visitor::of(&office);
    assert_eq!(
        visitor.program().await,
        StatusCode::UNAUTHORIZED,
        "a program is told no"
    );
    visitor.comes_in(&phone).await;

    visitor.look("/auth/account").await;
    let (_, place, _) = visitor.fill("/auth/sign-out", &[]).await;
    assert_eq!(place, "/auth/signed-out", "out");
    assert_eq!(visitor.program().await, StatusCode::UNAUTHORIZED, "and refused");

    scene.wait(60);
    let mut visitor = Visitor::of(&office);
    visitor.comes_in(&phone).await;
    let carla = scene.store.person_by_email(&email(CARLA)).await;
    let id = carla.unwrap().unwrap().account.id;
    scene.olga().await.end_sessions(id, None).await.unwrap();
    assert_eq!(
        visitor.program().await,
        StatusCode::UNAUTHORIZED,
        "ended in the console, refused at once"
    );
    let (status, place, _) = visitor.look("/orders").await;
    assert_eq!(
        (status, place.as_str()),
        (StatusCode::FOUND, "/auth/sign-in?return_to=%2Forders"),
        "and sent to sign in again"
    );
    assert_eq!(
        visitor.look("/.keyholder").await.0,
        StatusCode::NOT_FOUND,
        "what the proxy asks cannot be asked through it"
    );
}
