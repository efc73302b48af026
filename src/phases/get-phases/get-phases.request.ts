import { pageQuery } from '#rest';
import { z } from 'zod';

export const listPhasesQuery = z.strictObject(pageQuery());
export type ListPhasesQuery = z.output<typeof listPhasesQuery>;
