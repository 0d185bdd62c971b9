//! Records: lists, boards, one record, and what changes many of them.

mod act;
mod back;
mod board;
mod candidates;
mod change;
mod chip;
mod column;
mod doable;
mod event;
mod export;
pub(crate) mod filter;
mod filter_change;
mod filter_form;
mod form;
mod hand_over;
mod heading;
mod help;
mod import;
mod input;
pub(crate) mod kind;
mod lines;
pub(crate) mod list;
pub(crate) mod offer;
mod owner_name;
mod page;
mod part;
mod picker;
mod question;
pub(crate) mod reach;
mod refusal;
mod removal;
mod row;
mod selection;
mod step;
mod steps;
pub(crate) mod subject;
mod tab;
mod table;
mod tools;
pub(crate) mod total;
pub(crate) mod value;
pub(crate) mod view_form;
mod viewers;

use hallpass_web::routes::Routes;

#[cfg(test)]
pub(crate) use board::BoardPage;
#[cfg(test)]
pub(crate) use form::FormPage;
#[cfg(test)]
pub(crate) use import::ImportPage;
#[cfg(test)]
pub(crate) use list::ListPage;
#[cfg(test)]
pub(crate) use page::RecordPage;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/records/{entity}", list::show)
        .get("/workspace/{ws}/records/{entity}/new", form::blank)
        .post("/workspace/{ws}/records/{entity}/new", form::create)
        .post("/workspace/{ws}/records/{entity}/export", export::prepare)
        .get("/workspace/{ws}/records/{entity}/import", import::show)
        .post("/workspace/{ws}/records/{entity}/import", import::run)
        .get("/workspace/{ws}/records/{entity}/owners", picker::find)
        .get("/workspace/{ws}/records/{entity}/selection", selection::show)
        .post("/workspace/{ws}/records/{entity}/selection", selection::ask)
        .post("/workspace/{ws}/records/{entity}/selection/{task}", selection::run)
        .get("/workspace/{ws}/records/{entity}/{record}", page::show)
        .get("/workspace/{ws}/records/{entity}/{record}/edit", form::edit)
        .post("/workspace/{ws}/records/{entity}/{record}/edit", form::save)
        .post("/workspace/{ws}/records/{entity}/{record}/stage", step::change)
        .get("/workspace/{ws}/records/{entity}/{record}/reassign", hand_over::ask)
        .post("/workspace/{ws}/records/{entity}/{record}/reassign", hand_over::reassign)
        .get("/workspace/{ws}/records/{entity}/{record}/delete", removal::ask)
        .post("/workspace/{ws}/records/{entity}/{record}/delete", removal::delete)
        .get("/workspace/{ws}/records/{entity}/{record}/actions/{action}", act::ask)
        .post("/workspace/{ws}/records/{entity}/{record}/actions/{action}", act::act)
        .post("/workspace/{ws}/records/{entity}/{record}/share", act::share)
        .get("/w/{ws}/records/{entity}/{record}", act::open)
}
