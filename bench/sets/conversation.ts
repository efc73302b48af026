import { z } from 'zod';
import { grouped } from '../grouped.js';
import { readRecords } from '../records.js';
import { askable, isBlank, storable, type Collection, type Question } from './collection.js';

const turnRecord = z.object({
  id: z.string(),
  conversation: z.string(),
  speaker: z.string().nullish(),
  text: z.string().nullish(),
  image_caption: z.string().nullish(),
});
const questionRecord = z.object({
  conversation: z.string(),
  category: z.union([z.string(), z.number()]).nullish(),
  question: z.string(),
  evidence: z.array(z.string()).nullish(),
});
type Turn = z.output<typeof turnRecord>;
type Asked = z.output<typeof questionRecord>;

/** Everybody's, so that it says nothing about a turn, and a word that is not said in conversations. */
const TASK_TYPE = 'utterance';
/** Questions about what was never said; the fifth category of the set that they come from. */
const ADVERSARIAL = ['adversarial', '5'];

/**
 * What was said in each conversation, and what is asked about it; the categories of the questions are
 * the slices. Adversarial questions and those without evidence are left out.
 */
export async function readConversations(folder: string): Promise<Collection[]> {
  const turns = await readRecords(folder, 'turns.jsonl', turnRecord);
  const questions = await readRecords(folder, 'questions.jsonl', questionRecord);
  const asked = grouped(questions.filter(isAnswerable), ({ conversation }) => conversation);
  const said = grouped(turns, ({ conversation }) => conversation);

  return [...new Set([...said.keys(), ...asked.keys()])]
    .map((name) => collectionOf(said.get(name) ?? [], asked.get(name) ?? []))
    .filter((collection) => collection.questions.length > 0);
}

/** The same turn may have the same id in another conversation. */
function collectionOf(turns: readonly Turn[], asked: readonly Asked[]): Collection {
  const places = new Map(turns.map(({ id }, index) => [id, `turn-${index}`]));
  const items = turns.map((turn, index) => ({
    id: places.get(turn.id) ?? `turn-${index}`,
    text: storable(textOf(turn)),
    taskType: TASK_TYPE,
    success: true,
  }));

  return { items, questions: asked.map((question) => questionOf(question, places)) };
}

const questionOf = (
  { question, evidence, category }: Asked,
  places: ReadonlyMap<string, string>,
): Question => ({
  text: askable(question),
  relevant: new Set((evidence ?? []).map((id) => places.get(id) ?? `unknown ${id}`)),
  self: null,
  slice: String(category ?? ''),
});

const isAnswerable = ({ category, evidence }: Asked): boolean =>
  !ADVERSARIAL.includes(String(category ?? '').toLowerCase()) && (evidence ?? []).length > 0;

function textOf({ speaker, text, image_caption }: Turn): string {
  const said = [text, image_caption].filter((part) => !isBlank(part ?? '')).join(' ');

  return `${speaker ?? ''}: ${said}`;
}
