//! Values are read as they were written.

use hallpass_store::{Db, Error, Row, Value};

use crate::fixture::{Fixture, id};

contract! {
    every: [
        every_value_is_read_as_inserted,
        null_is_read_as_null,
        text_sorts_by_its_bytes,
        a_text_with_nul_is_refused,
        a_parameter_can_be_used_in_any_order_and_twice,
        a_wrong_number_of_parameters_is_refused,
        a_number_is_not_read_as_text,
    ],
    persistent: [],
}

async fn create_table(db: &Db) {
    let sql = "CREATE TABLE things (id {id} NOT NULL PRIMARY KEY, words {text}, number BIGINT, \
               flag BOOLEAN, bytes {bytes}) {clustered}";
    let mut tx = db.write().await.unwrap();
    tx.execute(&db.dialect().schema(sql), &[]).await.unwrap();
    tx.commit().await.unwrap();
}

async fn insert(db: &Db, values: &[Value]) -> Row {
    let mut tx = db.write().await.unwrap();
    let sql = "INSERT INTO things (id, words, number, flag, bytes) VALUES (?1, ?2, ?3, ?4, ?5)";
    assert_eq!(tx.execute(sql, values).await.unwrap(), 1);
    tx.commit().await.unwrap();
    let mut tx = db.read().await.unwrap();
    let sql = "SELECT id, words, number, flag, bytes FROM things WHERE id = ?1";
    tx.query_one(sql, &values[..1]).await.unwrap()
}

async fn every_value_is_read_as_inserted(fixture: Fixture) {
    create_table(&fixture.db).await;
    let long = "long ".repeat(100_000);
    let words = ["", "Anna", "Ünïcödé 🦀 漢字 \u{10FFFF}", "'; DROP TABLE things; --", &long];
    let numbers = [0, 1, -1, i64::MAX, i64::MIN];
    let bytes = [vec![], vec![0], vec![255; 3], (0..=255).collect(), vec![7; 500_000]];

    for (at, ((words, number), bytes)) in words.into_iter().zip(numbers).zip(bytes).enumerate()
    {
        let key = id(u128::MAX - at as u128);
        let flag = at % 2 == 0;
        let values =
            [key.into(), words.into(), number.into(), flag.into(), bytes.clone().into()];

        let row = insert(&fixture.db, &values).await;

        assert_eq!(row.id(0).unwrap(), key);
        assert_eq!(row.text(1).unwrap(), words);
        assert_eq!(row.int(2).unwrap(), number);
        assert_eq!(row.bool(3).unwrap(), flag);
        assert_eq!(row.bytes(4).unwrap(), bytes);
    }
}

async fn null_is_read_as_null(fixture: Fixture) {
    create_table(&fixture.db).await;

    let values = [id(1).into(), Value::Null, Value::Null, Value::Null, Value::Null];
    let row = insert(&fixture.db, &values).await;

    assert!((1..5).all(|column| row.is_null(column)));
    assert_eq!(row.optional(1, Row::text).unwrap(), None);
    assert_eq!(row.optional(2, Row::int).unwrap(), None);
    assert!(matches!(row.text(1), Err(Error::Corrupt { .. })));
}

async fn text_sorts_by_its_bytes(fixture: Fixture) {
    create_table(&fixture.db).await;
    for (number, words) in (1..).zip(["b", "ä", "A", "a", "B", "Z", "_"]) {
        let values = [id(number).into(), words.into(), Value::Null, Value::Null, Value::Null];
        insert(&fixture.db, &values).await;
    }

    let mut tx = fixture.db.read().await.unwrap();
    let rows = tx.query("SELECT words FROM things ORDER BY words", &[]).await.unwrap();

    let sorted: Vec<&str> = rows.iter().map(|row| row.text(0).unwrap()).collect();
    assert_eq!(sorted, ["A", "B", "Z", "_", "a", "b", "ä"]);
}

async fn a_text_with_nul_is_refused(fixture: Fixture) {
    create_table(&fixture.db).await;

    let mut tx = fixture.db.write().await.unwrap();
    let sql = "INSERT INTO things (id, words) VALUES (?1, ?2)";
    let outcome = tx.execute(sql, &[id(1).into(), "a\0b".into()]).await;

    assert!(matches!(outcome, Err(Error::Conflict(_))));
}

async fn a_parameter_can_be_used_in_any_order_and_twice(fixture: Fixture) {
    create_table(&fixture.db).await;
    let values = [id(1).into(), "b".into(), 5.into(), Value::Null, Value::Null];
    insert(&fixture.db, &values).await;

    let mut tx = fixture.db.read().await.unwrap();
    let sql = "SELECT number FROM things WHERE words = ?2 AND number >= ?1 AND number <= ?1";
    let row = tx.find(sql, &[5.into(), "b".into()]).await.unwrap();

    assert_eq!(row.unwrap().int(0).unwrap(), 5);
}

async fn a_wrong_number_of_parameters_is_refused(fixture: Fixture) {
    create_table(&fixture.db).await;

    for values in [vec![], vec![id(1).into(), id(2).into()]] {
        let mut tx = fixture.db.read().await.unwrap();
        let outcome = tx.query("SELECT words FROM things WHERE id = ?1", &values).await;

        assert!(matches!(outcome, Err(Error::Unavailable(_))), "{values:?}");
    }
}

async fn a_number_is_not_read_as_text(fixture: Fixture) {
    create_table(&fixture.db).await;
    let values = [id(1).into(), "b".into(), 5.into(), Value::Null, Value::Null];

    let row = insert(&fixture.db, &values).await;

    assert!(matches!(row.text(2), Err(Error::Corrupt { .. })));
    assert!(matches!(row.int(1), Err(Error::Corrupt { .. })));
    assert!(matches!(row.int("absent"), Err(Error::Unavailable(_))));
}
