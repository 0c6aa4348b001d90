/** RFC 6266: a file that is saved and never shown in the page's place, by a name that any file system takes. */
export const attachment = (fileName: string): string => {
  const name = fileName.replaceAll(/[^\p{L}\p{N} ._=-]/gu, '_').slice(0, 150);
  const plain = name.replaceAll(/[^\x20-\x7e]/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`;
};
