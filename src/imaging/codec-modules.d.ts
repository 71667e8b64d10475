// The WebAssembly codecs ship no types; this is what we use of them.
declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  const load: import('./codec-instances.ts').LoadCodec;
  export default load;
}
declare module '@cornerstonejs/codec-charls/wasmjs' {
  const load: import('./codec-instances.ts').LoadCodec;
  export default load;
}
declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  const load: import('./codec-instances.ts').LoadCodec;
  export default load;
}
declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  const load: import('./codec-instances.ts').LoadCodec;
  export default load;
}
declare module '@cornerstonejs/codec-openjpeg/wasmjs' {
  const load: import('./codec-instances.ts').LoadCodec;
  export default load;
}
declare module '@cornerstonejs/codec-openjph/wasmjs' {
  const load: import('./codec-instances.ts').LoadCodec;
  export default load;
}
