import { ImagePlus } from 'lucide-react';
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { strings } from '../strings/strings.ts';
import { filesOfDrop } from './collect-files.ts';
import { addUploads } from './queue.ts';

/** Takes files dropped anywhere on its children. */
export function DropZone({ children }: { children: ReactNode }) {
  const [over, setOver] = useState(false);
  // Every child sends its own enter and leave; only the balance tells whether the pointer is still inside.
  const depth = useRef(0);
  const move = (event: DragEvent, by: 1 | -1) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    depth.current += by;
    setOver(depth.current > 0);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    depth.current = 0;
    setOver(false);
    void filesOfDrop(event.dataTransfer).then(addUploads);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the buttons of the upload dialog do the same by keyboard
    <div
      className="relative flex min-h-0 grow flex-col"
      onDragEnter={(event) => move(event, 1)}
      onDragLeave={(event) => move(event, -1)}
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
    >
      {children}
      {over && (
        <div className="pointer-events-none absolute inset-2 z-30 flex flex-col items-center justify-center gap-2 rounded-lg border-2 border-dashed border-strong bg-scrim">
          <span className="flex items-center gap-2 rounded-md bg-strong px-3 py-2 text-lg font-medium text-on-strong">
            <ImagePlus aria-hidden size={18} />
            {strings.studies.dropHere}
          </span>
        </div>
      )}
    </div>
  );
}
