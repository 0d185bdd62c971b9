-- In which state a cancelled subscription continues, and the payment provider's id of it.
ALTER TABLE billing ADD COLUMN resumes {text};
ALTER TABLE billing ADD COLUMN subscription {text};

-- The customer of each payment, because a dispute names only the payment.
CREATE TABLE payment_references (
    id {text} NOT NULL PRIMARY KEY,
    customer {text} NOT NULL,
    at BIGINT NOT NULL
);

-- Events that wait until their customer has a workspace that can be entered: it is not known yet, or
-- the workspace is deleted and can be restored.
CREATE TABLE held_events (
    id {text} NOT NULL PRIMARY KEY,
    customer {text} NOT NULL,
    checkout_of {id},
    created_at BIGINT NOT NULL,
    at BIGINT NOT NULL,
    body {text} NOT NULL
);

CREATE INDEX held_events_customer ON held_events (customer);
