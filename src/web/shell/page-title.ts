import { useEffect } from 'react';
import { strings } from '../strings/strings.ts';

/** Names the page in the tab and the history; never with anything of a patient. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} \u00b7 ${strings.product}`;
  }, [title]);
}
