//! `hallpass config`: what is in force, where it comes from, and what is said of mistakes.

use std::path::Path;
use std::process::Command;

use crate::folder;

/// Runs it in a folder whose file, environment and flags are these; its exit code and what it says.
fn run(
    folder: &Path,
    file: &str,
    environment: &[(&str, &str)],
    flags: &[&str],
) -> (i32, String) {
    if !file.is_empty() {
        std::fs::write(folder.join("hallpass.toml"), file).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_hallpass"));
    command.arg("config").args(flags).current_dir(folder).env_clear();
    command.envs(environment.iter().copied());
    let output = command.output().unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.code().unwrap(), text)
}

fn check(
    name: &str,
    file: &str,
    environment: &[(&str, &str)],
    flags: &[&str],
    code: i32,
    says: &[&str],
) {
    let (found, text) = run(&folder(&format!("config_{name}")), file, environment, flags);
    assert_eq!(found, code, "{text}");
    for part in says {
        assert!(text.contains(part), "it does not say {part:?}: {text}");
    }
}

#[test]
fn without_a_word_the_defaults_are_in_force() {
    let says = [
        "listen = \"127.0.0.1:8700\" # default\n",
        "data = \"./hallpass-data\" # default\n",
        "database = \"./hallpass-data/hallpass.db\" # default\n",
        "mail = \"file:./hallpass-data/mail\" # default\n",
        "mail_from = \"Hallpass <hallpass@localhost>\" # default\n",
        "base_url = \"http://127.0.0.1:8700\" # default\n",
        "log = \"info\" # default\n",
        "log_format = \"text\" # default\n",
        "# operator_contact is not set\n",
        "self_serve = false # default\n",
        "# stripe_secret is not set\n",
        "trusted_proxies = [] # default\n",
        "[[plans]] # default\nkey = \"free\"\nname = \"Free\"\nentitlements = []\n",
        "key = \"agency\"\nname = \"Agency\"\nentitlements = [\"sso\"]\n",
    ];
    check("defaults", "", &[], &[], 0, &says);
}

#[test]
fn a_flag_counts_more_than_the_environment_and_that_more_than_the_file() {
    let file = "listen = \"0.0.0.0:1\"\ndata = \"of-file\"\nlog = \"warn\"\n";
    let environment =
        [("HALLPASS_LISTEN", "0.0.0.0:2"), ("HALLPASS_DATA", "of-env"), ("HALLPASS_LOG", "")];
    let says = [
        "listen = \"0.0.0.0:3\" # --listen\n",
        "data = \"of-env\" # HALLPASS_DATA\n",
        "log = \"warn\" # hallpass.toml:3\n",
        "database = \"of-env/hallpass.db\" # default\n",
        "base_url = \"http://localhost:3\" # default\n",
    ];
    check("order", file, &environment, &["--listen", "0.0.0.0:3"], 0, &says);
}

#[test]
fn a_file_elsewhere_is_read_instead() {
    let folder = folder("config_elsewhere");
    std::fs::write(folder.join("other.toml"), "log = \"debug\"").unwrap();
    let says = "log = \"debug\" # other.toml:1";

    let (_, flag) = run(&folder, "log = \"warn\"", &[], &["--config", "other.toml"]);
    let (_, variable) = run(&folder, "", &[("HALLPASS_CONFIG", "other.toml")], &[]);
    let (code, missing) = run(&folder, "", &[], &["--config", "nowhere.toml"]);

    assert!(flag.contains(says) && variable.contains(says), "{flag}{variable}");
    assert_eq!(code, 2);
    assert!(missing.contains("cannot read `nowhere.toml`"), "{missing}");
}

#[test]
fn a_secret_is_never_shown() {
    let file = "database = \"postgres://anna:s3cret@db/hallpass\"\n\
                mail = \"smtps://anna:s3cret@mail.example.com:465\"\n\
                stripe_secret = \"sk_live_s3cret\"\n";
    let folder = folder("config_secret");

    let (code, text) = run(&folder, file, &[], &[]);

    assert_eq!(code, 0, "{text}");
    assert!(!text.contains("s3cret"), "{text}");
    assert!(text.contains("database = \"postgres://anna:***@db/hallpass\""), "{text}");
    assert!(text.contains("mail = \"smtps://anna:***@mail.example.com:465\""), "{text}");
    assert!(text.contains("stripe_secret = \"***\" # hallpass.toml:3"), "{text}");
}

#[test]
fn a_secret_is_not_shown_in_a_mistake_either() {
    let files = [
        "database = \"mysql://anna:s3cret@db/hallpass\"",
        "mail = \"http://anna:s3cret@mail.example.com\"",
        "stripe_secret = \"pk_live_s3cret\"",
        "stripe_secret = \"sk_live_s3cret",
        "stripe_secret = sk_live_s3cret",
    ];
    let folder = folder("config_secret_mistake");
    for file in files {
        let (code, text) = run(&folder, file, &[], &[]);
        assert_eq!(code, 2, "{text}");
        assert!(text.contains("hallpass.toml:1: ") && !text.contains("s3cret"), "{text}");
    }
}

