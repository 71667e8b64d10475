/** The part of WebAssembly that is used outside of a browser; TypeScript knows it only together with one. */
declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number; shared?: boolean });
    readonly buffer: ArrayBuffer;
  }
}
