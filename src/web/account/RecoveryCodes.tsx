import { accountWords } from '../strings/account/words.ts';

const text = accountWords;

/** Shown once: the server keeps only what proves them. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  return (
    <section aria-label={text.recovery} className="flex flex-col gap-2 rounded-md bg-attention-soft p-3 text-attention">
      <h3 className="font-medium">{text.recovery}</h3>
      <p>{text.recoveryLead}</p>
      <ul dir="ltr" className="grid grid-cols-2 gap-1 tabular-nums select-all">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
    </section>
  );
}
