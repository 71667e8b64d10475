/** The part of dcmjs, which brings no types, that the tests compare with. */
declare module 'dcmjs' {
  type Dictionary = Record<string, { vr: string; Value: unknown[] }>;
  const dcmjs: {
    log: { levels: { SILENT: number }; setLevel(level: number): void };
    data: { DicomMessage: { readFile(bytes: ArrayBufferLike): { dict: Dictionary } } };
  };
  export default dcmjs;
}
