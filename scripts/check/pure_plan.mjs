// What to pull next is worked out from what is passed in, so that every case can be written as a
// table and never depends on the day it is tested.

import { hits, withoutTestsAndComments } from "./repo.mjs";

const impure =
  /\b(SystemTime|Instant|Timestamp::now|Zoned::now|Utc::now|Local::now|now_v7|new_v4|getrandom|fastrand|thread_rng|rand::|std::env|std::fs|tokio::)/;

export default {
  name: "pure_plan",
  about: "no clock, no randomness and no I/O in sync/plan.rs",
  run(repo) {
    const files = repo.files.filter((path) => /^crates\/sync\/src\/plan(\.rs$|\/)/.test(path));
    return {
      problems: files.flatMap((path) =>
        hits(path, withoutTestsAndComments(repo.read(path)), impure).map(
          ({ at, what }) => `${at} uses ${what}: pass it in`,
        ),
      ),
    };
  },
};
