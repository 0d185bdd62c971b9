//! The total of a list of members is the number of the members on its pages, for every filter.

use hallpass_testkit::TestServer;
use serde_json::json;

#[tokio::test]
async fn a_total_is_the_number_of_members_on_all_pages() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let team = anna.post("/teams", json!({"name": "North"})).await.expect(201).id();
    let department = anna.post("/departments", json!({"name": "Sales"})).await.expect(201).id();
    let mut members = Vec::new();
    for (number, role) in ["member", "admin", "member", "manager", "member"].iter().enumerate()
    {
        let mut invitation = json!({"role": role});
        if number % 2 == 0 {
            invitation["teams"] = json!([team]);
        }
        if number > 1 {
            invitation["department"] = json!(department);
        }
        let name = ["ben", "cleo", "dora", "emil", "fred"][number];
        members.push(workspace.join(name, invitation).await);
    }
    let (gone, off) = (&members[0].id, &members[2].id);
    let _ = anna.post(&format!("/members/{off}/deactivate"), json!({})).await.expect(200);
    let _ = anna.delete(&format!("/members/{gone}")).await;

    let mut totals = Vec::new();
    for role in ["", "&role=member", "&role=admin", "&role=owner"] {
        for status in ["", "&status=active", "&status=inactive"] {
            for department in [String::new(), format!("&department={department}")] {
                for team in [String::new(), format!("&team={team}")] {
                    for q in ["", "&q=example"] {
                        let filter = format!("{role}{status}{department}{team}{q}");
                        let page =
                            anna.get(&format!("/members?limit=200{filter}")).await.expect(200);
                        let n = page.items().len();
                        assert_eq!(page.body["total"], json!(n), "{filter}");
                        totals.push(n);
                    }
                }
            }
        }
    }
    // The one who is gone counts nowhere, the one who is off only where it says so.
    assert_eq!(totals[0], 5);
    assert!(totals.contains(&0) && totals.contains(&1) && totals.contains(&4), "{totals:?}");
}
