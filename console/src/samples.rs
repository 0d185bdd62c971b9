//! Every page renders from its sample.

use askama::Template;

use crate::acceptance::AcceptancePage;
use crate::access_model::AccessModelPage;
use crate::account::{AddressChangePage, ConfirmationPage, RequestPage, ResetPage, SignUpPage};
use crate::api_key::{ApiKeysPage, NewServiceAccountPage};
use crate::audit::AuditPage;
use crate::billing::BillingPage;
use crate::bulk_job::{BulkJobPage, BulkJobsPage};
use crate::connection::{ConnectionPage, GroupsPage};
use crate::deletion::DangerPage;
use crate::new_workspace::{ModelPage, NamePage, OwnModelPage};
use crate::own_profile::{
    NewPasskeyPage, OwnAddressPage, OwnProfilePage, PasskeyPage, RecoveryCodesPage, TotpPage,
};
use crate::profile::ProfilePage;
use crate::setting::{
    AuthenticationPage, BrandingPage, GeneralPage, IntegrationsPage, ModulesPage, SecurityPage,
};
use crate::sign_in::{CodePage, SignInPage};
use crate::sign_on::consent::ConsentPage;
use crate::sign_on::{LeavePage, RefusedPage};
use crate::step_up::{OutsideCodesPage, OutsideTotpPage, StepUpPage};
use crate::team::{MemberPage, ReassignPage, TeamPage};
use crate::view::ViewPage;
use crate::workspace::{ListPage, NoAccessPage};
use crate::{department, entity, explanation, review, role, teams};

/// Renders a page, and checks what every page must have.
fn check(name: &str, page: &impl Template) {
    let html = page.render().expect(name);
    assert!(html.starts_with("<!doctype html>"), "{name}");
    assert_eq!(html.matches("<h1>").count(), 1, "{name}: one heading");
    assert_eq!(html.matches("<main id=\"main\"").count(), 1, "{name}");
    assert!(!html.contains("<script>") && !html.contains(" style="), "{name}: inline code");
    assert!(!html.contains("http://") && !html.contains("https://"), "{name}: foreign address");
    // A selector of two words has quotes in a trigger; without them the trigger never fires.
    let mut from = html.split(" from:").skip(1);
    let quoted =
        from.all(|rest| !["closest ", "find "].iter().any(|word| rest.starts_with(word)));
    assert!(quoted, "{name}: from");
}

#[test]
fn the_pages_of_records_render_from_their_samples() {
    use crate::{record, report};
    for page in record::ListPage::samples() {
        check("records", &page);
    }
    check("board", &record::BoardPage::sample());
    check("record", &record::RecordPage::sample());
    check("record form", &record::FormPage::sample());
    check("import", &record::ImportPage::sample());
    check("dashboard", &crate::dashboard::DashboardPage::sample());
    check("module", &crate::module::ModulePage::sample());
    check("reports", &report::ReportsPage::sample());
    check("report", &report::ResultPage::sample());
    check("report form", &report::EditorPage::sample());
    check("search", &crate::search::SearchPage::sample());
}

#[test]
fn every_page_renders_from_its_sample() {
    for page in AcceptancePage::samples() {
        check("acceptance", &page);
    }
    check("step up", &StepUpPage::sample());
    check("access model", &AccessModelPage::sample());
    check("api keys", &ApiKeysPage::sample());
    check("service account", &NewServiceAccountPage::sample());
    check("connection", &ConnectionPage::sample());
    check("connection groups", &GroupsPage::sample());
    check("sign-on, consent", &ConsentPage::sample());
    check("sign-on, leave", &LeavePage::sample());
    check("sign-on, refused", &RefusedPage::sample());
    check("audit", &AuditPage::sample());
    check("audit of many entries", &AuditPage::long_sample());
    check("authentication", &AuthenticationPage::sample());
    check("billing", &BillingPage::sample());
    check("branding", &BrandingPage::sample());
    check("danger zone", &DangerPage::sample());
    check("general", &GeneralPage::sample());
    check("integrations", &IntegrationsPage::sample());
    check("modules", &ModulesPage::sample());
    check("name of a workspace", &NamePage::sample());
    check("model of a workspace", &ModelPage::sample());
    check("own model of a workspace", &OwnModelPage::sample());
    check("profile", &OwnProfilePage::sample());
    check("own address", &OwnAddressPage::sample());
    for page in AddressChangePage::samples() {
        check("address change", &page);
    }
    check("security", &SecurityPage::sample());
    check("confirmation", &ConfirmationPage::sample());
    for page in RequestPage::samples() {
        check("request of a link", &page);
    }
    check("password reset", &ResetPage::sample());
    check("sign up", &SignUpPage::sample());
    check("sign in", &SignInPage::sample());
    check("second step", &CodePage::sample());
    check("authenticator app outside", &OutsideTotpPage::sample());
    check("recovery codes outside", &OutsideCodesPage::sample());
    check("authenticator app", &TotpPage::sample());
    check("recovery codes", &RecoveryCodesPage::sample());
    check("new passkey", &NewPasskeyPage::sample());
    check("passkey", &PasskeyPage::sample());
    check("member", &MemberPage::sample());
    check("reassign", &ReassignPage::sample());
    check("bulk jobs", &BulkJobsPage::sample());
    check("bulk job", &BulkJobPage::sample());
    check("export", &BulkJobPage::export_sample());
    for page in TeamPage::samples() {
        check("team", &page);
    }
    check("view as", &ViewPage::sample());
    check("workspaces", &ListPage::sample());
    check("no access", &NoAccessPage::sample());
}

#[test]
fn the_pages_of_access_render_from_their_samples() {
    check("compare", &crate::comparison::ComparePage::sample());
    check("department", &department::DepartmentPage::sample());
    check("department: new", &department::NewPage::sample());
    check("explanation", &explanation::ExplainPage::sample());
    check("review", &review::ReviewPage::sample());
    check("profile", &ProfilePage::sample());
    check("record type: fields", &entity::FieldsPage::sample());
    check("record type: permissions", &entity::PermissionsPage::sample());
    check("record type: stages", &entity::StagesPage::sample());
    check("record types", &entity::SchemaPage::sample());
    check("record type: new", &entity::NewPage::sample());
    check("role", &role::RolePage::sample());
    check("roles by person", &role::PersonPage::sample());
    check("roles by resource", &role::ResourcePage::sample());
    check("teams", &teams::TeamsPage::sample());
    check("team of people", &teams::TeamPage::sample());
    check("team of people: members", &teams::MembersPage::sample());
    check("team of people: new", &teams::NewPage::sample());
}

#[test]
fn the_pages_of_the_operator_render_from_their_samples() {
    use crate::operator;
    check("operator: overview", &operator::OverviewPage::sample());
    check("operator: account", &operator::AccountPage::sample());
    check("operator: accounts", &operator::AccountsPage::sample());
    check("operator: new account", &operator::NewAccountPage::sample());
    check("operator: connection", &operator::ConnectionOffPage::sample());
    check("operator: link", &operator::LinkPage::sample());
    check("operator: blueprint", &operator::BlueprintPage::sample());
    check("operator: blueprints", &operator::BlueprintsPage::sample());
    check("operator: mails", &operator::MailsPage::sample());
    check("operator: mail templates", &operator::MailTemplatesPage::sample());
    check("operator: operations", &operator::OperationsPage::sample());
    check("operator: workspace", &operator::WorkspacePage::sample());
    check("operator: workspaces", &operator::WorkspacesPage::sample());
}
