// Compares what was measured with the goals, and writes the report.

/** A number in a form that people read. */
export const short = (value, digits = 0) => value.toLocaleString("en-GB", { maximumFractionDigits: digits, minimumFractionDigits: digits });
const percent = (value) => `${short(value * 100, value < 0.2 ? 1 : 0)} %`;
const speed = (value) => `${short(value / 1e6)} MB/s`;

/** Columns of text under their heads; the first is aligned to the left, the others to the right. */
export function table(head, rows) {
  const all = [head, ...rows].map((row) => row.map((cell) => cell ?? "–"));
  const widths = head.map((_, column) => Math.max(...all.map((row) => [...row[column]].length)));
  const line = (row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join("  ");
  return [line(all[0]), widths.map((width) => "─".repeat(width)).join("  "), ...all.slice(1).map(line)].join("\n");
}

/** The goals: the name, the measured value, the wanted value, and whether it is met. */
export function goals({ sizes, small, large, startup, resident, documents, banners, retention }) {
  const found = [];
  const atLeast = (name, value, wanted) => found.push({ name, value: percent(value), wanted: `≥ ${percent(wanted)}`, met: value >= wanted });
  const atMost = (name, value, wanted, unit) => found.push({ name, value: `${short(value)} ${unit}`, wanted: `≤ ${wanted} ${unit}`, met: value <= wanted });
  const ratio = (page) => small.pages[page].requests / small.pages["/sante"].requests;

  atLeast("home, of /sante", ratio("home"), 0.12);
  atLeast("youth dashboard, of /sante", ratio("youth dashboard"), 0.05);
  atLeast("policy, of /sante", ratio("policy"), 0.05);
  atMost("policy, compressed", small.pages.policy.brotli, 20480, "bytes");
  for (const page of Object.keys(small.pages)) {
    if (page !== "/sante") {
      atLeast(`${page}, ${sizes[1]} people of ${sizes[0]}`, large.pages[page].requests / small.pages[page].requests, 0.75);
    }
  }
  for (const measured of [small, large]) {
    const counts = Object.values(measured.pages).map((page) => page.statements);
    atMost(`statements of a page, ${measured.youths} people`, Math.max(...counts), 6, "");
  }
  const different = Object.keys(small.pages).filter((page) => small.pages[page].statements !== large.pages[page].statements);
  found.push({
    name: "same statements at both sizes",
    value: different.length === 0 ? "yes" : different.join(", "),
    wanted: "yes",
    met: different.length === 0,
  });
  for (const [index, size] of sizes.entries()) {
    atMost(`first answer, ${size} people`, startup[index], 300, "ms");
    if (resident[index] !== null) atMost(`resident after the run, ${size} people`, resident[index], 60, "MB");
  }
  const slower = (nginx, cipher) => Math.min(nginx, cipher);
  atLeast("download, of the slower of nginx and AES-GCM", documents.download / slower(documents.nginx, documents.decrypt), 0.3);
  atLeast("upload, of the slower of nginx and AES-GCM", documents.upload / slower(documents.nginxPut, documents.encrypt), 0.2);
  found.push(...bannerGoals(banners), ...retentionGoals(retention));
  return found;
}

/**
 * The goals of the consent banner. Ours counts as if compressed alone, which is more than it adds; it is compared with
 * the least that another script adds.
 */
export function bannerGoals([ours, ...scripts]) {
  const share = (name, value, what) => {
    const least = Math.min(...scripts.map((script) => script[what]));
    return { name, value: percent(value / least), wanted: "≤ 10 %", met: value * 10 <= least };
  };
  return [
    { name: "consent banner, compressed by itself", value: `${ours.alone} bytes`, wanted: "≤ 1024 bytes", met: ours.alone <= 1024 },
    share("its bytes, of the smallest script's", ours.alone, "bytes"),
    share("its requests, of the fewest", ours.requests, "requests"),
  ];
}

/**
 * The goals of the retention engine: a dry run changes nothing, the real run leaves nothing, and the site answers
 * meanwhile.
 */
export function retentionGoals({ said, still, removed, left, without, beside }) {
  return [
    { name: "requests over, by a dry run", value: short(said), wanted: "the same again", met: said > 0 && said === still },
    { name: "requests removed", value: short(removed), wanted: short(said), met: removed === said && left === 0 },
    ...["morning", "flood"].map((load) => ({
      name: `p95 of home beside the removal, ${load}`,
      value: `${short(beside[load] / without[load], 2)} times`,
      wanted: "≤ 1.5 times",
      met: beside[load] <= 1.5 * without[load],
    })),
  ];
}

/** The consent banners beside each other. */
export function bannerReport([ours, ...scripts]) {
  const row = ({ name, version, requests, bytes, raw, script, shift }) => [
    name,
    version,
    short(requests),
    short(bytes),
    short(raw),
    version && percent(ours.bytes / bytes),
    short(Math.max(script, 0)),
    short(Math.max(shift, 0), 3),
  ];
  return [
    "CONSENT BANNER (what it adds to the home page, brotli at its best on both sides)",
    table(["", "version", "requests", "bytes", "uncompressed", "ours of it", "about ms of script", "layout shift"], [ours, ...scripts].map(row)),
    `Ours compressed by itself: ${short(ours.alone)} bytes, ${percent(ours.alone / Math.min(...scripts.map(({ bytes }) => bytes)))} of the smallest. Theirs bring`,
    `their panel along; ours is /cookies, ${short(ours.panel)} bytes with all of the page around it, for those who ask for it.`,
  ].join("\n");
}

/** The goals and whether they are met, as a table. */
export function goalsReport(goals) {
  return ["GOALS", table(["", "measured", "goal", ""], goals.map((goal) => [goal.name, goal.value, goal.wanted, goal.met ? "met" : "MISSED"]))].join("\n");
}

/** The report: ratios and goals first, then the numbers they come from. */
export function report(results) {
  const { sizes, small, large, documents, signIn, demos } = results;
  const pages = Object.keys(small.pages).map((name) => {
    const [one, two] = [small.pages[name], large.pages[name]];
    return [
      name,
      short(one.requests),
      percent(one.requests / small.pages["/sante"].requests),
      short(two.requests),
      percent(two.requests / one.requests),
      short(one.statements),
      short(one.bytes),
      short(one.brotli),
      short(two.bytes),
    ];
  });
  const { download, downloads, nginx, nginxes, decrypt, upload, nginxPut, encrypt } = documents;
  return [
    goalsReport(results.goals),
    "",
    `PAGES (${results.engine}; answers per second, median of ${results.rounds} interleaved runs of ${results.seconds} s)`,
    table(
      ["", `${sizes[0]} people`, "of /sante", `${sizes[1]} people`, "of the smaller", "statements", "bytes", "brotli", `bytes at ${sizes[1]}`],
      pages,
    ),
    "",
    "DOCUMENTS (24 MiB; one after the other, then four at once)",
    table(
      ["", "balise", "nginx", "AES-GCM", "of nginx", "of AES-GCM"],
      [
        ["download", speed(download), speed(nginx), speed(decrypt), percent(download / nginx), percent(download / decrypt)],
        ["download, four", speed(downloads), speed(nginxes), null, percent(downloads / nginxes), null],
        ["upload, durable", speed(upload), speed(nginxPut), speed(encrypt), percent(upload / nginxPut), percent(upload / encrypt)],
      ],
    ),
    "",
    "RETENTION",
    `${short(results.retention.removed)} requests in ${short(results.retention.took, 1)} s, median of ${results.retention.measures} runs beside it.`,
    table(
      ["p95 of home (ms)", "without", "beside"],
      ["morning", "flood"].map((load) => [load, short(results.retention.without[load], 2), short(results.retention.beside[load], 2)]),
    ),
    "",
    "PROCESS",
    table(
      ["", `${sizes[0]} people`, `${sizes[1]} people`],
      [
        ["first answer after the start (ms)", ...results.startup.map((value) => short(value))],
        ["resident after the run (MB)", ...results.resident.map((value) => value && short(value, 1))],
        ["most ever resident (MB)", ...results.peak.map((value) => value && short(value, 1))],
        ["making the demonstration (s)", ...demos.map((demo) => short(demo.seconds, 1))],
        ["its most memory (MB)", ...demos.map((demo) => short(demo.peak, 1))],
      ],
    ),
    "",
    "REFUSED SIGN-IN (ms)",
    table(
      ["", "quartile", "median", "quartile"],
      [
        ["known account", ...signIn.known.map((value) => short(value))],
        ["unknown account", ...signIn.unknown.map((value) => short(value))],
      ],
    ),
    `A known account took longer than an unknown one in ${percent(signIn.longer)} of all pairs; 50 % tells nothing.`,
    "",
    bannerReport(results.banners),
  ].join("\n");
}
