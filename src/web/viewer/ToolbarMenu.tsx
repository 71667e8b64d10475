import { Check, ChevronDown, type LucideIcon } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';

export type Choice<T extends string> = { value: T; label: string; hint?: string; icon?: LucideIcon };
type ToolbarMenuProps<T extends string> = {
  label: string;
  icon?: LucideIcon;
  /** What the button says besides its icon. */
  text?: string;
  /** Marked as the present choice; null if none is. */
  value: T | null;
  choices: readonly Choice<T>[];
  onChoose: (value: T) => void;
  isPressed?: boolean;
};

/** A button of the toolbar that opens a list to choose one of. */
export function ToolbarMenu<T extends string>({ label, icon: Icon, text, value, choices, onChoose, isPressed }: ToolbarMenuProps<T>) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        title={label}
        aria-label={text ? `${label}: ${text}` : label}
        data-pressed={isPressed}
        className="inline-flex h-8 shrink-0 items-center gap-1 rounded-md px-1.5 text-muted hover:bg-hover hover:text-text data-[pressed=true]:bg-hover data-[pressed=true]:text-text data-[state=open]:bg-hover data-[state=open]:text-text"
      >
        {Icon && <Icon aria-hidden size={16} strokeWidth={1.75} />}
        {text && <span className="max-w-28 truncate">{text}</span>}
        <ChevronDown aria-hidden size={12} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-y-auto rounded-lg border border-line bg-surface p-1 text-base text-text shadow-(--shadow)"
          // The keys of the viewer go on working after a choice.
          onCloseAutoFocus={(event) => event.preventDefault()}
        >
          <DropdownMenu.RadioGroup value={value ?? ''} onValueChange={(chosen) => onChoose(chosen as T)}>
            {choices.map(({ value: choice, label: name, hint, icon: ChoiceIcon }) => (
              <DropdownMenu.RadioItem
                key={choice}
                value={choice}
                className="flex h-8 items-center gap-2 rounded-md px-2 outline-none data-[highlighted]:bg-hover"
              >
                {ChoiceIcon && <ChoiceIcon aria-hidden size={15} strokeWidth={1.75} className="text-muted" />}
                <span className="grow">{name}</span>
                {hint && <kbd className="font-sans text-sm text-faint">{hint}</kbd>}
                <span className="w-4">
                  <DropdownMenu.ItemIndicator>
                    <Check aria-hidden size={14} />
                  </DropdownMenu.ItemIndicator>
                </span>
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
