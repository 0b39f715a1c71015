//! Every reader under its corpus and some hundred changed inputs, the same in every run. `cargo dev fuzz` goes on.

use detente_fuzz::hunt::hunt;
use detente_fuzz::readers::Reader;

fn keeps_its_promises(reader: &str, inputs: u64) {
    let reader = Reader::of(reader).expect("there is one");
    let before = reader.corpus().len() as u64;
    if let Err(finding) = hunt(reader, 1, |tried| tried >= before + inputs) {
        panic!("{}: {}\n{}", reader.name, finding.why, finding.input.escape_ascii());
    }
}

macro_rules! readers {
    ($($reader:ident: $inputs:literal;)*) => {
        $(
            #[test]
            fn $reader() {
                keeps_its_promises(stringify!($reader), $inputs);
            }
        )*

        #[test]
        fn none_is_left_out() {
            let tried = [$(stringify!($reader)),*];
            assert_eq!(tried.to_vec(), detente_fuzz::readers::READERS.iter().map(|r| r.name).collect::<Vec<_>>());
        }
    };
}

readers! {
    scenario: 1_500;
    session: 800;
    link: 600;
    run: 300;
    batch: 300;
    effect: 300;
    block: 300;
    sums: 200;
}
