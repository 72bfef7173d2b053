// SQL lives where the tables live. A statement elsewhere would be a second idea of the schema. Somebody else's database
// has its statements in the folder of `ingest` that reads it.

import { hits, shippedRust, withoutTestsAndComments } from "./repo.mjs";

const statement = /\b(SELECT |INSERT (OR \w+ )?INTO|UPDATE \S+ SET|DELETE FROM|CREATE (TABLE|INDEX|TRIGGER|VIEW))/;

export default {
  name: "sql",
  about: "SQL only in mirror, server-store and the readers of others' databases",
  run(repo) {
    const elsewhere = shippedRust(repo).filter((path) => !/^crates\/((mirror|server-store|ingest\/src\/whatsapp_(android|ios))\/|ingest\/src\/database\.rs$)/.test(path));
    return {
      problems: elsewhere.flatMap((path) =>
        hits(path, withoutTestsAndComments(repo.read(path)), statement).map(
          ({ at, what }) => `${at} holds SQL (${what} …)`,
        ),
      ),
    };
  },
};
