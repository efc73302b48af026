import Table from 'cli-table3';
import { Server } from './ground.js';
import type { Scenario } from './scenario.js';
import { dumpAndRestore } from './scenarios/dump-and-restore.js';
import { embeddedKills } from './scenarios/embedded-kills.js';
import { migrateEmbeddings } from './scenarios/migrate-embeddings.js';
import { racesEmbedded, racesOnServer } from './scenarios/races.js';
import { rebuildEmbedded, rebuildOnServer } from './scenarios/rebuild-under-load.js';
import { serverStops } from './scenarios/server-stops.js';
import { twoProcesses } from './scenarios/two-processes.js';

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'races-embedded': racesEmbedded,
  'races-server': racesOnServer,
  'embedded-kills': embeddedKills,
  'server-stops': serverStops,
  'two-processes': twoProcesses,
  'dump-and-restore': dumpAndRestore,
  'rebuild-embedded': rebuildEmbedded,
  'rebuild-server': rebuildOnServer,
  'migrate-embeddings': migrateEmbeddings,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in SCENARIOS));
if (unknown.length > 0) {
  process.stderr.write(`There are: ${Object.keys(SCENARIOS).join(', ')}\n`);
  process.exit(2);
}

const table = new Table({ head: ['scenario', 'what', 'count', 'wrong'], style: { head: [] } });
let wrong = 0;
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  if (scenario.onServer && Server.ofTheTests() === null) {
    process.stderr.write(
      `${name}: there is no server; run it with test/support/with-postgres.sh\n`,
    );
    wrong += 1;
    continue;
  }
  process.stderr.write(`${name}: ${scenario.says}\n`);
  for (const found of await scenario.run()) {
    table.push([name, found.what, found.count, found.wrong]);
    process.stderr.write(
      `  ${found.what}: ${String(found.count)}, wrong: ${String(found.wrong)}\n`,
    );
    wrong += found.wrong;
  }
}
process.stdout.write(`${table.toString()}\n`);
process.exit(wrong === 0 ? 0 : 1);
