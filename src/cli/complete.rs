//! `detente completions` and `detente man`: what shells and readers of manuals are told, made from the definition of the
//! command line.

use super::args::{Cli, Completions, Man};
use super::failure::Failure;
use super::output;
use crate::record::outcome::Headline;
use crate::scenario::{builtin_names, nearest};
use crate::symbols::levers::LEVERS;
use crate::symbols::parameters::ROWS;
use clap::builder::PossibleValuesParser;
use clap::{Command, CommandFactory};
use clap_complete::Shell;
use std::sync::LazyLock;

/// Beginnings of `--set` and of `--param`.
static LEVERS_SET: LazyLock<Vec<String>> = LazyLock::new(|| LEVERS.iter().map(|row| format!("{}=", row.id)).collect());
static PARAMETERS_SET: LazyLock<Vec<String>> =
    LazyLock::new(|| ROWS.iter().map(|row| format!("{}=", row.id)).collect());

pub(super) fn completions(args: &Completions) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut named(Cli::command()), "detente", &mut script);
    if args.shell == Shell::Fish {
        // Its scripts say nothing of what stands without an option.
        let takers = "run batch effect compare rank causes contested claims check parameters window";
        let names = builtin_names().join(" ");
        let line =
            format!("complete -c detente -n \"__fish_seen_subcommand_from {takers}\" -a \"{names}\" -d 'Scenario'\n");
        script.extend(line.into_bytes());
    }
    if args.shell != Shell::Zsh {
        return output::plain(&script);
    }
    // Where names are known zsh would offer nothing else; a scenario can be a file too.
    let script = String::from_utf8_lossy(&script);
    let names = builtin_names().join(" ");
    let both = format!("{{_alternative \"scenarios:scenario:({names})\" \"files:file:_files\"}}");
    output::plain(script.replace(&format!("({names})"), &both).as_bytes())
}

/// The definition with the names that can stand in its places. Only for shells: the program itself takes files there, and
/// values behind the names.
fn named(command: Command) -> Command {
    let scenarios = || PossibleValuesParser::new(builtin_names());
    let levers = || PossibleValuesParser::new(LEVERS_SET.iter().map(String::as_str));
    let parameters = || PossibleValuesParser::new(PARAMETERS_SET.iter().map(String::as_str));
    let outcomes = || {
        let more = ["killed", "deaths", "truce:LEB", "truce:GAZ"];
        PossibleValuesParser::new(Headline::ALL.map(Headline::name).into_iter().chain(more))
    };
    command.mut_subcommands(|command| {
        command.mut_args(|arg| match arg.get_id().as_str() {
            "scenario" | "scenarios" => arg.value_parser(scenarios()),
            "set" => arg.value_parser(levers()),
            "param" => arg.value_parser(parameters()),
            "outcome" => arg.value_parser(outcomes()),
            _ => arg,
        })
    })
}

pub(super) fn man(args: &Man) -> Result<(), Failure> {
    let mut whole = Cli::command();
    whole.build();
    let (page, title) = match &args.command {
        None => (whole, "detente".to_owned()),
        Some(name) => match whole.find_subcommand(name) {
            // The page of a command is called detente-COMMAND, as others are.
            Some(command) => (command.clone(), format!("detente-{name}")),
            None => {
                let names: Vec<&str> = whole.get_subcommands().map(Command::get_name).collect();
                let help = match nearest(name, names.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("there are {}", names.join(", ")),
                };
                return Err(Failure::refused(format!("there is no command `{name}`; {help}")));
            }
        },
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page)
        .title(title)
        .render(&mut text)
        .map_err(|error| Failure::refused(format!("cannot make the page: {error}")))?;
    output::plain(&text)
}
