/** As the `ref` of the field of a dialog in which the work begins: it has the focus when the dialog opens. */
export function takeFocus(field: HTMLElement | null): void {
  field?.focus();
}
