//! x
use std::{collections::{BTreeMap, BTreeSet}, sync::Arc};
use regorus::{Engine, Value, languages::rego::compiler::Compiler, rvm::vm::RegoVM};
use crate::{Peer, Question, workload::{Circle, Workload}};

/// x
pub(crate) struct Regorus { vm: RegoVM, inputs: Vec<Value> }

thread_local! { static I: std::cell::RefCell<std::collections::HashMap<String, Value>> = Default::default(); static S: std::cell::RefCell<BTreeSet<Value>> = Default::default(); }
fn share(v: Value) -> Value { S.with(|s| { let mut s = s.borrow_mut(); if let Some(x) = s.get(&v) { x.clone() } else { s.insert(v.clone()); v } }) }
fn text(t: String) -> Value { I.with(|i| i.borrow_mut().entry(t.clone()).or_insert_with(|| Value::from(t)).clone()) }
fn set<'a>(it: impl IntoIterator<Item=&'a Circle>) -> Value {
    share(Value::from(it.into_iter().map(|c| text(if let Circle::Member(m) = c { m.clone() } else { c.to_string() })).collect::<BTreeSet<_>>()))
}
fn object<K: ToString>(it: impl IntoIterator<Item=(K, Value)>) -> Value {
    Value::from(it.into_iter().map(|(k, v)| (text(k.to_string()), v)).collect::<BTreeMap<_, _>>())
}

impl Regorus {
    pub(crate) fn load(w: &Workload) -> Result<Self, String> {
        let file = std::env::var("REGO").unwrap_or("policies/hallpass.rego".into());
        let mut engine = Engine::new();
        engine.add_policy("hallpass.rego".into(), std::fs::read_to_string(file).unwrap()).map_err(|e| e.to_string())?;
        let nested = std::env::var("NESTED").is_ok();
        if std::env::var("PRE").is_ok() { let mut ids: Vec<_> = w.members.iter().map(|m| m.id.clone()).collect(); ids.sort(); for i in ids { text(i); } }
        let mut people: BTreeMap<String, Value> = BTreeMap::new();
        let mut circles: BTreeMap<String, Value> = BTreeMap::new();
        for m in &w.members {
            let mut r: BTreeMap<String, Value> = BTreeMap::new();
            for (c, _) in &m.reach { let e = m.effective(c); if !e.is_empty() { r.insert(c.to_string(), set(&e)); } }
            if nested { r.insert("circles".into(), set(&m.stands_in)); } else { circles.insert(m.id.clone(), set(&m.stands_in)); }
            people.insert(m.id.clone(), object(r));
        }
        let none = set(&[Circle::Everyone, Circle::Unowned]);
        if nested { people.insert(String::new(), object([("circles", none)])); } else { circles.insert(String::new(), none); }
        let data = if nested { object([("members", object(people))]) } else { object([("members", object(people)), ("circles", object(circles))]) };
        let entry: Arc<str> = "data.hallpass.allow".into();
        let policy = engine.compile_with_entrypoint(&entry).map_err(|e| e.to_string())?;
        let program = Compiler::compile_from_policy(&policy, &["data.hallpass.allow"]).map_err(|e| e.to_string())?;
        if std::env::var("DUMP").is_ok() { for i in &program.instructions { eprintln!("{i:?}"); } }
        if std::env::var("DUMP").is_ok() { let j = data.to_json_str().unwrap(); eprintln!("{}", &j[..300.min(j.len())]); for k in data.as_object().unwrap().keys() { eprintln!("{k:?}"); } let m = &data["members"]; eprintln!("{:?}", m.as_object().map(|o| o.len())); eprintln!("{:?}", &data["members"]["m1"]); }
        let mut vm = RegoVM::new();
        vm.load_program(program);
        vm.set_data(data).map_err(|e| e.to_string())?;
        Ok(Self { vm, inputs: vec![] })
    }
}
impl Peer for Regorus {
    fn name(&self) -> &str { "regorus" }
    fn version(&self) -> &str { "x" }
    fn idiom(&self) -> &str { "x" }
    fn prepare(&mut self, questions: &[Question]) -> Result<(), String> {
        self.inputs = questions.iter().map(|q| object([
            ("member", Value::from(q.member.as_str())), ("action", Value::from(q.action.as_str())), ("entity", Value::from(q.entity.as_str())), ("cell", Value::from(format!("{}_{}", q.entity, q.action))),
            ("owner", Value::from(q.owner.clone().unwrap_or_default()))])).collect();
        Ok(())
    }
    fn decide(&mut self, index: usize) -> bool {
        self.vm.set_input(self.inputs[index].clone());
        self.vm.execute().unwrap() == Value::Bool(true)
    }
}
