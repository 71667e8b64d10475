/** Puts text in place of a piece of a text field as if it were typed, so that the browser's own undo takes it back. */
export function insertText(field: HTMLTextAreaElement, { start, end }: { start: number; end: number }, text: string): void {
  field.focus();
  field.setSelectionRange(start, end);
  if (text === '' && start === end) return;
  // The only way that keeps the history of undo; where it is missing, the text comes in without one.
  if (document.execCommand(text === '' ? 'delete' : 'insertText', false, text)) return;
  field.setRangeText(text, start, end, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

/** The text with a line of its own where it is put behind other text. */
export function ownLine(before: string, text: string): string {
  return before === '' || before.endsWith('\n') ? text : `\n${text}`;
}
