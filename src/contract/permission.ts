/** What a caller may do. An endpoint names exactly one; `public` needs no session. */
export type Permission =
  | 'public'
  | 'session'
  | 'study:read'
  | 'study:write'
  | 'analysis:run'
  | 'finding:review'
  | 'report:read'
  | 'report:write'
  | 'report:sign'
  | 'prediction:run'
  | 'prediction:read'
  | 'model:read'
  | 'system:read'
  | 'system:write';
