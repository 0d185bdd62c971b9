//! When a change of address is agreed.

use super::*;

#[test]
fn both_mailboxes_agree_unless_the_present_one_was_never_confirmed() {
    let email = Email::parse("anna@example.com").unwrap();
    for (was_confirmed, is_allowed, is_confirmed, is_agreed) in [
        (true, false, false, false),
        (true, true, false, false),
        (true, false, true, false),
        (true, true, true, true),
        (false, false, false, false),
        (false, false, true, true),
    ] {
        let new =
            AddressChange::new(AccountId(uuid::Uuid::nil()), email.clone(), was_confirmed);
        let is_allowed = new.is_allowed || is_allowed;
        let change = AddressChange { is_allowed, is_confirmed, ..new };
        assert_eq!(change.is_agreed(), is_agreed, "{change:?}");
        assert_eq!(change.has_agreed(Mailbox::Present), is_allowed);
        assert_eq!(change.has_agreed(Mailbox::New), is_confirmed);
    }
}
