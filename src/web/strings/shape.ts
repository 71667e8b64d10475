import type { en } from './en.ts';

/** The shape of the English words `T` with any words in it; lists keep their length. */
export type Worded<T> = T extends string
  ? string
  : T extends (...args: infer A) => string
    ? (...args: A) => string
    : { readonly [K in keyof T]: Worded<T[K]> };

export type Strings = Worded<typeof en>;
