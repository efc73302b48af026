import ormOptions from '../mikro-orm.config.js';
import { ConfigModule } from '../src/config/index.js';
import { Database, DatabaseModule } from '../src/database/index.js';
import { EventCatalog, EventStore, EventStoreModule } from '../src/event-store/index.js';
import { memoryEvents } from '../src/memory/domain/memory.events.js';
import { connectionsOf, type Connections } from './connections.js';
import { type FreshDatabase } from './database.js';
import { OwnLog } from './own-log.js';
import { withRooms, type Rooms } from './rooms.js';

const LOG_ALONE: Rooms = (settings) => [
  ConfigModule.with(settings),
  DatabaseModule.with(ormOptions),
  EventStoreModule,
];

/** The log and its database, migrated, and nobody who asks or follows. */
export interface LogRoom {
  readonly log: OwnLog;
  readonly catalog: EventCatalog;
  readonly database: Database;
  readonly connections: Connections;
}

/**
 * Opens the log on a database, does `work` with it, and closes it.
 * @throws CannotRun when the database cannot be used, or acknowledges what is not on its disk
 */
export const withLogRoom = <Result>(
  env: FreshDatabase['env'],
  work: (room: LogRoom) => Promise<Result>,
): Promise<Result> =>
  withRooms(env, LOG_ALONE, async (house) => {
    const catalog = house.get(EventCatalog);
    catalog.add(memoryEvents);

    return work({
      log: new OwnLog(house.get(EventStore)),
      catalog,
      database: house.get(Database),
      connections: await connectionsOf(house),
    });
  });
