//! `hallpass config`: the settings in force, their sources, and the errors for wrong ones.

use std::path::Path;
use std::process::Command;

use crate::cli::{self, ROOT, folder};

/// Runs `config show` with this file, environment and flags; its exit code and what it prints.
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
    command.args(["config", "show"]).args(flags).current_dir(folder).env_clear();
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
    parts: &[&str],
) {
    let (found, text) = run(&folder(&format!("config_{name}")), file, environment, flags);
    assert_eq!(found, code, "{text}");
    for part in parts {
        assert!(text.contains(part), "it does not print {part:?}: {text}");
    }
}

#[test]
fn defaults_are_in_force_without_settings() {
    let expected = [
        "listen = \"127.0.0.1:8700\" # default\n",
        "data = \"./hallpass-data\" # default\n",
        "database = \"./hallpass-data/hallpass.db\" # default\n",
        "database_connections = \"8\" # default\n",
        "mail = \"file:./hallpass-data/mail\" # default\n",
        "mail_from = \"Hallpass <hallpass@localhost>\" # default\n",
        "base_url = \"http://127.0.0.1:8700\" # default\n",
        "log = \"info\" # default\n",
        "log_format = \"text\" # default\n",
        "# operator_contact is not set\n",
        "self_serve = false # default\n",
        "private_providers = false # default\n",
        "google_issuer = \"https://accounts.google.com\" # default\n",
        "microsoft_authority = \"https://login.microsoftonline.com\" # default\n",
        "# stripe_secret is not set\n",
        "name_servers = [] # default\n",
        "trusted_proxies = [] # default\n",
        "[[plans]] # default\nkey = \"free\"\nname = \"Free\"\nentitlements = []\n",
        "key = \"agency\"\nname = \"Agency\"\nentitlements = [\"sso\"]\n",
    ];
    check("defaults", "", &[], &[], 0, &expected);
}

#[test]
fn flags_override_the_environment_which_overrides_the_file() {
    let file = "listen = \"0.0.0.0:1\"\ndata = \"from-file\"\nlog = \"warn\"\n";
    let environment =
        [("HALLPASS_LISTEN", "0.0.0.0:2"), ("HALLPASS_DATA", "from-env"), ("HALLPASS_LOG", "")];
    let expected = [
        "listen = \"0.0.0.0:3\" # --listen\n",
        "data = \"from-env\" # HALLPASS_DATA\n",
        "log = \"warn\" # hallpass.toml:3\n",
        "database = \"from-env/hallpass.db\" # default\n",
        "base_url = \"http://localhost:3\" # default\n",
    ];
    check("order", file, &environment, &["--listen", "0.0.0.0:3"], 0, &expected);
}

#[test]
fn other_file_can_be_named_by_flag_or_variable() {
    let folder = folder("config_elsewhere");
    std::fs::write(folder.join("other.toml"), "log = \"debug\"").unwrap();
    let expected = "log = \"debug\" # other.toml:1";

    let (_, flag) = run(&folder, "log = \"warn\"", &[], &["--config", "other.toml"]);
    let (_, variable) = run(&folder, "", &[("HALLPASS_CONFIG", "other.toml")], &[]);
    let (code, missing) = run(&folder, "", &[], &["--config", "nowhere.toml"]);

    assert!(flag.contains(expected) && variable.contains(expected), "{flag}{variable}");
    assert_eq!(code, 2);
    assert!(missing.contains("cannot read the configuration `nowhere.toml`"), "{missing}");
}

#[test]
fn secrets_are_hidden() {
    let file = "database = \"postgres://anna:s3cret@db/hallpass\"\n\
                mail = \"smtps://anna:s3cret@mail.example.com:465\"\n\
                stripe_secret = \"whsec_s3cret\"\n";
    let folder = folder("config_secret");

    let (code, text) = run(&folder, file, &[], &[]);

    assert_eq!(code, 0, "{text}");
    assert!(!text.contains("s3cret"), "{text}");
    assert!(text.contains("database = \"postgres://anna:***@db/hallpass\""), "{text}");
    assert!(text.contains("mail = \"smtps://anna:***@mail.example.com:465\""), "{text}");
    assert!(text.contains("stripe_secret = \"***\" # hallpass.toml:3"), "{text}");
}

