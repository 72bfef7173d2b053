// SQL lives where the tables live. A statement elsewhere would be a second idea of the schema.

import { hits, shippedRust, withoutTestsAndComments } from "./repo.mjs";

const statement = /\b(SELECT |INSERT (OR \w+ )?INTO|UPDATE \S+ SET|DELETE FROM|CREATE (TABLE|INDEX|TRIGGER|VIEW))/;

export default {
  name: "sql",
  about: "SQL only in mirror and server-store",
  run(repo) {
    const elsewhere = shippedRust(repo).filter((path) => !/^crates\/(mirror|server-store)\//.test(path));
    return {
      problems: elsewhere.flatMap((path) =>
        hits(path, withoutTestsAndComments(repo.read(path)), statement).map(
          ({ at, what }) => `${at} holds SQL (${what} …)`,
        ),
      ),
    };
  },
};
