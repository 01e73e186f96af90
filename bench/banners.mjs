// banners.mjs measures the consent banners alone, on an empty database. It needs a release build and what
// scripts/setup-bench.sh installs. It ends with 1 when a goal is missed.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { banners } from "./lib/banners.mjs";
import { bannerGoals, bannerReport, goalsReport } from "./lib/report.mjs";
import { serve } from "./lib/server.mjs";

const target = process.env.BALISE_TARGET ?? fileURLToPath(new URL("../target", import.meta.url));
mkdirSync(join(target, "bench"), { recursive: true });
const data = mkdtempSync(join(target, "bench", "run-"));
process.on("exit", () => rmSync(data, { recursive: true, force: true }));

const server = await serve({ data, env: {} });
const measured = await banners(server.url);
await server.stop();
const goals = bannerGoals(measured);
console.log(`${goalsReport(goals)}\n\n${bannerReport(measured)}`);
process.exit(goals.every((goal) => goal.met) ? 0 : 1);
