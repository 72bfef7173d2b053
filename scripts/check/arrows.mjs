// Arrows between packages point down only. The table is the picture of the architecture; tests may
// look at anything but the window, and a dev-dependency may point up.

const allowed = {
  desktop: ["app"],
  app: ["content", "home", "ingest", "mirror", "protocol", "server", "server-store", "sync"],
  cli: ["app", "home"],
  sync: ["content", "mirror", "protocol"],
  mirror: ["protocol"],
  ingest: ["protocol"],
  server: ["content", "home", "ingest", "protocol", "server-store", "snapshot"],
  snapshot: ["mirror", "protocol"],
  "server-store": ["protocol"],
  content: [],
  home: [],
  protocol: [],
};
const seesAllButTheWindow = ["tests", "bench"];

export default {
  name: "arrows",
  about: "dependencies between our packages point down only",
  run(repo) {
    return { problems: repo.metadata().packages.flatMap(wrongArrows) };
  },
};

function wrongArrows({ name, dependencies }) {
  const from = name.replace(/^threadkeep-/, "");
  const targets = dependencies
    .filter((need) => need.name.startsWith("threadkeep-") && need.kind !== "dev")
    .map((need) => need.name.replace(/^threadkeep-/, ""));
  if (seesAllButTheWindow.includes(from)) {
    return targets.filter((to) => to === "desktop").map(() => `${from} must not link the window`);
  }
  if (!allowed[from]) {
    return [`package ${name} is not in the table of scripts/check/arrows.mjs: say what it may use`];
  }
  return targets
    .filter((to) => !allowed[from].includes(to))
    .map((to) => `${from} → ${to} is no arrow of the architecture`);
}
