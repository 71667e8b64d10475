import { strings } from '../strings/strings.ts';
import { TONE_TEXT, type Tone } from '../ui/Badge.tsx';
import { cx } from '../ui/cx.ts';
import { passwordStrength } from './password-strength.ts';

const TONES: Tone[] = ['critical', 'critical', 'attention', 'accepted', 'accepted'];

/** Four bars and a word. */
export function StrengthHint({ password }: { password: string }) {
  const level = passwordStrength(password);
  const tone = TONE_TEXT[TONES[level] ?? 'neutral'];
  return (
    <span className={cx('flex items-center gap-2', tone)}>
      <span aria-hidden className="flex gap-1">
        {[1, 2, 3, 4].map((bar) => (
          <span key={bar} className={cx('h-1 w-7 rounded-sm', bar <= level ? 'bg-current' : 'bg-hover')} />
        ))}
      </span>
      {strings.setup.strength[level]}
    </span>
  );
}
