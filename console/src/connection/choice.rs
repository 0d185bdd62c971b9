//! What a rule of a mapping can give, and what one gives, as the form shows it.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{ReadMembers, ReadRoles, ReadTeams};
use hallpass_domain::connection::group::{GivenLevels, GroupRule};

use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Frame;
use crate::picker::{self, Noun, Picker, Place};
use crate::refusal;

/// The value of the preset that stands for levels of the rule's own.
pub(super) const OWN: &str = "custom";

/// A rule, as the form shows it.
#[derive(Clone, Debug, Default)]
pub(super) struct RuleRow {
    /// The number in the names of the fields.
    pub(super) at: usize,
    /// The number that people count.
    pub(super) number: usize,
    pub(super) group: String,
    pub(super) roles: Vec<Choice>,
    /// No levels, the presets, and levels of its own.
    pub(super) presets: Vec<Choice>,
    pub(super) ladders: Vec<Ladder>,
    /// Whether the rule has levels of its own.
    pub(super) has_own_levels: bool,
    pub(super) teams: Picker,
    /// What the author is called, and why the rule gives nothing, in words.
    pub(super) note: String,
    pub(super) has_lapsed: bool,
    pub(super) error: Option<String>,
}

/// A role, a preset or a level to choose.
#[derive(Clone, Debug, Default)]
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) name: String,
    pub(super) is_chosen: bool,
    pub(super) is_blocked: bool,
    /// Why it cannot be chosen.
    pub(super) reason: Option<String>,
}

/// The levels of a resource to choose from.
#[derive(Clone, Debug, Default)]
pub(super) struct Ladder {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) levels: Vec<Choice>,
}

/// What a rule gives, as the fields of the form have it.
#[derive(Clone, Debug, Default)]
pub(super) struct RuleValues {
    pub(super) role: Option<String>,
    pub(super) preset: String,
    pub(super) levels: Vec<(String, String)>,
    pub(super) teams: Vec<String>,
    /// What other teams are searched by.
    pub(super) find: String,
}

impl RuleValues {
    /// What a rule that is saved gives.
    pub(super) fn of(rule: &GroupRule) -> RuleValues {
        let (preset, levels) = match &rule.levels {
            Some(GivenLevels::Preset(key)) => (key.clone(), Vec::new()),
            Some(GivenLevels::Own(levels)) => (OWN.to_owned(), levels.clone()),
            None => (String::new(), Vec::new()),
        };
        let teams = rule.teams.iter().map(ToString::to_string).collect();
        RuleValues { role: rule.role.clone(), preset, levels, teams, find: String::new() }
    }

    /// What the rule of a number in a form gives.
    pub(super) fn of_form(form: &Form, at: usize) -> RuleValues {
        let prefix = format!("level.{at}.");
        let levels = form.below(&prefix).filter(|(_, level)| !level.is_empty());
        RuleValues {
            role: form.filled(&format!("role.{at}")).map(str::to_owned),
            preset: form.text(&format!("preset.{at}")).to_owned(),
            levels: levels.map(|(key, level)| (key.to_owned(), level.to_owned())).collect(),
            teams: form.every(&format!("team.{at}")).map(str::to_owned).collect(),
            find: form.text(&format!("find.team.{at}")).to_owned(),
        }
    }

    fn level(&self, resource: &str) -> &str {
        let found = self.levels.iter().find(|(key, _)| key == resource);
        found.map_or("", |(_, level)| level.as_str())
    }
}

/// What the fields of the form can be.
pub(super) struct Choices {
    pub(super) roles: Vec<Choice>,
    presets: Vec<Choice>,
    ladders: Vec<Ladder>,
    teams: Vec<picker::Choice>,
    frame: Frame,
    /// Where the form is shown again with what a search for teams finds.
    again: String,
}

