import { Check, Copy, Eye, EyeOff } from 'lucide-react';
import { useRef, useState } from 'react';
import { strings } from '../strings/strings.ts';
import { IconButton } from './Button.tsx';
import { LiveRegion } from './LiveRegion.tsx';

type CopyableProps = {
  /** What it is, for screen readers. */
  label: string;
  value: string;
  /** Stays behind dots until it is asked for. */
  isSecret?: boolean;
};

/** A line that is needed elsewhere: a key, an address, a command. */
export function Copyable({ label, value, isSecret = false }: CopyableProps) {
  const [isShown, setIsShown] = useState(!isSecret);
  const [isCopied, setIsCopied] = useState(false);
  const line = useRef<HTMLElement>(null);
  const copy = async (): Promise<void> => {
    setIsShown(true);
    setIsCopied(await toClipboard(value, line.current));
  };
  return (
    <div className="flex items-start gap-1 rounded-md border border-line bg-canvas py-0.5 ps-2.5 pe-0.5">
      <code ref={line} dir="ltr" title={label} className="min-w-0 grow py-1.5 font-mono text-sm break-all whitespace-pre-wrap select-all">
        {isShown ? value : '\u2022'.repeat(24)}
      </code>
      {isSecret && (
        <IconButton
          icon={isShown ? EyeOff : Eye}
          label={isShown ? strings.ui.hide : strings.ui.show}
          onClick={() => setIsShown(!isShown)}
        />
      )}
      <IconButton
        icon={isCopied ? Check : Copy}
        label={`${isCopied ? strings.ui.copied : strings.ui.copy}: ${label}`}
        onClick={() => void copy()}
        onBlur={() => setIsCopied(false)}
      />
      <LiveRegion>{isCopied ? strings.ui.copied : ''}</LiveRegion>
    </div>
  );
}

/** Whether it was copied. A page without TLS has no clipboard: the line is then selected, so that the keys for copying do it. */
async function toClipboard(value: string, line: HTMLElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    if (line) getSelection()?.selectAllChildren(line);
    return false;
  }
}
