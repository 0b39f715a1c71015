use detente::sim::{rules::Rules, world::{Simulation, Fate}};
use detente::record::probe::Silent;
fn main() {
    let name = std::env::args().nth(1).unwrap_or("november-2024".into());
    let loaded = detente::scenario::load(&name).unwrap_or_else(|e| panic!("{e}"));
    let rules = Rules::new(&loaded);
    let n: u64 = std::env::args().nth(2).map_or(2000, |s| s.parse().unwrap());
    let prior = std::env::args().nth(3).is_some();
    let mut sim: Simulation<Silent> = Simulation::new(&rules, Fate { seed: 1, future: 0, prior }, vec![]);
    let t = std::time::Instant::now();
    let days = rules.frame.days;
    let mut ev = vec![0u64; rules.streams.len()];
    let mut de = vec![0u64; rules.streams.len()];
    let (mut reg, mut con, mut salvos, mut isal, mut war, mut hits, mut rounds, mut blows) = (0, 0, 0, 0, 0, 0, 0, 0);
    let mut signed = vec![0; rules.tables.len()]; let mut inforce = vec![0; rules.tables.len()]; let mut s30 = vec![0; rules.tables.len()];
    for f in 0..n {
        sim.begin(Fate { seed: 1, future: f, prior }, vec![]);
        sim.run(days);
        let t = sim.tally();
        for i in 0..ev.len() { ev[i] += t.events[i]; de[i] += t.deaths[i]; }
        reg += t.regional_since.is_some() as u32; con += t.contained_since.is_some() as u32;
        let l = rules.ledger("IRN|ISR").unwrap(); salvos += t.exchanges[l].salvos; hits += t.exchanges[l].hits; rounds += t.exchanges[l].rounds;
        isal += t.exchanges[rules.ledger("ISR|IRN").unwrap()].air_strikes; war += (t.war_days > 0) as u32; blows += t.blows;
        for tb in 0..signed.len() { signed[tb] += t.spells.iter().any(|s| s.table as usize == tb) as u32;
            s30[tb] += t.spells.iter().any(|s| s.table as usize == tb && s.signed < 30) as u32;
            inforce[tb] += t.spells.iter().any(|s| s.table as usize == tb && s.ended.is_none()) as u32; }
    }
    let el = t.elapsed().as_secs_f64();
    println!("{n} runs {days} days {el:.2}s {:.0} scenario-days/s", n as f64 * days as f64 / el);
    for (i, s) in rules.streams.iter().enumerate() { println!("{:10} {:.3}/d deaths {:.3}/d start exc {:.2}", s.id.text, ev[i] as f64 / n as f64 / days as f64, de[i] as f64 / n as f64 / days as f64, s.start_excitation); }
    let p = |x: u32| x as f64 / n as f64;
    println!("regional {} contained {} salvos {} rounds {} hits {} isr strikes {} war {} blows {}", p(reg), p(con), p(salvos), p(rounds), p(hits), p(isal), p(war), p(blows));
    for (i, t) in rules.tables.iter().enumerate() { println!("{} signed {} by30 {} inforce {}", t.id.text, p(signed[i]), p(s30[i]), p(inforce[i])); }
}
