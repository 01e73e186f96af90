//! `TestApp`: one portal per test, with its own databases, storage and clock; `Browser`: one visitor.

mod databases;

pub(crate) use databases::empty_urls;

use self::databases::{admin, postgres_urls, sqlite_urls};
use crate::{
    faulty_store::FaultyStore,
    mailbox::{self, Mail},
};
use app::mails::Letters;
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header},
};
use bytes::Bytes;
use domain::{
    actor::{Actor, Role},
    identity::Stage,
    ids::{AccountId, YouthId},
    retention::Keeping,
    time::Instant,
    vault::{DocumentSummary, Vaults},
    youth::Profile,
};
use futures::StreamExt;
use object_store::ObjectStore;
use server::{
    router::{Parts, router},
    settings::PublicUrl,
    site_file,
};
use services::{
    FixedClock, Key, Services, Setup, StartError, SystemClock,
    db::Db,
    mail::{Carrier, MailMeans, Sender},
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use tower::ServiceExt;
use uuid::Uuid;

/// The password of every account that has one.
pub(crate) const PASSWORD: &str = "trois-petits-chats-7";
/// The authenticator's key of every enrolled member of staff.
pub(crate) const TOTP_KEY: [u8; 20] = *b"a key for tests only";
/// The origin of the portal under test.
pub(crate) const ORIGIN: &str = "https://portail.test";
/// The clock of each test starts here: Tuesday 10 March 2026, 10 h in Paris.
pub(crate) const NOW: Instant = Instant::from_millis(1_773_133_200_000);

/// The engine that a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// Runs each of the named tests on both engines: `async fn name(app: &TestApp)`.
macro_rules! on_both_engines {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let app = $crate::support::TestApp::start($crate::support::Engine::Sqlite).await;
                super::$name(&app).await;
                app.finish().await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let app = $crate::support::TestApp::start($crate::support::Engine::Postgres).await;
                super::$name(&app).await;
                app.finish().await;
            })+
        }
    };
}
pub(crate) use on_both_engines;

/// One portal, with its own databases, storage and clock.
pub(crate) struct TestApp {
    pub(crate) engine: Engine,
    pub(crate) services: Services,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) objects: Arc<FaultyStore>,
    pub(crate) folder: TempDir,
    pub(crate) router: Router,
    urls: (String, String),
    hash: String,
    names: AtomicU32,
}

