import type { Compilable, CompiledQuery, KyselyPlugin } from 'kysely';
import type { Db, SystemDb, SystemTx, Tx } from './ports.ts';
import { tellWatcher, unwatched } from './watched.ts';

type AnyDb = Db | Tx | SystemDb | SystemTx;
/** What is bound to a statement, by name. */
export type Values = Record<string, string | number | null>;
/** Stands for a value while a statement is built. */
export type ValueOf<V extends Values> = <K extends keyof V & string>(name: K) => V[K];

/** The place of a value in a statement. */
class Place {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

const NO_PLUGIN = {};

/**
 * A statement that is built once and from then on only given its values: building and compiling one takes several times as long as
 * SQLite takes to run it. For the few that every arrival or every request runs. It is built anew for each tenant and kind of database; the
 * view that it is run through decides whose rows it sees, as with any other.
 *
 * @param build makes the statement with a view of the database; each value stands where `value(name)` is put
 */
export function prepared<D extends AnyDb, V extends Values, Row>(
  build: (db: D, value: ValueOf<V>) => Compilable<Row>,
): (db: D, values: V) => Promise<Row[]> {
  const known = new WeakMap<object, WeakMap<object, CompiledQuery<Row>>>();
  // The only place where what stands for a value passes for one: `bound` puts the value there before anything runs.
  const value = ((name: string) => new Place(name)) as unknown as ValueOf<V>;

  const compiledFor = (db: D): CompiledQuery<Row> => {
    const { adapter, plugins } = db.getExecutor();
    const perView = known.get(adapter) ?? new WeakMap<object, CompiledQuery<Row>>();
    known.set(adapter, perView);
    const view: KyselyPlugin | typeof NO_PLUGIN = plugins[0] ?? NO_PLUGIN;
    const compiled = perView.get(view) ?? unwatched(() => build(db, value).compile());
    perView.set(view, compiled);
    return compiled;
  };
  return async (db, values) => {
    const compiled = compiledFor(db);
    const resolve = (parameter: unknown): unknown => (parameter instanceof Place ? values[parameter.name] : parameter);
    tellWatcher(db, compiled.query, resolve);
    const parameters = compiled.parameters.map(resolve);
    const { rows } = await db.executeQuery<Row>({ ...compiled, parameters });
    return rows;
  };
}

/** Every value of a row in its column; `names` must have all of them. */
export function columnsOf<V extends Values, const N extends readonly (keyof V & string)[]>(
  value: ValueOf<V>,
  names: [keyof V] extends [N[number]] ? N : never,
): V {
  // Each name is given its own type.
  return Object.fromEntries(names.map((name) => [name, value(name)])) as unknown as V;
}
