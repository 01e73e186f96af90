// A reporter for node's test runner: counts the journeys by script mode, as JSON.
export default async function* counts(source) {
  const found = {
    off: { passed: 0, failed: 0 },
    on: { passed: 0, failed: 0 },
    other: { passed: 0, failed: 0 },
  };
  for await (const { type, data } of source) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    if (data.details?.type === "suite" || data.skip !== undefined || data.todo !== undefined) continue;
    const mode = data.name.match(/ \[script (off|on)\]$/)?.[1] ?? "other";
    // A file with tests in it is reported like a test, and does not count as one.
    if (mode === "other" && type === "test:pass" && data.name.endsWith(".test.mjs")) continue;
    found[mode][type === "test:pass" ? "passed" : "failed"] += 1;
  }
  yield JSON.stringify(found);
}
