// The pages that are measured, each asked for by a person who may see it.
import { read, signIn } from "./visitor.mjs";
import { forgetCodes, pick } from "../../end2end/lib/logins.mjs";

/** The number of young people from which the demonstration has a whole team of advisors. */
const TEAM = 400;

/**
 * Signs in on one server and gives its pages: `{ name: { path, session } }`.
 * Two organisations are compared by their size, not by the size of a portfolio: the first advisor of the smaller one
 * follows as many young people as the fifth advisor of the larger one, within a third.
 */
export async function pagesOf({ url }, logins, { youths }) {
  const youth = await signIn(url, pick(logins, "youth"));
  const advisor = await signIn(url, pick(logins, "advisor", youths < TEAM ? 0 : 4));
  // The next server has not seen the codes that were used here.
  forgetCodes();
  const list = await read(`${url}/conseiller/jeunes`, advisor);
  const file = list.match(/\/conseiller\/jeunes\/[0-9a-f-]{36}/)?.[0];
  if (!file) throw new Error("the advisor follows nobody");
  return {
    "/sante": { path: "/sante" },
    home: { path: "/" },
    "sign-in": { path: "/connexion" },
    policy: { path: "/confidentialite" },
    "youth dashboard": { path: "/mon-espace", session: youth },
    "vault list": { path: "/mon-espace/coffre-fort", session: youth },
    "advisor's portfolio": { path: "/conseiller/jeunes", session: advisor },
    "advisor's file": { path: file, session: advisor },
  };
}
