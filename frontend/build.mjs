// Makes app/static/js/samen.js, one file. `make assets` runs this; what it makes is committed.
import { build } from "esbuild";
import { readFileSync, writeFileSync, mkdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../app/static/vendor/samen");
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const result = await build({
  entryPoints: [join(here, "src/samen.js")],
  bundle: true, minify: true, format: "iife", target: "es2020", charset: "utf8", legalComments: "none",
  outfile: join(target, "samen.js"), metafile: true, logLevel: "info",
});
// Only what is really in the file, each with its licence.
const names = [...new Set(Object.keys(result.metafile.inputs).map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]).filter(Boolean))].sort();
const parts = names.map((name) => {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return { name, version, license, text: readFileSync(join(folder, "LICENSE"), "utf8").trim() };
});
writeFileSync(join(target, "LICENSES.txt"), parts.map(({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text}\n`).join(`\n${"-".repeat(80)}\n\n`));
writeFileSync(join(target, "packages.json"), `${JSON.stringify(parts.map(({ name, version, license }) => ({ name, version, license })), null, 1)}\n`);
