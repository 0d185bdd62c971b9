//! x
use std::time::Instant;
fn main() {
    let folder = std::env::args().nth(1).unwrap();
    let path = std::path::Path::new(&folder);
    let mut qs = hallpass_peers::load_questions(path).unwrap();
    qs.truncate(20000);
    let t = Instant::now();
    for p in hallpass_peers::peers(path).unwrap().iter_mut() {
        let load = t.elapsed();
        p.prepare(&qs).unwrap();
        let wrong = qs.iter().enumerate().filter(|(i, q)| p.decide(*i) != q.expect).count();
        let mut best = u64::MAX; let mut times: Vec<u64> = vec![];
        for _ in 0..10 { times.clear(); for i in 0..qs.len() { let t = Instant::now(); std::hint::black_box(p.decide(i)); times.push(t.elapsed().as_nanos() as u64); }
        times.sort(); best = best.min(times[times.len()/2]); }
        println!("{} {} load {:?} wrong {} p50 {} p99 {}", p.name(), p.idiom(), load, wrong, best, times[times.len()*99/100]);
    }
}
