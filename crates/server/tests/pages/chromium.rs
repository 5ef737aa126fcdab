//! The pages in Debian's Chromium, as a person sees them: in the light and in the dark, on a desk and on a
//! phone, and without scripts.

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use keyholder_core::account::{Name, Role};
use keyholder_core::directory::NewAccount;
use keyholder_core::second_factor::TotpSecret;
use keyholder_core::testing::directory_contract::{
    BETTER, CARLA, GOOD, OLGA, SAM, WRONG, email, name, reason,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{By, Capabilities, WebDriver};

use crate::world::{World, site_behind};

pub(crate) type Told<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// The longest that Chromium may take to open.
const PATIENCE: Duration = Duration::from_mins(1);
/// As it is started where there is neither a display nor a network.
const FLAGS: [&str; 8] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];
/// How a page is looked at: by which scheme, how wide.
const EYES: [(&str, u32); 4] = [("light", 1_280), ("dark", 1_280), ("light", 360), ("dark", 360)];

/// A browser with the shop before it.
pub(crate) struct Screen {
    pub(crate) driver: WebDriver,
    url: String,
    driving: Child,
    _profile: TempDir,
}

impl Drop for Screen {
    fn drop(&mut self) {
        // What has ended by itself needs no ending.
        let _ = self.driving.kill();
        let _ = self.driving.wait();
    }
}

