/** Gives a file that the page has made to the browser's downloads. */
export function saveFile(name: string, content: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun with the click; a moment later nothing needs the address.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