impl TestApp {
    /// A portal with the default site.
    pub(crate) async fn start(engine: Engine) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let urls = match engine {
            Engine::Sqlite => sqlite_urls(folder.path()).await,
            Engine::Postgres => postgres_urls().await,
        };
        Self::over(engine, folder, urls).await
    }

    /// A portal over existing databases that are up to date.
    pub(crate) async fn over(engine: Engine, folder: TempDir, urls: (String, String)) -> Self {
        let store = folder.path().join("objects");
        std::fs::create_dir(&store).unwrap();
        let objects = Arc::new(FaultyStore::on(&store));
        let clock = Arc::new(FixedClock::at(NOW));
        let mail = Carrier::Folder(folder.path().join("mail"));
        let services = open(&urls, setup(objects.clone(), &clock, mail)).await;
        static HASH: OnceCell<String> = OnceCell::const_new();
        let hash = HASH.get_or_init(|| async { services.test_hash(PASSWORD).await.unwrap() }).await.clone();
        let router = build(&services, site_file::load(None).unwrap());
        Self { engine, services, clock, objects, folder, router, urls, hash, names: AtomicU32::new(0) }
    }

    /// Restarts the portal: new connections, the same data.
    pub(crate) async fn restart(&mut self) {
        self.services.close().await;
        self.services = self.second_instance().await;
        self.services.sweep(true).await.unwrap();
        self.router = build(&self.services, site_file::load(None).unwrap());
    }

    /// What this portal is given, and other instances of it.
    pub(crate) fn setup(&self) -> Setup {
        setup(self.objects.clone(), &self.clock, Carrier::Folder(self.folder.path().join("mail")))
    }

    /// A second instance over the same data.
    pub(crate) async fn second_instance(&self) -> Services {
        open(&self.urls, self.setup()).await
    }

    /// A second instance that sends its mails by `carrier`.
    pub(crate) async fn instance_mailing(&self, carrier: Carrier) -> Services {
        open(&self.urls, setup(self.objects.clone(), &self.clock, carrier)).await
    }

    /// A second instance that keeps things for another time.
    pub(crate) async fn instance_keeping(&self, keeping: Keeping) -> Services {
        open(&self.urls, Setup { keeping, ..self.setup() }).await
    }

    /// Delivers the mails that are due, and reads all mails sent so far, the oldest first.
    pub(crate) async fn mailbox(&self) -> Vec<Mail> {
        self.services.outbox().deliver().await.unwrap();
        mailbox::read_folder(&self.folder.path().join("mail"))
    }

    /// The same portal under another site file.
    pub(crate) fn with_site(&self, text: &str) -> Router {
        build(&self.services, site_file::parse("test.toml", text).unwrap())
    }

    /// The default site over other services.
    pub(crate) fn router_over(&self, services: &Services) -> Router {
        build(services, site_file::load(None).unwrap())
    }

    /// Closes the databases, and drops them on PostgreSQL.
    pub(crate) async fn finish(self) {
        self.services.close().await;
        if self.engine == Engine::Postgres {
            for url in [&self.urls.0, &self.urls.1] {
                let name = url.rsplit('/').next().unwrap();
                admin(&format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)")).await;
            }
        }
    }

    /// A name that no other account has.
    pub(crate) fn fresh(&self, word: &str) -> String {
        format!("{word}.{}", self.names.fetch_add(1, Ordering::SeqCst))
    }

    /// A visitor without a session.
    pub(crate) fn anonymous(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// A young person who is signed in.
    pub(crate) async fn youth(&self) -> Person {
        self.youth_with(|_| {}).await
    }

    /// A signed-in young person whose profile the test changes.
    pub(crate) async fn youth_with(&self, change: impl FnOnce(&mut Profile)) -> Person {
        let identifier = self.fresh("jeune");
        let (account, youth) = self.services.test_youth(&identifier, Some(self.hash.clone()), change).await.unwrap();
        Person { browser: self.signed_in(account).await, account, youth: Some(youth), identifier }
    }

    /// A young person whose account was never activated.
    pub(crate) async fn awaiting_youth(&self) -> String {
        let identifier = self.fresh("attente");
        self.services.test_youth(&identifier, None, |_| {}).await.unwrap();
        identifier
    }

    /// An advisor who is signed in.
    pub(crate) async fn advisor(&self) -> Person {
        self.staff(Role::Advisor).await
    }

    /// A member of staff who is signed in.
    pub(crate) async fn staff(&self, role: Role) -> Person {
        let mut person = self.staff_signed_out(role, Some(TOTP_KEY)).await;
        person.browser = self.signed_in(person.account).await;
        person
    }

    /// A member of staff without a session. One without a key has to enrol.
    pub(crate) async fn staff_signed_out(&self, role: Role, key: Option<[u8; 20]>) -> Person {
        let identifier = self.fresh("equipe");
        let name = format!("Karim {identifier}");
        let account = self.services.test_staff(&identifier, &name, role, Some(self.hash.clone()), key).await.unwrap();
        Person { browser: self.anonymous(), account, youth: None, identifier }
    }

    /// Attaches `staff` to `youth` from now on.
    pub(crate) async fn attach(&self, youth: &Person, staff: &Person) {
        self.services.test_attach(youth.id(), staff.account, None).await.unwrap();
    }

    /// A second instance that gets another master key.
    pub(crate) async fn instance_with_key(&self, key: [u8; 32]) -> Result<Services, StartError> {
        let (data, keyring) = (Db::open(&self.urls.0).await.unwrap(), Db::open(&self.urls.1).await.unwrap());
        Services::over(data, keyring, &Key::from_bytes(&key), self.setup()).await
    }

    /// The addresses of the data and of the keyring.
    pub(crate) fn urls(&self) -> (&str, &str) {
        (&self.urls.0, &self.urls.1)
    }

    /// The documents that `person` finds in their own vault, the newest first.
    pub(crate) async fn documents(&self, person: &Person) -> Vec<DocumentSummary> {
        let actor = Actor::youth(person.account, person.id());
        Vaults::view(&self.services, &actor, person.id()).await.unwrap().documents
    }

    /// Every file of the object store.
    pub(crate) fn object_files(&self) -> Vec<PathBuf> {
        files_under(&self.folder.path().join("objects"))
    }

    /// Runs a statement on the data.
    pub(crate) async fn execute(&self, sql: String) -> u64 {
        self.services.test_execute(sql.leak()).await.unwrap()
    }

    /// The number that a query on the data gives.
    pub(crate) async fn number(&self, sql: String) -> i64 {
        self.services.test_number(sql.leak()).await.unwrap()
    }

    /// An id as a statement writes it.
    pub(crate) fn sql_id(&self, id: impl Into<Uuid>) -> String {
        let id: Uuid = id.into();
        match self.engine {
            Engine::Sqlite => format!("x'{}'", id.simple()),
            Engine::Postgres => format!("'{id}'"),
        }
    }

    async fn signed_in(&self, account: AccountId) -> Browser {
        self.at_stage(account, Stage::Full).await
    }

    /// A browser whose sign-in has come as far as `stage`.
    pub(crate) async fn at_stage(&self, account: AccountId, stage: Stage) -> Browser {
        let browser = self.anonymous();
        let token = self.services.test_session(account, stage).await.unwrap();
        browser.set_cookie(domain::consent::SESSION_COOKIE, &token);
        browser
    }
}

