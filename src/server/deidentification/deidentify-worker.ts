import { openTextNetworks, type TextNetworks } from '../../inference/ocr/text-networks.ts';
import { serveTasks } from '../../inference/serve-tasks.ts';
import { yieldToOthers } from '../../inference/yield-to-others.ts';
import { deidentifyFile, type FileOutcome, type FileRequest } from './deidentify-file.ts';

// De-identification thread: parses, paints, writes and searches whole files, so that the server's own thread never waits for them.

export type FileTask = { bytes: Uint8Array; request: FileRequest };

/** Opened when the first picture is looked at, then kept: loading takes longer than many pictures. */
let networks: Promise<TextNetworks> | undefined;

yieldToOthers();
serveTasks<FileTask, FileOutcome>({
  handle: ({ bytes, request }) => deidentifyFile(bytes, request, openNetworks),
  close: async () => {
    await (await networks)?.close();
  },
});

function openNetworks(): Promise<TextNetworks> {
  networks ??= openTextNetworks(1);
  return networks;
}
