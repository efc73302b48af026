import type { Caller } from '#kernel';
import { Command } from '@nestjs/cqrs';

/** How much went. */
export interface SubjectWasErased {
  readonly memories: number;
  readonly tasks: number;
  /** Reasons and comments, one by one. */
  readonly texts: number;
}

/**
 * All that one person wrote in the caller's namespace goes: the memories they stored; the tasks they
 * registered in words, with all memories of those, which quote them; every other text of theirs. What
 * was interrupted is finished by asking again.
 * @throws DomainError `erasure.under_way`
 */
export class EraseSubject extends Command<SubjectWasErased> {
  constructor(
    readonly caller: Caller,
    /** As the `X-Actor` header or the API key names them. */
    readonly subject: string,
  ) {
    super();
  }
}
