//! Each released schema, with data in it, is upgraded: nothing is lost, and the portal works on it.
//!
//! A released migration never changes again. To add a migration, run `cargo test -p server --test http -- --ignored
//! upgrade::write_the_missing_fixtures`, put the line that it prints into [`RELEASED`], and add a few rows for the
//! migration's tables to the new file.

use crate::{
    files::pdf,
    matrix::Cast,
    second_factor::shown,
    support::{Engine, PASSWORD, TOTP_KEY, TestApp, empty_urls},
    tables::{self, Line},
};
use data_encoding::HEXLOWER;
use domain::actor::Role;
use services::db::{DATA_MIGRATIONS, Db, KEYRING_MIGRATIONS};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection, migrate::Migrator};
use std::{fmt::Write, fs, path::PathBuf};

/// One of the two databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    Data,
    Keyring,
}

/// The released migrations, each with the SHA-384 of its text.
const RELEASED: &[(Which, i64, &str)] = &[
    (
        Which::Data,
        1,
        "bc1a86f327f7f94caadff578138c48a64b0f25f419fcd23e4253cb392bffd3ad8be9ceaa178c696f7ac31f693d389a0e",
    ),
    (
        Which::Data,
        2,
        "f1bf417c7e7df7260ce14af15593d4924f225e917c8b242984d51af2bb9283cff916288dadbd7d28c0b37cc7f5b797d0",
    ),
    (
        Which::Data,
        3,
        "34ca35ae3095c3089cb80c95e87f393bd13f8e8eb8e3b3ab280bca42855993cf3cfe378605356ae4709443b8fea4766f",
    ),
    (
        Which::Data,
        4,
        "05feaa5fede3f6fd0ff37a6f83c4fea9fc6d03540783e30ffd4fc7eb2aac59df2e33b9a4cfd0c167bc867387ac76adb3",
    ),
    (
        Which::Data,
        5,
        "3ac45f8daa9fa89051fe1484c93000e2a29b458ab2de69d974bed12432ec3d428b02a6dbcaf542371fc74e8a86925549",
    ),
    (
        Which::Keyring,
        1,
        "26107e2c2ec20ee4372bb1ed7f03ce689fde606cce49e6daaed7a864ce1a71aebec4035226663a7537b001cade42cd3a",
    ),
];

impl Which {
    fn migrations(self) -> &'static Migrator {
        match self {
            Self::Data => &DATA_MIGRATIONS,
            Self::Keyring => &KEYRING_MIGRATIONS,
        }
    }

    fn fixture(self, version: i64) -> PathBuf {
        let name = format!("{}-{version:04}.sql", format!("{self:?}").to_lowercase());
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
    }

    fn there(self) -> Vec<(i64, String)> {
        self.migrations().iter().map(|migration| (migration.version, HEXLOWER.encode(&migration.checksum))).collect()
    }

    fn released(self) -> Vec<(i64, &'static str)> {
        RELEASED.iter().filter(|(which, ..)| *which == self).map(|(_, version, sum)| (*version, *sum)).collect()
    }
}

/// The faults of the migrations: compared with the released ones, and with the fixtures that exist.
fn faults(there: &[(i64, String)], released: &[(i64, &str)], has_fixture: impl Fn(i64) -> bool) -> Vec<String> {
    let mut faults = Vec::new();
    for (version, sum) in released {
        match there.iter().find(|(there, _)| there == version) {
            None => faults.push(format!("migration {version:04} was released and is gone")),
            Some((_, now)) if now != sum => faults.push(format!(
                "migration {version:04} was released and has changed: databases out there have the old one; put it \
                 back and write a new migration"
            )),
            Some(_) => {}
        }
    }
    let newest = there.iter().map(|(version, _)| *version).max().unwrap_or(0);
    for (version, sum) in there {
        // The newest migration may change until it is released; the others are released already or with it.
        let known = released.iter().any(|(released, _)| released == version);
        if *version < newest && !known {
            faults.push(format!("migration {version:04} is not in RELEASED: add (…, {version}, \"{sum}\")"));
        }
        if (*version < newest || known) && !has_fixture(*version) {
            faults.push(format!("migration {version:04} has no fixture: see the head of upgrade.rs"));
        }
    }
    faults
}

#[test]
fn released_migrations_stay_as_they_are_and_have_data_to_upgrade() {
    for which in [Which::Data, Which::Keyring] {
        let faults = faults(&which.there(), &which.released(), |version| which.fixture(version).exists());
        assert!(faults.is_empty(), "{which:?}:\n{}", faults.join("\n"));
    }
}

/// The test of the test above.
#[test]
fn a_changed_a_missing_and_an_unprepared_migration_are_found() {
    let there = |sums: &[&str]| -> Vec<_> { (1..).zip(sums.iter().map(ToString::to_string)).collect() };
    let all = |_| true;
    assert_eq!(faults(&there(&["a"]), &[(1, "a")], all), [""; 0]);
    assert_eq!(faults(&there(&["a", "b"]), &[(1, "a")], all), [""; 0], "the newest is still being written");
    assert!(faults(&there(&["b"]), &[(1, "a")], all)[0].contains("0001 was released and has changed"));
    assert!(faults(&there(&[]), &[(1, "a")], all)[0].contains("0001 was released and is gone"));
    assert!(faults(&there(&["a", "b", "c"]), &[(1, "a")], all)[0].contains("add (…, 2, \"b\")"));
    assert!(faults(&there(&["a", "b"]), &[(1, "a")], |_| false)[0].contains("0001 has no fixture"));
}

