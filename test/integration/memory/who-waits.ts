/** Who waits for a lock, in this database: other tests have theirs on the same server. */
export const WHO_WAITS = `
  select 1 from pg_locks as lock
    join pg_stat_activity as activity on activity.pid = lock.pid
   where not lock.granted and activity.datname = current_database()`;
