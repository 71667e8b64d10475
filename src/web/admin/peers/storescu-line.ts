/** A command of dcmtk that sends a folder of files to this server, as a modality would. */
export function storescuLine({
  aeTitle,
  host,
  port,
  callingAe,
}: {
  aeTitle: string;
  host: string;
  port: number;
  callingAe?: string;
}): string {
  return ['storescu', ...(callingAe ? ['-aet', callingAe] : []), '-aec', aeTitle, '+sd', '+r', host, String(port), 'folder/'].join(' ');
}
