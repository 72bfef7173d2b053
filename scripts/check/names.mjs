// A package is called after its folder, so that a name in an error leads to its code.

export default {
  name: "names",
  about: "packages are named threadkeep-<folder>",
  run(repo) {
    const { packages, workspace_root: root } = repo.metadata();
    return {
      problems: packages.flatMap(({ name, manifest_path: manifest }) => {
        const wanted = nameFor(manifest.slice(root.length).replaceAll("\\", "/"));
        return name === wanted ? [] : [`${name} lies where threadkeep wants ${wanted}`];
      }),
    };
  },
};

function nameFor(manifest) {
  const folder = manifest.split("/").at(-2);
  return folder ? `threadkeep-${folder}` : "threadkeep-desktop";
}
