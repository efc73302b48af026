import { DomainError } from '#kernel';
import { fieldErrors, misfit } from '#rest';
import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { type z } from 'zod';

/** Holds each parameter against the schema beside it; 422 names every field that does not fit. */
@Injectable()
export class SchemaPipe implements PipeTransform {
  async transform(value: unknown, { schema, type, data }: ArgumentMetadata): Promise<unknown> {
    if (schema === undefined) return value;

    const result = await schema['~standard'].validate(value);
    if (result.issues === undefined) return result.value;
    if (type === 'body' && value === undefined) throw noBody();

    const issues = result.issues as readonly z.core.$ZodIssue[];
    throw misfit(fieldErrors(issues, data === undefined ? [] : [data]));
  }
}

const noBody = (): DomainError =>
  new DomainError('unreadable', 'request.no_body', 'This address needs a JSON body.');
