import { useCallback, useEffect, useRef, useState } from 'react';
import type { Locale } from '../../contract/reports.ts';

/** What of the Web Speech API is used (https://webaudio.github.io/web-speech-api/); TypeScript's DOM types do not have it. */
type Recognition = {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  onresult: ((event: RecognitionEvent) => void) | null;
  onend: (() => void) | null;
  onerror: ((event: { error: string }) => void) | null;
  start(): void;
  abort(): void;
};
type RecognitionEvent = { resultIndex: number; results: ArrayLike<ArrayLike<{ transcript: string }> & { isFinal: boolean }> };

const TAGS: Record<Locale, string> = { en: 'en-US', de: 'de-DE', fr: 'fr-FR', es: 'es-ES', ar: 'ar-SA' };
/** After these nobody is listened to until the reader begins again. */
const FATAL = new Set(['not-allowed', 'service-not-allowed', 'audio-capture', 'network', 'language-not-supported']);

/** Whether the browser turns speech into text. */
export function canDictate(): boolean {
  return recognizer() !== undefined;
}

/**
 * Listens while `on`; tells each phrase once it is final, and what is being heard meanwhile.
 *
 * @param onPhrase may change between calls
 */
export function useDictation({ on, locale, onPhrase }: { on: boolean; locale: Locale; onPhrase: (heard: string) => void }): {
  hearing: string;
  failed: boolean;
} {
  const [hearing, setHearing] = useState('');
  const [failed, setFailed] = useState(false);
  const latest = useRef(onPhrase);
  latest.current = onPhrase;
  const listen = useCallback((event: RecognitionEvent) => {
    const news = Array.from(event.results).slice(event.resultIndex);
    const words = (parts: typeof news): string => parts.map((part) => part[0]?.transcript ?? '').join(' ');
    const final = words(news.filter(({ isFinal }) => isFinal)).trim();
    if (final) latest.current(final);
    setHearing(words(news.filter(({ isFinal }) => !isFinal)));
  }, []);
  useEffect(() => {
    const Recognizer = recognizer();
    if (!on || !Recognizer) return;
    setFailed(false);
    let isOver = false;
    const recognition = new Recognizer();
    Object.assign(recognition, { lang: TAGS[locale], continuous: true, interimResults: true, onresult: listen });
    recognition.onerror = ({ error }) => {
      if (!FATAL.has(error)) return;
      isOver = true;
      setFailed(true);
    };
    // It ends by itself after a silence.
    recognition.onend = () => {
      if (!isOver) recognition.start();
    };
    recognition.start();
    return () => {
      isOver = true;
      recognition.abort();
    };
  }, [on, locale, listen]);
  return { hearing, failed };
}

function recognizer(): (new () => Recognition) | undefined {
  const known = globalThis as { SpeechRecognition?: new () => Recognition; webkitSpeechRecognition?: new () => Recognition };
  return known.SpeechRecognition ?? known.webkitSpeechRecognition;
}
