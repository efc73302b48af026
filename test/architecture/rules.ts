import type { IForbiddenRuleType } from 'dependency-cruiser';

type Rule = IForbiddenRuleType & { name: string };

/** The house, from the ground up. A floor may use the floors below it, and never one above. */
const FLOORS = [
  'kernel',
  'plot',
  'config',
  'rest',
  'database',
  'event-store',
  'embedding',
  'phases',
  'tasks',
  'memory',
  'patterns',
  'relay',
  'keys',
  'admin',
  'health',
  'http',
  'cli',
];

const stairsGoDown: Rule[] = FLOORS.slice(0, -1).map((floor, level) => ({
  name: `${floor}-knows-nothing-above-it`,
  severity: 'error',
  from: { path: `^src/${floor}/` },
  to: { path: `^src/(${FLOORS.slice(level + 1).join('|')})/` },
}));

const SPEC = '\\.spec\\.ts$';

/** Who may know whom. Read top to bottom; `npm run check` enforces it. */
export const rules: { forbidden: Rule[] } = {
  forbidden: [
    ...stairsGoDown,
    {
      name: 'rooms-are-entered-by-the-door',
      comment: 'From outside a room, import only its index.ts, written #name.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
    },
    {
      name: 'every-room-is-on-the-plan',
      comment: 'A new folder in src/ takes its place in FLOORS first.',
      severity: 'error',
      from: {},
      to: { path: '^src/[^/]+/', pathNot: `^src/(${FLOORS.join('|')})/` },
    },
    {
      name: 'kernel-knows-nothing',
      comment:
        'The kernel imports itself, the schema library and hashing. No Nest, no ORM, no I/O.',
      severity: 'error',
      from: { path: '^src/kernel/', pathNot: SPEC },
      to: { pathNot: ['^src/kernel/', 'node_modules/zod/', '^(node:)?crypto$'] },
    },
    {
      name: 'domain-is-pure',
      comment: 'domain/ imports the kernel, the schema library and its own domain.',
      severity: 'error',
      from: { path: '^src/([^/]+)/domain/', pathNot: SPEC },
      to: { pathNot: ['^src/$1/domain/', '^src/kernel/index\\.ts$', 'node_modules/zod/'] },
    },
    {
      name: 'slices-do-not-meet',
      comment: 'One handler never imports another; they share through domain/ or read-model/.',
      severity: 'error',
      from: { path: '^src/([^/]+)/([^/]+)/[^/]+\\.handler\\.ts$' },
      to: { path: '^src/$1/[^/]+/[^/]+\\.handler\\.ts$' },
    },
    {
      name: 'reads-do-not-write',
      comment: 'A reader and a query handler may not reach the log.',
      severity: 'error',
      from: { path: '\\.(query|reader)\\.ts$|/(search|list|get|explain)-[^/]+/' },
      to: { path: '^src/event-store/' },
    },
    {
      name: 'sql-stays-in-its-places',
      comment: 'The database is asked by the log, read models and readiness alone.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [
          '^src/(event-store|database)/',
          '/read-model/',
          '\\.module\\.ts$',
          '^src/(greeting|start-service|cli/service)',
          SPEC,
        ],
      },
      to: { path: ['node_modules/@mikro-orm/', 'node_modules/pg/', '^src/database/index\\.ts$'] },
    },
    {
      name: 'siblings-enter-by-the-doors-of-facades',
      comment: 'What stands beside the house uses what its facades export, Nest, and itself.',
      severity: 'error',
      from: { path: '^examples/([^/]+)/' },
      to: {
        pathNot: [
          '^examples/$1/',
          '^src/(embedding|memory|patterns)/index\\.ts$',
          'node_modules/@nestjs/(common|cqrs)/',
        ],
      },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-tests-in-the-product',
      severity: 'error',
      from: { path: '^src/', pathNot: SPEC },
      to: { path: `^test/|^bench/|${SPEC}` },
    },
    {
      name: 'no-dev-dependency-in-the-product',
      severity: 'error',
      from: { path: '^src/', pathNot: SPEC },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: ['\\.d\\.ts$', 'child\\.mjs$'] },
      to: {},
    },
  ],
};