impl Screen {
    /// Opens Chromium before that shop; `scripts` or not.
    pub(crate) async fn open(world: &World, scripts: bool) -> Told<Self> {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://localhost:{}", listener.local_addr()?.port());
        let site = site_behind(Arc::new(world.scene.rules.clone()), &world.scene, &url, &[]);
        let service = site.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });

        let profile = tempfile::tempdir()?;
        let mut flags: Vec<_> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
        flags.push(format!("--user-data-dir={}", profile.path().display()));
        let blocked = if scripts { 1 } else { 2 };
        let mut wanted = Capabilities::new();
        wanted.set(
            "goog:chromeOptions",
            json!({
                "binary": "/usr/bin/chromium",
                "args": flags,
                "prefs": { "profile.managed_default_content_settings.javascript": blocked },
            }),
        )?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let mut driving = Command::new("/usr/bin/chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("chromedriver does not start: {error}: run cargo xtask setup"))?;
        let mut glances = tokio::time::interval(Duration::from_millis(100));
        let deadline = tokio::time::Instant::now() + PATIENCE;
        let driver = loop {
            glances.tick().await;
            let address = format!("http://127.0.0.1:{port}");
            match WebDriver::new(address, wanted.clone()).await {
                Ok(driver) => break driver,
                Err(error) if tokio::time::Instant::now() >= deadline => {
                    let _ = driving.kill();
                    return Err(format!("Chromium does not open: {error}").into());
                }
                Err(_) => {}
            }
        };
        Ok(Self {
            driver,
            url,
            driving,
            _profile: profile,
        })
    }

    pub(crate) async fn close(self) -> Told {
        Ok(self.driver.clone().quit().await?)
    }

    pub(crate) async fn go(&self, path: &str) -> Told {
        Ok(self.driver.goto(format!("{}{path}", self.url)).await?)
    }

    /// Types into a field.
    pub(crate) async fn typed(&self, field: &str, text: &str) -> Told {
        let field = self.driver.find(By::Id(field)).await?;
        field.clear().await?;
        Ok(field.send_keys(text).await?)
    }

    /// Presses a button, or follows a link, by its words.
    pub(crate) async fn press(&self, words: &str) -> Told {
        let path = format!("//*[self::button or self::a][normalize-space()='{words}']");
        let found = self.driver.find(By::XPath(path)).await;
        Ok(found
            .map_err(|error| format!("{words}: {error}"))?
            .click()
            .await?)
    }

    pub(crate) async fn text(&self) -> Told<String> {
        Ok(self.driver.find(By::Css("main")).await?.text().await?)
    }

    /// Waits until these words are there: a page that was asked for comes in its time.
    pub(crate) async fn says(&self, words: &str) -> Told {
        let mut glances = tokio::time::interval(Duration::from_millis(50));
        let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
        let mut text = String::new();
        while tokio::time::Instant::now() < deadline {
            glances.tick().await;
            // What goes away while it is read is looked for again.
            text = self.text().await.unwrap_or_default();
            if text.contains(words) {
                return Ok(());
            }
        }
        Err(format!("{words:?} is not said in: {text}").into())
    }

    pub(crate) async fn place(&self) -> Told<String> {
        let url = self.driver.current_url().await?;
        Ok(url.path().to_owned())
    }

    pub(crate) async fn sign_in(&self, who: &str, secret: &str) -> Told {
        self.go("/auth/sign-in").await?;
        self.typed("email", who).await?;
        self.typed("password", secret).await?;
        self.press("Sign in").await
    }

    async fn seen_by(&self, scheme: &str, width: u32) -> Told {
        let tools = self.driver.cdp();
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        tools.send_raw("Emulation.setEmulatedMedia", media).await?;
        let size = json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500 });
        tools.send_raw("Emulation.setDeviceMetricsOverride", size).await?;
        Ok(())
    }

    /// Looks at the page that is open in every way, keeps a picture of each, and says what is wrong with it.
    pub(crate) async fn look(&self, page: &str, wrong: &mut Vec<String>) -> Told {
        for (scheme, width) in EYES {
            self.seen_by(scheme, width).await?;
            let seen = format!("{page}-{scheme}-{width}");
            let violations = self.violations().await?;
            wrong.extend(
                violations
                    .into_iter()
                    .map(|violation| format!("{seen}: {violation}")),
            );
            let wider = self
                .driver
                .execute("return document.documentElement.scrollWidth - innerWidth", vec![])
                .await?;
            if wider.json().as_i64().is_none_or(|wider| wider > 0) {
                wrong.push(format!("{seen}: wider than the screen by {}", wider.json()));
            }
            self.picture(&seen).await?;
        }
        let tools = self.driver.cdp();
        tools
            .send_raw("Emulation.clearDeviceMetricsOverride", json!({}))
            .await?;
        Ok(())
    }

    /// What the checker finds on the page that is open.
    async fn violations(&self) -> Told<Vec<String>> {
        let axe = axe()?;
        let found = self
            .driver
            .execute_async(
                format!(
                    "{axe}; const done = arguments[arguments.length - 1];
                     axe.run(document, {{ resultTypes: ['violations'] }}).then(
                         found => done(found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' '))),
                         error => done([String(error)]));"
                ),
                vec![],
            )
            .await?;
        Ok(found.convert()?)
    }

    /// Keeps a picture of the whole page.
    async fn picture(&self, name: &str) -> Told {
        let tools = self.driver.cdp();
        let whole = json!({ "captureBeyondViewport": true });
        let taken = tools.send_raw("Page.captureScreenshot", whole).await?;
        let data = taken["data"].as_str().unwrap_or_default();
        let folder = target().join("screens/pages");
        std::fs::create_dir_all(&folder)?;
        let png = data_encoding::BASE64.decode(data.as_bytes())?;
        Ok(std::fs::write(folder.join(format!("{name}.png")), png)?)
    }
}

fn target() -> PathBuf {
    let here = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(here, PathBuf::from)
}

/// The checker of accessibility that the window's views are held to.
fn axe() -> Told<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(&path)
        .map_err(|error| format!("{}: {error}: run cargo xtask setup", path.display()).into())
}

