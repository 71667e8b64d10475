// Writes ONNX models (a protobuf message each) small enough to state in a test; field numbers are those of onnx.proto3, IR version 8.

const FLOAT = 1;
const INT64 = 7;
const OPSET = 17;

export type OnnxNode = { op: string; inputs: string[]; outputs: string[]; ints?: Record<string, number[]>; int?: Record<string, number> };
export type OnnxTensor = { name: string; dims: number[]; values: Float32Array };
/** A text among `dims` is a dimension of any size. */
export type OnnxValue = { name: string; dims: (number | string)[]; type?: 'int64' };
export type OnnxGraph = { nodes: OnnxNode[]; weights: OnnxTensor[]; inputs: OnnxValue[]; outputs: OnnxValue[] };

/** The bytes of a model file. */
export function writeOnnx({ nodes, weights, inputs, outputs }: OnnxGraph): Uint8Array {
  const graph = [
    ...nodes.map((node) => message(1, nodeOf(node))),
    text(2, 'graph'),
    ...weights.map((weight) => message(5, tensorOf(weight))),
    ...inputs.map((value) => message(11, valueInfoOf(value))),
    ...outputs.map((value) => message(12, valueInfoOf(value))),
  ];
  return Buffer.concat([varint(1, 8), message(7, graph), message(8, [text(1, ''), varint(2, OPSET)])]);
}

function nodeOf({ op, inputs, outputs, ints = {}, int = {} }: OnnxNode): Uint8Array[] {
  return [
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, op),
    ...Object.entries(ints).map(([name, values]) => message(5, [text(1, name), ...values.map((value) => varint(8, value)), varint(20, 7)])),
    ...Object.entries(int).map(([name, value]) => message(5, [text(1, name), varint(3, value), varint(20, 2)])),
  ];
}

function tensorOf({ name, dims, values }: OnnxTensor): Uint8Array[] {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return [...dims.map((dim) => varint(1, dim)), varint(2, FLOAT), text(8, name), bytes(9, raw)];
}

function valueInfoOf({ name, dims, type }: OnnxValue): Uint8Array[] {
  const shape = dims.map((dim) => message(1, [typeof dim === 'number' ? varint(1, dim) : text(2, dim)]));
  return [text(1, name), message(2, [message(1, [varint(1, type === 'int64' ? INT64 : FLOAT), message(2, shape)])])];
}

function varint(field: number, value: number): Uint8Array {
  return Uint8Array.from([...base128(field << 3), ...base128(value)]);
}

function text(field: number, value: string): Uint8Array {
  return bytes(field, Buffer.from(value));
}

function message(field: number, parts: Uint8Array[]): Uint8Array {
  return bytes(field, Buffer.concat(parts));
}

function bytes(field: number, content: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.from([...base128((field << 3) | 2), ...base128(content.length)]), content]);
}

function base128(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...base128(Math.floor(value / 128))];
}
