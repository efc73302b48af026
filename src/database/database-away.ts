const SOCKET_CODES = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'];
/** Shutting down, crashed, starting up, too many connections, and all of class 08. */
const SQL_STATES = /^(57P0[123]|53300|08[0-9A-Z]{3})$/;
const SENTENCES = /^Connection terminated|^timeout exceeded when trying to connect|not queryable$/;
const MAX_CAUSES = 8;

/** Whether an error, or one of its causes, says that the database cannot be reached now. */
export function isDatabaseAway(error: unknown): boolean {
  return causesOf(error).some(saysAway);
}

function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  let next = error;
  while (next instanceof Error && causes.length < MAX_CAUSES) {
    causes.push(next);
    next = next.cause;
  }

  return causes;
}

function saysAway(error: Error & { code?: unknown; syscall?: unknown }): boolean {
  const { code, syscall, message } = error;
  if (SENTENCES.test(message)) return true;
  if (typeof code !== 'string') return false;

  return (
    SOCKET_CODES.includes(code) ||
    SQL_STATES.test(code) ||
    (code === 'ENOENT' && syscall === 'connect')
  );
}
