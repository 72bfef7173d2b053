// What must never creep into the window's configuration: a switch that is called dangerous, a policy
// that lets a message run, the whole API on a global.

export default {
  name: "configuration",
  about: "nothing dangerous in tauri.conf.json, and a policy without unsafe-*",
  run(repo) {
    const text = repo.read("tauri.conf.json");
    const { app } = JSON.parse(text);
    const policies = [app.security?.csp, app.security?.devCsp].filter(Boolean);
    const problems = [...text.matchAll(/"(dangerous\w*)"/g)].map(([, key]) => `tauri.conf.json has ${key}`);
    if (!app.security?.csp) problems.push("tauri.conf.json has no content security policy");
    if (/unsafe-/.test(JSON.stringify(policies))) problems.push("the content security policy has unsafe-*");
    if (/frame-src/.test(JSON.stringify(policies))) {
      problems.push("the content security policy has frame-src, which cuts the isolation frame off");
    }
    if (app.withGlobalTauri) problems.push("tauri.conf.json puts the API on a global (withGlobalTauri)");
    return { problems };
  },
};