async fn open(urls: &(String, String), setup: Setup) -> Services {
    let (data, keyring) = (Db::open(&urls.0).await.unwrap(), Db::open(&urls.1).await.unwrap());
    Services::over(data, keyring, &Key::from_bytes(&[7; 32]), setup).await.unwrap()
}

/// What a portal with the default site is given.
pub(crate) fn setup(objects: Arc<dyn ObjectStore>, clock: &Arc<FixedClock>, carrier: Carrier) -> Setup {
    let site = Arc::new(site_file::load(None).unwrap());
    let calendar = Arc::new(SystemClock::with(clock.clone()));
    Setup {
        objects,
        calendar: calendar.clone(),
        keeping: site.keeping.clone(),
        mail: MailMeans {
            origin: ORIGIN.to_owned(),
            sender: Sender::parse("contact@exemple.test", &site.name).unwrap(),
            composer: Arc::new(Letters::new(site, calendar)),
            carrier,
        },
    }
}

/// Every file under `folder`, at any depth.
pub(crate) fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_under(&path));
        } else {
            files.push(path);
        }
    }
    files
}

fn build(services: &Services, site: domain::site::Site) -> Router {
    let public = PublicUrl { origin: ORIGIN.to_owned(), secure: true };
    router(Parts {
        services: services.clone(),
        site: Arc::new(site),
        public,
        trusted_proxy: None,
        development: true,
        metrics_token: None,
    })
}

/// Somebody with an account.
pub(crate) struct Person {
    pub(crate) browser: Browser,
    pub(crate) account: AccountId,
    pub(crate) youth: Option<YouthId>,
    pub(crate) identifier: String,
}

impl Person {
    /// The file of a young person.
    pub(crate) fn id(&self) -> YouthId {
        self.youth.unwrap()
    }
}

/// A visitor's browser: it keeps cookies and sends the headers that say where a request comes from.
pub(crate) struct Browser {
    router: Router,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    pub(crate) fn new(router: Router) -> Self {
        Self { router, cookies: Mutex::default() }
    }

    pub(crate) fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    pub(crate) fn forget_cookie(&self, name: &str) {
        self.cookies.lock().unwrap().remove(name);
    }

