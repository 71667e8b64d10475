export type NamedFile = { file: File; name: string };

/** All files of a drop, folders included, each with its path. */
export async function filesOfDrop(transfer: DataTransfer): Promise<NamedFile[]> {
  // Entries must be taken before the first await: the list is empty after the event.
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return filesOfList(transfer.files);
  return (await Promise.all(entries.map(filesOfEntry))).flat();
}

/** The files of an input; those of a chosen folder keep their path. */
export function filesOfList(files: FileList | null): NamedFile[] {
  return [...(files ?? [])].map((file) => ({ file, name: file.webkitRelativePath || file.name })).filter(isWanted);
}

async function filesOfEntry(entry: FileSystemEntry): Promise<NamedFile[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ file, name: entry.fullPath.replace(/^\//, '') }].filter(isWanted);
  }
  if (!isFolder(entry)) return [];
  const files: NamedFile[] = [];
  for (const child of await childrenOf(entry)) files.push(...(await filesOfEntry(child)));
  return files;
}

async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const children: FileSystemEntry[] = [];
  // A reader gives at most 100 entries at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return children;
    children.push(...some);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

/** Leaves out what operating systems put into folders, and the index of a DICOM medium. */
function isWanted({ name }: NamedFile): boolean {
  return !/(^|\/)(\.[^/]*|__MACOSX\/.*|Thumbs\.db|desktop\.ini|DICOMDIR)$/i.test(name);
}
