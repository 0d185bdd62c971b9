//! The console: the pages that people open in a browser.
//!
//! A page is: extractor → use case → a struct with exactly what the template shows → template. It calls the
//! use cases of the API and has no right of its own.

#[macro_use]
mod text;

mod acceptance;
mod access_model;
mod account;
mod api_key;
mod audit;
mod billing;
mod blueprint;
mod bulk_job;
mod candidate;
mod comparison;
mod connection;
mod dashboard;
mod deletion;
mod department;
mod dialog;
mod draft;
mod effect;
mod entity;
mod explanation;
mod export_file;
mod failure;
mod failure_page;
mod faults;
mod figure;
mod first_step;
mod flash;
mod form;
mod form_address;
mod format;
mod frame;
mod local_path;
mod matrix;
mod module;
mod new_workspace;
mod once;
mod operator;
mod own_profile;
mod people;
mod person_picture;
mod picker;
mod picture;
mod profile;
mod qr_code;
mod rail;
mod reach;
mod read_only;
mod record;
mod refusal;
mod reply;
mod report;
mod request;
mod review;
mod role;
mod saved_view;
mod search;
mod setting;
mod sign_in;
mod sign_on;
mod source;
mod step_up;
mod submission;
mod team;
mod teams;
mod upload;
mod view;
mod viewer;
mod workspace;

#[cfg(test)]
mod samples;

use std::future::ready;
use std::sync::Arc;

use axum::Router;
use axum::http::Uri;
use axum::middleware::{from_fn, from_fn_with_state};
use hallpass_web::Web;
use hallpass_web::routes::Routes;

/// Every page.
#[must_use]
pub fn routes(web: &Web) -> Routes {
    let pages = Routes::default()
        .merge(dashboard::routes())
        .merge(module::routes())
        .merge(record::routes())
        .merge(report::routes())
        .merge(saved_view::routes())
        .merge(search::routes())
        .merge(acceptance::routes())
        .merge(access_model::routes())
        .merge(account::routes())
        .merge(api_key::routes())
        .merge(audit::routes())
        .merge(billing::routes())
        .merge(bulk_job::routes())
        .merge(deletion::routes())
        .merge(export_file::routes())
        .merge(new_workspace::routes())
        .merge(operator::routes())
        .merge(person_picture::routes())
        .merge(own_profile::routes())
        .merge(setting::routes())
        .merge(connection::routes())
        .merge(sign_in::routes())
        .merge(step_up::routes())
        .merge(sign_on::routes())
        .merge(team::routes())
        .merge(view::routes())
        .merge(workspace::routes());
    let pages = with_access(pages);
    let known = Arc::new(pages.pages());
    pages.wrap(|router| {
        router
            .method_not_allowed_fallback(move |uri: Uri| {
                ready(form_address::refuse(&known, &uri))
            })
            .layer(from_fn_with_state(web.clone(), once::run))
            .layer(from_fn_with_state(web.clone(), failure_page::show))
    })
}

/// Adds the pages about what members may do.
fn with_access(pages: Routes) -> Routes {
    pages
        .merge(comparison::routes())
        .merge(department::routes())
        .merge(entity::routes())
        .merge(explanation::routes())
        .merge(profile::routes())
        .merge(review::routes())
        .merge(role::routes())
        .merge(teams::routes())
        .merge(picker::routes())
}

/// Builds the router of the server: the API and the pages.
pub fn router(web: Web) -> Router {
    let pages = routes(&web);
    hallpass_web::router(web, pages).layer(from_fn(failure_page::show_missing))
}
