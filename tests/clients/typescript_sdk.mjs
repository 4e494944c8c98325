// Calls simulated operations with SailPoint's TypeScript SDK, in each namespace that has them.
//
//     node typescript_sdk.mjs STEPS.json
//
// The simulator is that of SAIL_BASE_URL; a namespace after the other uses the same tenant. The result
// is a line for each problem, and a last line with totals for each namespace.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.cwd() + "/package.json");
const sdk = require("sailpoint-api-client");
const { version } = require("sailpoint-api-client/package.json");
const root = process.env.SAIL_BASE_URL;

async function control(path, body) {
  const headers = { "content-type": "application/json" };
  const request = body === undefined ? {} : { method: path === "state" ? "PUT" : "POST", headers, body };
  return (await fetch(`${root}/_simulator/${path}`, request)).text();
}

function filled(value, known) {
  if (Array.isArray(value)) return value.map((part) => filled(part, known));
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, filled(part, known)]));
  if (typeof value !== "string") return value;
  for (const [name, replacement] of Object.entries(known)) {
    if (value === `$${name}`) return replacement;
    if (typeof replacement === "string") value = value.replaceAll(`$${name}`, replacement);
  }
  return value;
}

const at = (document, pointer) =>
  pointer.split("/").filter(Boolean).reduce((found, part) => found?.[part], document);

// The names of parameters are in the text of the method only.
const parameters = (method) => [
  ...new Set([...method.toString().matchAll(/requestParameters\.(\w+)/g)].map((match) => match[1])),
];

const suffixes = { v3: "", beta: "Beta", v2024: "V2024" };
const apisOf = (namespace) =>
  Object.entries(sdk)
    .filter(([name, kind]) => typeof kind === "function" && name.match(/Api(Beta|V\d+)?$|^[A-Z]\w*?(Beta|V\d+)?Api$/))
    .filter(([name]) => (name.match(/(Beta|V\d+)(?=Api$|$)/)?.[1] ?? "") === suffixes[namespace])
    .map(([, kind]) => kind);

async function walk(namespace, steps) {
  const own = apisOf(namespace), others = apisOf("v2024");
  const known = {}, problems = [];
  const called = [];
  let mine = 0;
  const lists = ["limit", "offset", "count", "filters", "sorters", "xSailPointExperimental"];
  for (const step of steps) {
    // The namespaces are older than the second versions.
    if (step.op.endsWith("V2") || (step.needs && !called.includes(step.needs))) continue;
    const name = step.op.replace(/V1$/, "");
    // What this namespace does not have is done in the newest one, so that the tenant is the same.
    const kind = own.find((kind) => kind.prototype[name]) ?? others.find((kind) => kind.prototype[name]);
    if (!kind) continue;
    const isOwn = own.includes(kind);
    const configuration = new sdk.Configuration();
    configuration.experimental = true;
    configuration.retriesConfig = { retries: 0 };
    const api = new kind(configuration);
    const args = filled(step.args ?? {}, known);
    const names = parameters(api[name]);
    // The namespaces do not agree on the names of ids.
    for (const [key, value] of Object.entries(args))
      if (!names.includes(key)) {
        const other = names.find((wanted) => wanted.toLowerCase().endsWith("id") && !(wanted in args));
        delete args[key];
        if (other) args[other] = value;
      }
    if (names.includes("lifecycleStateId")) args.lifecycleStateId ??= known.state;
    if (!isOwn || namespace !== "v3") args.xSailPointExperimental = "true";
    const rest = names.filter((parameter) => !(parameter in args) && !lists.includes(parameter));
    if (step.file !== undefined) args.file = new File([step.file], "accounts.csv", { type: "text/csv" });
    else if (step.body !== undefined && rest.length > 0) args[rest.at(-1)] = filled(step.body, known);
    called.push(step.op);
    if (isOwn) mine += 1;
    try {
      const answer = await api[name](args);
      for (const [key, pointer] of Object.entries(step.save ?? {})) known[key] = at(answer.data, pointer);
    } catch (error) {
      const status = error.response?.status;
      if (!(step.allow ?? []).includes(status))
        problems.push(`${namespace} ${step.op}: ${status ?? ""} ${JSON.stringify(error.response?.data ?? error.message).slice(0, 300)}`);
    }
    if (step.advance) await control("clock/advance", JSON.stringify({ seconds: step.advance }));
  }
  problems.forEach((problem) => console.log(problem));
  console.log(`TypeScript SDK ${version}, ${namespace}: ${mine} steps, ${problems.length} problems`);
  results.push({
    client: `TypeScript SDK, \`sailpoint-api-client\`, namespace ${namespace}`,
    version,
    tried: `${mine} steps: those of the Python SDK that the namespace has`,
    result: `${problems.length} problems`,
  });
  return problems.length;
}

const steps = JSON.parse(readFileSync(process.argv[2], "utf8"));
const fresh = await control("state");
const results = [];
let problems = 0;
for (const namespace of ["v3", "beta", "v2024"]) {
  await control("state", fresh);
  problems += await walk(namespace, steps);
}
if (process.env.CLIENT_RESULTS)
  writeFileSync(`${process.env.CLIENT_RESULTS}/typescript.json`, JSON.stringify(results));
process.exit(problems === 0 ? 0 : 1);
