// Compares two things that are measured in turn: their ratio in each round, the goals on it, and the report.
import { median } from "./load.mjs";
import { goalsReport, short, table } from "./report.mjs";

/** From this median on, one side counts as being as fast as the other: runs of the same binary differ as much. */
export const AS_FAST = 0.95;

/** Which of the two goes first in this round. They change places, so that a machine that slows down favours neither. */
export function order(round, [first, second]) {
  return round % 2 === 0 ? [first, second] : [second, first];
}

/** The ratio of each round (`one` to `other`, runs of the same round side by side): its median and its spread. */
export function ratios(one, other) {
  if (one.length === 0 || one.length !== other.length) throw new Error("each round needs a run of both");
  const sorted = one.map((value, round) => value / other[round]).sort((a, b) => a - b);
  const at = (share) => sorted[Math.round(share * (sorted.length - 1))];
  return { lowest: sorted[0], lower: at(0.25), median: median(sorted), upper: at(0.75), highest: sorted.at(-1) };
}

const goal = (name, { median }) => ({ name, value: short(median, 3), wanted: `≥ ${AS_FAST}`, met: median >= AS_FAST });

/** The goals: each page of this checkout beside the commit's, each action's call beside the post of its page. */
export function againstGoals({ pages, actions }) {
  return [
    ...pages.map(({ name, ratio }) => goal(`page: ${name}`, ratio)),
    ...actions.map(({ name, ratio }) => goal(`call: ${name}`, ratio)),
  ];
}

const row = ({ name, one, other, ratio }) => [
  name,
  short(median(one)),
  short(median(other)),
  ...[ratio.median, ratio.lower, ratio.upper, ratio.lowest, ratio.highest].map((value) => short(value, 3)),
];
const SPREAD = ["ratio", "lower quartile", "upper quartile", "lowest", "highest"];

/** The report: the goals, then the answers per second that the ratios come from. */
export function againstReport({ commit, rounds, seconds, youths, pages, actions, goals }) {
  return [
    goalsReport(goals),
    "",
    `PAGES (answers per second, ${rounds} interleaved rounds of ${seconds} s, ${youths} young people)`,
    table(["", "this checkout", commit, ...SPREAD], pages.map(row)),
    "",
    "ACTIONS OF THIS CHECKOUT (answers per second, interleaved likewise)",
    table(["", "call", "post", ...SPREAD], actions.map(row)),
  ].join("\n");
}