/// The migrations of `which` up to `version`.
fn up_to(which: Which, version: i64) -> Migrator {
    let until = which.migrations().iter().filter(|migration| migration.version <= version);
    Migrator::with_migrations(until.cloned().collect())
}

async fn migrate(url: &str, migrations: &Migrator) {
    let db = Db::open(url).await.unwrap();
    db.migrate(migrations).await.unwrap();
    db.close().await;
}

/// Runs a fixture. It is written for PostgreSQL, and SQLite writes bytes in another way.
pub(crate) async fn load(url: &str, text: &str) {
    match url.strip_prefix("sqlite:") {
        Some(path) => {
            let text = text.replace("uuid '", "x'").replace("bytea '\\x", "x'");
            let mut db = SqliteConnection::connect(&format!("sqlite://{path}")).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut db).await.unwrap();
            db.close().await.unwrap();
        }
        None => {
            let mut db = PgConnection::connect(url).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(text.to_owned())).execute(&mut db).await.unwrap();
            db.close().await.unwrap();
        }
    }
}

/// The newest fixture of `which` up to `version`.
fn fixture_until(which: Which, version: i64) -> Option<(i64, String)> {
    let versions = which.there().into_iter().map(|(there, _)| there).filter(|there| *there <= version);
    let newest = versions.filter(|version| which.fixture(*version).exists()).max()?;
    Some((newest, fs::read_to_string(which.fixture(newest)).unwrap()))
}

/// The rows of `before` that `after` does not have with the same values.
fn lost(before: &[Line], after: &[Line]) -> Vec<String> {
    let kept = |line: &Line| {
        after.iter().any(|now| {
            now.table == line.table
                && line
                    .cells
                    .iter()
                    .all(|cell| now.cells.iter().any(|now| now.column == cell.column && now.value == cell.value))
        })
    };
    before.iter().filter(|line| !kept(line)).map(|line| format!("{line:?}")).collect()
}

async fn each_released_schema_is_upgraded(engine: Engine) {
    for (version, _) in Which::Data.released() {
        let folder = tempfile::tempdir().unwrap();
        let urls = empty_urls(engine, folder.path()).await;
        let mut before = Vec::new();
        for (which, url) in [(Which::Data, &urls.0), (Which::Keyring, &urls.1)] {
            let (version, text) = fixture_until(which, version).expect("a fixture");
            migrate(url, &up_to(which, version)).await;
            load(url, &text).await;
            before.push(tables::all(url).await);
            assert!(!before.last().unwrap().is_empty(), "{which:?} {version} has no data");
        }
        for (which, url) in [(Which::Data, &urls.0), (Which::Keyring, &urls.1)] {
            migrate(url, which.migrations()).await;
        }
        for (before, url) in before.iter().zip([&urls.0, &urls.1]) {
            let lost = lost(before, &tables::all(url).await);
            assert!(lost.is_empty(), "from {version}: lost {}", lost.join("\n"));
        }
        let app = TestApp::over(engine, folder, urls).await;
        works(&app).await;
        app.finish().await;
    }
}

