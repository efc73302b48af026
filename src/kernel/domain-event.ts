/**
 * A fact, named in the past tense and never changed. `data` makes sense alone for ever; free text
 * (summaries, descriptions, error texts) stands apart in `text`, so that it can be forgotten while
 * the fact stays. A reader finds `text` missing once it was erased.
 */
export interface DomainEvent<
  Type extends string = string,
  Data extends object = object,
  Text extends object = object,
> {
  readonly type: Type;
  readonly data: Readonly<Data>;
  readonly text?: Readonly<Text>;
}
