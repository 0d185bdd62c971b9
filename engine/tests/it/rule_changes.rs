//! Rules that no permission of a member shows: each kind of them is compared.

use hallpass_engine::Blueprint;

const MODEL: &str = r#"
[blueprint]
id = "rules"
name = "Rules"

[records.deals]
actions = ["read", "update", "close", "publish"]
share = "publish"
stages = [{ key = "new" }, { key = "won", by = "close" }]
ladder = [{ level = "view", actions = ["read"] }, { level = "edit", actions = ["update"] }]

[teams]
[departments]
[managers]
[profiles]

[visibility]
start = "own"

[settings.members]
actions = ["read", "create", "update", "delete"]

[roles.owner]
rank = 9
top = true
grants = ["*:*:all"]

[roles.member]
rank = 1
levels = true
grants = ["deals:read:own"]
given_by = ["owner"]
touched_by = ["owner"]

[custom_roles]
rank = 1
given_by = ["owner"]
touched_by = ["owner"]
scopes = ["own"]

[presets.seller]
levels = { deals = "view" }

[billing_contact]
vacant_mail = "owner"

[custom_entities]
actions = ["read"]

[switches.open]
adds = ["deals:update:own"]

[switches.closed]
replaces = [{ role = "member", grants = ["deals:close:own"] }]

[invitation]
fields = ["email", "role"]
required = ["email"]
days = 14

[membership]
verbs = ["remove"]
guards = ["no_self_removal"]

[self_serve]
create = false

[plan_gates]
sso = "team"
"#;

fn model(old: &str, new: &str) -> Blueprint {
    assert_eq!(MODEL.matches(old).count(), 1, "{old}");
    let text = MODEL.replacen(old, new, 1);
    Blueprint::parse(&text).unwrap_or_else(|mistakes| panic!("{new}: {mistakes}"))
}

/// A change of the text, and the rule with what it was and what it becomes.
const CASES: &[[&str; 5]] = &[
    ["by = \"close\"", "by = \"publish\"", "records.deals.stages.won.by", "close", "publish"],
    [
        "key = \"new\" ",
        "key = \"new\", by = \"read\" ",
        "records.deals.stages.new.by",
        "update",
        "read",
    ],
    ["share = \"publish\"", "", "records.deals.share", "publish", "read"],
    ["[teams]", "[teams]\nstart_sharing = \"team\"", "teams.start_sharing", "all", "team"],
    ["start = \"own\"", "start = \"all\"", "visibility.start", "own", "all"],
    ["levels = true\n", "", "roles.member.levels", "true", "false"],
    [
        "levels = true\n",
        "levels = true\nmanages = true\n",
        "roles.member.manages",
        "false",
        "true",
    ],
    [
        "levels = true\n",
        "levels = true\nvisibility = \"bounds\"\n",
        "roles.member.visibility",
        "as_granted",
        "bounds",
    ],
    [
        "scopes = [\"own\"]",
        "scopes = [\"own\", \"all\"]",
        "custom_roles.scopes",
        "own",
        "all, own",
    ],
    [
        "scopes = [\"own\"]",
        "scopes = [\"own\"]\nresources = [\"deals\"]",
        "custom_roles.resources",
        "*",
        "deals",
    ],
    [
        "{ deals = \"view\" }",
        "{ deals = \"edit\" }",
        "presets.seller.levels",
        "deals view",
        "deals edit",
    ],
    [
        "vacant_mail = \"owner\"",
        "vacant_mail = \"member\"",
        "billing_contact.vacant_mail",
        "owner",
        "member",
    ],
    [
        "actions = [\"read\"]\n\n[switches",
        "actions = [\"read\", \"fly\"]\n\n[switches",
        "custom_entities.actions",
        "read",
        "fly, read",
    ],
    [
        "deals:update:own",
        "deals:update:all",
        "switches.open.adds",
        "deals:update:own",
        "deals:update:all",
    ],
    [
        "deals:close:own",
        "deals:close:all",
        "switches.closed.replaces",
        "member: deals:close:own",
        "member: deals:close:all",
    ],
    [
        "[switches.open]",
        "[switches.open]\nstarts_on = true",
        "switches.open.starts_on",
        "false",
        "true",
    ],
    [
        "[switches.open]",
        "[switches.open]\ncounts_indirect_reports = true",
        "switches.open.counts_indirect_reports",
        "false",
        "true",
    ],
    [
        "verbs = [\"remove\"]",
        "verbs = [\"remove\", \"leave\"]",
        "membership.verbs",
        "remove",
        "leave, remove",
    ],
    ["guards = [\"no_self_removal\"]", "", "membership.guards", "no_self_removal", ""],
    [
        "[membership]",
        "[membership]\nsigns_out_inactive = true",
        "membership.signs_out_inactive",
        "false",
        "true",
    ],
    [
        "[membership]",
        "[membership]\nsso = \"accounts only\"",
        "membership.sso",
        "groups",
        "accounts only",
    ],
    ["days = 14", "days = 7", "invitation.days", "14", "7"],
    [
        "required = [\"email\"]",
        "required = [\"email\", \"role\"]",
        "invitation.required",
        "email",
        "email, role",
    ],
    ["days = 14", "days = 14\nstart_role = \"member\"", "invitation.start_role", "", "member"],
    ["create = false", "create = true", "self_serve.create", "false", "true"],
    ["sso = \"team\"", "sso = \"agency\"", "plan_gates", "sso team", "sso agency"],
];

#[test]
fn each_kind_of_rule_is_compared_with_its_place() {
    let before = Blueprint::parse(MODEL).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    for [old, new, rule, was, is] in CASES.iter().copied() {
        let after = model(old, new);
        let found = before.compare_rules(&after);
        let found: Vec<_> =
            found.iter().map(|one| (&*one.rule, &*one.before, &*one.after)).collect();
        assert_eq!(found, [(rule, was, is)], "{old} -> {new}");
        let back = after.compare_rules(&before);
        assert_eq!((back.len(), &*back[0].before, &*back[0].after), (1, is, was), "{rule}");
    }
    assert_eq!(before.compare_rules(&before), []);
}

#[test]
fn rules_of_roles_name_both_lists_of_roles() {
    let before = Blueprint::parse(MODEL).unwrap();
    let text = MODEL.replace("given_by = [\"owner\"]", "given_by = [\"member\", \"owner\"]");
    let after = Blueprint::parse(&text).unwrap();
    let found = before.compare_rules(&after);
    let rules: Vec<&str> = found.iter().map(|one| one.rule.as_str()).collect();
    assert_eq!(rules, ["custom_roles.given_by", "roles.member.given_by"]);
    assert_eq!(found[1].after, "member, owner");
    let text = MODEL.replace("touched_by = [\"owner\"]", "touched_by = []");
    let found = before.compare_rules(&Blueprint::parse(&text).unwrap());
    assert_eq!(found[1].rule, "roles.member.touched_by");
    assert_eq!((&*found[1].before, &*found[1].after), ("owner", ""));
}

#[test]
fn what_only_one_model_has_is_no_rule_that_differs() {
    let before = Blueprint::parse(MODEL).unwrap();
    let after = model("[switches.open]", "[switches.other]");
    assert_eq!(before.compare_rules(&after), []);
}
