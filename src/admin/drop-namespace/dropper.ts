import { notFound, type Caller, type DomainError } from '#kernel';
import { RevokeKeysOfNamespace } from '#keys';
import { EraseNamespace } from '#memory';
import { RetireExtracted } from '#patterns';
import { TellNoMore } from '#relay';
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { NamespaceReader } from '../read-model/namespace.reader.js';

/** Drops a whole tenant: nobody of it comes in or is told any more, and then everything is erased. */
@Injectable()
export class Dropper {
  constructor(
    private readonly namespaces: NamespaceReader,
    private readonly commands: CommandBus,
  ) {}

  /**
   * What was interrupted is finished by asking again.
   * @throws DomainError `namespace.unknown`, `erasure.under_way`
   */
  async drop(who: Caller, namespace: string): Promise<void> {
    if (!(await this.namespaces.isThere(namespace))) throw unknownNamespace(namespace);
    const caller = { ...who, namespace };
    await this.commands.execute(new RevokeKeysOfNamespace(caller));
    await this.commands.execute(new TellNoMore(caller));
    await this.commands.execute(new RetireExtracted(caller));
    await this.commands.execute(new EraseNamespace(caller));
    // What was retired and erased was told as well.
    await this.commands.execute(new TellNoMore(caller));
  }
}

const unknownNamespace = (namespace: string): DomainError =>
  notFound('namespace.unknown', `There is nothing in the namespace ${namespace}.`);
