import { buildPhantom, type PhantomOptions } from '../../imaging/phantom.ts';
import { type PhantomFile, phantomDicom } from '../../imaging/phantom-dicom.ts';
import { serveTasks } from '../../inference/serve-tasks.ts';

// The phantom takes seconds to compute, in which the server's own thread must not stand still.

serveTasks<PhantomOptions, PhantomFile[]>({
  handle: async (options) => phantomDicom(buildPhantom(options)),
  close: async () => {},
});