#[test]
fn what_is_shown_can_be_read_again() {
    let folder = folder("config_again");
    let environment = [
        ("HALLPASS_OPERATOR_CONTACT", "Anna \"the\" boss \\ anna@example.com"),
        ("HALLPASS_TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
        ("HALLPASS_PLANS", "free, team_plan:sso+scim"),
    ];
    let values = |text: &str| -> Vec<String> {
        let line = |line: &str| line.split(" # ").next().unwrap_or_default().to_owned();
        text.lines().map(line).collect()
    };

    let (_, first) = run(&folder, "", &environment, &[]);
    let (code, second) = run(&folder, &first, &[], &[]);

    assert_eq!(code, 0, "{second}");
    assert_eq!(values(&first), values(&second));
    assert!(second.contains("trusted_proxies = [\"10.0.0.0/8\", \"::1\"]"), "{second}");
    let plan = "key = \"team_plan\"\nname = \"Team plan\"\nentitlements = [\"sso\", \"scim\"]";
    assert!(second.contains(plan), "{second}");
}

#[test]
fn plans_are_a_list_in_the_file() {
    let file = "[[plans]]\nkey = \"solo\"\n\n\
                [[plans]]\nkey = \"crew\"\nname = \"The crew\"\nentitlements = [\"sso\"]\n";
    let says = [
        "[[plans]] # hallpass.toml:1\nkey = \"solo\"\nname = \"Solo\"\nentitlements = []\n",
        "key = \"crew\"\nname = \"The crew\"\nentitlements = [\"sso\"]\n",
    ];
    check("plans", file, &[], &[], 0, &says);
}

#[test]
fn a_wrong_key_is_told_with_its_line_and_the_right_one() {
    let file = "log = \"info\"\nlistne = \"0.0.0.0:1\"\nbase-url = \"x\"\nzzz = 1\n\
                [[plans]]\nkey = \"a\"\nnmae = \"b\"\n";
    let says = [
        "hallpass.toml:2: unknown key `listne`: did you mean `listen`?",
        "hallpass.toml:3: unknown key `base-url`: did you mean `base_url`?",
        "hallpass.toml:4: unknown key `zzz`: there is `listen`, `data`, ",
        "hallpass.toml:7: unknown key `nmae`: did you mean `name`?",
    ];
    check("key", file, &[], &[], 2, &says);
    let says = ["unknown `HALLPASS_LISTNE`: did you mean `HALLPASS_LISTEN`?"];
    check("variable", "", &[("HALLPASS_LISTNE", "1")], &[], 2, &says);
    let others =
        [("HALLPASS_SERVICE_HOST", "10.0.0.1"), ("HALLPASS_PORT_80_TCP", "tcp://10.0.0.1:80")];
    check("others", "", &others, &[], 0, &[]);
    check("flag", "", &[], &["--listne", "1"], 2, &["'--listen'"]);
}

#[test]
fn a_wrong_value_is_told_with_what_is_accepted() {
    let wrong = |file: &str, says: &str| check("value", file, &[], &[], 2, &[says]);
    wrong(
        "\nlisten = \"8700\"",
        "hallpass.toml:2: `listen` is `8700`; it accepts an address and a port such as \
         `127.0.0.1:8700`",
    );
    wrong("listen = 8700", "hallpass.toml:1: `listen` is integer; it accepts a text in quotes");
    wrong("log_format = \"xml\"", "`log_format` is `xml`; it accepts `text` or `json`");
    wrong("log = \"inof\"", "`log` is `inof`; it accepts `error`, `warn`, `info`");
    wrong("self_serve = \"yes\"", "`self_serve` is string; it accepts `true` or `false`");
    wrong("base_url = \"a.b\"", "`base_url` is `a.b`; it accepts `https://` or `http://`");
    wrong("mail = \"sendmail\"", "`mail` is `sendmail`; it accepts `smtp://");
    wrong("mail_from = \"me\"", "`mail_from` is `me`; it accepts an address such as");
    wrong("trusted_proxies = [\"a\"]", "`trusted_proxies` is `a`; it accepts an address such");
    wrong("plans = []", "there is no plan; it accepts at least one");
    wrong("plans = \"free\"", "`plans` is string; it accepts a list of tables `[[plans]]`");
    wrong("[[plans]]\nname = \"x\"", "hallpass.toml:1: a plan has a `key` in quotes");
    wrong("[[plans]]\nkey = \"A b\"", "`A b` is no key; it accepts lower-case letters");
    wrong("log = \"info\"\nlog = \"warn\"", "hallpass.toml:2: not TOML: duplicate key");
    let flags = ["--listen", "here"];
    check("of_flag", "", &[], &flags, 2, &["`--listen` is `here`; it accepts"]);
    let variable = [("HALLPASS_SELF_SERVE", "yes"), ("HALLPASS_PLANS", "a,a")];
    let says = [
        "`HALLPASS_SELF_SERVE` is `yes`; it accepts `true` or `false`",
        "`HALLPASS_PLANS`: there are two plans `a`",
    ];
    check("of_variable", "", &variable, &[], 2, &says);
}

#[test]
fn the_sender_is_of_the_domain_that_people_know() {
    let says = ["mail_from = \"Hallpass <hallpass@crm.example.com>\" # default"];
    check("sender", "base_url = \"https://crm.example.com:8443/\"", &[], &[], 0, &says);
}
