//! Databases for tests: clones of a template that is migrated once.

use super::Engine;
use services::db::{DATA_MIGRATIONS, Db, KEYRING_MIGRATIONS};
use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// Runs all migrations on both.
async fn migrated(data: &str, keyring: &str) {
    for (url, migrations) in [(data, &DATA_MIGRATIONS), (keyring, &KEYRING_MIGRATIONS)] {
        let db = Db::open(url).await.unwrap();
        db.migrate(migrations).await.unwrap();
        db.close().await;
    }
}

fn in_folder(folder: &Path) -> (String, String) {
    let url = |name: &str| format!("sqlite:{}", folder.join(name).display());
    (url("data.db"), url("keyring.db"))
}

/// Copies of a template that is migrated once.
pub(super) async fn sqlite_urls(folder: &Path) -> (String, String) {
    static TEMPLATE: OnceCell<TempDir> = OnceCell::const_new();
    let template = TEMPLATE
        .get_or_init(|| async {
            let folder = tempfile::tempdir().unwrap();
            let (data, keyring) = in_folder(folder.path());
            migrated(&data, &keyring).await;
            folder
        })
        .await;
    for name in ["data.db", "keyring.db"] {
        std::fs::copy(template.path().join(name), folder.join(name)).unwrap();
    }
    in_folder(folder)
}

/// Two databases without any table.
pub(crate) async fn empty_urls(engine: Engine, folder: &Path) -> (String, String) {
    static EMPTY: AtomicU32 = AtomicU32::new(0);
    if engine == Engine::Sqlite {
        return in_folder(folder);
    }
    let url = postgres_url();
    let (base, _) = url.rsplit_once('/').unwrap();
    let (run, number) = (std::process::id(), EMPTY.fetch_add(1, Ordering::SeqCst));
    let names = [format!("empty_data_{run}_{number}"), format!("empty_keyring_{run}_{number}")];
    for name in &names {
        admin(&format!("CREATE DATABASE \"{name}\"")).await;
    }
    (format!("{base}/{}", names[0]), format!("{base}/{}", names[1]))
}

fn postgres_url() -> String {
    std::env::var("BALISE_TEST_POSTGRES_URL")
        .expect("BALISE_TEST_POSTGRES_URL: run the tests with `make test`, or `scripts/postgres.sh run cargo test`")
}

/// Runs a statement beside the databases of the tests.
pub(super) async fn admin(sql: &str) {
    use sqlx::{AssertSqlSafe, Connection, Executor};
    let mut admin = sqlx::PgConnection::connect(&postgres_url()).await.unwrap();
    admin.execute(AssertSqlSafe(sql.to_owned())).await.unwrap();
    admin.close().await.unwrap();
}

/// Clones of a template that is migrated once.
pub(super) async fn postgres_urls() -> (String, String) {
    static TEMPLATE: OnceCell<(String, String)> = OnceCell::const_new();
    static CLONES: AtomicU32 = AtomicU32::new(0);
    let url = postgres_url();
    let (base, _) = url.rsplit_once('/').unwrap();
    let run = std::process::id();
    let template = TEMPLATE
        .get_or_init(|| async {
            let names = (format!("template_data_{run}"), format!("template_keyring_{run}"));
            for name in [&names.0, &names.1] {
                admin(&format!("CREATE DATABASE \"{name}\"")).await;
            }
            migrated(&format!("{base}/{}", names.0), &format!("{base}/{}", names.1)).await;
            names
        })
        .await;
    let clone = CLONES.fetch_add(1, Ordering::SeqCst);
    let (data, keyring) = (format!("data_{run}_{clone}"), format!("keyring_{run}_{clone}"));
    for (name, from) in [(&data, &template.0), (&keyring, &template.1)] {
        admin(&format!("CREATE DATABASE \"{name}\" TEMPLATE \"{from}\" STRATEGY file_copy")).await;
    }
    (format!("{base}/{data}"), format!("{base}/{keyring}"))
}
