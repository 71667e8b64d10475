import { AppError } from '../platform/errors.ts';

/** Characters of one object: the longest registrations have some hundred thousand. */
const MAX_OBJECT_CHARACTERS = 16_777_216;

/**
 * The objects of a JSON document that may be larger than memory: those of the list that is the document, or of the first list of this name in
 * it; without either, each object of the document itself (one, or one after the other: JSON lines).
 *
 * @throws {AppError} `invalid-request` for what is no JSON, ends too early, or holds an object larger than objects are
 */
export async function* readJsonObjects(text: AsyncIterable<string>, listName: string): AsyncGenerator<unknown> {
  const state: Scan = { path: [], key: '', inString: false, escaped: false, string: '', object: undefined, depth: 0, whole: true };
  for await (const piece of text) yield* scan(state, piece, listName);
  if (state.path.length > 0) throw notReadable('it ends too early');
}

type Scan = {
  /** Open brackets: the name under which each list stands, or `{`. */
  path: string[];
  key: string;
  inString: boolean;
  escaped: boolean;
  string: string;
  /** Text of the object that is being read; undefined outside of one. */
  object: string | undefined;
  /** How many brackets were open where the object began. */
  depth: number;
  /** Whether the object is the document: given up when a list of the name is met in it. */
  whole: boolean;
};

function* scan(state: Scan, piece: string, listName: string): Generator<unknown> {
  let from = 0;
  const keep = (to: number): void => {
    if (state.object !== undefined) state.object += piece.slice(from, to);
    from = to;
    if ((state.object?.length ?? 0) > MAX_OBJECT_CHARACTERS) throw notReadable('it holds an object larger than objects are');
  };
  for (let at = 0; at < piece.length; at += 1) {
    const character = piece[at] ?? '';
    if (state.inString) {
      readStringCharacter(state, character);
    } else if (character === '"') {
      state.inString = true;
      state.string = '';
    } else if (character === ':') {
      state.key = state.string;
    } else if (character === '{' || character === '[') {
      keep(at);
      open(state, character, listName);
    } else if (character === '}' || character === ']') {
      if (state.path.pop() !== (character === '}' ? '{' : '[')) throw notReadable('its brackets do not match');
      // The list is over: no other one is meant.
      if (!state.whole && state.path.length < state.depth) state.depth = Number.POSITIVE_INFINITY;
      if (state.object === undefined || state.path.length !== state.depth) continue;
      keep(at + 1);
      yield parsed(state.object);
      state.object = undefined;
    }
  }
  keep(piece.length);
}

function readStringCharacter(state: Scan, character: string): void {
  if (state.escaped) state.escaped = false;
  else if (character === '\\') state.escaped = true;
  else if (character === '"') state.inString = false;
  // Names of lists are short; the texts are not wanted here.
  else if (state.string.length < 64) state.string += character;
}

function open(state: Scan, bracket: string, listName: string): void {
  const isList = bracket === '[' && (state.path.length === 0 || state.key === listName);
  if (isList && state.whole) {
    state.object = undefined;
    state.whole = false;
    state.depth = state.path.length + 1;
  }
  state.path.push(bracket);
  if (bracket !== '{' || state.object !== undefined) return;
  const begins = state.whole ? state.path.length === 1 : state.path.length === state.depth + 1;
  if (!begins) return;
  state.object = '';
  if (state.whole) state.depth = 0;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notReadable('an object in it is not valid', error);
  }
}

function notReadable(reason: string, cause?: unknown): AppError {
  return new AppError('invalid-request', `The JSON cannot be read: ${reason}`, { cause });
}
