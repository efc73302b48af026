/** A CloudEvent 1.0, as JSON. Attributes that are not of the standard: from `namespace` on. */
export interface CloudEvent<Data extends object = Readonly<Record<string, unknown>>> {
  readonly specversion: '1.0';
  /** Always the same for the same thing: who hears it twice knows. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** The id of what it is about. */
  readonly subject: string;
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: Readonly<Data>;
  readonly namespace: string;
  /** In the log, of the event that it follows from; decimal digits, because it may pass 2³¹. */
  readonly position: string;
  readonly correlationid: string;
  /** The id of the event that it follows from. */
  readonly causationid: string;
  /** Of `data`. */
  readonly schemaversion: number;
}

/** What sibling modules hear with `@EventsHandler`: after the commit, at least once, in order. */
export abstract class Notification<Data extends object> {
  abstract readonly type: string;
  readonly id: string;
  readonly namespace: string;
  readonly data: Readonly<Data>;

  constructor(readonly cloudEvent: CloudEvent<Data>) {
    this.id = cloudEvent.id;
    this.namespace = cloudEvent.namespace;
    this.data = cloudEvent.data;
  }
}
