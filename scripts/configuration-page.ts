type Option = { name: string; default: unknown; description: string };

/** The reference page of all options, as Markdown; `npm run docs` writes it, a test compares it. */
export function configurationPage(options: readonly Option[]): string {
  const rows = options.map(({ name, default: fallback, description }) => `| \`${name}\` | ${shown(fallback)} | ${cell(description)} |`);
  return `${INTRODUCTION}\n| option | default | meaning |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
}

const INTRODUCTION = `<!-- Made by \`npm run docs\` from src/server/config.ts: change it there. -->
# Configuration

Options come from the environment, or from a file of \`NAME=value\` lines: \`isocenter.env\` in the folder where the server starts, or the
file that \`ISOCENTER_CONFIG\` names. Where both set an option, the environment wins. Lines that begin with \`#\` are comments.

A misspelled \`ISOCENTER_…\` name or a value out of range stops the start with a message that says what is allowed.
`;

function shown(value: unknown): string {
  return value === '' || value === undefined ? 'empty' : `\`${String(value)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
