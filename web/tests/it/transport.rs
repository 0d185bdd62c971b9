//! Headers of every route: those of the transport, of the rate limit, and of sign-out; and requests from
//! elsewhere, which no route accepts.

mod elsewhere;
mod fixation;
mod headers;
mod limit;
mod routes;
mod sign_out;
