import { type QuizContent, quizContents } from '../table/quiz.ts';
import type { Table } from '../table/table.ts';

/** Contents never change, and a class that takes a quiz asks for one again and again: up to 350 KB each. */
const most = 24;
const kept = new Map<string, QuizContent>();

/** The questions, with their keys, that attempts of this number have. */
export async function contentOf(
  table: Table,
  { quiz_id, content_number }: { readonly quiz_id: string; readonly content_number: number },
): Promise<QuizContent> {
  const name = `${quiz_id}#${content_number}`;
  const known = kept.get(name);
  if (known) return known;
  const found = await table.get(quizContents, { quiz_id, content_number }, { consistent: true });
  if (!found) throw new Error(`content ${content_number} of quiz ${quiz_id} is not there`);
  kept.set(name, found);
  const [oldest] = kept.keys();
  if (kept.size > most && oldest !== undefined) kept.delete(oldest);
  return found;
}
