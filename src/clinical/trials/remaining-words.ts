import { foldText } from '../literature/fold-text.ts';

/** Words that every criterion may have and that change nothing of what it asks. */
const FILLER = new Set(
  (
    'a an the any of at or and is are be been being must should has have had having with who whom patient patients subject subjects participant participants ' +
    'individual individuals person persons people adult adults known current currently active documented confirmed established clinical clinically ' +
    'diagnosis diagnosed presence evidence medical inclusive both all eligible between to from'
  ).split(' '),
);

/** The words of a text that are neither filler, nor numbers, nor among `understood`: what a rule has not understood. */
export function remainingWords(text: string, understood: ReadonlySet<string> = new Set()): string[] {
  return foldText(text)
    .split(' ')
    .filter((word) => word !== '' && !FILLER.has(word) && !understood.has(word) && !/^\d+$/.test(word));
}

export function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}
