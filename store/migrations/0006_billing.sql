-- What a workspace pays for, and how. Of a card only what people know it by is kept.
CREATE TABLE billing (
    workspace_id {id} NOT NULL,
    plan {text},
    state {text} NOT NULL,
    renews_at BIGINT,
    company {text} NOT NULL,
    address {text} NOT NULL,
    vat {text} NOT NULL,
    card_brand {text},
    card_last4 {text},
    card_year BIGINT,
    card_month BIGINT,
    told_at BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace_id)
) {clustered};

CREATE TABLE invoices (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    external {text} NOT NULL,
    number {text} NOT NULL,
    amount BIGINT NOT NULL,
    currency {text} NOT NULL,
    state {text} NOT NULL,
    issued_at BIGINT NOT NULL,
    due_at BIGINT,
    paid_at BIGINT,
    link {text},
    PRIMARY KEY (workspace_id, id)
) {clustered};

CREATE UNIQUE INDEX invoices_external ON invoices (workspace_id, external);

-- Whose customer is which workspace, as whoever takes the money knows them.
CREATE TABLE customers (
    id {text} NOT NULL PRIMARY KEY,
    workspace_id {id} NOT NULL
);

-- The messages that were taken, so that none is taken twice.
CREATE TABLE payment_messages (
    id {text} NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL
);
