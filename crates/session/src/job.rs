//! Futures to run, what one is that has run, and whoever runs them one by one.

use super::tracks::{Sampler, Track};
use detente_model::scenario::Loaded;
use detente_model::sim::rules::Rules;
use detente_study::futures::accumulate::Summary;
use detente_study::futures::ensemble::{Plan, Worker};
use std::sync::Arc;

/// Futures to run: several arms, each a plan, and an order of (arm, future).
#[derive(Debug)]
pub struct Job {
    /// Rules of every arm: those of the scenario.
    pub rules: Rules,
    /// The scenario, for whoever has none of these rules.
    pub loaded: Arc<Loaded>,
    /// What each arm runs.
    pub arms: Vec<Plan>,
    /// Which futures of which arms, in order.
    pub tasks: Vec<(usize, u64)>,
    /// What is sampled along the way.
    pub tracks: Vec<Track>,
    /// Days between samples; 0 samples nothing.
    pub every: u32,
}

/// One future that has run.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// Arm.
    pub arm: usize,
    /// Number.
    pub future: u64,
    /// How it ended, and its totals.
    pub summary: Summary,
    /// Samples, track by track.
    pub samples: Vec<f32>,
}

/// Who works through tasks.
#[derive(Default)]
pub(crate) struct Hand {
    sampler: Sampler,
}

impl Hand {
    /// Runs the future of a task.
    pub(crate) fn run(&mut self, job: &Job, worker: &mut Worker, task: usize) -> Done {
        let (arm, future) = job.tasks[task];
        let plan = &job.arms[arm];
        let mut samples = Vec::new();
        let summary = if job.every == 0 {
            worker.run_as(plan, future)
        } else {
            let (sampler, rules) = (&mut self.sampler, &job.rules);
            sampler.begin(plan);
            worker.run_watched(plan, future, job.every, |course| {
                sampler.sample(rules, course, &job.tracks, job.every, &mut samples);
            })
        };
        Done { arm, future, summary, samples: by_track(samples, job.tracks.len()) }
    }
}

/// From sample by sample to track by track.
fn by_track(samples: Vec<f32>, tracks: usize) -> Vec<f32> {
    if tracks < 2 {
        return samples;
    }
    let days = samples.len() / tracks;
    (0..samples.len()).map(|i| samples[i % days * tracks + i / days]).collect()
}
