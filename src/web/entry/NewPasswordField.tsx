import { PASSWORD_MIN_LENGTH } from '../first-run/password-strength.ts';
import { StrengthHint } from '../first-run/StrengthHint.tsx';
import { strings } from '../strings/strings.ts';
import { TextField } from '../ui/TextField.tsx';

type NewPasswordFieldProps = { label: string; value: string; onChange: (value: string) => void };

/** A password that is chosen, with how good it is. */
export function NewPasswordField({ label, value, onChange }: NewPasswordFieldProps) {
  return (
    <TextField
      label={label}
      hint={value ? <StrengthHint password={value} /> : strings.setup.passwordHint}
      type="password"
      autoComplete="new-password"
      required
      minLength={PASSWORD_MIN_LENGTH}
      maxLength={256}
      value={value}
      onChange={onChange}
    />
  );
}
