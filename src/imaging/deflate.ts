/** Deflates bytes as a raw stream (RFC 1951). Works wherever the Compression Streams standard does. */
export async function deflateFrame(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes.slice()]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
