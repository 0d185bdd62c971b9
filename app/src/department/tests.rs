//! The sizes of departments, with those below: as counted one by one.

use hallpass_domain::department::Department;
use hallpass_domain::id::DepartmentId;
use hallpass_domain::name::Name;
use uuid::Uuid;

use super::{is_at_or_below, sizes};

fn id(number: u64) -> DepartmentId {
    Uuid::from_u128(u128::from(number) + 1).into()
}

fn tree(parents: &[Option<u64>]) -> Vec<Department> {
    let department = |(number, parent): (u64, &Option<u64>)| Department {
        id: id(number),
        name: Name::parse(&format!("D {number}")).unwrap(),
        parent: parent.map(id),
        manager: None,
        version: 1,
    };
    (0..).zip(parents).map(department).collect()
}

/// The members of a department, by its id.
fn own(of: DepartmentId) -> usize {
    usize::try_from(of.0.as_u128() % 5).unwrap()
}

#[test]
fn the_size_with_those_below_is_the_sum_of_every_department_at_or_below() {
    // Each department is below an earlier one, which pseudo-random numbers choose.
    let mut state = 7_u64;
    for count in [0, 1, 2, 9, 40] {
        let parents: Vec<Option<u64>> = (0..count)
            .map(|number| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let choice = (state >> 33) % (number + 1);
                (choice < number).then_some(choice)
            })
            .collect();
        let tree = tree(&parents);

        let sizes = sizes(&tree, own);

        assert_eq!(sizes.len(), tree.len());
        for one in &tree {
            let below =
                tree.iter().filter(|other| is_at_or_below(&tree, Some(other.id), one.id));
            let all = below.map(|other| own(other.id)).sum();
            assert_eq!(sizes[&one.id], (own(one.id), all), "{parents:?}");
        }
    }
}

#[test]
fn a_damaged_tree_ends_somewhere() {
    let sizes = sizes(&tree(&[Some(1), Some(0), Some(9)]), own);

    assert_eq!(sizes[&id(2)], (own(id(2)), own(id(2))), "its parent does not exist");
    assert!(sizes[&id(0)].1 >= own(id(0)) + own(id(1)), "of a cycle each is counted");
}
