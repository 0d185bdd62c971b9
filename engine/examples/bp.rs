//! Checks blueprints by hand.
fn main(){ for f in std::env::args().skip(1) { match hallpass_engine::Blueprint::parse(&std::fs::read_to_string(&f).unwrap()) { Ok(b)=>println!("{f}: ok {} resources", b.resources.len()), Err(m)=>println!("{f}:\n{m}") } } }
