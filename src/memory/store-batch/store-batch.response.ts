import { problemSchema } from '#rest';
import { z } from 'zod';

const storedItem = z.object({ status: z.int(), memory_id: z.uuid() });
const refusedItem = z.object({ status: z.int(), problem: problemSchema });

export const storeBatchResponse = z.object({ items: z.array(z.union([storedItem, refusedItem])) });

export type StoreBatchResponse = z.output<typeof storeBatchResponse>;
export type BatchOutcome = StoreBatchResponse['items'][number];
