use detente::sim::{rules::Rules, world::Fate};
use detente::record::{recorder::record, say::sentence, explain::explain, event::EventKind};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let loaded = detente::scenario::load(&a[1]).unwrap_or_else(|e| panic!("{e}"));
    let rules = Rules::new(&loaded);
    let fate = Fate { seed: a[2].parse().unwrap(), future: 0, prior: false };
    let t = std::time::Instant::now();
    let run = record(&rules, fate, &[], loaded.scenario.days, |_| true).unwrap();
    println!("{:?} {:?}", t.elapsed(), run.digest);
    println!("{:?}", run.outcome);
    for (id, e) in &run.events { if e.kind() != EventKind::Fire || a.len() > 4 { println!("{} {:6} {}", rules.date(id.day), id.to_string(), sentence(&rules, e)); } }
    if a.len() > 3 { println!("{}", explain(&rules, fate, &[], a[3].parse().unwrap()).unwrap()); }
}
