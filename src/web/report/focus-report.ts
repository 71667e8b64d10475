/** On what takes the focus when the report is opened by key: the text of the findings, or the button that makes a draft. */
export const REPORT_START = { 'data-report-start': true } as const;

/** Leads the keyboard into the report. */
export function focusReport(): void {
  const start = document.querySelector('[data-report-start]');
  if (start instanceof HTMLElement) start.focus();
}
