import { listEndpoints } from './openapi.ts';
import { VERSION } from './system/version.ts';

/** The API's description for people: one page without scripts, made from the same objects as `openapi.json`. */
export function apiPage(): string {
  const features = Map.groupBy(listEndpoints(), ({ feature }) => feature);
  const sections = [...features].map(
    ([feature, endpoints]) => `<h2>${escapeHtml(feature)}</h2>${endpoints.map(({ endpoint }) => row(endpoint)).join('')}`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Isocenter API</title><style>${STYLE}</style></head><body><main><h1>Isocenter API ${escapeHtml(VERSION)}</h1><p>Machine-readable: <a href="/api/v1/openapi.json">openapi.json</a> (OpenAPI 3.1). Failures are RFC 9457 problem documents.</p>${sections.join('')}</main></body></html>`;
}

type Listed = ReturnType<typeof listEndpoints>[number]['endpoint'];

const STYLE = `:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:0}main{max-width:60rem;margin:0 auto;padding:2rem 1rem}
h2{font-size:1rem;text-transform:capitalize;margin:2rem 0 .5rem;border-bottom:1px solid #8886}details{border-bottom:1px solid #8884;padding:.4rem 0}
summary{cursor:pointer}code{font:13px/1.4 ui-monospace,monospace}b{display:inline-block;width:4.5rem;font-weight:600}pre{overflow:auto;font-size:12px;background:#8882;padding:.75rem}small{opacity:.75}`;

function row(endpoint: Listed): string {
  const { method, path, summary, permission, params, query, body, response, produces, consumes } = endpoint;
  const parts = { params, query, body, consumes, response: produces ?? response };
  const schemas = JSON.stringify(parts, undefined, 2);
  return `<details><summary><b>${method}</b><code>${escapeHtml(path)}</code> <small>${escapeHtml(summary)} · ${permission}</small></summary><pre>${escapeHtml(schemas)}</pre></details>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
