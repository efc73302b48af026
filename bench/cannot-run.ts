/** Why a suite gives no figures; the message is a sentence for the one who asked. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun';
}
