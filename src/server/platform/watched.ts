import type { KyselyPlugin, OperationNode } from 'kysely';

/** Sees a statement before it runs. `resolve` gives the value that takes a place in it; anything else it gives back as it is. */
export type Watcher = (node: OperationNode, resolve: (value: unknown) => unknown) => void;

const watchers = new WeakMap<object, Watcher>();
let compiling = 0;

/** Has a watcher see what is run through `view`: statements that are built by the plugin that this returns, prepared ones by `tellWatcher`. */
export function watch(view: object, watcher: Watcher): void {
  watchers.set(view, watcher);
}

/** To be put on a view that is watched. */
export function watchingPlugin(watcher: Watcher): KyselyPlugin {
  return {
    transformQuery: ({ node }) => {
      if (compiling === 0) watcher(node, (value) => value);
      return node;
    },
    transformResult: async ({ result }) => result,
  };
}

/** A prepared statement is about to run. @throws what the watcher throws */
export function tellWatcher(view: object, node: OperationNode, resolve: (value: unknown) => unknown): void {
  watchers.get(view)?.(node, resolve);
}

/** Builds a statement that is not run yet, and so is nobody's to see. */
export function unwatched<T>(build: () => T): T {
  compiling += 1;
  try {
    return build();
  } finally {
    compiling -= 1;
  }
}