/// A person of each kind signs in and finds their data, and the ledger is intact.
async fn works(app: &TestApp) {
    let youth = app.anonymous();
    youth.post("/connexion", &[("identifier", "lina.exemple"), ("password", PASSWORD)]).await.expect_see("/mon-espace");
    youth.get("/mon-espace").await.expect(200).expect_text("Bonjour Lina");
    youth.get("/mon-espace/coffre-fort").await.expect(200).expect_text("carte.pdf").expect_text("convention.pdf");
    youth.get("/mon-espace/profil").await.expect(200).expect_text("Mon prénom");
    youth.deposit("/mon-espace/coffre-fort", "money", &[("nouveau.pdf", &pdf(3, 900))]).await.expect(303);
    youth.get("/mon-espace/coffre-fort").await.expect(200).expect_text("nouveau.pdf");
    let advisor = app.anonymous();
    advisor
        .post("/connexion", &[("identifier", "karim.exemple"), ("password", PASSWORD)])
        .await
        .expect_see("/connexion/code");
    advisor.post("/connexion/code", &[("code", &shown(app, TOTP_KEY, 0))]).await.expect_see("/conseiller");
    advisor.get("/conseiller/jeunes").await.expect(200).expect_text("Lina");
    app.anonymous().post("/cookies", &[("choice", "refuse")]).await.expect(303);
    let report = app.services.ledger().verify().await.unwrap().unwrap();
    assert_eq!((report.receipts, report.pruned), (2, 0), "the receipts before and after");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_released_schema_is_upgraded_on_sqlite() {
    each_released_schema_is_upgraded(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_released_schema_is_upgraded_on_postgres() {
    each_released_schema_is_upgraded(Engine::Postgres).await;
}

/// The test of the test: a missing row and a changed value are found.
#[tokio::test]
async fn a_row_that_an_upgrade_loses_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let urls = empty_urls(Engine::Sqlite, folder.path()).await;
    migrate(&urls.0, &up_to(Which::Data, 1)).await;
    load(&urls.0, &fs::read_to_string(Which::Data.fixture(1)).unwrap()).await;
    let before = tables::all(&urls.0).await;
    assert!(lost(&before, &before).is_empty());
    load(&urls.0, "DELETE FROM correction; UPDATE youth SET city = 'Ailleurs';").await;
    let lost = lost(&before, &tables::all(&urls.0).await);
    assert_eq!(lost.len(), 2, "{lost:?}");
}

/// Writes `lines` as statements, in the order of the tables.
pub(crate) fn statements(lines: &[Line]) -> String {
    let mut text = String::from("-- Fictitious people, in the schema of this version. See upgrade.rs.\n");
    for line in lines {
        let columns: Vec<_> = line.cells.iter().map(|cell| cell.column.as_str()).collect();
        let values: Vec<_> = line
            .cells
            .iter()
            .map(|cell| match (cell.kind.as_str(), &cell.value) {
                (_, None) => "NULL".to_owned(),
                ("UUID", Some(bytes)) => format!("uuid '{}'", HEXLOWER.encode(bytes)),
                ("BYTEA", Some(bytes)) => format!("bytea '\\x{}'", HEXLOWER.encode(bytes)),
                ("BOOLEAN", Some(bytes)) => if bytes == b"1" { "TRUE" } else { "FALSE" }.to_owned(),
                ("BIGINT", Some(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
                (_, Some(bytes)) => format!("'{}'", String::from_utf8_lossy(bytes).replace('\'', "''")),
            })
            .collect();
        writeln!(text, "INSERT INTO {} ({}) VALUES ({});", line.table, columns.join(", "), values.join(", ")).unwrap();
    }
    text
}

/// A person of each kind, and a row in nearly every table.
async fn first_people(app: &TestApp) {
    let cast = Cast::of(app).await;
    cast.youth.browser.post("/mon-espace/profil", &[("message", "Mon prénom s’écrit avec un i.")]).await.expect(303);
    cast.youth.browser.post("/mon-espace/coffre-fort/partage", &[("shared", "on")]).await.expect(303);
    app.anonymous().post("/cookies", &[("choice", "accept")]).await.expect(303);
    app.anonymous().post("/connexion", &[("identifier", "personne"), ("password", "non")]).await.expect(422);
    crate::second_factor::noting_codes(app).await;
    app.staff(Role::Administrator).await;
    app.execute("UPDATE account SET identifier = 'lina.exemple' WHERE role IS NULL".into()).await;
    let advisor = app.sql_id(cast.advisor.account);
    app.execute(format!("UPDATE account SET identifier = 'karim.exemple' WHERE id = {advisor}")).await;
    app.execute("UPDATE youth SET city = 'Paris', phone = '+33199000010', email = 'lina@exemple.test'".into()).await;
    app.execute(
        "INSERT INTO appointment (id, youth_id, starts_at, kind, title, place)
         SELECT id, id, 1773200000000, 'appointment', 'Bilan d''étape', 'Antenne Centre' FROM youth"
            .into(),
    )
    .await;
    app.execute(
        "INSERT INTO situation (id, youth_id, category, state, started_on, label)
         SELECT id, id, 'Formation', 'current', '2026-01-05', 'Remise à niveau' FROM youth"
            .into(),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "writes the files that the tests above read; run once for each new migration"]
async fn write_the_missing_fixtures() {
    for which in [Which::Data, Which::Keyring] {
        for (version, sum) in which.there() {
            println!("    (Which::{which:?}, {version}, \"{sum}\"),");
        }
    }
    if !Which::Data.fixture(1).exists() {
        let app = TestApp::start(Engine::Sqlite).await;
        first_people(&app).await;
        for (which, url) in [(Which::Data, app.urls().0), (Which::Keyring, app.urls().1)] {
            fs::write(which.fixture(1), statements(&tables::all(url).await)).unwrap();
        }
        app.finish().await;
    }
    for which in [Which::Data, Which::Keyring] {
        let newest = which.there().into_iter().map(|(version, _)| version).max();
        for (version, _) in which.there() {
            // The newest migration may still change.
            if which.fixture(version).exists() || Some(version) == newest {
                continue;
            }
            // The fixture of the version before is loaded and brought up to this version.
            let folder = tempfile::tempdir().unwrap();
            let urls = empty_urls(Engine::Sqlite, folder.path()).await;
            let (from, text) = fixture_until(which, version).expect("the first fixture");
            migrate(&urls.0, &up_to(which, from)).await;
            load(&urls.0, &text).await;
            migrate(&urls.0, &up_to(which, version)).await;
            fs::write(which.fixture(version), statements(&tables::all(&urls.0).await)).unwrap();
        }
    }
}
