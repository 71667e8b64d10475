import type { Annotation } from './viewer-surface.ts';

export type AnnotationStore = {
  all(): readonly Annotation[];
  selectedId(): string | null;
  put(annotation: Annotation): void;
  remove(id: string): void;
  select(id: string | null): void;
  subscribe(listener: () => void): () => void;
};

/** What is drawn in one viewer; `all` is a new list at every change. */
export function createAnnotationStore(): AnnotationStore {
  const listeners = new Set<() => void>();
  let annotations: readonly Annotation[] = [];
  let selected: string | null = null;
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    all: () => annotations,
    selectedId: () => selected,
    put: (annotation) => {
      const isNew = !annotations.some(({ id }) => id === annotation.id);
      annotations = isNew ? [...annotations, annotation] : annotations.map((item) => (item.id === annotation.id ? annotation : item));
      tell();
    },
    remove: (id) => {
      annotations = annotations.filter((item) => item.id !== id);
      if (selected === id) selected = null;
      tell();
    },
    select: (id) => {
      if (selected === id) return;
      selected = id;
      tell();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
