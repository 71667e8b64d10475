import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const LOCALES = ['en', 'de', 'fr', 'es', 'ar'] as const;
type Locale = (typeof LOCALES)[number];
type Term = Record<Locale, RegExp> & { except?: RegExp };

/** What a thing is called, on every screen: the English word, and the stem of the one word that each other language has for it. */
const TERMS: Record<string, Term> = {
  tenant: { en: /\btenants?\b/i, de: /mandant/i, fr: /organisation/i, es: /organizaci/i, ar: /مؤسس/ },
  study: {
    en: /\bstud(y|ies)\b/i,
    de: /studie|voraufnahme/i,
    fr: /examen|antérieur/i,
    es: /estudio/i,
    ar: /دراس/,
    // Of research, of a date alone, of a bin that holds patients too.
    except: /^research\.designs|orders\.study_date$|^operations\.storage\.items$/,
  },
  series: { en: /\bseries\b/i, de: /serie/i, fr: /série/i, es: /serie/i, ar: /سلسل|سلاسل/, except: /^operations\.charts/ },
  finding: {
    en: /\bfindings?\b/i,
    de: /auffällig/i,
    fr: /anomalie/i,
    es: /hallazgo/i,
    ar: /موجود/,
    // The heading of a report's section, and sentences that say "these" or "decisions".
    except: /sections\b|redraftDetail$|thresholdHint$|laterality-sections$/,
  },
  report: {
    en: /\breports?\b/i,
    de: /befund|bericht/i,
    fr: /compte.? ?rendu|comptes.? ?rendus/i,
    es: /informe/i,
    ar: /تقرير|تقارير/,
    except: /^research\.designs|measurement\.noneDetail$/,
  },
  'recycle bin': { en: /recycle bin/i, de: /papierkorb/i, fr: /corbeille/i, es: /papelera/i, ar: /سلة/ },
  worklist: {
    en: /\bworklists?\b/i,
    de: /arbeitsliste/i,
    fr: /liste de travail/i,
    es: /lista de trabajo/i,
    ar: /قائمة (ال)?عمل/,
  },
  'routing rule': { en: /\brouting rules?\b/i, de: /regel/i, fr: /règle/i, es: /regla/i, ar: /قاعدة|قواعد/ },
  'API key': { en: /\bAPI keys?\b/i, de: /API-Schlüssel/i, fr: /clés? (d.)?API/i, es: /claves? (de )?API/i, ar: /(مفتاح|مفاتيح) API/ },
  'audit trail': {
    en: /\baudit trail\b/i,
    de: /audit-protokoll/i,
    fr: /journal d.audit/i,
    es: /registro de auditoría/i,
    ar: /سجل التدقيق/,
  },
  'DICOM application': {
    en: /\bDICOM (applications?|peers?)\b/i,
    de: /DICOM-Anwendung/i,
    fr: /applications? DICOM/i,
    es: /aplicaci(ón|ones) DICOM/i,
    ar: /تطبيق(ات)? DICOM/,
  },
};

describe('the words of the screens', async () => {
  const words = await readWords();

  it.each(Object.entries(TERMS))('call a %s the same everywhere, in each language', (_name, term) => {
    const keys = [...words.en].filter(([key, text]) => term.en.test(text) && !term.except?.test(key)).map(([key]) => key);
    expect(keys.length).toBeGreaterThan(0);
    for (const locale of LOCALES) {
      const others = keys
        .filter((key) => !term[locale].test(words[locale].get(key) ?? ''))
        .map((key) => `${key}: ${words[locale].get(key)}`);
      expect([locale, ...others]).toEqual([locale]);
    }
  });
});

/** Every text by its area and name; of one that is made by a function, what it makes of some numbers. */
async function readWords(): Promise<Record<Locale, Map<string, string>>> {
  const folder = new URL('./', import.meta.url);
  const areas = readdirSync(fileURLToPath(folder), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const read = async (locale: Locale): Promise<Map<string, string>> => {
    const found = new Map<string, string>();
    for (const area of ['', ...areas.map(({ name }) => `${name}/`)]) {
      const module: Record<string, unknown> = await import(`${folder.href}${area}${locale}.ts`);
      collect(module[locale], area === '' ? 'base' : area.slice(0, -1), found);
    }
    return found;
  };
  const [en, de, fr, es, ar] = await Promise.all([read('en'), read('de'), read('fr'), read('es'), read('ar')]);
  return { en, de, fr, es, ar };
}

function collect(value: unknown, path: string, found: Map<string, string>): void {
  if (typeof value === 'string') found.set(path, value);
  else if (typeof value === 'function') found.set(path, String(value(3, 3, 3, 3)));
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) collect(inner, `${path}.${key}`, found);
}