#[test]
fn secrets_are_hidden_in_errors() {
    let files = [
        "database = \"mysql://anna:s3cret@db/hallpass\"",
        "mail = \"http://anna:s3cret@mail.example.com\"",
        "stripe_secret = \"sk_live_s3cret\"",
        "stripe_secret = \"whsec_s3cret",
        "stripe_secret = whsec_s3cret",
    ];
    let folder = folder("config_secret_mistake");
    for file in files {
        let (code, text) = run(&folder, file, &[], &[]);
        assert_eq!(code, 2, "{text}");
        assert!(text.contains("hallpass.toml:1: ") && !text.contains("s3cret"), "{text}");
    }
}

#[test]
fn output_is_a_valid_configuration_file() {
    let folder = folder("config_again");
    let environment = [
        ("HALLPASS_OPERATOR_CONTACT", "Anna \"Ann\" Keller \\ anna@example.com"),
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
fn plans_are_tables_in_the_file() {
    let file = "[[plans]]\nkey = \"solo\"\n\n\
                [[plans]]\nkey = \"crew\"\nname = \"Whole crew\"\nentitlements = [\"sso\"]\n";
    let expected = [
        "[[plans]] # hallpass.toml:1\nkey = \"solo\"\nname = \"Solo\"\nentitlements = []\n",
        "key = \"crew\"\nname = \"Whole crew\"\nentitlements = [\"sso\"]\n",
    ];
    check("plans", file, &[], &[], 0, &expected);
}

#[test]
fn unknown_key_is_reported_with_its_line_and_the_nearest_key() {
    let file = "log = \"info\"\nlistne = \"0.0.0.0:1\"\nbase-url = \"x\"\nzzz = 1\n\
                [[plans]]\nkey = \"a\"\nnmae = \"b\"\n";
    let expected = [
        "hallpass.toml:2: unknown key `listne`; did you mean `listen`?",
        "hallpass.toml:3: unknown key `base-url`; did you mean `base_url`?",
        "hallpass.toml:4: unknown key `zzz`; `hallpass config show` lists all keys",
        "hallpass.toml:7: unknown key `nmae`; did you mean `name`?",
    ];
    check("key", file, &[], &[], 2, &expected);
    let expected =
        ["unknown environment variable `HALLPASS_LISTNE`; did you mean `HALLPASS_LISTEN`?"];
    check("variable", "", &[("HALLPASS_LISTNE", "1")], &[], 2, &expected);
    let others =
        [("HALLPASS_SERVICE_HOST", "10.0.0.1"), ("HALLPASS_PORT_80_TCP", "tcp://10.0.0.1:80")];
    check("others", "", &others, &[], 0, &[]);
    check("tests", "", &[("HALLPASS_LONG", "1")], &[], 0, &[]);
    check("flag", "", &[], &["--listne", "1"], 2, &["'--listen'"]);
}

#[test]
fn wrong_value_is_reported_with_its_place_and_what_is_expected() {
    let wrong = |file: &str, expected: &str| check("value", file, &[], &[], 2, &[expected]);
    wrong(
        "\nlisten = \"8700\"",
        "hallpass.toml:2: `listen`: invalid value `8700`; accepts an IP address and a port, such as \
         `127.0.0.1:8700`",
    );
    wrong(
        "listen = 8700",
        "hallpass.toml:1: `listen`: expected a string in quotes, found integer",
    );
    for number in ["1", "1001", "-3", "many"] {
        wrong(
            &format!("database_connections = \"{number}\""),
            &format!(
                "`database_connections`: invalid value `{number}`; accepts a number from 2"
            ),
        );
    }
    wrong(
        "log_format = \"xml\"",
        "`log_format`: invalid value `xml`; accepts `text` or `json`",
    );
    wrong(
        "log = \"inof\"",
        "`log`: invalid value `inof`; accepts `off`, `error`, `warn`, `info`",
    );
    wrong("self_serve = \"yes\"", "`self_serve`: expected `true` or `false`, found string");
    wrong(
        "base_url = \"a.b\"",
        "`base_url`: invalid value `a.b`; accepts `https://` or `http://`",
    );
    wrong("mail = \"sendmail\"", "`mail`: invalid value `sendmail`; accepts `smtp://");
    wrong("mail_from = \"me\"", "`mail_from`: invalid value `me`; accepts an address such as");
    wrong(
        "trusted_proxies = [\"a\"]",
        "`trusted_proxies`: invalid value `a`; accepts an address such",
    );
    wrong(
        "private_providers = \"yes\"",
        "`private_providers`: expected `true` or `false`, found string",
    );
    for issuer in
        ["accounts.google.com", "https://a.example/", "ftp://a.example", "https://a.example?b"]
    {
        for key in ["google_issuer", "microsoft_authority"] {
            wrong(
                &format!("{key} = \"{issuer}\""),
                &format!("`{key}`: invalid value `{issuer}`; accepts a URL such as"),
            );
        }
    }
    wrong(
        "name_servers = [\"ns.example\"]",
        "`name_servers`: invalid value `ns.example`; accepts an IP address and a port",
    );
    wrong("plans = []", "`plans`: no plan; expected at least one");
    wrong("plans = \"free\"", "`plans`: expected an array of tables `[[plans]]`, found string");
    wrong(
        "[[plans]]\nname = \"x\"",
        "hallpass.toml:1: plan without a `key`; expected a string",
    );
    wrong("[[plans]]\nkey = \"A b\"", "invalid key `A b`; expected 1 to 64 lower-case letters");
    wrong("log = \"info\"\nlog = \"warn\"", "hallpass.toml:2: invalid TOML: duplicate key");
    let flags = ["--listen", "here"];
    check(
        "of_flag",
        "",
        &[],
        &flags,
        2,
        &["`--listen`: invalid value `here`; accepts an IP address"],
    );
    let variable = [("HALLPASS_SELF_SERVE", "yes"), ("HALLPASS_PLANS", "a,a")];
    let expected = [
        "`HALLPASS_SELF_SERVE`: invalid value `yes`; accepts `true` or `false`",
        "`HALLPASS_PLANS`: two plans have the key `a`; each needs its own",
    ];
    check("of_variable", "", &variable, &[], 2, &expected);
}

#[test]
fn tls_needs_both_files_and_a_url_with_https() {
    let check = |name: &str, file: &str, code: i32, expected: &str| {
        check(name, file, &[], &[], code, &[expected]);
    };
    check(
        "tls_half",
        "tls_certificate = \"c\"",
        2,
        "`tls_certificate` needs `tls_key` beside it",
    );
    check("tls_other", "tls_key = \"k\"", 2, "`tls_key` needs `tls_certificate` beside it");
    let both = "tls_certificate = \"c.pem\"\ntls_key = \"k.pem\"\n";
    check("tls_url", both, 0, "base_url = \"https://127.0.0.1:8700\" # default");
    let plain = format!("{both}base_url = \"http://crm.example.com\"");
    check("tls_plain", &plain, 2, "`base_url` begins with `http://`");
    check("tls_empty", "tls_key = \"\"", 2, "accepts the path of a file");
    let expected =
        "`proxy_header`: invalid value `via`; accepts `x-forwarded-for` or `forwarded`";
    check("proxy", "proxy_header = \"via\"", 2, expected);
}

#[test]
fn default_sender_has_the_domain_of_the_base_url() {
    let expected = ["mail_from = \"Hallpass <hallpass@crm.example.com>\" # default"];
    check("sender", "base_url = \"https://crm.example.com:8443/\"", &[], &[], 0, &expected);
}

#[test]
fn command_without_an_action_shows_the_settings() {
    let shown = cli::run(&["config"], 0);

    assert_eq!(shown, cli::run(&["config", "show"], 0));
    assert!(shown.starts_with("listen = "), "{shown}");
}

#[test]
fn signing_secret_of_stripe_is_accepted_and_a_key_of_its_api_is_not() {
    let expected = ["stripe_secret = \"***\" # HALLPASS_STRIPE_SECRET"];
    check("whsec", "", &[("HALLPASS_STRIPE_SECRET", "whsec_1")], &[], 0, &expected);
    let expected = ["`HALLPASS_STRIPE_SECRET`: invalid value `***`", "begins with `whsec_`"];
    check("sk", "", &[("HALLPASS_STRIPE_SECRET", "sk_live_1")], &[], 2, &expected);
}

/// `HALLPASS_REWRITE=1` writes the table instead of comparing it.
#[test]
fn documentation_lists_every_setting() {
    let path = Path::new(ROOT).join("docs/configuration.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let table = cli::run(&["config", "reference"], 0);
    let start = page.find("| key | flag |").unwrap();
    let end = start + page[start..].find("\n\n").unwrap() + 1;

    if std::env::var_os("HALLPASS_REWRITE").is_some() {
        std::fs::write(&path, format!("{}{table}{}", &page[..start], &page[end..])).unwrap();
        return;
    }

    assert_eq!(&page[start..end], table, "run this test with HALLPASS_REWRITE=1");
}