impl Choices {
    pub(super) async fn load(
        ctx: &mut WorkspaceContext,
        frame: &Frame,
        again: String,
    ) -> Result<Choices, Failure> {
        let roles = if ctx.opens(&ReadRoles) || ctx.opens(&ReadMembers) {
            ctx.roles().list().await?
        } else {
            Vec::new()
        };
        let roles = roles.into_iter().filter(|role| !role.is_top).map(|role| Choice {
            value: role.id,
            name: role.name,
            is_chosen: false,
            is_blocked: !role.may_give,
            reason: role.why_not.map(|refusal| refusal::of_refusal(frame.text, &refusal)),
        });
        let teams = match ctx.model().blueprint().teams {
            Some(_) if ctx.opens(&ReadTeams) => ctx.teams().list().await?,
            _ => Vec::new(),
        };
        let teams = teams
            .into_iter()
            .map(|details| (details.team.id.to_string(), details.team.name.to_string()))
            .map(|(value, name)| picker::Choice { value, name, is_chosen: false });
        let (roles, teams) = (roles.collect(), teams.collect());
        let ladders = ladders(ctx, frame);
        let presets = ctx.model().blueprint().presets.iter();
        let presets: Vec<Choice> =
            presets.map(|preset| choice(preset.key.clone(), preset.name.clone())).collect();
        Ok(Choices { roles, presets, ladders, teams, frame: frame.clone(), again })
    }

    /// Whether rules can give levels.
    pub(super) fn gives_levels(&self) -> bool {
        !self.ladders.is_empty()
    }

    /// The choice of the teams of a rule.
    fn teams(&self, at: usize, chosen: &RuleValues) -> Picker {
        let teams = self.teams.iter().map(|team| {
            let is_chosen = chosen.teams.contains(&team.value);
            picker::Choice { is_chosen, ..team.clone() }
        });
        let (id, name) = (format!("team-{at}"), format!("team.{at}"));
        let searched = Form::default().put(&format!("find.{name}"), chosen.find.clone());
        let label = self.frame.with("groups-teams-of", "number", (at + 1).to_string());
        let place = Place::many(Noun::Teams, (&id, &name), label)
            .shown_again(self.again.clone(), "post");
        Picker::of(&self.frame, place, &teams.collect::<Vec<_>>(), &searched)
    }

    /// The row of a rule.
    pub(super) fn row(&self, at: usize, group: &str, chosen: &RuleValues) -> RuleRow {
        let choose = |choices: &[Choice], is_chosen: &dyn Fn(&str) -> bool| {
            let chosen = choices.iter().map(|one| {
                let is_chosen = is_chosen(&one.value);
                // What a rule gives already can stay.
                let is_blocked = one.is_blocked && !is_chosen;
                Choice { is_chosen, is_blocked, ..one.clone() }
            });
            chosen.collect::<Vec<_>>()
        };
        let ladders = self.ladders.iter().map(|ladder| Ladder {
            levels: choose(&ladder.levels, &|value| value == chosen.level(&ladder.key)),
            ..ladder.clone()
        });
        RuleRow {
            at,
            number: at + 1,
            group: group.to_owned(),
            roles: choose(&self.roles, &|value| chosen.role.as_deref() == Some(value)),
            presets: choose(&self.presets, &|value| value == chosen.preset),
            ladders: ladders.collect(),
            has_own_levels: chosen.preset == OWN,
            teams: self.teams(at, chosen),
            ..RuleRow::default()
        }
    }
}

/// The levels of each resource that has some.
fn ladders(ctx: &WorkspaceContext, frame: &Frame) -> Vec<Ladder> {
    let resources = ctx.policy().resources().iter().filter(|one| !one.ladder.is_empty());
    let ladder = |resource: &hallpass_engine::Resource| {
        let none = choice(String::new(), frame.word("scope_none"));
        let levels = resource.ladder.iter();
        let levels = levels.map(|level| choice(level.key.clone(), level.name.clone()));
        Ladder {
            key: resource.key.clone(),
            name: resource.name.clone(),
            levels: std::iter::once(none).chain(levels).collect(),
        }
    };
    resources.map(ladder).collect()
}

fn choice(value: String, name: String) -> Choice {
    Choice { value, name, ..Choice::default() }
}

#[cfg(test)]
impl RuleRow {
    pub(super) fn sample() -> RuleRow {
        let choice = |is_chosen, is_blocked| Choice {
            value: "manager".into(),
            name: "<script>".into(),
            is_chosen,
            is_blocked,
            reason: Some("<script>".to_owned()),
        };
        RuleRow {
            at: 0,
            number: 1,
            group: "<script>".into(),
            roles: vec![choice(true, false), choice(false, true)],
            presets: vec![choice(true, false)],
            ladders: vec![Ladder {
                key: "tickets".into(),
                name: "<script>".into(),
                levels: vec![choice(true, false)],
            }],
            has_own_levels: true,
            teams: Picker::sample(),
            note: "<script>".into(),
            has_lapsed: true,
            error: Some("<script>".into()),
        }
    }
}
