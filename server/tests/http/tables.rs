//! Reads every value of every table of a database, without the portal.

use sqlx::{AssertSqlSafe, Connection, PgConnection, Row as _, SqliteConnection};

/// One row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) table: String,
    pub(crate) cells: Vec<Cell>,
}

/// One value: bytes stay as they are, and everything else becomes text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) column: String,
    /// The type that the migration declares, in capitals.
    pub(crate) kind: String,
    pub(crate) value: Option<Vec<u8>>,
}

/// Every row of the database at `url`, except for the table of the migrations.
pub(crate) async fn all(url: &str) -> Vec<Line> {
    let lines = match url.strip_prefix("sqlite:") {
        Some(path) => sqlite(path).await,
        None => postgres(url).await,
    };
    lines.into_iter().filter(|line| line.table != "_sqlx_migrations").collect()
}

async fn sqlite(path: &str) -> Vec<Line> {
    let mut db = SqliteConnection::connect(&format!("sqlite://{path}")).await.unwrap();
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
            .fetch_all(&mut db)
            .await
            .unwrap();
    let mut lines = Vec::new();
    for table in tables {
        let columns: Vec<(String, String)> = sqlx::query_as("SELECT name, type FROM pragma_table_info($1)")
            .bind(&table)
            .fetch_all(&mut db)
            .await
            .unwrap();
        let list: Vec<_> = columns.iter().map(|(name, _)| format!("CAST(\"{name}\" AS BLOB)")).collect();
        let rows = sqlx::query(AssertSqlSafe(format!("SELECT {} FROM \"{table}\" ORDER BY rowid", list.join(", "))))
            .fetch_all(&mut db)
            .await
            .unwrap();
        lines.extend(rows.iter().map(|row| line(&table, &columns, |index| row.get(index))));
    }
    db.close().await.unwrap();
    lines
}

async fn postgres(url: &str) -> Vec<Line> {
    let mut db = PgConnection::connect(url).await.unwrap();
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
            .fetch_all(&mut db)
            .await
            .unwrap();
    let mut lines = Vec::new();
    for table in tables {
        let columns: Vec<(String, String)> = sqlx::query_as(
            "SELECT column_name::text, upper(data_type::text) FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position",
        )
        .bind(&table)
        .fetch_all(&mut db)
        .await
        .unwrap();
        let value = |(name, kind): &(String, String)| match kind.as_str() {
            "BYTEA" => format!("\"{name}\""),
            _ => format!("convert_to(\"{name}\"::text, 'UTF8')"),
        };
        let list: Vec<_> = columns.iter().map(value).collect();
        let rows = sqlx::query(AssertSqlSafe(format!("SELECT {} FROM \"{table}\"", list.join(", "))))
            .fetch_all(&mut db)
            .await
            .unwrap();
        lines.extend(rows.iter().map(|row| line(&table, &columns, |index| row.get(index))));
    }
    db.close().await.unwrap();
    lines
}

fn line(table: &str, columns: &[(String, String)], value: impl Fn(usize) -> Option<Vec<u8>>) -> Line {
    let cells = columns
        .iter()
        .enumerate()
        .map(|(index, (column, kind))| Cell { column: column.clone(), kind: kind.clone(), value: value(index) })
        .collect();
    Line { table: table.to_owned(), cells }
}