    /// Another window with the same cookies.
    pub(crate) fn same(&self) -> Self {
        Self { router: self.router.clone(), cookies: Mutex::new(self.cookies.lock().unwrap().clone()) }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[]).await
    }

    pub(crate) async fn get_with(&self, path: &str, headers: &[(&'static str, &str)]) -> Answer {
        self.send(Method::GET, path, headers, Body::empty()).await
    }

    /// Posts a plain form.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = serde_html_form::to_string(fields).unwrap();
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
        self.send(Method::POST, path, &headers, Body::from(body)).await
    }

    /// Posts a deposit as the page's own form does: the category first, then the files.
    pub(crate) async fn deposit(&self, path: &str, category: &str, files: &[(&str, &[u8])]) -> Answer {
        let body = multipart(category, files);
        let length = body.len().to_string();
        let headers =
            [("content-type", MULTIPART), ("sec-fetch-site", "same-origin"), ("content-length", length.as_str())];
        self.send(Method::POST, path, &headers, Body::from(body)).await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&'static str, &str)],
        body: Body,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path).body(body).unwrap();
        for (name, value) in headers {
            request.headers_mut().append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        let cookies: Vec<_> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request.headers_mut().insert(header::COOKIE, HeaderValue::from_str(&cookies.join("; ")).unwrap());
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                self.forget_cookie(name);
            } else {
                assert!(crate::consent::is_declared(name), "{name} is set, but no service declares it");
                self.set_cookie(name, value);
            }
        }
        // A body that broke off is kept as far as it came, so that tests can check that part.
        let mut frames = body.into_data_stream();
        let (mut body, mut broken) = (Vec::new(), false);
        while let Some(frame) = frames.next().await {
            match frame {
                Ok(bytes) => body.extend_from_slice(&bytes),
                Err(_) => {
                    broken = true;
                    break;
                }
            }
        }
        Answer { status: parts.status, headers: parts.headers, body: body.into(), broken }
    }
}

/// The content type of the bodies of [`multipart`].
pub(crate) const MULTIPART: &str = "multipart/form-data; boundary=limite-42";

/// The body of a deposit.
pub(crate) fn multipart(category: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    body.extend_from_slice(b"--limite-42\r\nContent-Disposition: form-data; name=\"category\"\r\n\r\n");
    body.extend_from_slice(category.as_bytes());
    for (name, bytes) in files {
        let name = name.replace('"', "%22");
        body.extend_from_slice(
            format!(
                "\r\n--limite-42\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            )
            .as_bytes(),
        );
        body.extend_from_slice(bytes);
    }
    body.extend_from_slice(b"\r\n--limite-42--\r\n");
    body
}

/// An answer of the portal.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Whether the body broke off.
    pub(crate) broken: bool,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Checks the status, and shows the page if it is another one.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        let shown: String = String::from_utf8_lossy(&self.body).chars().take(3_000).collect();
        assert_eq!(self.status.as_u16(), status, "{:?}\n{shown}", self.headers);
        self
    }

    /// Checks for a 303 to `path`.
    #[track_caller]
    pub(crate) fn expect_see(self, path: &str) -> Self {
        let answer = self.expect(303);
        assert_eq!(answer.header("location"), path);
        answer
    }

    /// Checks that the page contains `text`.
    #[track_caller]
    pub(crate) fn expect_text(self, text: &str) -> Self {
        assert!(self.text().contains(text), "« {text} » is not in:\n{}", self.text());
        self
    }

    /// Checks that the page contains `text`, no-break spaces and the renderer's marks aside.
    #[track_caller]
    pub(crate) fn expect_sentence(self, text: &str) -> Self {
        let readable = self.readable();
        assert!(readable.contains(text), "« {text} » is not in:\n{readable}");
        self
    }

    /// The page without no-break spaces and without the renderer's marks between texts.
    pub(crate) fn readable(&self) -> String {
        self.text().replace(['\u{a0}', '\u{202f}'], " ").replace("<!>", "").replace("<wbr>", "")
    }

    /// Checks that the page does not contain `text`.
    #[track_caller]
    pub(crate) fn expect_no_text(self, text: &str) -> Self {
        assert!(!self.text().contains(text), "« {text} » is in:\n{}", self.text());
        self
    }
}
