// Some crates have one place: the window's toolkit in the window, HTTP in the engine, SQLite where
// the two databases are, and where those of others are read. What only tests use is free.

const places = [
  { what: /^(tauri|tauri-.*|wry|tao)$/, where: ["desktop"] },
  { what: /^(reqwest|ureq|hyper-rustls)$/, where: ["sync"] },
  { what: /^rusqlite$/, where: ["mirror", "server-store", "ingest"] },
  { what: /^(refinery|libsqlite3-sys|sqlx|tokio-postgres)$/, where: ["mirror", "server-store"] },
];
const free = ["tests", "bench"];

export default {
  name: "places",
  about: "tauri only in the window, reqwest only in sync, SQLite only in mirror, server-store and ingest",
  run(repo) {
    return { problems: repo.metadata().packages.flatMap(misplaced) };
  },
};

function misplaced({ name, dependencies }) {
  const from = name.replace(/^threadkeep-/, "");
  if (free.includes(from)) return [];
  return dependencies
    .filter((need) => need.kind !== "dev")
    .flatMap((need) =>
      places
        .filter(({ what, where }) => what.test(need.name) && !where.includes(from))
        .map(({ where }) => `${from} depends on ${need.name}, which belongs in ${where.join(" or ")}`),
    );
}
