//! The tree of departments, numbered so that a subtree is an interval: two compares test for it.

use std::sync::Arc;

use crate::directory::Ids;
use crate::mistake::Mistake;
use crate::workspace::Department;

/// The numbers of a department and those below it: from `first` up to `end`, exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Span {
    first: u32,
    end: u32,
}

/// The departments of a workspace.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    departments: Arc<[Department]>,
    by_id: Arc<Ids>,
    spans: Arc<[Span]>,
    /// The positions of the departments in the order of their numbers.
    order: Arc<[u32]>,
}

impl Tree {
    /// Numbers the departments. The position of a department is its index in the list.
    pub(crate) fn new(departments: &[Department]) -> Result<Tree, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let mut by_id = Ids::default();
        for (index, department) in (0_u32..).zip(departments) {
            if by_id.insert(department.id.clone(), index).is_some() {
                mistakes.push(Mistake::duplicate("department", &department.id));
            }
        }
        let mut below: Vec<Vec<u32>> = vec![Vec::new(); departments.len()];
        let mut roots = Vec::new();
        for (index, department) in (0_u32..).zip(departments) {
            match &department.parent {
                None => roots.push(index),
                Some(parent) => {
                    match by_id.get(parent).and_then(|at| below.get_mut(*at as usize)) {
                        Some(children) => children.push(index),
                        None => mistakes.push(Mistake::unknown("department", parent)),
                    }
                }
            }
        }
        let (spans, order) = number(&roots, &below);
        if mistakes.is_empty() && order.len() < departments.len() {
            let unnumbered = spans.iter().zip(departments).find(|(span, _)| span.end == 0);
            let id = unnumbered.map_or("", |(_, department)| department.id.as_str());
            let message = format!("the department `{id}` is its own ancestor");
            let hint = "departments must form a tree".to_owned();
            mistakes.push(Mistake::unplaced(message, Some(hint)));
        }
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        Ok(Tree {
            departments: departments.into(),
            by_id: Arc::new(by_id),
            spans: spans.into(),
            order: order.into(),
        })
    }

    /// Whether both share one tree. Equal trees that were built separately do not.
    pub(crate) fn is_same(&self, other: &Tree) -> bool {
        Arc::ptr_eq(&self.departments, &other.departments)
    }

    pub(crate) fn departments(&self) -> &[Department] {
        &self.departments
    }

    pub(crate) fn find(&self, id: &str) -> Option<u32> {
        self.by_id.get(id).copied()
    }

    pub(crate) fn id(&self, department: u32) -> &str {
        self.departments.get(department as usize).map_or("", |known| known.id.as_str())
    }

    /// Whether a department is another one or below it.
    #[inline]
    pub(crate) fn is_at_or_below(&self, department: u32, above: u32) -> bool {
        let span = |at: u32| self.spans.get(at as usize);
        match (span(department), span(above)) {
            (Some(this), Some(above)) => above.first <= this.first && this.first < above.end,
            (None | Some(_), None) | (None, Some(_)) => false,
        }
    }

    /// The positions of a department and those below it.
    pub(crate) fn subtree(&self, department: u32) -> &[u32] {
        let span = self.spans.get(department as usize).copied().unwrap_or_default();
        self.order.get(span.first as usize..span.end as usize).unwrap_or(&[])
    }
}

/// Numbers departments in depth-first order, without recursion. Departments in a cycle are not
/// reached from a root and get no number.
fn number(roots: &[u32], below: &[Vec<u32>]) -> (Vec<Span>, Vec<u32>) {
    let mut spans = vec![Span::default(); below.len()];
    let mut order = Vec::with_capacity(below.len());
    let mut open: Vec<(u32, usize)> = Vec::new();
    for root in roots {
        open.push((*root, 0));
        while let Some((department, next)) = open.pop() {
            let at = department as usize;
            let now = u32::try_from(order.len()).unwrap_or(u32::MAX);
            let children = below.get(at).map_or(&[][..], Vec::as_slice);
            let Some(span) = spans.get_mut(at) else { continue };
            if next == 0 {
                span.first = now;
                order.push(department);
            }
            match children.get(next) {
                Some(child) => open.extend([(department, next + 1), (*child, 0)]),
                None => span.end = u32::try_from(order.len()).unwrap_or(u32::MAX),
            }
        }
    }
    (spans, order)
}
