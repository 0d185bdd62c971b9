//! The regorus engine, in its fastest form here: a program for its virtual machine, over sets.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};

use regorus::{Engine, Value, languages::rego::compiler::Compiler, rvm::vm::RegoVM};

use crate::{
    measure::now,
    peer::{Peer, Question, pinned_version},
    workload::{Member, Reach, UNOWNED, Workload},
};

const EVERYONE: &str = "everyone";
const RULE: &str = "data.hallpass.allow";

/// The virtual machine, with its program and data loaded.
pub(crate) struct Regorus {
    machine: RegoVM,
    inputs: Vec<Value>,
    loading: Duration,
}

impl Regorus {
    /// Compiles the policy and loads the members.
    pub(crate) fn load(workload: &Workload) -> Result<Self, String> {
        let start = now();
        let mut engine = Engine::new();
        let text = include_str!("../policies/hallpass.rego").to_owned();
        engine.add_policy("hallpass.rego".to_owned(), text).map_err(|e| e.to_string())?;
        let policy = engine.compile_with_entrypoint(&RULE.into()).map_err(|e| e.to_string())?;
        let program = Compiler::compile_from_policy(&policy, &[RULE]);
        let mut machine = RegoVM::new();
        machine.load_program(program.map_err(|error| error.to_string())?);
        machine.set_data(data(workload)).map_err(|error| error.to_string())?;
        Ok(Self { machine, inputs: Vec::new(), loading: start.elapsed() })
    }
}

impl Peer for Regorus {
    fn name(&self) -> &'static str {
        "regorus"
    }

    fn version(&self) -> &'static str {
        pinned_version("regorus")
    }

    fn idiom(&self) -> &'static str {
        "compiled for its virtual machine, reach and owner groups as sets, prebuilt input values"
    }

    fn loading(&self) -> Duration {
        self.loading
    }

    fn prepare(&mut self, questions: &[Question]) -> Result<(), String> {
        self.inputs = questions.iter().map(input).collect();
        Ok(())
    }

    fn decide(&mut self, index: usize) -> bool {
        let Some(input) = self.inputs.get(index) else { return false };
        self.machine.set_input(input.clone());
        self.machine.execute().is_ok_and(|answer| answer == Value::Bool(true))
    }
}

fn input(question: &Question) -> Value {
    let owner = question.owner.as_deref().unwrap_or(UNOWNED);
    Value::from(BTreeMap::from([
        (Value::from("member"), Value::from(question.member.as_str())),
        (Value::from("cell"), Value::from(question.cell().to_string())),
        (Value::from("owner"), Value::from(owner)),
    ]))
}

/// The data document: the groups that each owner is in, and those that each member reaches in a cell.
fn data(workload: &Workload) -> Value {
    let mut texts = Texts::default();
    // The ids come first and in order: side by side in memory they are found faster.
    let mut members: Vec<&Member> = workload.members.iter().collect();
    members.sort_by_key(|member| &member.id);
    let ids: Vec<Value> = members.iter().map(|member| texts.share(&member.id)).collect();
    let all = || ids.iter().cloned().zip(&members);
    let unowned = texts.set([EVERYONE.to_owned(), UNOWNED.to_owned()]);
    let groups = all().map(|(id, member)| (id, groups_of(&mut texts, member)));
    let groups = groups.chain([(Value::from(UNOWNED), unowned)]).collect::<BTreeMap<_, _>>();
    let reach = all().map(|(id, member)| (id, cells(&mut texts, member)));
    let reach = reach.collect::<BTreeMap<_, _>>();
    Value::from(BTreeMap::from([
        (Value::from("groups"), Value::from(groups)),
        (Value::from("reach"), Value::from(reach)),
    ]))
}

fn cells(texts: &mut Texts, member: &Member) -> Value {
    let cells = member
        .reach
        .iter()
        .map(|(cell, reach)| (texts.share(&cell.to_string()), reaches(texts, member, reach)));
    Value::from(cells.collect::<BTreeMap<_, _>>())
}

fn groups_of(texts: &mut Texts, member: &Member) -> Value {
    let groups = member.groups.iter().map(ToString::to_string);
    let always = [EVERYONE.to_owned(), member.id.clone()];
    texts.set(groups.chain(always))
}

fn reaches(texts: &mut Texts, member: &Member, reach: &Reach) -> Value {
    if reach.everyone {
        return texts.set([EVERYONE.to_owned()]);
    }
    let own = reach.own.then(|| member.id.clone());
    texts.set(reach.groups.iter().map(ToString::to_string).chain(own))
}

/// Texts that occur many times in the data, each stored once.
#[derive(Default)]
struct Texts(HashMap<String, Value>);

impl Texts {
    fn share(&mut self, text: &str) -> Value {
        let known = self.0.entry(text.to_owned());
        known.or_insert_with(|| Value::from(text)).clone()
    }

    fn set(&mut self, texts: impl IntoIterator<Item = String>) -> Value {
        let members = texts.into_iter().map(|text| self.share(&text));
        Value::from(members.collect::<BTreeSet<Value>>())
    }
}