/// One after the other, every page there is, judged as it is shown.
async fn every_page(world: &World, screen: &Screen) -> Told<Vec<String>> {
    let mut wrong = Vec::new();
    let olga = world.scene.olga().await;
    screen.go("/auth/sign-in").await?;
    screen.look("sign-in", &mut wrong).await?;
    screen.sign_in("nobody@rose.example", WRONG).await?;
    screen.says("do not belong together").await?;
    screen.look("sign-in-wrong", &mut wrong).await?;
    for _ in 0..5 {
        screen.sign_in("nobody@rose.example", WRONG).await?;
        screen.says("ry again").await?;
    }
    screen.says("Please wait a little").await?;
    screen.look("waiting", &mut wrong).await?;
    screen.go("/auth/nowhere").await?;
    screen.look("nowhere", &mut wrong).await?;

    let new = NewAccount {
        email: email(SAM),
        name: name("Sam Miller"),
        role: Role::Staff,
    };
    let created = olga.create(new).await?;
    screen.go("/auth/welcome").await?;
    screen.typed("email", SAM).await?;
    screen.typed("code", &created.enrolment.code.printed()).await?;
    screen.typed("password", "sam sam sam sam sam").await?;
    screen.press("Choose this password").await?;
    screen.says("This password is not taken").await?;
    screen.look("welcome-weak", &mut wrong).await?;
    screen.typed("password", GOOD).await?;
    screen.press("Choose this password").await?;
    screen.says("Your account").await?;
    screen.look("account", &mut wrong).await?;

    screen.press("Choose a new password").await?;
    screen.says("Current password").await?;
    screen.look("password", &mut wrong).await?;
    screen.go("/auth/account").await?;
    screen.press("Set up").await?;
    screen.says("Add your phone").await?;
    screen.look("second-factor", &mut wrong).await?;
    screen.press("Show the picture").await?;
    screen.says("Read this picture").await?;
    screen.typed("code", "000000").await?;
    screen.press("Confirm").await?;
    screen.says("This code is not right").await?;
    screen.look("second-factor-wrong", &mut wrong).await?;
    let secret = screen.driver.find(By::Name("secret")).await?.value().await?;
    let phone = TotpSecret::from_base32(&secret.unwrap_or_default()).ok_or("no secret")?;
    screen.typed("code", &world.scene.code(&phone)).await?;
    screen.press("Confirm").await?;
    screen.says("Keep these for the day").await?;
    screen.look("sheet", &mut wrong).await?;
    screen.press("I have kept them").await?;
    screen.says("recovery codes are left").await?;
    screen.look("account-with-phone", &mut wrong).await?;
    screen.press("Make new codes").await?;
    screen.says("All old codes are void").await?;
    screen.look("recovery-codes", &mut wrong).await?;
    screen.go("/auth/account/second-factor/remove").await?;
    screen.typed("password", WRONG).await?;
    screen.press("Remove it").await?;
    screen.says("not your current password").await?;
    screen.look("remove-wrong", &mut wrong).await?;
    screen.go("/auth/account/history").await?;
    screen.look("history", &mut wrong).await?;
    screen.press("Sign out").await?;
    screen.says("You are signed out").await?;
    screen.look("signed-out", &mut wrong).await?;

    world.scene.wait(60);
    screen.sign_in(SAM, GOOD).await?;
    screen.says("Now the code").await?;
    screen.look("code", &mut wrong).await?;
    screen.press("Use a recovery code").await?;
    screen.says("Take one from the sheet").await?;
    screen.look("recovery-code", &mut wrong).await?;
    screen.press("Sign in as somebody else").await?;
    screen.says("You are signed out").await?;

    let carla = world.enrolled(CARLA, Role::Customer).await;
    olga.force_password_change(carla.id, reason("seen on a note"))
        .await?;
    screen.sign_in(CARLA, GOOD).await?;
    screen.says("Until then nothing else is open").await?;
    screen.look("password-forced", &mut wrong).await?;
    screen.go("/auth/sign-in").await?;
    olga.disable(carla.id, reason("left")).await?;
    screen.sign_in(CARLA, GOOD).await?;
    screen.says("Your account is disabled").await?;
    screen.look("disabled", &mut wrong).await?;
    Ok(wrong)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_for_everybody() -> Told {
    let world = World::open().await;
    let screen = Screen::open(&world, true).await?;
    let wrong = every_page(&world, &screen).await;
    screen.close().await?;
    assert_eq!(
        wrong?,
        Vec::<String>::new(),
        "in the light and in the dark, on a desk and a phone"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_keeps_somebody_out_is_found() -> Told {
    let world = World::open().await;
    let screen = Screen::open(&world, true).await?;
    let found = faults(&screen).await;
    screen.close().await?;
    for (fault, found) in found? {
        assert!(!found.is_empty(), "the measure misses {fault}");
    }
    Ok(())
}

/// A page with one fault after the other, and what is found.
async fn faults(screen: &Screen) -> Told<Vec<(&'static str, Vec<String>)>> {
    let mut seen = Vec::new();
    for fault in [
        "document.querySelector('label[for=email]').remove()",
        "document.documentElement.removeAttribute('lang')",
        "document.querySelector('h1').style.color = '#eeeeee'",
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x>')",
    ] {
        screen.go("/auth/sign-in").await?;
        screen.seen_by("light", 1_280).await?;
        screen.driver.execute(fault, vec![]).await?;
        seen.push((fault, screen.violations().await?));
    }
    Ok(seen)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_works_without_scripts() -> Told {
    let world = World::open().await;
    world.enrolled(CARLA, Role::Customer).await;
    let screen = Screen::open(&world, false).await?;
    let told = without_scripts(&world, &screen).await;
    screen.close().await?;
    told
}

async fn without_scripts(world: &World, screen: &Screen) -> Told {
    screen.go("/auth/sign-in?return_to=/auth/account/history").await?;
    screen.typed("email", CARLA).await?;
    screen.typed("password", GOOD).await?;
    screen.press("Sign in").await?;
    screen.says("What happened to your account").await?;
    screen.go("/auth/account").await?;
    screen.typed("name", "Carla Clark").await?;
    screen.press("Save name").await?;
    screen.says("Your name is changed.").await?;
    screen.press("Set up").await?;
    screen.says("Add your phone").await?;
    screen.press("Show the picture").await?;
    screen.says("Read this picture").await?;
    let secret = screen.driver.find(By::Name("secret")).await?;
    let secret = secret.attr("value").await?.unwrap_or_default();
    let phone = TotpSecret::from_base32(&secret).ok_or("no secret")?;
    screen.typed("code", &world.scene.code(&phone)).await?;
    screen.press("Confirm").await?;
    screen.says("Keep these").await?;
    screen.press("I have kept them").await?;
    screen.says("8 recovery codes are left.").await?;
    screen.press("Choose a new password").await?;
    screen.says("Current password").await?;
    screen.typed("present", GOOD).await?;
    screen.typed("password", BETTER).await?;
    screen.press("Choose this password").await?;
    screen.says("Your password is changed.").await?;
    screen.press("Sign out").await?;
    screen.says("You are signed out").await?;
    world.scene.wait(60);
    screen.sign_in(CARLA, BETTER).await?;
    screen.says("Now the code").await?;
    screen.typed("code", &world.scene.code(&phone)).await?;
    screen.press("Continue").await?;
    screen.says("Your account").await?;
    assert_eq!(screen.place().await?, "/auth/account", "in again");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p30_hostile_names_run_nothing() -> Told {
    let world = World::open().await;
    let screen = Screen::open(&world, true).await?;
    let told = hostile_names(&world, &screen).await;
    screen.close().await?;
    told
}

async fn hostile_names(world: &World, screen: &Screen) -> Told {
    let olga = world.scene.olga().await;
    let shop = olga.shop().await?;
    let mut revision = shop.revision;
    for payload in [
        "<script>document.title='pwned'</script>",
        "\"><img src=x onerror=\"document.title='pwned'\">",
        "</title><svg onload=\"document.title='pwned'\">",
        "<style>body{display:none}</style>",
    ] {
        let hostile = Name::parse(payload).map_err(|_| "no name")?;
        revision = olga
            .change_policy(revision, hostile, shop.policy.clone())
            .await?
            .revision;
        screen.go("/auth/sign-in").await?;
        let title = screen.driver.title().await?;
        assert!(title.contains(payload), "the title is text: {title}");
        let counted = "return document.querySelectorAll('script:not([src^=\"/auth/assets/\"]), img, svg, main style').length";
        let counted = screen.driver.execute(counted, vec![]).await?;
        assert_eq!(counted.json(), &Value::from(0), "{payload} made nothing");
        screen.says(payload).await?;
    }
    screen.sign_in(OLGA, GOOD).await?;
    screen.says("Your account").await?;
    screen
        .typed("name", "<script>document.title='pwned'</script>")
        .await?;
    screen.press("Save name").await?;
    screen.says("Your name is changed.").await?;
    assert!(
        !screen.driver.title().await?.starts_with("pwned"),
        "her name is text"
    );
    Ok(())
}
