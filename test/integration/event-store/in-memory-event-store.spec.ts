import { InMemoryEventStore } from '../../../src/event-store/in-memory-event-store.js';
import { SystemClock } from '../../../src/kernel/index.js';
import { keepsThePromisesOfALog, testCatalog } from '../../contract/event-store.contract.js';

keepsThePromisesOfALog(() =>
  Promise.resolve([
    new InMemoryEventStore(testCatalog(), new SystemClock()),
    () => Promise.resolve(),
  ]),
);
