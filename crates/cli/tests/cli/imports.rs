//! Accounts that come in with their hashes.

use keyholder_core::directory::Authentication as _;

use crate::shop::{Shop, password, window};

/// One password, hashed by the programs that shops come from.
const HASHES: [(&str, &str); 11] = [
    (
        "argon2",
        "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$S3PoxvhCaj+plzs6IIxyoC3nmiuRTe4hecf/QNIstXA",
    ),
    (
        "pow",
        "$pbkdf2-sha512$1000$8PHy8/T19vf4+fr7/P3+/w==$HzJbbU313qOup2GNT4vDrF/W0rdL77kf+cK6RwwTRk7SPMmvdjF94LNxw8QaNTcmDKESzKq4T0qbxEHSwczPVA==",
    ),
    (
        "pbkdf2-elixir",
        "$pbkdf2-sha512$1000$8PHy8/T19vf4.fr7/P3./w$HzJbbU313qOup2GNT4vDrF/W0rdL77kf.cK6RwwTRk7SPMmvdjF94LNxw8QaNTcmDKESzKq4T0qbxEHSwczPVA",
    ),
    (
        "pbkdf2-phc",
        "$pbkdf2-sha512$i=1000,l=32$8PHy8/T19vf4+fr7/P3+/w$HzJbbU313qOup2GNT4vDrF/W0rdL77kf+cK6RwwTRk4",
    ),
    (
        "django",
        "pbkdf2_sha256$1000$seasalt12345$XQF+2HzuF0FNqHdp61KCdehb5OO3un35VHlc2pJ28Ck=",
    ),
    (
        "bcrypt-a",
        "$2a$04$abcdefghijklmnopqrstuuUmjNXq1XyawyZ/BlKYVX3Rw7vQMuTEm",
    ),
    (
        "bcrypt-b",
        "$2b$04$abcdefghijklmnopqrstuuUmjNXq1XyawyZ/BlKYVX3Rw7vQMuTEm",
    ),
    (
        "bcrypt-y",
        "$2y$04$abcdefghijklmnopqrstuuUmjNXq1XyawyZ/BlKYVX3Rw7vQMuTEm",
    ),
    (
        "wordpress",
        "$wp$2y$04$abcdefghijklmnopqrstuu1bPRIqJdMVNjkBkcQE3VG3eyIGTDYuC",
    ),
    (
        "scrypt",
        "$scrypt$ln=10,r=8,p=2$8PHy8/T19vf4+fr7/P3+/w$btmn6NoaWCH57juHP7AWzC5RwzVbtdmyukiAR0EpGko",
    ),
    ("phpass", "$P$6abcdefghsMsbu9nX4Eyo5gPtrbXUn0"),
];

#[test]
fn every_format_comes_in_and_its_person_signs_in_with_the_old_password() {
    let shop = Shop::set_up();
    let rows = HASHES.map(|(name, hash)| format!("{name}@b.co,{name},\"{hash}\"\r\n"));
    let file = format!("\u{feff}email,name,password_hash\r\n{}", rows.concat());
    let file = shop.write("people.csv", file);
    let dry = shop.ada(&["account", "import", &file]).done();
    insta::assert_snapshot!(dry.out, @"Dry run: 11 of 11 rows are good. Nothing was written; --apply writes them.");
    assert_eq!(
        shop.ada(&["account", "list", "--json"]).done().json()["accounts"]
            .as_array()
            .unwrap()
            .len(),
        1,
        "nothing was written"
    );

    let applied = shop.ada(&["account", "import", &file, "--apply"]).done();
    insta::assert_snapshot!(applied.out, @"11 rows. 11 accounts were imported.");
    shop.opened(async |authentication| {
        for (name, _) in HASHES {
            let signed_in = authentication
                .sign_in(&format!("{name}@b.co"), &password(), window())
                .await;
            assert!(
                signed_in.is_ok(),
                "{name} came in with its password: {signed_in:?}"
            );
        }
    });
}

#[test]
fn each_row_has_a_result_and_strict_takes_all_or_none() {
    let shop = Shop::set_up();
    let rows = "email,role,password_hash,created_at\n\
        good@b.co,staff,,2020-01-31T12:00:00Z\n\
        nobody,,,\n\
        md5@b.co,,5f4dcc3b5aa765d61d8327deb882cf99,\n\
        king@b.co,king,,\n\
        good@b.co,,,\n\
        when@b.co,,,yesterday\n\
        short@b.co\n";
    let file = shop.write("people.csv", rows);
    let strict = shop.ada(&["account", "import", &file, "--apply", "--strict"]);
    assert_eq!(strict.exit, 1, "refused rows are a no: {strict:?}");
    insta::assert_snapshot!(strict.out, @r"
    7 rows. Nothing was imported.
    Line  E-mail      Column         Why not
    3     nobody      email          this is not an e-mail address: write it as name@example.com
    4     md5@b.co    password_hash  the form of this password hash is not known
    5     king@b.co   role           there is no such role: use one of owner, support, auditor, staff, customer
    6     good@b.co   email          this address stands in the file twice
    7     when@b.co   created_at     write the time as 2026-01-31T12:00:00Z
    8     short@b.co                 this row has 1 cells and the header 4
    ");
    insta::assert_snapshot!(strict.err, @r"
    Not done: 6 of 7 rows were refused
    Nothing was imported.
    Mend these rows and import them again.
    ");

    let results = shop.text("results.csv");
    let applied = shop.ada(&["account", "import", &file, "--apply", "--results", &results]);
    assert_eq!(applied.exit, 1, "some were refused: {applied:?}");
    insta::assert_snapshot!(shop.steady(&shop.read("results.csv")), @r#"
    line,email,result,id,column,why
    2,good@b.co,imported,00000000-0000-7000-8000-000000000000,,
    3,nobody,refused,,email,this is not an e-mail address: write it as name@example.com
    4,md5@b.co,refused,,password_hash,the form of this password hash is not known
    5,king@b.co,refused,,role,"there is no such role: use one of owner, support, auditor, staff, customer"
    6,good@b.co,refused,,email,this address stands in the file twice
    7,when@b.co,refused,,created_at,write the time as 2026-01-31T12:00:00Z
    8,short@b.co,refused,,,this row has 1 cells and the header 4
    "#);
    let good = shop
        .ada(&["account", "show", "good@b.co", "--json"])
        .done()
        .json();
    assert_eq!(
        good["account"]["created_at"], "2020-01-31T12:00:00Z",
        "an account keeps its age"
    );
}

#[test]
fn json_lines_come_in_from_standard_input_after_the_password() {
    let shop = Shop::set_up();
    let input = "correct horse battery stäple\n{\"email\":\"zoe@b.co\",\"name\":\"Zoë\"}\n{\"email\":7}\n";
    let args = [
        "account",
        "import",
        "-",
        "--apply",
        "--as",
        crate::shop::ADA,
        "--password-file",
        "-",
        "--json",
    ];
    let ran = shop.fed(&args, input);
    assert_eq!(ran.exit, 1, "one row is none: {ran:?}");
    let document = ran.json();
    assert_eq!(document["imported"], 1, "the good one came in: {document}");
    assert_eq!(
        document["rows"][1]["line"],
        3 - 1,
        "the other is named by its line: {document}"
    );
}
