//! Signing in and out: the password, the second factor, or a passkey.

mod code;
mod complete;
mod next;
mod page;
mod passkey;
mod session;
mod way;

use hallpass_web::routes::Routes;

#[cfg(test)]
pub(crate) use code::CodePage;
pub(crate) use next::code_path;
#[cfg(test)]
pub(crate) use page::SignInPage;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/sign-in", page::show)
        .post("/sign-in", page::sign_in)
        .get("/sign-in/code", code::show)
        .post("/sign-in/code", code::check)
        .post("/sign-in/passkey", passkey::sign_in)
        .post("/sign-out", page::sign_out)
        .get("/session", session::lasts)
}
