//! The five profile templates, cell by cell.

use hallpass_engine::{Change, Policy, Scope};

use super::super::{WorkspaceBuilder, blueprint, granted, reach_of, sidebar, template};
use super::{ACTIONS, ENTITIES, badge, owners, people, right, templated};

/// A cell: id, profile, record type, action, word.
type Row = (&'static str, &'static str, &'static str, &'static str, &'static str);

const SALES: &str = "Sales Representative";

const SALES_REPRESENTATIVE: [Row; 28] = [
    ("HARI-036", SALES, "Contacts", "create", "All"),
    ("HARI-037", SALES, "Contacts", "read", "Team"),
    ("HARI-038", SALES, "Contacts", "update", "Team"),
    ("HARI-039", SALES, "Contacts", "delete", "None"),
    ("HARI-040", SALES, "Companies", "create", "All"),
    ("HARI-041", SALES, "Companies", "read", "All"),
    ("HARI-042", SALES, "Companies", "update", "Team"),
    ("HARI-043", SALES, "Companies", "delete", "None"),
    ("HARI-044", SALES, "Opportunities", "create", "All"),
    ("HARI-045", SALES, "Opportunities", "read", "Own"),
    ("HARI-046", SALES, "Opportunities", "update", "Own"),
    ("HARI-047", SALES, "Opportunities", "delete", "None"),
    ("HARI-048", SALES, "Activities", "create", "All"),
    ("HARI-049", SALES, "Activities", "read", "Own"),
    ("HARI-050", SALES, "Activities", "update", "Own"),
    ("HARI-051", SALES, "Activities", "delete", "Own"),
    ("HARI-052", SALES, "Invoices", "create", "None"),
    ("HARI-053", SALES, "Invoices", "read", "Own"),
    ("HARI-054", SALES, "Invoices", "update", "None"),
    ("HARI-055", SALES, "Invoices", "delete", "None"),
    ("HARI-056", SALES, "Tasks", "create", "All"),
    ("HARI-057", SALES, "Tasks", "read", "Own"),
    ("HARI-058", SALES, "Tasks", "update", "Own"),
    ("HARI-059", SALES, "Tasks", "delete", "Own"),
    // Not in the table.
    ("HARI-060", SALES, "Leads", "create", "None"),
    ("HARI-060", SALES, "Leads", "read", "None"),
    ("HARI-060", SALES, "Leads", "update", "None"),
    ("HARI-060", SALES, "Leads", "delete", "None"),
];

const MANAGER: [Row; 22] = [
    ("HARI-062", "Manager", "Opportunities", "create", "All"),
    ("HARI-062", "Manager", "Opportunities", "read", "All"),
    ("HARI-062", "Manager", "Opportunities", "update", "All"),
    ("HARI-063", "Manager", "Activities", "create", "All"),
    ("HARI-063", "Manager", "Activities", "read", "All"),
    ("HARI-063", "Manager", "Activities", "update", "All"),
    ("HARI-063", "Manager", "Activities", "delete", "All"),
    ("HARI-064", "Manager", "Opportunities", "delete", "None"),
    ("HARI-065", "Manager", "Contacts", "read", "All"),
    ("HARI-065", "Manager", "Companies", "read", "All"),
    ("HARI-065", "Manager", "Opportunities", "read", "All"),
    ("HARI-065", "Manager", "Activities", "read", "All"),
    ("HARI-065", "Manager", "Invoices", "read", "All"),
    ("HARI-065", "Manager", "Tasks", "read", "All"),
    ("HARI-065", "Manager", "Leads", "read", "All"),
    ("HARI-066", "Manager", "Contacts", "update", "Team"),
    ("HARI-066", "Manager", "Companies", "update", "Team"),
    ("HARI-066", "Manager", "Tasks", "update", "Own"),
    ("HARI-066", "Manager", "Tasks", "delete", "Own"),
    ("HARI-066", "Manager", "Invoices", "create", "None"),
    ("HARI-066", "Manager", "Invoices", "update", "None"),
    ("HARI-066", "Manager", "Invoices", "delete", "None"),
];

const FINANCE: [Row; 28] = [
    ("HARI-067", "Finance", "Invoices", "create", "All"),
    ("HARI-068", "Finance", "Invoices", "read", "All"),
    ("HARI-069", "Finance", "Invoices", "update", "All"),
    ("HARI-070", "Finance", "Invoices", "delete", "All"),
    ("HARI-071", "Finance", "Companies", "read", "All"),
    ("HARI-072", "Finance", "Companies", "create", "None"),
    ("HARI-072", "Finance", "Companies", "update", "None"),
    ("HARI-072", "Finance", "Companies", "delete", "None"),
    ("HARI-073", "Finance", "Contacts", "read", "All"),
    ("HARI-074", "Finance", "Contacts", "create", "None"),
    ("HARI-074", "Finance", "Contacts", "update", "None"),
    ("HARI-074", "Finance", "Contacts", "delete", "None"),
    ("HARI-075", "Finance", "Opportunities", "create", "None"),
    ("HARI-075", "Finance", "Opportunities", "read", "None"),
    ("HARI-075", "Finance", "Opportunities", "update", "None"),
    ("HARI-075", "Finance", "Opportunities", "delete", "None"),
    ("HARI-076", "Finance", "Leads", "create", "None"),
    ("HARI-076", "Finance", "Leads", "read", "None"),
    ("HARI-076", "Finance", "Leads", "update", "None"),
    ("HARI-076", "Finance", "Leads", "delete", "None"),
    ("HARI-077", "Finance", "Activities", "create", "None"),
    ("HARI-077", "Finance", "Activities", "read", "None"),
    ("HARI-077", "Finance", "Activities", "update", "None"),
    ("HARI-077", "Finance", "Activities", "delete", "None"),
    ("HARI-077", "Finance", "Tasks", "create", "None"),
    ("HARI-077", "Finance", "Tasks", "read", "None"),
    ("HARI-077", "Finance", "Tasks", "update", "None"),
    ("HARI-077", "Finance", "Tasks", "delete", "None"),
];

const MARKETING: [Row; 28] = [
    ("HARI-078", "Marketing", "Contacts", "create", "All"),
    ("HARI-079", "Marketing", "Contacts", "read", "All"),
    ("HARI-080", "Marketing", "Contacts", "update", "All"),
    ("HARI-081", "Marketing", "Contacts", "delete", "All"),
    ("HARI-082", "Marketing", "Leads", "create", "All"),
    ("HARI-083", "Marketing", "Leads", "read", "All"),
    ("HARI-084", "Marketing", "Leads", "update", "All"),
    ("HARI-085", "Marketing", "Leads", "delete", "All"),
    ("HARI-086", "Marketing", "Companies", "read", "All"),
    ("HARI-087", "Marketing", "Companies", "create", "None"),
    ("HARI-087", "Marketing", "Companies", "update", "None"),
    ("HARI-087", "Marketing", "Companies", "delete", "None"),
    ("HARI-088", "Marketing", "Invoices", "create", "None"),
    ("HARI-088", "Marketing", "Invoices", "read", "None"),
    ("HARI-088", "Marketing", "Invoices", "update", "None"),
    ("HARI-088", "Marketing", "Invoices", "delete", "None"),
    ("HARI-089", "Marketing", "Opportunities", "create", "None"),
    ("HARI-089", "Marketing", "Opportunities", "read", "None"),
    ("HARI-089", "Marketing", "Opportunities", "update", "None"),
    ("HARI-089", "Marketing", "Opportunities", "delete", "None"),
    ("HARI-090", "Marketing", "Activities", "create", "None"),
    ("HARI-090", "Marketing", "Activities", "read", "None"),
    ("HARI-090", "Marketing", "Activities", "update", "None"),
    ("HARI-090", "Marketing", "Activities", "delete", "None"),
    ("HARI-090", "Marketing", "Tasks", "create", "None"),
    ("HARI-090", "Marketing", "Tasks", "read", "None"),
    ("HARI-090", "Marketing", "Tasks", "update", "None"),
    ("HARI-090", "Marketing", "Tasks", "delete", "None"),
];

#[test]
fn a_profile_cell_sets_the_reach_of_team_members() {
    for rows in [&SALES_REPRESENTATIVE[..], &MANAGER, &FINANCE, &MARKETING] {
        let policy = templated(rows[0].1);
        for (id, profile, entity, action, word) in rows {
            let asked = right(entity, action);
            let what = format!("{id}: {profile}, {entity} {action}");
            assert_eq!(reach_of(&policy, "anna", &asked), owners(word), "{what}");
            assert_eq!(badge(&policy, &asked), word.to_lowercase(), "{what}, badge");
            assert_eq!(reach_of(&policy, "cleo", &asked), "", "{what}, of no team");
        }
    }
}

/// A record type that the sidebar hides: id, profile, record type.
const HIDDEN: [(&str, &str, &str); 9] = [
    ("HARI-060", SALES, "Leads"),
    ("HARI-075", "Finance", "Opportunities"),
    ("HARI-076", "Finance", "Leads"),
    ("HARI-077", "Finance", "Activities"),
    ("HARI-077", "Finance", "Tasks"),
    ("HARI-088", "Marketing", "Invoices"),
    ("HARI-089", "Marketing", "Opportunities"),
    ("HARI-090", "Marketing", "Activities"),
    ("HARI-090", "Marketing", "Tasks"),
];

#[test]
fn unreadable_record_types_are_not_in_the_sidebar() {
    for (id, profile, entity) in HIDDEN {
        assert!(!sidebar(&templated(profile), "anna").contains(&entity.to_owned()), "{id}");
    }
}

/// HARI-061: except opportunities, activities and reading, which are in the table above.
#[test]
fn a_manager_starts_from_the_sales_representative() {
    let (sales, manager) = (templated(SALES), templated("Manager"));
    for entity in ENTITIES {
        for action in ["create", "update", "delete"] {
            let asked = right(entity, action);
            let widened = ["Opportunities", "Activities"].contains(&entity);
            if !widened {
                let cell = |policy| (badge(policy, &asked), reach_of(policy, "anna", &asked));
                assert_eq!(cell(&manager), cell(&sales), "{asked}");
            }
        }
    }
    assert!(granted(&sales, "anna").is_subset(&granted(&manager, "anna")));
}

/// HARI-091, HARI-092
#[test]
fn a_reader_reads_every_record_of_every_type() {
    let policy = templated("Read-only");
    assert_eq!(sidebar(&policy, "anna"), ENTITIES);
    for entity in ENTITIES {
        assert_eq!(
            reach_of(&policy, "anna", &right(entity, "read")),
            owners("All"),
            "{entity}"
        );
    }
}

/// An action that a reader lacks on every record type: id, action.
const NOT_BY_READERS: [(&str, &str); 3] =
    [("HARI-093", "create"), ("HARI-094", "update"), ("HARI-095", "delete")];

#[test]
fn a_reader_changes_nothing() {
    let policy = templated("Read-only");
    for (id, action) in NOT_BY_READERS {
        for entity in ENTITIES {
            let asked = right(entity, action);
            assert_eq!(reach_of(&policy, "anna", &asked), "", "{id} {entity}");
            assert_eq!(badge(&policy, &asked), "none", "{id} {entity}");
        }
    }
}

/// HARI-096
#[test]
fn a_reader_may_read_record_types_that_are_added_later() {
    let mut builder = people(WorkspaceBuilder::new("hari").template("Read-only"), "Read-only");
    builder.workspace.entities = vec!["boats".to_owned()];
    let policy = builder.compile();
    assert_eq!(reach_of(&policy, "anna", "boats:read"), owners("All"));
    for action in ["create", "update", "delete"] {
        assert_eq!(reach_of(&policy, "anna", &format!("boats:{action}")), "", "{action}");
    }
    assert!(sidebar(&policy, "anna").contains(&"Boats".to_owned()));
}

/// HARI-097
#[test]
fn five_profile_templates_can_be_used_copied_and_edited() {
    let known = blueprint("hari");
    let templates = &known.profiles.as_ref().unwrap().templates;
    let names: Vec<&str> = templates.iter().map(|template| template.name.as_str()).collect();
    assert_eq!(names, [SALES, "Manager", "Finance", "Marketing", "Read-only"]);
    for name in names {
        let before = templated(name);
        let mut copy = template(&known, name);
        "copy".clone_into(&mut copy.id);
        copy.cells.set("leads", "read", Some(Scope::Own));
        let team = super::super::team("sales", Some("copy"), hallpass_engine::Sharing::All);
        let after = before.apply(&[Change::PutProfile(copy), Change::PutTeam(team)]).unwrap();
        assert_eq!(reach_of(&after, "anna", "leads:read"), "anna", "{name}");
        assert_eq!(others(&after), others(&before), "{name}");
    }
}

/// The reach of Anna, except on leads.
fn others(policy: &Policy) -> Vec<String> {
    let all =
        ENTITIES.into_iter().flat_map(|entity| ACTIONS.map(|action| right(entity, action)));
    let rest = all.filter(|asked| !asked.starts_with("leads:"));
    rest.map(|asked| reach_of(policy, "anna", &asked)).collect()
}
