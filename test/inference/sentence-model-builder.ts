import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeOnnx } from './onnx-writer.ts';

/** Words by what they mean: each group of words has a direction of its own. */
export type Meanings = readonly (readonly string[])[];

/**
 * Writes a small model for the sense of sentences: a table with a vector for each word, of which the mean is taken. Words of one group have
 * the same vector, so that synonyms are one; all other words have the last direction, which weighs little.
 *
 * @param pooled whether the network takes the mean by itself, as some exports do
 */
export async function writeSentenceModel(folder: string, meanings: Meanings, { pooled = false } = {}): Promise<void> {
  const dimensions = meanings.length + 1;
  const words = meanings.flatMap((group, direction) => group.map((word) => ({ word, direction, weight: 1 })));
  const table = [{ word: '[UNK]', direction: meanings.length, weight: 0.01 }, ...words];
  const values = new Float32Array(table.length * dimensions);
  for (const [index, { direction, weight }] of table.entries()) values[index * dimensions + direction] = weight;
  const tokens = { op: 'Gather', inputs: ['words', 'input_ids'], outputs: ['last_hidden_state'] };
  const mean = {
    op: 'ReduceMean',
    inputs: ['last_hidden_state'],
    outputs: ['sentence_embedding'],
    ints: { axes: [1] },
    int: { keepdims: 0 },
  };
  const onnx = writeOnnx({
    nodes: pooled ? [tokens, mean] : [tokens],
    weights: [{ name: 'words', dims: [table.length, dimensions], values }],
    inputs: [{ name: 'input_ids', dims: [1, 'tokens'], type: 'int64' }],
    outputs: pooled
      ? [{ name: 'sentence_embedding', dims: [1, dimensions] }]
      : [{ name: 'last_hidden_state', dims: [1, 'tokens', dimensions] }],
  });
  const tokenizer = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: null,
    decoder: null,
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(table.map(({ word }, index) => [word, index])),
    },
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model.onnx'), onnx);
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
}
