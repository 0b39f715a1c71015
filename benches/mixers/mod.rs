//! The candidates among which the mixer of `detente::chance` was chosen, each as a keyed draw `word(key, k)`.
//!
//! Shared by the bench (their speed) and the `mixer_quality` and `draw_sequence` examples (their statistics). Nothing
//! of this is part of the model.

/// A candidate: how a day's key and an index become a word, and how keys are narrowed.
#[derive(Clone, Copy)]
pub struct Candidate {
    /// Name in tables and on the command line.
    pub name: &'static str,
    /// The `k`-th word under a key.
    pub word: fn(u64, u64) -> u64,
    /// The bijection behind `word`, where there is one: judged on raw counters, without a key before it.
    pub bijection: Option<fn(u64) -> u64>,
}

/// Weyl step between neighbouring indices, as in `detente::chance`.
const STEP: u64 = 0xD1B5_4A32_D192_ED03;

/// Every candidate; `rrmxmx` was chosen.
pub const CANDIDATES: [Candidate; 8] = [
    Candidate { name: "moremur", word: |key, k| moremur(weyl(key, k)), bijection: Some(moremur) },
    Candidate { name: "mix13", word: |key, k| mix13(weyl(key, k)), bijection: Some(mix13) },
    Candidate { name: "rrmxmx", word: |key, k| rrmxmx(weyl(key, k)), bijection: Some(rrmxmx) },
    Candidate { name: "nasam", word: |key, k| nasam(weyl(key, k)), bijection: Some(nasam) },
    Candidate { name: "mx3", word: |key, k| mx3(weyl(key, k)), bijection: Some(mx3) },
    Candidate { name: "moremur-twice", word: |key, k| moremur_twice(weyl(key, k)), bijection: Some(moremur_twice) },
    Candidate { name: "squares64", word: squares64, bijection: None },
    Candidate { name: "philox4x32-10", word: philox4x32, bijection: None },
];

#[inline(always)]
const fn weyl(key: u64, k: u64) -> u64 {
    key.wrapping_add(k.wrapping_mul(STEP))
}

/// Pelle Evensen 2019, "moremur": the shape of Murmur3's finaliser with better constants.
#[inline(always)]
pub const fn moremur(mut x: u64) -> u64 {
    x ^= x >> 27;
    x = x.wrapping_mul(0x3C79_AC49_2BA7_B653);
    x ^= x >> 33;
    x = x.wrapping_mul(0x1C69_B3F7_4AC4_AE35);
    x ^ (x >> 27)
}

/// David Stafford 2011, variant 13: the finaliser of SplitMix64.
#[inline(always)]
pub const fn mix13(mut x: u64) -> u64 {
    x ^= x >> 30;
    x = x.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x ^= x >> 27;
    x = x.wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// Pelle Evensen 2018.
#[inline(always)]
pub const fn rrmxmx(mut x: u64) -> u64 {
    x ^= x.rotate_right(49) ^ x.rotate_right(24);
    x = x.wrapping_mul(0x9FB2_1C65_1E98_DF25);
    x ^= x >> 28;
    x = x.wrapping_mul(0x9FB2_1C65_1E98_DF25);
    x ^ (x >> 28)
}

/// Pelle Evensen 2020.
#[inline(always)]
pub const fn nasam(mut x: u64) -> u64 {
    x ^= x.rotate_right(25) ^ x.rotate_right(47);
    x = x.wrapping_mul(0x9E6C_63D0_676A_9A99);
    x ^= (x >> 23) ^ (x >> 51);
    x = x.wrapping_mul(0x9E6D_62D0_6F6A_9A9B);
    x ^ (x >> 23) ^ (x >> 51)
}

/// Jon Maiga 2020, revision 2: three multiplications.
#[inline(always)]
pub const fn mx3(mut x: u64) -> u64 {
    x ^= x >> 32;
    x = x.wrapping_mul(0xBEA2_25F9_EB34_556D);
    x ^= x >> 29;
    x = x.wrapping_mul(0xBEA2_25F9_EB34_556D);
    x ^= x >> 32;
    x = x.wrapping_mul(0xBEA2_25F9_EB34_556D);
    x ^ (x >> 29)
}

/// Moremur applied twice with a constant between.
#[inline(always)]
pub const fn moremur_twice(x: u64) -> u64 {
    moremur(moremur(x) ^ STEP)
}

/// Bernard Widynski 2020: five rounds of squaring under an odd key.
#[inline(always)]
pub const fn squares64(key: u64, k: u64) -> u64 {
    let key = key | 1;
    let mut x = k.wrapping_mul(key);
    let y = x;
    let z = y.wrapping_add(key);
    x = x.wrapping_mul(x).wrapping_add(y).rotate_right(32);
    x = x.wrapping_mul(x).wrapping_add(z).rotate_right(32);
    x = x.wrapping_mul(x).wrapping_add(y).rotate_right(32);
    let t = x.wrapping_mul(x).wrapping_add(z);
    x = t.rotate_right(32);
    t ^ (x.wrapping_mul(x).wrapping_add(y) >> 32)
}

/// Salmon et al. 2011, ten rounds; the first two of the four output words.
#[inline(always)]
pub const fn philox4x32(key: u64, k: u64) -> u64 {
    let (mut key0, mut key1) = (key as u32, (key >> 32) as u32);
    let (mut c0, mut c1, mut c2, mut c3) = (k as u32, (k >> 32) as u32, 0_u32, 0_u32);
    let mut round = 0;
    while round < 10 {
        let p0 = (c0 as u64) * 0xD251_1F53;
        let p1 = (c2 as u64) * 0xCD9E_8D57;
        (c0, c1, c2, c3) = ((p1 >> 32) as u32 ^ c1 ^ key0, p1 as u32, (p0 >> 32) as u32 ^ c3 ^ key1, p0 as u32);
        key0 = key0.wrapping_add(0x9E37_79B9);
        key1 = key1.wrapping_add(0xBB67_AE85);
        round += 1;
    }
    ((c1 as u64) << 32) | c0 as u64
}
