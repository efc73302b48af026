import { isNamespace } from '#kernel';
import { pageQuery } from '#rest';
import { z } from 'zod';

export const namespaceName = z
  .string()
  .refine(isNamespace, { error: 'must be 1 to 64 of the characters A-Z a-z 0-9 . _ -' })
  .meta({ example: 'team-a' });

export const listNamespacesQuery = z.strictObject(pageQuery());
export type ListNamespacesQuery = z.output<typeof listNamespacesQuery>;

export const namespaceResponse = z
  .object({
    namespace: z.string(),
    since: z.iso.datetime().meta({ description: 'When the oldest of its tasks was registered.' }),
    tasks: z.int(),
    memories: z.int(),
    events: z.int().meta({ description: 'In the log, where facts stay when texts are erased.' }),
  })
  .meta({ id: 'Namespace' });
export type NamespaceResponse = z.output<typeof namespaceResponse>;
