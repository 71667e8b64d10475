import { Tag } from '../../dicom/tags.ts';
import { ImplicitVrLittleEndian, transferSyntaxOf } from '../../dicom/uids.ts';
import type { HeldInstance } from './retrieve-repository.ts';

/**
 * Metadata of an instance as PS3.18 10.4 gives it, from the text that was stored with it: no file meta, bulk data as links. The text is
 * cut and not parsed, because a series has hundreds of them.
 *
 * @param dicomJson as `storeInstance` wrote it: attributes in order up to Pixel Data, `#path` for bulk data
 * @param instanceUrl where the instance is retrieved
 */
export function metadataOf(dicomJson: string, instance: HeldInstance, instanceUrl: string): string {
  const text = withoutFileMeta(dicomJson).replaceAll(
    /"BulkDataURI":"#([0-9A-F/]+)"/g,
    (_, path: string) => `"BulkDataURI":"${bulkDataUrl(instanceUrl, path)}"`,
  );
  const pixelData = pixelDataOf(text, instance);
  if (pixelData === undefined) return text;
  return `${text.slice(0, -1)},"${pixelData.tag}":{"vr":"${pixelData.vr}","BulkDataURI":"${bulkDataUrl(instanceUrl, pixelData.tag)}"}}`;
}

/** Steps of a path are separated by dots in the URL, where they make one segment. */
export function bulkDataUrl(instanceUrl: string, path: string): string {
  return `${instanceUrl}/bulkdata/${path.replaceAll('/', '.')}`;
}

function withoutFileMeta(text: string): string {
  let position = 1;
  while (text.startsWith('"0002', position)) position = endOfMember(text, position) + 1;
  return `{${text.slice(position)}`;
}

/** Position of the comma or brace after the member of an object that begins at `position`. */
function endOfMember(text: string, position: number): number {
  let depth = 0;
  let isText = false;
  for (let index = position; index < text.length; index += 1) {
    const character = text[index];
    if (isText) {
      if (character === '\\') index += 1;
      else if (character === '"') isText = false;
    } else if (character === '"') isText = true;
    else if (character === '{' || character === '[') depth += 1;
    else if (depth === 0 && (character === ',' || character === '}')) return index;
    else if (character === '}' || character === ']') depth -= 1;
  }
  return text.length;
}

/**
 * Pixel Data is not in the stored text. Its VR follows from how it is stored (PS3.5 A.1, A.2, A.4); explicit VR leaves a choice for
 * pixels of up to 8 bits, of which this takes OB.
 */
function pixelDataOf(text: string, instance: HeldInstance): { tag: string; vr: 'OB' | 'OW' | 'OF' | 'OD' } | undefined {
  if (instance.pixel_offset === null) return undefined;
  const bits = Number(/"00280100":\{"vr":"US","Value":\[(\d+)\]/.exec(text)?.[1]);
  if (bits === 64) return { tag: Tag.DoubleFloatPixelData, vr: 'OD' };
  // Floating point pixels have no Bits Stored (PS3.3 C.7.6.24).
  if (bits === 32 && !text.includes('"00280101":')) return { tag: Tag.FloatPixelData, vr: 'OF' };
  if (transferSyntaxOf(instance.transfer_syntax_uid).encapsulated) return { tag: Tag.PixelData, vr: 'OB' };
  return { tag: Tag.PixelData, vr: bits > 8 || instance.transfer_syntax_uid === ImplicitVrLittleEndian ? 'OW' : 'OB' };
}
