//! Workers of the page: hands that run futures beside it. Each is the same program in a place without a window, with a memory of its own;
//! what goes to and fro is bytes ([`away`]). Where a browser has none, or none answers, futures run between frames as ever.

use super::alarm::wake;
use detente_session::ahead::exchange;
use detente_session::away::{self, Bench, Order, Post};
use js_sys::{Array, Uint8Array, Uint32Array};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, Worker, WorkerOptions, WorkerType};

/// Most of them: with so many a set of 256 futures takes a tenth of a second, and each has a memory of its own.
const MOST: usize = 4;

/// Kinds of orders on their way.
const SCENARIO: f64 = 0.0;
const JOB: f64 = 1.0;
const TASKS: f64 = 2.0;
const FORGET: f64 = 3.0;

/// The workers, by number.
struct Workers(Vec<Worker>);

impl Post for Workers {
    fn hands(&self) -> usize {
        self.0.len()
    }

    fn send(&self, hand: usize, order: Order<'_>) {
        let (kind, job, bytes): (f64, u64, JsValue) = match order {
            Order::Scenario(bytes) => (SCENARIO, 0, Uint8Array::from(bytes).into()),
            Order::Job(job, bytes) => (JOB, job, Uint8Array::from(bytes).into()),
            Order::Tasks(job, tasks) => (TASKS, job, Uint32Array::from(tasks).into()),
            Order::Forget(job) => (FORGET, job, JsValue::NULL),
        };
        let order = Array::of3(&kind.into(), &(job as f64).into(), &bytes);
        if self.0[hand].post_message(&order).is_err() {
            LOST.with_borrow_mut(|lost| lost.push(hand));
        }
    }
}

thread_local! {
    /// Hands that could not be told of something.
    static LOST: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// Starts workers, one fewer than there are cores, and at least one: the page's own thread has enough to draw. They are given work once
/// all of them are ready.
pub(super) fn hire() {
    let Some(window) = web_sys::window() else { return };
    let canvas = window.document().and_then(|document| document.get_element_by_id("studio"));
    let Some(address) = canvas.and_then(|canvas| canvas.get_attribute("data-hands")) else { return };
    let cores = window.navigator().hardware_concurrency() as usize;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let hired: Vec<Worker> = (0..cores.saturating_sub(1).clamp(1, MOST))
        .filter_map(|_| Worker::new_with_options(&address, &options).ok())
        .collect();
    let all = Rc::new(Workers(hired));
    let ready = Rc::new(RefCell::new(0));
    for (hand, worker) in all.0.iter().enumerate() {
        let (workers, ready) = (all.clone(), ready.clone());
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |said: MessageEvent| {
            let Ok(answer) = said.data().dyn_into::<Array>() else {
                *ready.borrow_mut() += 1;
                if *ready.borrow() == workers.hands() {
                    away::open(workers.clone());
                }
                return;
            };
            let job = answer.get(0).as_f64().unwrap_or_default() as u64;
            away::came(hand, job, Uint8Array::new(&answer.get(1)).to_vec());
            go_on();
        });
        let ended = Closure::<dyn FnMut()>::new(move || {
            away::lost(hand);
            go_on();
        });
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        worker.set_onerror(Some(ended.as_ref().unchecked_ref()));
        // They live as long as the page.
        heard.forget();
        ended.forget();
        // The code that runs here, compiled: nothing is loaded or compiled again. One that refuses it is never ready.
        let _ = worker.post_message(&wasm_bindgen::module());
    }
}

/// Takes in what has come and gives out more; what is worth a look is shown at once.
fn go_on() {
    let worth = exchange();
    let lost = LOST.take();
    lost.iter().copied().for_each(away::lost);
    if worth || !lost.is_empty() {
        wake();
    }
}

/// The program as a worker runs it.
pub(super) fn serve(scope: &DedicatedWorkerGlobalScope) {
    let mut bench = Bench::default();
    let me = scope.clone();
    let told = Closure::<dyn FnMut(MessageEvent)>::new(move |order: MessageEvent| {
        let order: Array = order.data().unchecked_into();
        let job = order.get(1).as_f64().unwrap_or_default();
        let number = job as u64;
        let bytes = || Uint8Array::new(&order.get(2)).to_vec();
        match order.get(0).as_f64() {
            Some(SCENARIO) => bench.scenario(&bytes()),
            Some(JOB) => bench.job(number, &bytes()),
            Some(TASKS) => {
                let tasks = Uint32Array::new(&order.get(2)).to_vec();
                let answer = Uint8Array::from(&bench.tasks(number, &tasks)[..]);
                let moved = Array::of1(&answer.buffer());
                // Nobody listens where the page is gone.
                let _ = me.post_message_with_transfer(&Array::of2(&job.into(), &answer), &moved);
            }
            _ => bench.forget(number),
        }
    });
    scope.set_onmessage(Some(told.as_ref().unchecked_ref()));
    // It lives as long as the worker.
    told.forget();
    // Ready.
    let _ = scope.post_message(&JsValue::NULL);
}
